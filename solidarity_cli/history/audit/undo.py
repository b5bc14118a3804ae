"""Acts that take back others, held against these as git stores both: neither word nor index is believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from solidarity_cli.core.audit import Finding, Moved, Step, StoredAct
from solidarity_cli.core.audit.undo import Files, undone
from solidarity_cli.git.committer import undoes
from solidarity_cli.git.objects import address, empty_tree, parse_commit, texts
from solidarity_cli.git.process import blobs
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.history.audit.labels import path_label
from solidarity_cli.history.index import Commit, Index, Row
from solidarity_cli.history.index.update import differences
from solidarity_cli.history.index.versions import plain_of

CHARTER = "register.yaml"

VERB = "undo"

_ENTRY = re.compile(r"directory/[^/]+\.yaml")

Parents = Mapping[str, tuple[str, ...]]
"""Each commit with its parents, which come first."""


def findings(root: Path, index: Index, parents: Parents, acts: Iterable[Commit]) -> Iterator[tuple[str, list[Finding]]]:
    """(commit, findings) for each of the `acts` that says that it takes back another; without findings it may.

    `parents`: of all acts that there are.
    """
    claims = [act for act in acts if act.act == VERB]
    if not claims:
        return
    targets = {commit: undoes(text) for commit, text in texts(root, [claim.id for claim in claims])}
    places = {commit: place for place, commit in enumerate(parents)}
    known = [target for target in dict.fromkeys(targets.values()) if target in places]
    others = {other.id: other for other in index.commits(known)}
    deeds = dict(deeds_of(root, index, {act.id: act for act in (*claims, *others.values())}.values()))
    for claim in claims:
        target = targets[claim.id]
        is_before = target in others and _is_before(parents, places, target, claim.id)
        yield claim.id, list(undone.check(claim.id, deeds[claim.id], deeds[target] if is_before else None))


def deeds_of(root: Path, index: Index, acts: Iterable[Commit]) -> Iterator[tuple[str, StoredAct]]:
    """(commit, what it did), its files from the trees: in the index a file and its copy elsewhere are one."""
    all_commits = list(acts)
    above = {
        parent: parse_commit(parent, text).tree
        for parent, text in texts(root, {parent for commit in all_commits for parent in commit.parents[:1]})
    }
    pairs = {
        commit.id: (above[commit.parents[0]] if commit.parents else empty_tree(commit.tree), commit.tree)
        for commit in all_commits
    }
    files_by_pair = differences(root, pairs.values())
    charters = {
        blob
        for changed in files_by_pair.values()
        for path, *both in changed
        if path == CHARTER
        for blob in both
        if blob
    }
    written = dict(blobs(root, charters))
    rows: dict[str, list[Row]] = {}
    for row in index.rows_of(pairs):
        rows.setdefault(row.commit.id, []).append(row)
    for commit in all_commits:
        act_rows = rows.get(commit.id, [])
        files = {path: (old, new) for path, old, new in files_by_pair[pairs[commit.id]]}
        steps = tuple(step(row) for row in act_rows if record_kind(row.path) in ("case", "action"))
        unread = not all(row.readable for row in act_rows)
        beyond = tuple(_other_changes(files, steps, written))
        yield (
            commit.id,
            StoredAct(address(commit.committer), commit.act, len(commit.parents), files, steps, unread, beyond),
        )


def _other_changes(files: Files, steps: tuple[Step, ...], written: Mapping[str, bytes | None]) -> Iterator[str]:
    """What an act changed beside records and views: paths of files, and fields of register.yaml."""
    records = [path for path in files if record_kind(path) in ("case", "action")]
    # The index knows a record by its id: where two files bear one, it has told of one of them only.
    yield from records if len(records) > len(steps) else ()
    for path, (old, new) in files.items():
        if path == CHARTER:
            yield from (field for field in _changed_settings(written.get(old), written.get(new)) if field != "views")
        elif path not in records and not _ENTRY.fullmatch(path):
            yield path


def _changed_settings(old: bytes | None, new: bytes | None) -> list[str]:
    """The fields of register.yaml that differ; all of it where a side is missing or cannot be read."""
    before, after = plain_of(old), plain_of(new)
    if before is None or after is None:
        return [CHARTER]
    # Compared as they are written: `true` and `1` are equal, and no sealing is switched on by a number.
    return [str(field) for field in {**before, **after} if repr(before.get(field, ...)) != repr(after.get(field, ...))]


def step(row: Row) -> Step:
    """What an act did to one case or action, as the index has it."""
    moved = tuple(Moved(field, old, new, bool(in_new)) for field, old, new, in_new in row.changes)
    return Step(path_label(row.path), record_kind(row.path) or "", bool(row.old), bool(row.new), moved)


def _is_before(parents: Parents, places: Mapping[str, int], earlier: str, later: str) -> bool:
    """Whether `later` follows `earlier` on any way. Parents come first, so what stands before it need not be asked."""
    visited, pending = {later}, [later]
    while pending:
        for parent in parents[pending.pop()]:
            if parent == earlier:
                return True
            if parent not in visited and places[parent] > places[earlier]:
                visited.add(parent)
                pending.append(parent)
    return False
