"""The files of each merge held against its sides: what is plain is judged here, what both changed is made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.core.audit import Finding, history
from solidarity_cli.git.objects import empty_tree, parse_commit, texts
from solidarity_cli.git.process import blobs, git
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.history.audit import merge_sides
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
    all_merges = list(merges)
    trees = dict(_trees(root, all_merges))
    differing = differences(
        root, (pair for merge_trees in trees.values() for edge in merge_trees.edges() for pair in edge)
    )
    for merge in all_merges:
        edges = [[pair_moves(differing[pair]) for pair in edge] for edge in trees[merge.id].edges()]
        wrong = list(history.two_sides.check(merge.id, len(merge.parents), len(set(merge.parents))))
        codes: set[str] = set()
        for case in _cases(edges):
            case_findings, code = _judge(root, merge.id, case)
            wrong += case_findings
            codes |= {code} if code else set()
        yield merge.id, wrong, sorted(codes)


def _trees(root: Path, merges: Sequence[Commit]) -> Iterator[tuple[str, Trees]]:
    bases = {merge.id: _bases(root, merge) for merge in merges}
    commits = dict.fromkeys(name for merge in merges for name in (*merge.parents, *bases[merge.id]))
    trees = {commit: parse_commit(commit, text).tree for commit, text in texts(root, commits)}
    for merge in merges:
        base_trees = tuple(dict.fromkeys(trees[base] for base in bases[merge.id])) or (empty_tree(merge.tree),)
        yield merge.id, Trees(base_trees, tuple(trees[parent] for parent in merge.parents), merge.tree)


def _bases(root: Path, merge: Commit) -> list[str]:
    """The common beginnings: several where the sides have been merged into each other before."""
    octopus = ("--octopus",) if len(merge.parents) > 2 else ()
    args = ("-c", "core.commitGraph=false", "merge-base", "--all", *octopus, *merge.parents)
    return git(root, *args, quiet_codes=(1,), env=AS_STORED).decode().split()


def _cases(edges: list[list[Edge]]) -> Iterator[Case]:
    """The files in which a merge, one of its sides and a beginning differ."""
    first = edges[0]
    actions = tuple(_actions(edge) for edge in first[:-1])
    for name in dict.fromkeys(name for edge in first for name in edge):
        path, was = next(edge[name][:2] for edge in first if name in edge)
        *blobs_of_sides, made = (edge[name][2] if name in edge else was for edge in first)
        # What no edge of another beginning names is there as it is in all sides.
        others = (
            next((edge[name][1] for edge in base_edges if name in edge), blobs_of_sides[0]) for base_edges in edges[1:]
        )
        kind = record_kind(path) or ("recipients" if path == "recipients.yaml" else "")
        bases = tuple(dict.fromkeys((was, *others)))
        yield Case(name, path_label(path), kind, bases, tuple(blobs_of_sides), made, actions)


def _actions(edge: Edge) -> tuple[str, ...]:
    return tuple(new for path, _, new in edge.values() if record_kind(path) == "action" and new)


def _judge(root: Path, commit: str, case: Case) -> tuple[list[Finding], str]:
    """What is wrong with a file of a merge, and the code of what is not proven of it."""
    if len(case.sides) != 2:
        return _judge_octopus(root, commit, case), ""
    expected = {_trivial_merge(base, *case.sides) for base in case.bases}
    if case.made in expected:
        return [], ""
    if None not in expected:
        return list(history.merge.check(commit, case.label, ["its content"], by_hand=False)), ""
    if not case.kind and case.made in case.sides:
        return [], ""
    remerged = remade(root, case)
    findings = list(
        history.merge.check(commit, case.label, remerged.wrong or remerged.chosen, by_hand=not remerged.wrong)
    )
    if not remerged.wrong and remerged.differs != ():
        findings += _judge_by_sides(root, commit, case, remerged.differs)
    return findings, remerged.code


def _trivial_merge(base: str, first: str, second: str) -> str | None:
    """What a merge has to hold where at most one side changed something, or both the same; None where both did."""
    if first in (second, base):
        return second
    return first if second == base else None


def _judge_octopus(root: Path, commit: str, case: Case) -> list[Finding]:
    """Of a merge that nobody can make again: nothing is lost, and nothing there that no side has."""
    if all(case.made == side for side in case.sides):
        return []
    findings = _judge_by_sides(root, commit, case, None)
    if findings or case.made in case.sides:
        return findings
    return list(history.merge.check(commit, case.label, ["its content"], by_hand=False))


def _judge_by_sides(root: Path, commit: str, case: Case, differs: Sequence[str] | None) -> list[Finding]:
    if case.kind not in ("case", "action"):
        return []
    data = dict(blobs(root, {blob for blob in (*case.bases, *case.sides, case.made) if blob}))
    plains = {blob: plain_of(data[blob]) for blob in data} | {"": {}}
    made = plains[case.made]
    if made is None:
        return []  # the rule `shape` says so
    bases, sides = (
        [plain for blob in blob_ids if (plain := plains[blob]) is not None] for blob_ids in (case.bases, case.sides)
    )
    return merge_sides.findings(commit, case, bases, sides, made, differs)
