"""An act as the rules of the audit see it: who and when, and what it did to each record, private values left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Moved:
    """One field of a record: its value before and after; `in_new` when it belongs to a list item that is new."""

    field: str
    old: Any
    new: Any
    in_new: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What an act did to one case or action. `was`, `stays`: whether there was a file before, and is one after."""

    record: str
    kind: str
    was: bool
    stays: bool
    moved: tuple[Moved, ...]

    def field(self, name: str) -> Moved | None:
        """The change of one field."""
        return next((change for change in self.moved if change.field == name), None)


@dataclass(frozen=True, slots=True)
class Act:
    """A commit with one parent or none. Addresses as git has them.

    A merge has `steps` too where its result differs from all its parents, but the rules for steps are not for merges.
    """

    author: str
    committer: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """When an act says that it was written, by its author, and made, by its committer: seconds since 1970."""

    authored: int
    committed: int
