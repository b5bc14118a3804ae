"""Which list of allowed signers counted for each act, and what each signature is worth by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from solidarity_cli.core.audit import Finding
from solidarity_cli.core.audit import signatures as people
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
        every = list(commits)
        before: dict[str, str] = {}
        told: dict[str, tuple[list[Finding], list[str]]] = {}
        for one in every:
            before[one.id] = self._before(one)
            told[one.id] = self._list_after(one, before[one.id])
        states = signatures(self.root, self.index, ((one, self.text(before[one.id])) for one in every))
        for one in every:
            found, codes = told[one.id]
            more, unproven = _of_signature(one, states[one.id].state, has_list=bool(before[one.id]))
            # The act that begins the list is told about once, as that.
            yield one.id, found + more, codes or unproven

    def text(self, blob: str) -> bytes:
        """A list; empty for none."""
        if blob and blob not in self._texts:
            self._texts[blob] = dict(blobs(self.root, [blob]))[blob] or b""
        return self._texts.get(blob, b"")

    def _before(self, one: Commit) -> str:
        """The list that counts for an act: its parents'; of two different ones that which the merge kept."""
        known = list(dict.fromkeys(self.counts.get(parent, "") for parent in one.parents))
        if len(known) < 2:
            return known[0] if known else ""
        asked = ("rev-parse", "--verify", "--quiet", f"{one.id}:{FILE}")
        kept = git(self.root, *asked, quiet_codes=(1, 128), world=AS_STORED).decode().strip()
        return kept if kept in known else next(filter(None, known))

    def _list_after(self, one: Commit, before: str) -> tuple[list[Finding], list[str]]:
        self.counts[one.id] = before
        if one.id not in self.changed:
            return [], []
        new = self.changed[one.id]
        judge = before or new
        state = signatures(self.root, self.index, [(one, self.text(judge))])[one.id].state if judge else "none"
        found = list(people.signers.check(one.id, state, begins=not before, is_gone=not new)) if before or new else []
        lets_in = list(people.one_person.check(one.id, unrestricted_lines(self.text(before), self.text(new))))
        if new and (not before or not found):
            self.counts[one.id] = new
        return found + lets_in, [] if before or not new else ["began"]


def _of_signature(one: Commit, state: str, *, has_list: bool) -> tuple[list[Finding], list[str]]:
    if state == "unchecked":
        return [], ["other-signature"]
    if has_list or state == "bad":
        found = [
            *people.signed.check(one.id, state, is_merge=len(one.parents) > 1),
            *people.signer.check(one.id, state),
        ]
        return found, []
    return [], ["unsigned" if state == "none" else "unlisted"]
