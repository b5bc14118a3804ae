"""The sample register as a repository of its own, open and sealed; and what `git` says of a folder."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import CHECKOUT, Answer, run_at

ROOT = CHECKOUT
FORMATS = ("csv", "xlsx", "jsonl")


@pytest.fixture(scope="module")
def sealed(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The cases of the sample in a sealed register, brought there by an import; and the folder of the identity."""
    place = tmp_path_factory.mktemp("sealed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOLIDARITY_IDENTITIES", str(place / "identities"))
        patch.setenv("SOLIDARITY_TODAY", "2026-11-24")
        assert run_at(place, "init", "register", "--name", "Sealed", "--contact", "role@forum.example").exit_code == 0
        shutil.copytree(sample / "directory", place / "register" / "directory", dirs_exist_ok=True)
        subprocess.run(["git", "add", "directory"], cwd=place / "register", check=True)
        subprocess.run(["git", "commit", "--no-verify", "-qm", "directory"], cwd=place / "register", check=True)
        assert run_at(sample, "export", "--private", "-o", str(place / "all.jsonl")).exit_code == 0
        lines = (place / "all.jsonl").read_text().splitlines()
        (place / "new.jsonl").write_text("\n".join(filter(None, map(_without_ids, lines))))
        answer = run_at(place / "register", "-q", "import", str(place / "new.jsonl"))
        assert answer.exit_code == 0, answer
    return place / "register", place / "identities"


def _without_ids(line: str) -> str:
    """A case as a new one; what names other records stays behind."""
    record: dict[str, Any] = json.loads(line)
    if "cases" in record or record["status"] == "duplicate":
        return ""
    return json.dumps({key: value for key, value in record.items() if key not in ("id", "links")})


@pytest.fixture
def state() -> Callable[[Path], str]:
    """Everything that git knows of a register: its newest commit, and whether any file differs from it."""

    def told(folder: Path) -> str:
        asked = [["rev-parse", "HEAD"], ["status", "--porcelain"]]
        return "".join(
            subprocess.run(["git", *one], cwd=folder, check=True, capture_output=True, text=True).stdout
            for one in asked
        )

    return told


@pytest.fixture
def report(run: Callable[..., Answer]) -> Callable[..., dict[str, Any]]:
    """`report(file, "--strict")`: what an import says as JSON, whatever its exit code."""

    def told(*arguments: str) -> dict[str, Any]:
        answer = run("import", *map(str, arguments), "--json")
        assert answer.out, answer
        return dict(json.loads(answer.out))

    return told
