"""What acts did to files, looked at as files: whether they fit the rules of then, and the keys of recipients."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from solidarity_cli.core.audit import Finding
from solidarity_cli.core.audit import history as whole
from solidarity_cli.core.audit import signatures as people
from solidarity_cli.git.process import blobs
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.history.audit.labels import path_label
from solidarity_cli.history.audit.schema_check import OPEN, Rules, faults, schema_trees, sealing
from solidarity_cli.history.index import Commit, Row
from solidarity_cli.history.index.versions import plain_of

_RECIPIENTS = "recipients.yaml"


def files(
    root: Path, commits: list[Commit], rows: Mapping[str, list[Row]], before: Mapping[str, Rules]
) -> Iterator[tuple[str, Rules, list[Finding]]]:
    """(commit, its rules, findings) for commits that come parents first; `before`: rules known already."""
    rules = _rules(root, commits, rows, before)
    asked = {
        (one.id, row.path): (rules[one.id].schemas, rules[one.id].sealed, record_kind(row.path) or "", row.new)
        for one in commits
        for row in rows.get(one.id, ())
        if row.new and record_kind(row.path)
    }
    wrong = faults(root, asked.values())
    keys = _keys(root, [row for some in rows.values() for row in some if row.path == _RECIPIENTS])
    for one in commits:
        had = [rules[parent].schemas for parent in one.parents if parent in rules]
        found = list(whole.schemas_kept.check(one.id, bool(had) and all(had) and not rules[one.id].schemas))
        for row in rows.get(one.id, ()):
            for fault in wrong.get(asked[one.id, row.path], ()) if (one.id, row.path) in asked else ():
                found += _found(one.id, path_label(row.path), fault)
            if row.path == _RECIPIENTS:
                found += people.retired_key.check(one.id, keys[row.old][0], *keys[row.new])
        yield one.id, rules[one.id], found


def _found(commit: str, said: str, fault: str) -> Iterator[Finding]:
    return whole.sealed.check(commit, said) if fault == OPEN else whole.shape.check(commit, said, fault)


def _rules(
    root: Path, commits: list[Commit], rows: Mapping[str, list[Row]], before: Mapping[str, Rules]
) -> dict[str, Rules]:
    """Commit -> its rules: those of its parent, unless it changed them or its parents may differ."""
    known = dict(before)
    merges = {one.id for one in commits if len(one.parents) > 1}
    changed = {(one, row.path.partition("/")[0]) for one, some in rows.items() for row in some}
    trees = schema_trees(root, sorted(merges | {one for one, path in changed if path == "schemas"}))
    sealed = sealing(root, sorted(merges | {one for one, path in changed if path == "register.yaml"}))
    for one in commits:
        above = known.get(one.parents[0], Rules()) if one.parents else Rules()
        known[one.id] = Rules(trees.get(one.id, above.schemas), sealed.get(one.id, above.sealed))
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
