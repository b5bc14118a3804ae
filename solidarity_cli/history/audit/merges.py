"""The files of each merge held against its sides: what is plain is judged here, what both changed is made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.core.audit import Finding
from solidarity_cli.core.audit import history as whole
from solidarity_cli.git.objects import empty_tree, parse_commit, texts
from solidarity_cli.git.process import blobs, git
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.history.audit import merge_sides as sides
from solidarity_cli.history.audit.labels import path_label
from solidarity_cli.history.audit.remerge import Case, remade
from solidarity_cli.history.index import AS_STORED, Commit
from solidarity_cli.history.index.update import Pair, differences, pair_moves
from solidarity_cli.history.index.versions import plain_of

Edge = dict[str, Pair]
"""Record, or path of what is none -> what differs between two trees."""


@dataclass(frozen=True, slots=True)
class Trees:
    """The trees of a merge: of its common beginnings, of its sides, and its own."""

    bases: tuple[str, ...]
    sides: tuple[str, ...]
    made: str

    def edges(self) -> list[list[tuple[str, str]]]:
        """From each beginning to each side and to the merge."""
        return [[(base, tree) for tree in (*self.sides, self.made)] for base in self.bases]


def findings(root: Path, merges: Iterable[Commit]) -> Iterator[tuple[str, list[Finding], list[str]]]:
    """(commit, findings, codes of what is not proven) for each merge."""
    every = list(merges)
    trees = dict(_trees(root, every))
    found = differences(root, (pair for one in trees.values() for some in one.edges() for pair in some))
    for one in every:
        edges = [[pair_moves(found[pair]) for pair in some] for some in trees[one.id].edges()]
        wrong = list(whole.two_sides.check(one.id, len(one.parents), len(set(one.parents))))
        codes: set[str] = set()
        for case in _cases(edges):
            some, code = _judged(root, one.id, case)
            wrong += some
            codes |= {code} if code else set()
        yield one.id, wrong, sorted(codes)


def _trees(root: Path, merges: Sequence[Commit]) -> Iterator[tuple[str, Trees]]:
    bases = {one.id: _bases(root, one) for one in merges}
    named = dict.fromkeys(name for one in merges for name in (*one.parents, *bases[one.id]))
    trees = {one: parse_commit(one, text).tree for one, text in texts(root, named)}
    for one in merges:
        begun = tuple(dict.fromkeys(trees[base] for base in bases[one.id])) or (empty_tree(one.tree),)
        yield one.id, Trees(begun, tuple(trees[parent] for parent in one.parents), one.tree)


def _bases(root: Path, one: Commit) -> list[str]:
    """The common beginnings: several where the sides have been merged into each other before."""
    of_many = ("--octopus",) if len(one.parents) > 2 else ()
    asked = ("-c", "core.commitGraph=false", "merge-base", "--all", *of_many, *one.parents)
    return git(root, *asked, quiet_codes=(1,), world=AS_STORED).decode().split()


def _cases(edges: list[list[Edge]]) -> Iterator[Case]:
    """The files in which a merge, one of its sides and a beginning differ."""
    first = edges[0]
    actions = tuple(_actions(edge) for edge in first[:-1])
    for name in dict.fromkeys(name for edge in first for name in edge):
        path, was = next(edge[name][:2] for edge in first if name in edge)
        *blobs_of_sides, made = (edge[name][2] if name in edge else was for edge in first)
        # What no edge of another beginning names is there as it is in all sides.
        others = (next((edge[name][1] for edge in some if name in edge), blobs_of_sides[0]) for some in edges[1:])
        kind = record_kind(path) or ("recipients" if path == "recipients.yaml" else "")
        bases = tuple(dict.fromkeys((was, *others)))
        yield Case(name, path_label(path), kind, bases, tuple(blobs_of_sides), made, actions)


def _actions(edge: Edge) -> tuple[str, ...]:
    return tuple(new for path, _, new in edge.values() if record_kind(path) == "action" and new)


def _judged(root: Path, commit: str, case: Case) -> tuple[list[Finding], str]:
    """What is wrong with a file of a merge, and the code of what is not proven of it."""
    if len(case.sides) != 2:
        return _of_many(root, commit, case), ""
    right = {_plainly(base, *case.sides) for base in case.bases}
    if case.made in right:
        return [], ""
    if None not in right:
        return list(whole.merge.check(commit, case.said, ["its content"], by_hand=False)), ""
    if not case.kind and case.made in case.sides:
        return [], ""
    again = remade(root, case)
    found = list(whole.merge.check(commit, case.said, again.wrong or again.chosen, by_hand=not again.wrong))
    if not again.wrong and again.differs != ():
        found += _of_sides(root, commit, case, again.differs)
    return found, again.code


def _plainly(base: str, one: str, other: str) -> str | None:
    """What a merge has to hold where at most one side changed something, or both the same; None where both did."""
    if one in (other, base):
        return other
    return one if other == base else None


def _of_many(root: Path, commit: str, case: Case) -> list[Finding]:
    """Of a merge that nobody can make again: nothing is lost, and nothing there that no side has."""
    if all(case.made == side for side in case.sides):
        return []
    found = _of_sides(root, commit, case, None)
    if found or case.made in case.sides:
        return found
    return list(whole.merge.check(commit, case.said, ["its content"], by_hand=False))


def _of_sides(root: Path, commit: str, case: Case, differs: Sequence[str] | None) -> list[Finding]:
    if case.kind not in ("case", "action"):
        return []
    data = dict(blobs(root, {blob for blob in (*case.bases, *case.sides, case.made) if blob}))
    plains = {blob: plain_of(data[blob]) for blob in data} | {"": {}}
    made = plains[case.made]
    if made is None:
        return []  # the rule `shape` says so
    begun, held = ([plain for blob in some if (plain := plains[blob]) is not None] for some in (case.bases, case.sides))
    return sides.findings(commit, case, begun, held, made, differs)
