"""The jobs of the kit carried out here: a remote with a pull request, the steps as a runner starts them, a stand-in wheel."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ryaml

from tests.support.program import CHECKOUT


@dataclass(frozen=True)
class Remote:
    """A bare repository below `server`, with a pull request number 7 from `base` to `head`."""

    server: Path
    base: str
    head: str


def wheel(folder: Path) -> Path:
    """A wheel that brings the program of this checkout: a pin that pip installs from a file, with nothing to fetch."""
    places = "\n".join([str(CHECKOUT), *(place for place in sys.path if place.endswith("site-packages"))])
    about = "solidarity_register-0.0.0.dist-info"
    files = {
        "solidarity_checkout.pth": places + "\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: solidarity-register\nVersion: 0.0.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "[console_scripts]\nsolidarity = solidarity_cli.cli.main:main\n",
    }
    listed = [f"{name},sha256={_digest(text)},{len(text.encode())}" for name, text in files.items()]
    file = folder / "solidarity_register-0.0.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**files, f"{about}/RECORD": "\n".join([*listed, f"{about}/RECORD,,", ""])}.items():
            archive.writestr(name, text)
    return file


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def job(workflow: Path, name: str) -> dict[str, Any]:
    """One job of a workflow file."""
    found: dict[str, Any] = ryaml.loads(workflow.read_text())["jobs"][name]
    return found


def carry_out(
    steps: list[dict[str, Any]], folder: Path, told: Mapping[str, str], world: Mapping[str, str]
) -> list[subprocess.CompletedProcess[str]]:
    """Steps as a runner starts them, until one fails. `told` are the values of the expressions in `env`."""
    done = []
    for step in steps:
        own = {name: _filled(value, told) for name, value in step.get("env", {}).items()}
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        known = {key: os.environ[key] for key in ("PATH", "HOME", "GIT_CONFIG_GLOBAL", "SOLIDARITY_TODAY", "LC_ALL")}
        calm = {**known, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        env = {**calm, **world, **own}
        done.append(
            subprocess.run(shell, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=240)
        )
        if done[-1].returncode:
            break
    return done


def _filled(value: object, told: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda found: told[found[1]], str(value))
