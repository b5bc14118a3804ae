"""The versions of each record read in one stream, and what changed from one to the next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from solidarity_cli.git.process import blobs
from solidarity_cli.history.index.redact import RedactedChange, redacted_changes
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.system.parallel import map_in_two_processes

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What one act did to a record: its blobs before, one for each parent, and after; "" where there is none."""

    kind: str
    old: tuple[str, ...]
    new: str
    number: int


def changes_by_act(
    root: Path, steps: Mapping[str, list[Step]], unreadable: Mapping[tuple[str, str], str]
) -> dict[int, dict[str, tuple[int, str]]]:
    """Number of the act -> record -> whether it can be read, and what changed as JSON.

    `unreadable`: (record, blob that cannot be read) -> the blob before it, as far as known from earlier acts.
    """

    def work(records: list[str]) -> list[tuple[int, str, int, str]]:
        blobs_by_record = {record: _blobs_of(steps[record]) for record in records}
        stream = Stream(root, blobs_by_record.values())
        return [
            (number, record, readable, text)
            for record in records
            for number, readable, text in _steps(Versions(record, stream, unreadable), steps[record])
        ]

    changes: dict[int, dict[str, tuple[int, str]]] = {}
    for number, record, readable, text in map_in_two_processes(work, list(steps), "histories of records read"):
        changes.setdefault(number, {})[record] = (readable, text)
    return changes


def _blobs_of(steps: list[Step]) -> list[str]:
    return [blob for step in steps for blob in (*step.old, step.new) if blob]


def _steps(versions: Versions, steps: list[Step]) -> Iterator[tuple[int, int, str]]:
    for step in steps:
        sides = [versions.of(blob)[0] for blob in step.old]
        plain, readable = versions.of(step.new, before=step.old[0])
        rows = [redacted_changes(step.kind, side, plain) for side in sides] if readable else [[]]
        yield step.number, int(readable), json.dumps(_common(rows), ensure_ascii=False, separators=(",", ":"))


def _common(sides: list[list[RedactedChange]]) -> list[RedactedChange]:
    """What changed against every parent: for a merge, only what it made itself."""
    others = [{row[0] for row in side} for side in sides[1:]]
    return [row for row in sides[0] if all(row[0] in names for names in others)]


class Stream:
    """Blobs in the order in which they will be asked for; one that two records share is read a second time."""

    def __init__(self, root: Path, blob_lists: Iterable[Iterable[str]]) -> None:
        self._root = root
        self._left = dict.fromkeys(blob for blob_list in blob_lists for blob in blob_list)
        self._stream = blobs(root, list(self._left))

    def read(self, blob: str) -> bytes | None:
        """The bytes of a blob; None for one that is missing or too large."""
        if blob not in self._left:
            return dict(blobs(self._root, [blob]))[blob]
        for name, data in self._stream:
            del self._left[name]
            if name == blob:
                return data
        return None


@dataclass
class Versions:
    """The versions of one record, each read once."""

    record: str
    stream: Stream
    unreadable: Mapping[tuple[str, str], str] = field(default_factory=dict)
    _known: dict[str, tuple[Plain, bool]] = field(default_factory=lambda: {"": ({}, True)})

    def of(self, blob: str, *, before: str = "") -> tuple[Plain, bool]:
        """A version's fields, and whether it can be read; of one that cannot, the fields of the one before it."""
        if blob not in self._known:
            plain = plain_of(self.stream.read(blob))
            if plain is None:
                earlier = before or self.unreadable.get((self.record, blob), "")
                self._known[blob] = (self.of(earlier)[0] if earlier != blob else {}, False)
            else:
                self._known[blob] = (plain, True)
        return self._known[blob]


def plain_of(data: bytes | None) -> dict[str, Any] | None:
    """What a file says; None for one that cannot be read."""
    try:
        return read(data) if data else None
    except (UnreadableError, RecursionError):
        return None
