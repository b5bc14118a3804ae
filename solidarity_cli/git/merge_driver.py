"""Git's own merges by fields too: our merge driver in the set-up of a clone, and the files it is for."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from solidarity_cli.git.process import git, git_folders

ATTRIBUTES = "".join(
    f"{path} merge=solidarity\n"
    for path in ("cases/**/*.yaml", "actions/**/*.yaml", "directory/**/*.yaml", "register.yaml", "recipients.yaml")
)
"""The lines of `.gitattributes`: in a clone without the driver git merges them line by line, as it always did."""

_NAME = "records merged field by field"
# A driver that cannot run must not look like one that found a conflict: git would keep ours, without a mark in it.
_DRIVER = (
    "if command -v solidarity >/dev/null 2>&1; then solidarity merge-driver %O %A %B %P; "
    "elif [ -x {program} ]; then {program} -m solidarity_cli merge-driver %O %A %B %P; "
    "else git merge-file -q %A %O %B; fi"
)
_UNION = "union"


def install(root: Path) -> bool:
    """Set the driver up in this clone, and the attributes where the register's own have none; whether it was needed."""
    settings = {"merge.solidarity.name": _NAME, "merge.solidarity.driver": _driver()}
    configured = _configured(root)
    missing = {name: value for name, value in settings.items() if configured.get(name) != value}
    for name, value in missing.items():
        git(root, "config", "--local", name, value)
    if needs_attributes := not _has_attributes(root):
        attributes = git_folders(root)[1] / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        before = attributes.read_text(encoding="utf-8") if attributes.exists() else ""
        attributes.write_text(f"{before.rstrip()}\n{ATTRIBUTES}".lstrip(), encoding="utf-8", newline="\n")
    return bool(missing) or needs_attributes


def is_installed(root: Path) -> bool:
    """Whether git merges records by fields here."""
    return _configured(root).get("merge.solidarity.driver") == _driver() and _has_attributes(root)


def union_merged_kinds(root: Path) -> list[str]:
    """The kinds of files that git would merge by putting both sides one above the other: never right for a record."""
    drivers = _drivers_by_path(root)
    return [path for path, driver in drivers.items() if driver == _UNION]


def _driver() -> str:
    return _DRIVER.format(program=shlex.quote(sys.executable))


def _configured(root: Path) -> dict[str, str]:
    """What git's settings of this clone say of the driver, by their names; of several values the last."""
    listed = git(root, "config", "--local", "-z", "--get-regexp", r"^merge\.solidarity\.", quiet_codes=(1,)).decode()
    return {name: value.strip() for name, _, value in (line.partition("\n") for line in listed.split("\0"))}


def _has_attributes(root: Path) -> bool:
    return all(driver in ("solidarity", _UNION) for driver in _drivers_by_path(root).values())


def _drivers_by_path(root: Path) -> dict[str, str]:
    """Which way git merges one file of each kind, by its attributes."""
    sample_paths = ("cases/2026/X.yaml", "actions/2026/X.yaml", "directory/x.yaml", "register.yaml", "recipients.yaml")
    answer = git(root, "check-attr", "-z", "merge", "--", *sample_paths).decode().split("\0")
    return dict(zip(answer[::3], answer[2::3], strict=False))
