"""What acts did to files, looked at as files: whether they fit the rules of then, and the keys of recipients."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from solidarity_cli.core.audit import Finding, history, signatures
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
    checks = {
        (commit.id, row.path): (rules[commit.id].schemas, rules[commit.id].sealed, record_kind(row.path) or "", row.new)
        for commit in commits
        for row in rows.get(commit.id, ())
        if row.new and record_kind(row.path)
    }
    fault_messages = faults(root, checks.values())
    keys = _keys(root, [row for act_rows in rows.values() for row in act_rows if row.path == _RECIPIENTS])
    for commit in commits:
        parent_schemas = [rules[parent].schemas for parent in commit.parents if parent in rules]
        findings = list(
            history.schemas_kept.check(
                commit.id, bool(parent_schemas) and all(parent_schemas) and not rules[commit.id].schemas
            )
        )
        for row in rows.get(commit.id, ()):
            for fault in fault_messages.get(checks[commit.id, row.path], ()) if (commit.id, row.path) in checks else ():
                findings += _check_fault(commit.id, path_label(row.path), fault)
            if row.path == _RECIPIENTS:
                findings += signatures.retired_key.check(commit.id, keys[row.old][0], *keys[row.new])
        yield commit.id, rules[commit.id], findings


def _check_fault(commit: str, label: str, fault: str) -> Iterator[Finding]:
    return history.sealed.check(commit, label) if fault == OPEN else history.shape.check(commit, label, fault)


def _rules(
    root: Path, commits: list[Commit], rows: Mapping[str, list[Row]], before: Mapping[str, Rules]
) -> dict[str, Rules]:
    """Commit -> its rules: those of its parent, unless it changed them or its parents may differ."""
    known = dict(before)
    merges = {commit.id for commit in commits if len(commit.parents) > 1}
    changed = {(name, row.path.partition("/")[0]) for name, act_rows in rows.items() for row in act_rows}
    trees = schema_trees(root, sorted(merges | {name for name, path in changed if path == "schemas"}))
    sealed = sealing(root, sorted(merges | {name for name, path in changed if path == "register.yaml"}))
    for commit in commits:
        above = known.get(commit.parents[0], Rules()) if commit.parents else Rules()
        known[commit.id] = Rules(trees.get(commit.id, above.schemas), sealed.get(commit.id, above.sealed))
    return known


def _keys(root: Path, rows: list[Row]) -> dict[str, tuple[Collection[str], Collection[str]]]:
    """Blob of the recipients -> (retired keys, current keys), as far as it can be read."""
    keys: dict[str, tuple[Collection[str], Collection[str]]] = {"": (frozenset(), frozenset())}
    for blob, data in blobs(root, {blob for row in rows for blob in (row.old, row.new) if blob}):
        plain = plain_of(data) or {}
        keys[blob] = (_of(plain.get("retired")), _of(plain.get("recipients")))
    return keys


def _of(items: object) -> frozenset[str]:
    if not isinstance(items, list):
        return frozenset()
    return frozenset(item["key"] for item in items if isinstance(item, dict) and isinstance(item.get("key"), str))
