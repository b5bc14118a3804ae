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
_MAX_REFS = 1_000
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


def updates(hook_input: bytes) -> list[Update]:
    """The lines that git gives to the hook. Raises ExternalError for what is none, Refused for too many."""
    ref_updates = []
    for line in hook_input.splitlines():
        if not (match := _LINE.fullmatch(line)):
            raise ExternalError(
                "this hook is called by git, with `old new ref` lines", hint="solidarity init --server DIR"
            )
        old, new = (object_id.decode() if object_id.strip(b"0") else "" for object_id in match.groups()[:2])
        ref_updates.append(Update(old, new, match[3].decode(errors="surrogateescape")))
    if len(ref_updates) > _MAX_REFS:
        raise Refused(f"a push may move {_MAX_REFS} branches at most", hint="push fewer at once")
    return ref_updates


def allow(server: Server, update: Update) -> None:
    """Raises Refused unless a ref may be moved so, whatever it holds."""
    if update.ref == KEYRING:
        if update.is_deletion:
            raise Refused("the keyring is never deleted: without it nobody can unseal anything", hint="solidarity sync")
    elif update.branch:
        _allow_branch(server, update)
    elif update.ref.startswith("refs/tags/"):
        if update.old:
            raise Refused("a tag that is here is neither moved nor deleted", hint="give a new one another name")
    else:
        raise Refused(
            "a register has branches, tags and its keyring, and no other refs",
            hint="push a branch: git push origin HEAD:NAME",
        )


def _allow_branch(server: Server, update: Update) -> None:
    what = "the main branch" if update.branch == server.main else "this branch"
    if update.is_deletion and update.branch == server.main:
        raise Refused("the main branch is never deleted", hint="a branch whose review is over can go: solidarity sync")
    if update.is_deletion:
        if not (server.at and is_in(server.root, update.old, server.at)):
            raise Refused(
                "a branch whose acts are not on the main branch is not deleted",
                hint="merge it first; or leave it, where it does no harm",
            )
    elif update.old and not _is_fast_forward(server, update.old, update.new):
        raise Refused(
            f"the push takes out acts that {what} has already: history is not rewritten",
            hint="bring both together instead: solidarity sync",
        )
    elif server.at and update.branch != server.main and not server.fork_point(update.new):
        raise Refused("this branch has no act in common with the main branch", hint=f"begin it at {server.main}")


def _is_fast_forward(server: Server, old: str, new: str) -> bool:
    args = ("-c", "core.commitGraph=false", "rev-list", "--max-count=1", old, f"^{new}", "--")
    return not git(server.root, *args, env=AS_STORED)
