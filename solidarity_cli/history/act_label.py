"""An act as a sentence names it: by its verb, its day and its commit; and the act that another one took back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from solidarity_cli.git.committer import undoes
from solidarity_cli.git.objects import texts
from solidarity_cli.git.process import git
from solidarity_cli.history.index import Commit, Index

BY_HAND = "git commit"
"""The act of a commit that is none of the program's."""


@dataclass(frozen=True, slots=True)
class ActLabel:
    """An act as a sentence names it: its commit, its verb, and when its committer made it."""

    commit: str
    act: str
    date: datetime

    @property
    def text(self) -> str:
        """`note of 2026-10-03 (abc1234567)`."""
        return f"{self.act} of {self.date:%Y-%m-%d} ({self.commit[:10]})"


def label_of(commit: Commit) -> ActLabel:
    """A commit as a sentence names it."""
    return ActLabel(commit.id, commit.act or BY_HAND, moment(commit.committed, commit.zone))


def moment(seconds: int, zone: str) -> datetime:
    """A time as git keeps it; one that no calendar has is the first."""
    minutes = int(zone[1:3]) * 60 + int(zone[3:5])
    try:
        tz = timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
        return datetime.fromtimestamp(seconds, UTC).astimezone(tz)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def undone_acts(root: Path, index: Index, commits: Iterable[Commit]) -> Iterator[tuple[str, ActLabel]]:
    """(commit, what it took back) of the acts that took back another, as far as that one is here."""
    claims = dict.fromkeys(commit.id for commit in commits if commit.act == "undo")
    targets = {claim: undoes(text) for claim, text in texts(root, claims)} if claims else {}
    known = {commit.id: commit for commit in index.commits(set(targets.values()))} if targets else {}
    yield from ((claim, label_of(known[target])) for claim, target in targets.items() if target in known)


def undone_records(root: Path, base: str, head: str) -> frozenset[str]:
    """The cases on which acts between two commits took back others; `head` is empty for the newest commit."""
    if not base:
        return frozenset()
    args = ("log", "--grep=^Act: undo$", "--format=%(trailers:key=Case,valueonly)", f"{base}..{head or 'HEAD'}", "--")
    return frozenset(git(root, *args, quiet_codes=(128,)).decode(errors="replace").split())
