"""What happened to records, read from git: one `log` for the commits, one `cat-file` for their blobs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from solidarity_cli.core.audience import PRIVATE
from solidarity_cli.core.changes import FieldChange, changes
from solidarity_cli.core.sealed import MARK, is_sealed
from solidarity_cli.plumbing import blobs, git
from solidarity_cli.records.reading import Unreadable, read

_FORMAT = "%x1e%H%x1f%aI%x1f%an <%ae>%x1f%cn <%ce>%x1f%G?%x1f%GS%x1f%B%x1f"
SIGNATURES = {
    "G": "good",
    "U": "good, of unknown trust",
    "B": "bad",
    "X": "good, expired since",
    "Y": "good, by an expired key",
    "R": "good, by a revoked key",
    "E": "cannot be checked here",
    "N": "none",
}
"""Git's letter for a signature, in words."""

Head = tuple[str, str, str, str, str, str, str]
"""Commit, date, author, committer, signature, signer, act."""

_RAW = re.compile(r":(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*\x00([^\x00]+)\x00")


@dataclass(frozen=True, slots=True)
class Event:
    """One commit that touched the records: who, when, which act, and what changed in which record."""

    commit: str
    date: str
    author: str
    committer: str
    signature: str
    signer: str
    act: str
    changes: tuple[tuple[str, FieldChange], ...]


Opens = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""A version of a record -> the same with its private part opened, as far as there are keys."""


def events(root: Path, ids: Iterable[str], opens: Opens | None = None) -> list[Event]:
    """The acts on records, oldest first, across renames and branches.

    A private value is told only where it was sealed and `opens` opened it: to hold the key is what tells those inside
    from everybody else. One that stays sealed is `[sealed]`; one that never was sealed is `[private]`.
    """
    wanted = set(ids)
    paths = [f":(glob)*/*/{one}.yaml" for one in sorted(wanted)]
    asked = ("log", "--raw", "--no-abbrev", "-z", "--no-renames", "--full-history", "--topo-order", "--reverse")
    answer = git(root, *asked, f"--format={_FORMAT}", "--", *paths, quiet_codes=(128,)).decode(errors="replace")
    told = [_commit(part) for part in answer.split("\x1e")[1:]]
    texts = dict(blobs(root, {blob for _, rows in told for _, *pair in rows for blob in pair if set(blob) != {"0"}}))
    return [Event(*head, tuple(_changes(rows, texts, wanted, opens or _closed))) for head, rows in told]


def versions(root: Path, ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every version of some records that any ref reaches, as it is stored; what cannot be read is left out."""
    paths = [f":(glob)*/*/{one}.yaml" for one in sorted(ids)]
    asked = ("log", "--all", "--raw", "--no-abbrev", "-z", "--no-renames", "--full-history", "--format=")
    answer = git(root, *asked, "--", *paths, quiet_codes=(128,)).decode(errors="replace")
    found = {blob for row in _RAW.finditer(answer) for blob in (row[3], row[4]) if set(blob) != {"0"}}
    yield from (_plain(data) for _, data in blobs(root, found))


def _commit(part: str) -> tuple[Head, list[tuple[str, str, str]]]:
    commit, date, author, committer, letter, signer, message, raw = part.split("\x1f", 7)
    act = re.search(r"^Act: (\S+)$", message, re.MULTILINE)
    head = (commit, date, author, committer, SIGNATURES.get(letter, "none"), signer, act[1] if act else "git commit")
    return head, [(row[6], row[3], row[4]) for row in _RAW.finditer(raw)]  # path, old blob, new blob


def _changes(
    rows: list[tuple[str, str, str]], texts: dict[str, bytes | None], wanted: set[str], opens: Opens
) -> list[tuple[str, FieldChange]]:
    """The field changes by record; a move, one path gone and another come, is one change of one record."""
    sides: dict[str, list[dict[str, Any]]] = {}
    for path, old, new in rows:
        record = Path(path).stem
        if record in wanted:
            pair = sides.setdefault(record, [{}, {}])
            pair[0] = pair[0] or _plain(texts.get(old))
            pair[1] = pair[1] or _plain(texts.get(new))
    return [
        (record, _told(change, old, new))
        for record, (old, new) in sides.items()
        for change in changes(_opened(record, old, opens), _opened(record, new, opens))
    ]


def _closed(_record: str, plain: Mapping[str, Any]) -> Mapping[str, Any]:
    return plain


def _opened(record: str, version: Mapping[str, Any], opens: Opens) -> Mapping[str, Any]:
    """A version opened; one of no proper shape, which somebody wrote by hand, as it is."""
    return opens(record, version) if isinstance(version.get("schema_version"), int) else version


def _told(change: FieldChange, old: Mapping[str, Any], new: Mapping[str, Any]) -> FieldChange:
    """A change as it may be told; `old` and `new` are the versions as they are stored."""
    if not change.is_private:
        return change
    sides = {"old": (change.old, old), "new": (change.new, new)}
    told = {side: _private(change.field, value, stored) for side, (value, stored) in sides.items()}
    return replace(change, **told)


def _private(field: str, value: Any, stored: Any) -> Any:
    if value is None or is_sealed(value):
        return None if value is None else MARK
    for part in field.split("."):
        # A list that was sealed as a whole is told by its items: what is sealed stands further up.
        stored = stored.get(part) if isinstance(stored, Mapping) else stored
    return value if is_sealed(stored) else PRIVATE


def _plain(data: bytes | None) -> dict[str, Any]:
    """A version's fields; one that cannot be read has none to compare."""
    try:
        return read(data) if data else {}
    except Unreadable:
        return {}
