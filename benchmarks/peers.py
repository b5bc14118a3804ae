"""Programs that we are compared with, where they can be had: recsel (recutils), ajv (npm), and what PyPI has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generate import records
from measure import Job

AJV_PACKAGES = ("ajv-cli", "@jirutka/ajv-cli")
_PRINTED = "id,status,received,country,urgency,decision,title"


def installed(folder: Path, *packages: str) -> Path | None:
    """The Python of an environment of their own with some packages of PyPI; None where they cannot be installed."""
    place = folder / f"with-{packages[0]}"
    python, whole = place / "bin" / "python", place / "whole"
    if whole.exists():
        return python
    shutil.rmtree(place, ignore_errors=True)
    base = str(Path(sys.base_prefix) / "bin" / "python3")  # what is in our own environment is none of theirs
    steps = ((base, "-m", "venv", str(place)), (str(python), "-m", "pip", "install", "--quiet", *packages))
    if any(subprocess.run(step, check=False, capture_output=True).returncode for step in steps):
        return None
    whole.touch()
    return python


def recsel(folder: Path, size: int) -> Job | None:
    """The same filter over the same cases in one file of recutils; None where recsel is missing."""
    if not shutil.which("recsel"):
        return None
    file = folder / f"cases-{size}.rec"
    if not file.exists():
        with file.open("w", encoding="utf-8") as out:
            for plain in (plain for kind, plain in records(size) if kind == "case"):
                out.write("".join(_record(plain)) + "\n")
    filter_expression = "status = 'active' && country = 'RU'"
    return Job(("recsel", "-e", filter_expression, "-p", _PRINTED, str(file)), folder)


def _record(case: dict[str, Any]) -> Iterator[str]:
    """A case as fields: what `list` filters on by its own name, everything else by its dotted one."""
    newest = (case.get("assessments") or [{}])[-1]
    yield f"country: {case['subject']['country']}\n"
    yield f"decision: {newest.get('decision', '')}\n"
    yield from _fields(case, "")


def _fields(node: Any, name: str) -> Iterator[str]:
    if isinstance(node, dict):
        for key, below in node.items():
            yield from _fields(below, f"{name}_{key}".strip("_").replace("-", "_"))
    elif isinstance(node, list):
        for below in node:
            yield from _fields(below, name)
    else:
        text = str(node).removesuffix("\n").replace("\n", "\n+ ")
        yield f"{name}: {text}\n"


def ajv(folder: Path, root: Path) -> dict[str, Job]:
    """Both ajv command lines over the cases of `root`, by package; none where node is missing."""
    npm = shutil.which("npm")
    jobs: dict[str, Job] = {}
    for package in AJV_PACKAGES if npm and shutil.which("node") else ():
        place = folder / package.strip("@").replace("/", "-")
        install = (npm or "", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(place), package)
        place.mkdir(exist_ok=True)
        if subprocess.run(install, check=False, capture_output=True).returncode == 0:
            jobs[package] = Job(_ajv_command(place, package), root)
    return jobs


def _ajv_command(place: Path, package: str) -> tuple[str, ...]:
    """Our own keywords and formats are none of ajv's business, so it has less to do than we."""
    program = str(place / "node_modules" / ".bin" / "ajv")
    options = ("--spec=draft2020", "--strict=false", "--validate-formats=false", "-s", "schemas/case.schema.json")
    data = ("-d", "cases/**/*.yaml") if package == "ajv-cli" else ("cases/**/*.yaml",)
    return (program, "validate", *options, *data)
