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

_ANOTHER = b"160000"
"""The mode of another repository in a tree: it has no object here."""
_FAILED = 128
"""Git's exit code when it breaks off."""


def whole(root: Path, commits: Iterable[Commit]) -> None:
    """Holds the trees of some commits against their ids.

    Raises Refused for one that is another, and ExternalError for one that git itself cannot read.
    """
    every = list(commits)
    if not every:
        return
    names = {one.id for one in every}
    edge = {parent for one in every for parent in one.parents if parent not in names}
    given = "".join(f"{one}\n" for one in (*sorted(names), *(f"^{one}" for one in sorted(edge)))).encode()
    asked = ("-c", "core.commitGraph=false", "rev-list", "--objects", "--no-object-names", "--filter=object:type=tree")
    told = git(root, *asked, "--stdin", given=given, world=AS_STORED).decode().split()
    trees = [one for one in told if one not in names]
    if bad := map_in_two_processes(lambda some: [name for name, data in _read(root, some) if data is None], trees):
        raise _damaged(min(bad))


def check_readable(root: Path, commits: Iterable[str]) -> None:
    """Raises Refused, with its id, for the first tree or file of some commits that git cannot give; slow and sure."""
    left = list(dict.fromkeys(_trees(root, commits)))
    seen = set(left)
    while left:
        below: dict[str, None] = {}
        for name, data in _read(root, left):
            if data is None:
                raise _damaged(name)
            below |= dict.fromkeys(_entries(data, len(name) // 2) if data.startswith(b"tree ") else ())
        left = [one for one in below if one not in seen]
        seen |= set(left)


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
        some = names[start : start + _AT_ONCE]
        given = "".join(f"{one}\n" for one in some).encode()
        asked = ("cat-file", "--batch", "--buffer")
        told = git(root, *asked, given=given, good_codes=(0, _FAILED), world=AS_STORED)
        at = 0
        for name in some:
            head, _, _ = told[at : at + 200].partition(b"\n")
            parts = head.split(b" ")
            size = int(parts[2]) if len(parts) == 3 else 0
            at += len(head) + 1
            data = b"%s %d\0" % (parts[1], size) + told[at : at + size] if len(parts) == 3 else b""
            at += size + 1 if data else 0
            yield name, data if data and _is(name, data) else None


def _is(name: str, data: bytes) -> bool:
    algorithm = "sha256" if len(name) == 64 else "sha1"
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() == name


def _entries(tree: bytes, length: int) -> Iterator[str]:
    """The ids in a tree, whose entries are mode, name, NUL and id."""
    at = tree.index(b"\0") + 1
    while at < len(tree):
        end = tree.index(b"\0", at)
        mode = tree[at:end].partition(b" ")[0]
        if mode != _ANOTHER:
            yield tree[end + 1 : end + 1 + length].hex()
        at = end + 1 + length
