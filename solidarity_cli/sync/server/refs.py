"""Which refs a push may touch, and how: branches grow, tags stay, the keyring is replaced, the main branch remains."""

from __future__ import annotations

import re
from dataclasses import dataclass

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.crypto.keyring.store import REF as KEYRING
from solidarity_cli.git.branches import is_in
from solidarity_cli.git.process import git
from solidarity_cli.history.index import AS_STORED
from solidarity_cli.sync.server.context import Server

_LINE = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) (refs/[^\n]+)")
_MOST = 1_000
"""Refs in one push."""


@dataclass(frozen=True, slots=True)
class Update:
    """One ref that a push wants to move; `old` or `new` is empty where there is none."""

    old: str
    new: str
    ref: str

    @property
    def branch(self) -> str:
        """The name of the branch; empty for what is none."""
        return self.ref.removeprefix("refs/heads/") if self.ref.startswith("refs/heads/") else ""

    @property
    def is_deletion(self) -> bool:
        """Whether the ref is to be deleted."""
        return not self.new


def updates(asked: bytes) -> list[Update]:
    """The lines that git gives to the hook. Raises ExternalError for what is none, Refused for too many."""
    found = []
    for line in asked.splitlines():
        if not (told := _LINE.fullmatch(line)):
            raise ExternalError(
                "this hook is called by git, with `old new ref` lines", hint="solidarity init --server DIR"
            )
        old, new = (one.decode() if one.strip(b"0") else "" for one in told.groups()[:2])
        found.append(Update(old, new, told[3].decode(errors="surrogateescape")))
    if len(found) > _MOST:
        raise Refused(f"a push may move {_MOST} branches at most", hint="push fewer at once")
    return found


def allow(server: Server, one: Update) -> None:
    """Raises Refused unless a ref may be moved so, whatever it holds."""
    if one.ref == KEYRING:
        if one.is_deletion:
            raise Refused("the keyring is never deleted: without it nobody can unseal anything", hint="solidarity sync")
    elif one.branch:
        _branch(server, one)
    elif one.ref.startswith("refs/tags/"):
        if one.old:
            raise Refused("a tag that is here is neither moved nor deleted", hint="give a new one another name")
    else:
        raise Refused(
            "a register has branches, tags and its keyring, and no other refs",
            hint="push a branch: git push origin HEAD:NAME",
        )


def _branch(server: Server, one: Update) -> None:
    what = "the main branch" if one.branch == server.main else "this branch"
    if one.is_deletion and one.branch == server.main:
        raise Refused("the main branch is never deleted", hint="a branch whose review is over can go: solidarity sync")
    if one.is_deletion:
        if not (server.at and is_in(server.root, one.old, server.at)):
            raise Refused(
                "a branch whose acts are not on the main branch is not deleted",
                hint="merge it first; or leave it, where it does no harm",
            )
    elif one.old and not _follows(server, one.old, one.new):
        raise Refused(
            f"the push takes out acts that {what} has already: history is not rewritten",
            hint="bring both together instead: solidarity sync",
        )
    elif server.at and one.branch != server.main and not server.fork_point(one.new):
        raise Refused("this branch has no act in common with the main branch", hint=f"begin it at {server.main}")


def _follows(server: Server, old: str, new: str) -> bool:
    asked = ("-c", "core.commitGraph=false", "rev-list", "--max-count=1", old, f"^{new}", "--")
    return not git(server.root, *asked, world=AS_STORED)
