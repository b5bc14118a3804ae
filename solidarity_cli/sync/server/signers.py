"""Who signed the acts of a push, by the server's list: as it stood before the push, or as whoever keeps it has set it.

What the history itself says of its signers is for the audit, and counts where the server has no list yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.core.audit import Finding as AuditFinding
from solidarity_cli.core.audit import signatures as signature_rules
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


def wrongly_signed(server: Server, commits: list[Commit]) -> Iterator[Finding]:
    """The acts whose signature the server does not take, and changes of the list by somebody who is not on it."""
    if not server.signers:
        yield from _unsigned(server, commits)
        return
    mode, list_changes = server.signatures, _list_changes(server, commits)
    checked_commits = commits if mode != "off" else [commit for commit in commits if commit.id in list_changes]
    # The list is asked for this push alone: what it says now need not be what it says next time.
    index = Index(None, "")
    try:
        states = signatures(server.root, index, ((commit, server.signers) for commit in checked_commits))
    finally:
        index.close()
    for commit in checked_commits:
        state = states[commit.id].state
        if commit.id in list_changes:
            findings = signature_rules.signers.check(commit.id, state, begins=False, is_gone=list_changes[commit.id])
            yield from (_from_audit(server, finding, "") for finding in findings)
        if mode == "required" and state == "unchecked":
            yield _signature_finding(
                commit, "signed", "its signature is not by an SSH key, and cannot be checked here", _hint(server, state)
            )
        elif mode == "required" or (mode == "checked" and state != "none"):
            # Our own merges are signed like every act: no exception here for one that is not.
            for finding in (
                *signature_rules.signed.check(commit.id, state),
                *signature_rules.signer.check(commit.id, state),
            ):
                yield _from_audit(server, finding, state)


def _unsigned(server: Server, commits: list[Commit]) -> Iterator[Finding]:
    """Where nobody can say whose keys are whose, `required` still asks for a signature."""
    if server.signatures == "required":
        for commit in commits:
            if not commit.signed:
                yield _signature_finding(
                    commit, "signed", "it bears no signature, and the server asks for one", _hint(server, "none")
                )


def _list_changes(server: Server, commits: list[Commit]) -> dict[str, bool]:
    """Commit that leaves another list than all its parents -> whether it takes the list away."""
    names = list(dict.fromkeys(name for commit in commits for name in (commit.id, *commit.parents)))
    stdin = "".join(f"{name}:{LIST}\n" for name in names).encode()
    args = ("cat-file", "--batch-check=%(objectname)")
    lines = git(server.root, *args, stdin=stdin, env=AS_STORED).decode(errors="replace").splitlines()
    lists = {name: "" if line.endswith("missing") else line for name, line in zip(names, lines, strict=True)}
    return {
        commit.id: not lists[commit.id]
        for commit in commits
        if all(lists[parent] != lists[commit.id] for parent in commit.parents) and (commit.parents or lists[commit.id])
    }


def _from_audit(server: Server, finding: AuditFinding, state: str) -> Finding:
    hint = _hint(server, state) if finding.rule != "signers" else _LIST_FIRST
    return Finding("", finding.rule, finding.severity, f"commit {finding.commit[:10]}: {finding.message}", "", hint)


def _signature_finding(commit: Commit, rule: str, message: str, hint: str) -> Finding:
    return Finding("", rule, Severity.ERROR, f"commit {commit.id[:10]}: {message}", "", hint)


def _hint(server: Server, state: str) -> str:
    return _HINTS.get(state, "").format(main=server.main)
