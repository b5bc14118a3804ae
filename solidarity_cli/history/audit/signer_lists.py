"""Which list of allowed signers counted for each act, and what each signature is worth by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from solidarity_cli.core.audit import Finding
from solidarity_cli.core.audit import signatures as signature_rules
from solidarity_cli.git.allowed_signers import unrestricted_lines
from solidarity_cli.git.process import blobs, git
from solidarity_cli.history.index import AS_STORED, Commit, Index
from solidarity_cli.history.signatures import signatures

FILE = "allowed_signers"
"""The list of a register, in ssh-keygen's format."""


@dataclass
class Trust:
    """The lists of a history. `counts`: commit -> blob of the list that counts after it, "" where there is none.

    A list that somebody changed without being allowed to never counts.
    """

    root: Path
    index: Index
    changed: Mapping[str, str]
    """Commit -> blob of the list that it left, "" where it took it away; only the commits that changed it."""
    counts: dict[str, str] = field(default_factory=dict)
    _texts: dict[str, bytes] = field(default_factory=dict)

    def findings(self, commits: Iterable[Commit]) -> Iterator[tuple[str, list[Finding], list[str]]]:
        """(commit, findings, codes of what is not proven) for commits that come parents first."""
        all_commits = list(commits)
        before: dict[str, str] = {}
        list_findings: dict[str, tuple[list[Finding], list[str]]] = {}
        for commit in all_commits:
            before[commit.id] = self._before(commit)
            list_findings[commit.id] = self._list_after(commit, before[commit.id])
        states = signatures(self.root, self.index, ((commit, self.text(before[commit.id])) for commit in all_commits))
        for commit in all_commits:
            findings, codes = list_findings[commit.id]
            more, unproven = _check_signature(commit, states[commit.id].state, has_list=bool(before[commit.id]))
            # The act that begins the list is told about once, as that.
            yield commit.id, findings + more, codes or unproven

    def text(self, blob: str) -> bytes:
        """A list; empty for none."""
        if blob and blob not in self._texts:
            self._texts[blob] = dict(blobs(self.root, [blob]))[blob] or b""
        return self._texts.get(blob, b"")

    def _before(self, commit: Commit) -> str:
        """The list that counts for an act: its parents'; of two different ones that which the merge kept."""
        lists = list(dict.fromkeys(self.counts.get(parent, "") for parent in commit.parents))
        if len(lists) < 2:
            return lists[0] if lists else ""
        args = ("rev-parse", "--verify", "--quiet", f"{commit.id}:{FILE}")
        merged = git(self.root, *args, quiet_codes=(1, 128), env=AS_STORED).decode().strip()
        return merged if merged in lists else next(filter(None, lists))

    def _list_after(self, commit: Commit, before: str) -> tuple[list[Finding], list[str]]:
        self.counts[commit.id] = before
        if commit.id not in self.changed:
            return [], []
        new = self.changed[commit.id]
        judge = before or new
        state = signatures(self.root, self.index, [(commit, self.text(judge))])[commit.id].state if judge else "none"
        findings = (
            list(signature_rules.signers.check(commit.id, state, begins=not before, is_gone=not new))
            if before or new
            else []
        )
        lets_in = list(
            signature_rules.one_person.check(commit.id, unrestricted_lines(self.text(before), self.text(new)))
        )
        if new and (not before or not findings):
            self.counts[commit.id] = new
        return findings + lets_in, [] if before or not new else ["began"]


def _check_signature(commit: Commit, state: str, *, has_list: bool) -> tuple[list[Finding], list[str]]:
    if state == "unchecked":
        return [], ["other-signature"]
    if has_list or state == "bad":
        findings = [
            *signature_rules.signed.check(commit.id, state, is_merge=len(commit.parents) > 1),
            *signature_rules.signer.check(commit.id, state),
        ]
        return findings, []
    return [], ["unsigned" if state == "none" else "unlisted"]
