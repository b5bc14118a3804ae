"""What happened to records, read from git: one `log` for the commits, one `cat-file` for their blobs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solidarity_cli.core.changes import FieldChange, changes
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


def events(root: Path, ids: Iterable[str]) -> list[Event]:
    """The acts on records, oldest first, across renames and branches."""
    wanted = set(ids)
    paths = [f":(glob)*/*/{one}.yaml" for one in sorted(wanted)]
    asked = ("log", "--raw", "--no-abbrev", "-z", "--no-renames", "--full-history", "--topo-order", "--reverse")
    answer = git(root, *asked, f"--format={_FORMAT}", "--", *paths, quiet_codes=(128,)).decode(errors="replace")
    told = [_commit(part) for part in answer.split("\x1e")[1:]]
    texts = dict(blobs(root, {blob for _, rows in told for _, *pair in rows for blob in pair if set(blob) != {"0"}}))
    return [Event(*head, tuple(_changes(rows, texts, wanted))) for head, rows in told]


def _commit(part: str) -> tuple[Head, list[tuple[str, str, str]]]:
    commit, date, author, committer, letter, signer, message, raw = part.split("\x1f", 7)
    act = re.search(r"^Act: (\S+)$", message, re.MULTILINE)
    head = (commit, date, author, committer, SIGNATURES.get(letter, "none"), signer, act[1] if act else "git commit")
    return head, [(row[6], row[3], row[4]) for row in _RAW.finditer(raw)]  # path, old blob, new blob


def _changes(rows: list[tuple[str, str, str]], texts: dict[str, bytes | None], wanted: set[str]) -> list[Any]:
    """The field changes by record; a move, one path gone and another come, is one change of one record."""
    sides: dict[str, list[dict[str, Any]]] = {}
    for path, old, new in rows:
        record = Path(path).stem
        if record in wanted:
            pair = sides.setdefault(record, [{}, {}])
            pair[0] = pair[0] or _plain(texts.get(old))
            pair[1] = pair[1] or _plain(texts.get(new))
    return [(record, change) for record, (old, new) in sides.items() for change in changes(old, new)]


def _plain(data: bytes | None) -> dict[str, Any]:
    """A version's fields; one that cannot be read has none to compare."""
    try:
        return read(data) if data else {}
    except Unreadable:
        return {}
