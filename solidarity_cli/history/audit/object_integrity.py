"""What git has stored, held against its ids: git reads a tree without asking whether it is the one that was named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from solidarity_cli.core.errors import Refused
from solidarity_cli.git.objects import texts
from solidarity_cli.git.process import git
from solidarity_cli.history.index import AS_STORED, Commit
from solidarity_cli.system.parallel import map_in_two_processes

_AT_ONCE = 500
"""Objects asked for in one go: the tree of a folder with all cases of a year is some 100 KB."""

_GITLINK = b"160000"
"""The mode of another repository in a tree: it has no object here."""
_FAILED = 128
"""Git's exit code when it breaks off."""


def whole(root: Path, commits: Iterable[Commit]) -> None:
    """Holds the trees of some commits against their ids.

    Raises Refused for one that is another, and ExternalError for one that git itself cannot read.
    """
    all_commits = list(commits)
    if not all_commits:
        return
    names = {commit.id for commit in all_commits}
    edge = {parent for commit in all_commits for parent in commit.parents if parent not in names}
    stdin = "".join(f"{name}\n" for name in (*sorted(names), *(f"^{parent}" for parent in sorted(edge)))).encode()
    args = ("-c", "core.commitGraph=false", "rev-list", "--objects", "--no-object-names", "--filter=object:type=tree")
    object_ids = git(root, *args, "--stdin", stdin=stdin, env=AS_STORED).decode().split()
    trees = [tree for tree in object_ids if tree not in names]
    if bad := map_in_two_processes(lambda chunk: [name for name, data in _read(root, chunk) if data is None], trees):
        raise _damaged(min(bad))


def check_readable(root: Path, commits: Iterable[str]) -> None:
    """Raises Refused, with its id, for the first tree or file of some commits that git cannot give; slow and sure."""
    pending = list(dict.fromkeys(_trees(root, commits)))
    visited = set(pending)
    while pending:
        below: dict[str, None] = {}
        for name, data in _read(root, pending):
            if data is None:
                raise _damaged(name)
            below |= dict.fromkeys(_entries(data, len(name) // 2) if data.startswith(b"tree ") else ())
        pending = [child for child in below if child not in visited]
        visited |= set(pending)


def _damaged(name: str) -> Refused:
    return Refused(
        f"object {name[:10]} of this history is missing, damaged, or not what its id says",
        hint="git fsck; a clone made anew from the remote has it",
    )


def _trees(root: Path, commits: Iterable[str]) -> Iterator[str]:
    for _, text in texts(root, commits):
        yield text.partition(b"\n")[0].partition(b" ")[2].decode()


def _read(root: Path, names: list[str]) -> Iterator[tuple[str, bytes | None]]:
    """(id, kind, size and bytes) of objects; None for one that is not there, or not what its id says."""
    for start in range(0, len(names), _AT_ONCE):
        chunk = names[start : start + _AT_ONCE]
        stdin = "".join(f"{name}\n" for name in chunk).encode()
        args = ("cat-file", "--batch", "--buffer")
        output = git(root, *args, stdin=stdin, good_codes=(0, _FAILED), env=AS_STORED)
        at = 0
        for name in chunk:
            head, _, _ = output[at : at + 200].partition(b"\n")
            parts = head.split(b" ")
            size = int(parts[2]) if len(parts) == 3 else 0
            at += len(head) + 1
            data = b"%s %d\0" % (parts[1], size) + output[at : at + size] if len(parts) == 3 else b""
            at += size + 1 if data else 0
            yield name, data if data and _matches_id(name, data) else None


def _matches_id(name: str, data: bytes) -> bool:
    algorithm = "sha256" if len(name) == 64 else "sha1"
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() == name


def _entries(tree: bytes, length: int) -> Iterator[str]:
    """The ids in a tree, whose entries are mode, name, NUL and id."""
    at = tree.index(b"\0") + 1
    while at < len(tree):
        end = tree.index(b"\0", at)
        mode = tree[at:end].partition(b" ")[0]
        if mode != _GITLINK:
            yield tree[end + 1 : end + 1 + length].hex()
        at = end + 1 + length
