"""Every commit that a head reaches, from the objects themselves: no replacement, no graft, no commit-graph is believed.

Git is asked for a list to start with. Whose child is whose is read from the text of each commit, and each text is
checked against its id: what was hidden by a graft is found again, what was slipped in is not part of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.core.errors import Refused
from solidarity_cli.git.process import git
from solidarity_cli.history.checkpoints.act_order import in_order, leaf
from solidarity_cli.history.checkpoints.merkle import Tree

AS_IT_IS: Mapping[str, str] = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1"}
"""Git's environment for reading what is stored, and nothing in its place."""
_ID = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
_AT_ONCE = 10_000
"""Commits asked for in one go: their texts together are some megabytes."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a commit says that matters here: its parents, the SHA-256 of its text, its committer's time (seconds)."""

    parents: tuple[str, ...]
    digest: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """All commits from a head to the first, by id."""

    head: str
    origins: Mapping[str, Origin]

    def __contains__(self, commit: str) -> bool:
        return commit in self.origins

    def acts(self, head: str) -> list[str]:
        """The acts that one of these commits reaches, itself the last, in the order of `in_order`."""
        return in_order(head, {commit: origin.parents for commit, origin in self.origins.items()})

    def tree(self, acts: Iterable[str]) -> Tree:
        """The Merkle tree over some acts."""
        return Tree(leaf(act, self.origins[act].digest) for act in acts)


def lineage(root: Path, head: str) -> Lineage:
    """All that the commit `head` reaches.

    Raises Refused where the history in this clone is cut off or a commit is not what its id says.
    """
    origins: dict[str, Origin] = {}
    heads = [head]
    while heads:
        known = len(origins)
        for start in range(0, len(commits := _list_commits(root, heads, origins)), _AT_ONCE):
            origins.update(_read(root, commits[start : start + _AT_ONCE]))
        heads = sorted({parent for origin in origins.values() for parent in origin.parents if parent not in origins})
        if heads and len(origins) == known:
            raise _cut_off_error(root, heads[0])
    if head not in origins:
        raise _cut_off_error(root, head)
    return Lineage(head, origins)


def _list_commits(root: Path, heads: list[str], known: Mapping[str, Origin]) -> list[str]:
    """What git says that `heads` reach, without what is known; it breaks off at a missing commit."""
    args = ("rev-list", "--stdin")
    output = git(root, *args, stdin="\n".join(heads).encode() + b"\n", good_codes=(0, 128), env=AS_IT_IS)
    return [commit for commit in dict.fromkeys([*heads, *output.decode().split()]) if commit not in known]


def _read(root: Path, commits: list[str]) -> Iterable[tuple[str, Origin]]:
    """What each commit says; those that are missing are left out. Git's answer: id, kind and size, text, line end."""
    stdin = "".join(f"{commit}\n" for commit in commits).encode()
    output = git(root, "cat-file", "--batch", "--buffer", stdin=stdin, env=AS_IT_IS)
    at = 0
    for commit in commits:
        end = output.index(b"\n", at)
        head = output[at:end].split()
        at = end + 1
        if head[1:2] != [b"commit"]:
            if len(head) == 3:
                raise _altered_error(commit)
            continue
        text = output[at : at + int(head[2])]
        at += len(text) + 1
        yield commit, _origin(commit, text)


def _origin(commit: str, text: bytes) -> Origin:
    algorithm = "sha256" if len(commit) == 64 else "sha1"
    computed_id = hashlib.new(algorithm, b"commit %d\x00" % len(text) + text, usedforsecurity=False).hexdigest()
    if computed_id != commit:
        raise _altered_error(commit)
    parents, seconds = [], 0
    for line in text.partition(b"\n\n")[0].split(b"\n"):
        if line.startswith(b"parent "):
            if not _ID.fullmatch(line[7:]):
                raise _altered_error(commit)
            parents.append(line[7:].decode())
        elif line.startswith(b"committer "):
            moment = line.rsplit(b" ", 2)[-2]
            seconds = int(moment) if moment.isdigit() else 0
    return Origin(tuple(parents), hashlib.sha256(text).hexdigest(), seconds)


def _altered_error(commit: str) -> Refused:
    return Refused(f"commit {commit[:10]} is not what its id says: it was altered or damaged", hint="git fsck")


def _cut_off_error(root: Path, commit: str) -> Refused:
    is_shallow = git(root, "rev-parse", "--is-shallow-repository", quiet_codes=(128,)).strip() == b"true"
    if is_shallow:
        return Refused("this clone is shallow: its history is cut off", hint="git fetch --unshallow")
    return Refused(f"commit {commit[:10]} is missing from this clone: its history is cut off", hint="git fsck")
