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
    claims = [one for one in acts if one.act == VERB]
    if not claims:
        return
    named = {one: undoes(text) for one, text in texts(root, [one.id for one in claims])}
    places = {one: place for place, one in enumerate(parents)}
    known = [one for one in dict.fromkeys(named.values()) if one in places]
    others = {one.id: one for one in index.commits(known)}
    deeds = dict(deeds_of(root, index, {one.id: one for one in (*claims, *others.values())}.values()))
    for one in claims:
        other = named[one.id]
        is_before = other in others and _is_before(parents, places, other, one.id)
        yield one.id, list(undone.check(one.id, deeds[one.id], deeds[other] if is_before else None))


def deeds_of(root: Path, index: Index, acts: Iterable[Commit]) -> Iterator[tuple[str, StoredAct]]:
    """(commit, what it did), its files from the trees: in the index a file and its copy elsewhere are one."""
    every = list(acts)
    above = {
        one: parse_commit(one, text).tree for one, text in texts(root, {up for one in every for up in one.parents[:1]})
    }
    pairs = {one.id: (above[one.parents[0]] if one.parents else empty_tree(one.tree), one.tree) for one in every}
    found = differences(root, pairs.values())
    charters = {blob for some in found.values() for path, *both in some if path == CHARTER for blob in both if blob}
    written = dict(blobs(root, charters))
    rows: dict[str, list[Row]] = {}
    for row in index.rows_of(pairs):
        rows.setdefault(row.commit.id, []).append(row)
    for one in every:
        some = rows.get(one.id, [])
        files = {path: (old, new) for path, old, new in found[pairs[one.id]]}
        steps = tuple(step(row) for row in some if record_kind(row.path) in ("case", "action"))
        unread = not all(row.readable for row in some)
        beyond = tuple(_beyond(files, steps, written))
        yield one.id, StoredAct(address(one.committer), one.act, len(one.parents), files, steps, unread, beyond)


def _beyond(files: Files, steps: tuple[Step, ...], written: Mapping[str, bytes | None]) -> Iterator[str]:
    """What an act changed beside records and views: paths of files, and fields of register.yaml."""
    records = [path for path in files if record_kind(path) in ("case", "action")]
    # The index knows a record by its id: where two files bear one, it has told of one of them only.
    yield from records if len(records) > len(steps) else ()
    for path, (old, new) in files.items():
        if path == CHARTER:
            yield from (one for one in _settings(written.get(old), written.get(new)) if one != "views")
        elif path not in records and not _ENTRY.fullmatch(path):
            yield path


def _settings(old: bytes | None, new: bytes | None) -> list[str]:
    """The fields of register.yaml that differ; all of it where a side is missing or cannot be read."""
    before, after = plain_of(old), plain_of(new)
    if before is None or after is None:
        return [CHARTER]
    # Compared as they are written: `true` and `1` are equal, and no sealing is switched on by a number.
    return [str(one) for one in {**before, **after} if repr(before.get(one, ...)) != repr(after.get(one, ...))]


def step(row: Row) -> Step:
    """What an act did to one case or action, as the index has it."""
    moved = tuple(Moved(field, old, new, bool(in_new)) for field, old, new, in_new in row.told)
    return Step(path_label(row.path), record_kind(row.path) or "", bool(row.old), bool(row.new), moved)


def _is_before(parents: Parents, places: Mapping[str, int], earlier: str, later: str) -> bool:
    """Whether `later` follows `earlier` on any way. Parents come first, so what stands before it need not be asked."""
    seen, left = {later}, [later]
    while left:
        for parent in parents[left.pop()]:
            if parent == earlier:
                return True
            if parent not in seen and places[parent] > places[earlier]:
                seen.add(parent)
                left.append(parent)
    return False
