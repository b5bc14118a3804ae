"""What acts did to files, looked at as files: their shape under the schemas of then, and the keys of recipients."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from solidarity_cli.auditing.names import told
from solidarity_cli.auditing.shapes import Asked, faults, schema_trees
from solidarity_cli.core.audit import Finding, people, whole
from solidarity_cli.past import Commit, Row
from solidarity_cli.past.versions import plain_of
from solidarity_cli.plumbing import blobs
from solidarity_cli.snapshot import record_kind

_RECIPIENTS = "recipients.yaml"


def files(
    root: Path, commits: list[Commit], rows: Mapping[str, list[Row]], before: Mapping[str, str]
) -> Iterator[tuple[str, str, list[Finding]]]:
    """(commit, tree of its schemas, findings) for commits that come parents first; `before`: trees known already."""
    trees = _trees(root, commits, rows, before)
    asked = {
        (one.id, row.path): (trees[one.id], record_kind(row.path) or "", row.new)
        for one in commits
        for row in rows.get(one.id, ())
        if row.new and record_kind(row.path)
    }
    wrong = faults(root, asked.values())
    keys = _keys(root, [row for some in rows.values() for row in some if row.path == _RECIPIENTS])
    for one in commits:
        found: list[Finding] = []
        for row in rows.get(one.id, ()):
            if fault := _fault(asked.get((one.id, row.path)), wrong):
                found += whole.shape.check(one.id, told(row.path), fault)
            if row.path == _RECIPIENTS:
                found += people.retired_key.check(one.id, keys[row.old][0], *keys[row.new])
        yield one.id, trees[one.id], found


def _fault(asked: Asked | None, wrong: Mapping[Asked, str]) -> str:
    return wrong.get(asked, "") if asked else ""


def _trees(
    root: Path, commits: list[Commit], rows: Mapping[str, list[Row]], before: Mapping[str, str]
) -> dict[str, str]:
    """Commit -> tree of its schemas: its parent's, unless it changed them or its parents differ."""
    known = dict(before)
    touched = {one for one, some in rows.items() if any(row.path.startswith("schemas/") for row in some)}
    asked = schema_trees(root, sorted(touched | {one.id for one in commits if len(one.parents) > 1}))
    for one in commits:
        known[one.id] = asked[one.id] if one.id in asked else known.get(one.parents[0], "") if one.parents else ""
    return known


def _keys(root: Path, rows: list[Row]) -> dict[str, tuple[Collection[str], Collection[str]]]:
    """Blob of the recipients -> (retired keys, current keys), as far as it can be read."""
    found: dict[str, tuple[Collection[str], Collection[str]]] = {"": (frozenset(), frozenset())}
    for blob, data in blobs(root, {blob for row in rows for blob in (row.old, row.new) if blob}):
        plain = plain_of(data) or {}
        found[blob] = (_of(plain.get("retired")), _of(plain.get("recipients")))
    return found


def _of(items: object) -> frozenset[str]:
    if not isinstance(items, list):
        return frozenset()
    return frozenset(item["key"] for item in items if isinstance(item, dict) and isinstance(item.get("key"), str))
