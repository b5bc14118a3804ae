"""Until which day a commit was the newest: what was made from it can have been made on any day up to that one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from solidarity_cli.git.process import git


def superseded_on(root: Path, commit: str, tip: str) -> date | None:
    """The day, in UTC, of the first commit that came after `commit` on the way to `tip`; None where none did.

    Where `commit` is one of the branch's own, only its successor there counts: a branch that was cut from it did not
    replace it. A commit that does not lead to `tip` has no successor on the way.
    """
    for ways in (("--first-parent",), ("--ancestry-path",)):
        days = list(_successors(root, commit, tip, ways))
        if days:
            return min(days)
    return None


def _successors(root: Path, commit: str, tip: str, ways: tuple[str, ...]) -> Iterator[date]:
    listed = git(root, "rev-list", "--timestamp", "--parents", *ways, f"{commit}..{tip}", "--")
    for line in listed.decode().splitlines():
        seconds, _, *parents = line.split(" ")
        if commit in (parents[:1] if ways == ("--first-parent",) else parents):
            yield datetime.fromtimestamp(int(seconds), UTC).date()
