"""Who signed the acts of a push, by the server's list: as it stood before the push, or as whoever keeps it has set it.

What the history itself says of its signers is for the audit, and counts where the server has no list yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.core.audit import Finding as AuditFinding
from solidarity_cli.core.audit import signatures as people
from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.git.process import git
from solidarity_cli.history.index import AS_STORED, Commit, Index
from solidarity_cli.history.signatures import signatures
from solidarity_cli.sync.server.context import LIST, Server

OF_SIGNERS = ("signed", "signer", "signers")
"""The audit's rules that are asked here, of another list."""

_SIGN = "sign from now on: solidarity init --sign; and these acts: git rebase --force-rebase -S origin/{main}"
_HINTS = {
    "none": _SIGN,
    "unchecked": _SIGN,
    "unknown": "somebody on the list adds your key to allowed_signers and pushes that first; then push again",
    "not-then": "somebody on the list adds your present key to allowed_signers and pushes that first",
    "another": "commit under the address that stands beside your key: git config user.email ADDRESS",
    "bad": _SIGN,
}
_LIST_FIRST = "somebody who is on the list already makes this change, signed: git commit -S -- allowed_signers"


def wrongly_signed(server: Server, fresh: list[Commit]) -> Iterator[Finding]:
    """The acts whose signature the server does not take, and changes of the list by somebody who is not on it."""
    if not server.signers:
        yield from _unsigned(server, fresh)
        return
    mode, changed = server.signatures, _changes_the_list(server, fresh)
    asked = fresh if mode != "off" else [one for one in fresh if one.id in changed]
    # The list is asked for this push alone: what it says now need not be what it says next time.
    index = Index(None, "")
    try:
        states = signatures(server.root, index, ((one, server.signers) for one in asked))
    finally:
        index.close()
    for one in asked:
        state = states[one.id].state
        if one.id in changed:
            found = people.signers.check(one.id, state, begins=False, is_gone=changed[one.id])
            yield from (_finding(server, said, "") for said in found)
        if mode == "required" and state == "unchecked":
            yield _of(
                one, "signed", "its signature is not by an SSH key, and cannot be checked here", _hint(server, state)
            )
        elif mode == "required" or (mode == "checked" and state != "none"):
            # Our own merges are signed like every act: no exception here for one that is not.
            for said in (*people.signed.check(one.id, state), *people.signer.check(one.id, state)):
                yield _finding(server, said, state)


def _unsigned(server: Server, fresh: list[Commit]) -> Iterator[Finding]:
    """Where nobody can say whose keys are whose, `required` still asks for a signature."""
    if server.signatures == "required":
        for one in fresh:
            if not one.signed:
                yield _of(one, "signed", "it bears no signature, and the server asks for one", _hint(server, "none"))


def _changes_the_list(server: Server, fresh: list[Commit]) -> dict[str, bool]:
    """Commit that leaves another list than all its parents -> whether it takes the list away."""
    names = list(dict.fromkeys(name for one in fresh for name in (one.id, *one.parents)))
    given = "".join(f"{name}:{LIST}\n" for name in names).encode()
    asked = ("cat-file", "--batch-check=%(objectname)")
    told = git(server.root, *asked, given=given, world=AS_STORED).decode(errors="replace").splitlines()
    lists = {name: "" if line.endswith("missing") else line for name, line in zip(names, told, strict=True)}
    return {
        one.id: not lists[one.id]
        for one in fresh
        if all(lists[parent] != lists[one.id] for parent in one.parents) and (one.parents or lists[one.id])
    }


def _finding(server: Server, said: AuditFinding, state: str) -> Finding:
    hint = _hint(server, state) if said.rule != "signers" else _LIST_FIRST
    return Finding("", said.rule, said.severity, f"commit {said.commit[:10]}: {said.message}", "", hint)


def _of(one: Commit, rule: str, message: str, hint: str) -> Finding:
    return Finding("", rule, Severity.ERROR, f"commit {one.id[:10]}: {message}", "", hint)


def _hint(server: Server, state: str) -> str:
    return _HINTS.get(state, "").format(main=server.main)
