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
from solidarity_cli.git.snapshot import ROOMS, name_of, record_kind
from solidarity_cli.history.index.store import Index, Learned, commit_of, commit_row
from solidarity_cli.history.index.versions import Step, changes_by_act
from solidarity_cli.system.parallel import map_in_two_processes

WATCHED = (*ROOMS, "schemas", "register.yaml", "recipients.yaml", "allowed_signers")
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
    seen = index.heads()
    if not head or head in seen:
        return True
    if _is_any_gone(root, seen):
        # What was taken out of git for good is not to live on here.
        index.forget()
        seen = frozenset()
    commits = new_commits(root, index, head, seen)
    if is_cut := _is_cut_off(commits, index):
        # What is missing today may come tomorrow: such a past is learned each time.
        index.forget()
        seen = frozenset()
        commits = new_commits(root, index, head, seen)
    rows = _rows(root, commits, index)
    learned = [Learned(one, tuple(rows.get(number, ()))) for number, one in enumerate(commits)]
    return index.learn(seen, "" if is_cut else head, learned)


def _is_any_gone(root: Path, heads: Iterable[str]) -> bool:
    given = "".join(f"{one}\n" for one in heads).encode()
    asked = ("cat-file", "--batch-check=%(objecttype)")
    return bool(given) and b"missing" in git(root, *asked, given=given, world=AS_STORED)


def _is_cut_off(commits: list[Commit], index: Index) -> bool:
    """Whether a parent is missing from this clone."""
    above = {parent for one in commits for parent in one.parents} - {one.id for one in commits}
    return not commits or bool(above - index.places(above).keys())


def new_commits(root: Path, index: Index, head: str, seen: Iterable[str]) -> list[Commit]:
    """What is not known yet, parents first. A parent that is missing from this clone is left out."""
    found: dict[str, Commit] = {}
    wanted, missing = [head], set[str]()
    while wanted:
        names = [one for start in wanted for one in (*list_commits(root, start, seen), start) if one not in found]
        before = len(found)
        found |= _read(root, list(dict.fromkeys(names)))
        missing |= {one for one in wanted if one not in found}
        above = {parent for one in found.values() for parent in one.parents if parent not in found} - missing
        # What git leaves out is known, cut off, or hidden from it.
        wanted = sorted(above - index.places(above).keys())
        if len(found) == before:
            break
    return _parents_first(found, head)


def _read(root: Path, names: list[str]) -> dict[str, Commit]:
    """Those commits that are there."""

    def work(some: list[str]) -> list[tuple[Any, ...]]:
        return [commit_row(parse_commit(one, text)) for one, text in texts(root, some)]

    return {kept[0]: commit_of(kept) for kept in map_in_two_processes(work, names, "acts read")}


def _parents_first(found: Mapping[str, Commit], head: str) -> list[Commit]:
    """Those of the commits that `head` reaches, by their own word."""
    ordered: list[Commit] = []
    done: set[str] = set()
    way = [(head, iter(found[head].parents))] if head in found else []
    while way:
        one, parents = way[-1]
        for parent in parents:
            if parent in found and parent not in done:
                done.add(parent)
                way.append((parent, iter(found[parent].parents)))
                break
        else:
            way.pop()
            ordered.append(found[one])
    return ordered


# What they changed


def _rows(root: Path, commits: list[Commit], index: Index) -> dict[int, list[CommitRow]]:
    """Number of the commit -> its rows, as they are kept."""
    trees = {one.id: one.tree for one in commits}
    unknown = {parent for one in commits for parent in one.parents if parent not in trees}
    trees |= {one.id: one.tree for one in index.commits(unknown)}
    unknown -= trees.keys()
    trees |= {one: parse_commit(one, text).tree for one, text in texts(root, sorted(unknown))}
    nothing = empty_tree(commits[0].id) if commits else ""
    edges = {one.id: [(trees.get(parent, nothing), one.tree) for parent in one.parents] for one in commits}
    edges = {one: pairs or [(nothing, trees[one])] for one, pairs in edges.items()}
    found = differences(root, (pair for pairs in edges.values() for pair in pairs))
    steps: dict[str, list[Step]] = {}
    rows: dict[int, list[CommitRow]] = {}
    for number, one in enumerate(commits):
        for path, old, new in _in_all([found[pair] for pair in edges[one.id]]):
            kind = record_kind(path)
            is_record = kind in ("case", "action")
            name = name_of(path) if is_record else path
            rows.setdefault(number, []).append((name, path, old[0], new, 1, "[]"))
            if is_record:
                steps.setdefault(name, []).append(Step(kind or "", old, new, number))
    for number, told_of in changes_by_act(root, steps, index.unreadable()).items():
        rows[number] = [_with(row, told_of) for row in rows[number]]
    return rows


def _with(row: CommitRow, told_of: Mapping[str, tuple[int, str]]) -> Any:
    return (*row[:4], *told_of[row[0]]) if row[0] in told_of else row


def differences(root: Path, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Pair]]:
    """Two trees -> the watched files that differ."""
    wanted = dict.fromkeys(pairs)
    found: dict[tuple[str, str], list[Pair]] = {pair: [] for pair in wanted}
    asked = [f"{old} {new}" for old, new in wanted if old != new]
    # One hand takes every second: laid together like cards, each gets a half in a row, whose trees git unpacks once.
    middle = (len(asked) + 1) // 2
    laid = [one for both in zip_longest(asked[:middle], asked[middle:]) for one in both if one]
    for old, new, *difference in map_in_two_processes(partial(_differences, root), laid, "acts compared"):
        found[old, new].append(tuple(difference))
    return found


def _differences(root: Path, lines: list[str]) -> list[tuple[str, ...]]:
    """(tree, tree, path, blob before, blob after) of what differs between the two trees of each line."""
    # All is asked for and some is left out here: git would match every file of a folder against every path.
    asked = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-renames", "--no-abbrev")
    found = []
    trees: tuple[str, ...] = ()
    told = git(root, *asked, given="".join(f"{line}\n" for line in lines).encode(), world=AS_STORED)
    for row in _DIFFERENCE.finditer(told):
        if row["trees"]:
            trees = tuple(row["trees"].decode().split(" "))
        elif (path := row["path"].decode(errors="backslashreplace")).partition("/")[0] in WATCHED:
            found.append((*trees, path, _blob(row["old"]), _blob(row["new"])))
    return found


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
    found: dict[str, Pair] = {}
    for path, old, new in edge:
        name = name_of(path) if record_kind(path) in ("case", "action") else path
        before = found.get(name, ("", "", ""))
        found[name] = (path if new or not before[0] else before[0], before[1] or old, before[2] or new)
    return found
