"""Acts that take back others, held against these as git stores both: neither word nor index is believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from solidarity_cli.auditing.names import told
from solidarity_cli.core.audit import Deed, Finding, Moved, Step
from solidarity_cli.core.audit.undone import undone
from solidarity_cli.ledger import undoes
from solidarity_cli.past import Commit, Index, Row
from solidarity_cli.past.learning import differences
from solidarity_cli.past.objects import address, empty_tree, parsed, texts
from solidarity_cli.snapshot import record_kind

VERB = "undo"

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


def deeds_of(root: Path, index: Index, acts: Iterable[Commit]) -> Iterator[tuple[str, Deed]]:
    """(commit, what it did), its files from the trees: in the index a file and its copy elsewhere are one."""
    every = list(acts)
    above = {one: parsed(one, text).tree for one, text in texts(root, {up for one in every for up in one.parents[:1]})}
    pairs = {one.id: (above[one.parents[0]] if one.parents else empty_tree(one.tree), one.tree) for one in every}
    found = differences(root, pairs.values())
    rows: dict[str, list[Row]] = {}
    for row in index.rows_of(pairs):
        rows.setdefault(row.commit.id, []).append(row)
    for one in every:
        some = rows.get(one.id, [])
        files = {path: (old, new) for path, old, new in found[pairs[one.id]]}
        steps = tuple(step(row) for row in some if record_kind(row.path) in ("case", "action"))
        unread = not all(row.readable for row in some)
        yield one.id, Deed(address(one.committer), one.act, len(one.parents), files, steps, unread)


def step(row: Row) -> Step:
    """What an act did to one case or action, as the index has it."""
    moved = tuple(Moved(field, old, new, bool(in_new)) for field, old, new, in_new in row.told)
    return Step(told(row.path), record_kind(row.path) or "", bool(row.old), bool(row.new), moved)


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
