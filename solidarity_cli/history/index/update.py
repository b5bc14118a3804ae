"""The index brought up to a commit: of what is new, one list, and one stream each of commits, differences, blobs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

from solidarity_cli.git.objects import AS_STORED, Commit, empty_tree, list_commits, parse_commit, texts
from solidarity_cli.git.process import git
from solidarity_cli.git.snapshot import RECORD_FOLDERS, name_of, record_kind
from solidarity_cli.history.index.store import Index, Learned, commit_of, commit_row
from solidarity_cli.history.index.versions import Step, changes_by_act
from solidarity_cli.system.parallel import map_in_two_processes

WATCHED = (*RECORD_FOLDERS, "schemas", "register.yaml", "recipients.yaml", "allowed_signers")
"""What the index looks at: folders and files at the top of the register."""

_DIFFERENCE = re.compile(
    rb"(?P<trees>[0-9a-f]{40,64} [0-9a-f]{40,64})\n"
    rb"|:\d+ \d+ (?P<old>[0-9a-f]+) (?P<new>[0-9a-f]+) [A-Z]\d*\x00(?P<path>[^\x00]+)\x00"
)
Pair = tuple[str, str, str]
"""Path, blob before, blob after; "" where there is none."""
CommitRow = tuple[str, str, str, str, int, str]
"""Record, path, blob before, blob after, whether it can be read, what changed as JSON."""


def update_index(root: Path, index: Index, head: str) -> bool:
    """Whether the index now knows all that `head` reaches; False when another process was faster."""
    if index.is_full:
        index.forget()
    known_heads = index.heads()
    if not head or head in known_heads:
        return True
    if _is_any_gone(root, known_heads):
        # What was taken out of git for good is not to live on here.
        index.forget()
        known_heads = frozenset()
    commits = new_commits(root, index, head, known_heads)
    if is_cut := _is_cut_off(commits, index):
        # What is missing today may come tomorrow: such a past is learned each time.
        index.forget()
        known_heads = frozenset()
        commits = new_commits(root, index, head, known_heads)
    rows = _rows(root, commits, index)
    learned = [Learned(commit, tuple(rows.get(number, ()))) for number, commit in enumerate(commits)]
    return index.learn(known_heads, "" if is_cut else head, learned)


def _is_any_gone(root: Path, heads: Iterable[str]) -> bool:
    stdin = "".join(f"{head}\n" for head in heads).encode()
    args = ("cat-file", "--batch-check=%(objecttype)")
    return bool(stdin) and b"missing" in git(root, *args, stdin=stdin, env=AS_STORED)


def _is_cut_off(commits: list[Commit], index: Index) -> bool:
    """Whether a parent is missing from this clone."""
    above = {parent for commit in commits for parent in commit.parents} - {commit.id for commit in commits}
    return not commits or bool(above - index.places(above).keys())


def new_commits(root: Path, index: Index, head: str, known_heads: Iterable[str]) -> list[Commit]:
    """What is not known yet, parents first. A parent that is missing from this clone is left out."""
    commits: dict[str, Commit] = {}
    starts, missing = [head], set[str]()
    while starts:
        names = [
            name for start in starts for name in (*list_commits(root, start, known_heads), start) if name not in commits
        ]
        before = len(commits)
        commits |= _read(root, list(dict.fromkeys(names)))
        missing |= {start for start in starts if start not in commits}
        above = {parent for commit in commits.values() for parent in commit.parents if parent not in commits} - missing
        # What git leaves out is known, cut off, or hidden from it.
        starts = sorted(above - index.places(above).keys())
        if len(commits) == before:
            break
    return _parents_first(commits, head)


def _read(root: Path, names: list[str]) -> dict[str, Commit]:
    """Those commits that are there."""

    def work(chunk: list[str]) -> list[tuple[Any, ...]]:
        return [commit_row(parse_commit(name, text)) for name, text in texts(root, chunk)]

    return {row[0]: commit_of(row) for row in map_in_two_processes(work, names, "acts read")}


def _parents_first(commits: Mapping[str, Commit], head: str) -> list[Commit]:
    """Those of the commits that `head` reaches, by their own word."""
    ordered: list[Commit] = []
    visited: set[str] = set()
    path = [(head, iter(commits[head].parents))] if head in commits else []
    while path:
        commit, parents = path[-1]
        for parent in parents:
            if parent in commits and parent not in visited:
                visited.add(parent)
                path.append((parent, iter(commits[parent].parents)))
                break
        else:
            path.pop()
            ordered.append(commits[commit])
    return ordered


# What they changed


def _rows(root: Path, commits: list[Commit], index: Index) -> dict[int, list[CommitRow]]:
    """Number of the commit -> its rows, as they are kept."""
    trees = {commit.id: commit.tree for commit in commits}
    unknown = {parent for commit in commits for parent in commit.parents if parent not in trees}
    trees |= {commit.id: commit.tree for commit in index.commits(unknown)}
    unknown -= trees.keys()
    trees |= {name: parse_commit(name, text).tree for name, text in texts(root, sorted(unknown))}
    nothing = empty_tree(commits[0].id) if commits else ""
    edges = {commit.id: [(trees.get(parent, nothing), commit.tree) for parent in commit.parents] for commit in commits}
    edges = {commit: pairs or [(nothing, trees[commit])] for commit, pairs in edges.items()}
    differing = differences(root, (pair for pairs in edges.values() for pair in pairs))
    steps: dict[str, list[Step]] = {}
    rows: dict[int, list[CommitRow]] = {}
    for number, commit in enumerate(commits):
        for path, old, new in _in_all([differing[pair] for pair in edges[commit.id]]):
            kind = record_kind(path)
            is_record = kind in ("case", "action")
            name = name_of(path) if is_record else path
            rows.setdefault(number, []).append((name, path, old[0], new, 1, "[]"))
            if is_record:
                steps.setdefault(name, []).append(Step(kind or "", old, new, number))
    for number, changes_by_record in changes_by_act(root, steps, index.unreadable()).items():
        rows[number] = [_fill_row(row, changes_by_record) for row in rows[number]]
    return rows


def _fill_row(row: CommitRow, changes_by_record: Mapping[str, tuple[int, str]]) -> Any:
    return (*row[:4], *changes_by_record[row[0]]) if row[0] in changes_by_record else row


def differences(root: Path, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Pair]]:
    """Two trees -> the watched files that differ."""
    distinct = dict.fromkeys(pairs)
    files_by_pair: dict[tuple[str, str], list[Pair]] = {pair: [] for pair in distinct}
    lines = [f"{old} {new}" for old, new in distinct if old != new]
    # One hand takes every second: laid together like cards, each gets a half in a row, whose trees git unpacks once.
    middle = (len(lines) + 1) // 2
    interleaved = [line for both in zip_longest(lines[:middle], lines[middle:]) for line in both if line]
    for old, new, *difference in map_in_two_processes(partial(_differences, root), interleaved, "acts compared"):
        files_by_pair[old, new].append(tuple(difference))
    return files_by_pair


def _differences(root: Path, lines: list[str]) -> list[tuple[str, ...]]:
    """(tree, tree, path, blob before, blob after) of what differs between the two trees of each line."""
    # All is asked for and some is left out here: git would match every file of a folder against every path.
    args = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev")
    rows = []
    trees: tuple[str, ...] = ()
    output = git(root, *args, stdin="".join(f"{line}\n" for line in lines).encode(), env=AS_STORED)
    for match in _DIFFERENCE.finditer(output):
        if match["trees"]:
            trees = tuple(match["trees"].decode().split(" "))
        elif (path := match["path"].decode(errors="backslashreplace")).partition("/")[0] in WATCHED:
            rows.append((*trees, path, _blob(match["old"]), _blob(match["new"])))
    return rows


def _blob(name: bytes) -> str:
    return "" if name.strip(b"0") == b"" else name.decode()


def _in_all(edges: list[list[Pair]]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(path, blobs before, blob after) of what differs from every parent; the way of a moved record is one path."""
    sides = [pair_moves(edge) for edge in edges]
    for name, (path, _, new) in sides[0].items():
        if all(name in side for side in sides):
            yield path, tuple(side[name][1] for side in sides), new


def pair_moves(edge: list[Pair]) -> dict[str, Pair]:
    """Record, or path of what is none -> its change; a move, one path gone and another come, is one."""
    moves: dict[str, Pair] = {}
    for path, old, new in edge:
        name = name_of(path) if record_kind(path) in ("case", "action") else path
        before = moves.get(name, ("", "", ""))
        moves[name] = (path if new or not before[0] else before[0], before[1] or old, before[2] or new)
    return moves
