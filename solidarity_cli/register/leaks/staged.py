"""What is about to leave a person's hands, looked at for private values: staged files, paths, branch, message.

Told are file, line, field and the record whose private value it is; the value never.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.git.committer import Committer
from solidarity_cli.git.process import git
from solidarity_cli.git.snapshot import RECORD_FOLDERS, Snapshot, at, record_kind
from solidarity_cli.register.check_private_parts import open_blobs
from solidarity_cli.register.leaks.open_text import line_of, message_lines, open_texts
from solidarity_cli.register.reader import Reader
from solidarity_cli.register.validate import Located, inspect

if TYPE_CHECKING:
    from solidarity_cli.core.rules.leak_index import LeakIndex
    from solidarity_cli.crypto.keyring.keyring import Keyring

_RULE = "private-only"
_BRANCH, _MESSAGE = "\0branch", "\0message"
_LINK, _REPOSITORY = "120000", "160000"
_PATHS = "\0paths"
"""What is looked at beside files, under names that no path can have."""

_IS_NEUTRAL_PATH = re.compile(r"(cases|actions)/\d{4}/[A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6}\.yaml").fullmatch
"""A path made of a year and an id: its letters are random, and now and then they spell part of a name."""


@dataclass(frozen=True, slots=True)
class Staged:
    """One path that differs from the newest commit: its blob in the index, and before; empty where there is none."""

    path: str
    blob: str
    before: str


@dataclass(frozen=True, slots=True)
class StagedCheck:
    """What was found in how many files; `closed` records are sealed to the caller, and their values were not known."""

    findings: tuple[Located, ...]
    checked: int
    closed: int


class Guard:
    """Looks at one commit before it is made."""

    def __init__(self, root: Path, ledger: Committer, today: date, keyring: Callable[[], Keyring]) -> None:
        self._root = root
        self._ledger, self._today, self._keyring = ledger, today, keyring
        self._head = ledger.head()
        self._closed: set[str] = set()
        self._unread: list[str] = []

    def check_staged(self) -> StagedCheck:
        """The index against the newest commit: contents, paths, branch; shape, rules and seals of staged records."""
        branch = git(self._root, "symbolic-ref", "--quiet", "--short", "HEAD", quiet_codes=(1,)).decode().strip()
        documents = self._new_texts()
        documents[_PATHS] = {
            staged.path: staged.path for staged in self._staged if not (staged.before or _IS_NEUTRAL_PATH(staged.path))
        }
        documents[_BRANCH] = {_BRANCH: branch}
        leaks = list(self._leak_index.matches({name: texts for name, texts in documents.items() if texts}))
        findings = [self._locate(*leak) for leak in leaks]
        known = {(located.path, located.finding.field) for located in findings}
        findings += [_too_large(path) for path in self._unread]
        rule_findings = [
            located
            for located in self._new_rule_findings()
            if (located.path, located.finding.field) not in known or located.finding.rule != _RULE
        ]
        private_paths = {place for name, place, _ in leaks if name == _PATHS}
        shown = [
            _hide_path(located, self._staged) if located.path in private_paths else located
            for located in (*findings, *rule_findings)
        ]
        return StagedCheck(tuple(sorted(shown, key=_order)), len(self._staged), len(self._closed))

    def message(self, text: str) -> StagedCheck:
        """A commit message, as git is about to keep it: without its comments, and what stands below the scissors."""
        lines = message_lines(text, git(self._root, "config", "--get", "core.commentChar", quiet_codes=(1,)).decode())
        findings = [self._locate(*leak) for leak in self._leak_index.matches({_MESSAGE: lines})]
        return StagedCheck(tuple(findings), 1, len(self._closed))

    def _make_reader(self, snapshot: Snapshot) -> Reader:
        return Reader(snapshot, self._ledger, self._today, self._keyring)

    @cached_property
    def _staged(self) -> list[Staged]:
        against = self._head or git(self._root, "hash-object", "-t", "tree", "--stdin", stdin=b"").decode().strip()
        listed = git(self._root, "diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", against)
        parts = listed.decode(errors="surrogateescape").split("\0")
        changes = []
        for header, path in zip(parts[::2], parts[1::2], strict=False):
            _, mode, before, blob, _ = header.split(" ")
            # Of a link the blob is where it leads, which says as much as a name; another repository has none here.
            is_here = mode != _REPOSITORY and blob.strip("0")
            changes.append(Staged(path, blob if is_here else "", before if before.strip("0") else ""))
        return changes

    @cached_property
    def _index(self) -> Reader:
        listed = git(self._root, "ls-files", "-s", "-z", "--", *RECORD_FOLDERS, "schemas", "register.yaml")
        blobs, links, unmerged = {}, set(), set()
        for line in listed.decode(errors="surrogateescape").split("\0"):
            header, _, path = line.partition("\t")
            if path:
                mode, blob, stage = header.split(" ")
                blobs[path] = blob
                links |= {path} if mode == _LINK else set()
                unmerged |= {path} if stage != "0" else set()
        return self._make_reader(
            Snapshot(self._root, dict(sorted(blobs.items())), links=frozenset(links), unmerged=frozenset(unmerged))
        )

    def _new_texts(self) -> dict[str, dict[str, str]]:
        """Path -> the texts of a staged file that its earlier version did not have, by field or line."""
        blobs = [blob for staged in self._staged if staged.blob for blob in (staged.blob, staged.before) if blob]
        data = dict(self._index.snapshot.read(blobs))
        new_texts = {}
        for staged in self._staged:
            new, old = (open_texts(staged.path, data.get(blob) or b"") for blob in (staged.blob, staged.before))
            known = set(old.values())
            new_texts[staged.path] = {place: text for place, text in new.items() if text not in known}
            if staged.blob and data[staged.blob] is None:
                self._unread.append(staged.path)
        return new_texts

    @cached_property
    def _leak_index(self) -> LeakIndex:
        from solidarity_cli.core.rules.leak_index import LeakIndex
        from solidarity_cli.register.matching.fold import fold

        # Of a record that is being changed or removed the earlier version counts as well.
        kinds = ("case", "action")
        paths = {blob: path for path, blob in self._index.ordinary() if record_kind(path) in kinds}
        paths |= {
            staged.before: staged.path for staged in self._staged if staged.before and record_kind(staged.path) in kinds
        }
        privates = []
        for _, opened in open_blobs(self._index, paths):
            if opened.is_closed:
                self._closed.add(opened.record)
            if opened.private:
                privates.append((opened.record, opened.private))
        return LeakIndex(privates, words=self._index.schemas.words, fold=fold)

    def _locate(self, name: str, place: str, record: str) -> Located:
        where, line, subject, field = name.removeprefix("\0"), line_of(place), place, ""
        hint = "say it in neutral words, and stage it again; then: solidarity doctor"
        if name == _BRANCH:
            subject, hint = "the name of the branch", "git branch -m a-neutral-name"
        elif name == _MESSAGE:
            subject, hint = f"line {line} of the message", "git commit again, without names; an id says enough"
        elif name == _PATHS:
            where, subject, hint = place, "the path", "git mv it to a neutral name"
        elif line:
            subject = f"line {line}"
        else:
            field, line = place, self._line_of(name, place)
        message = f"{subject} holds something from the private part of {record}"
        return Located(where, line, 1 if line else 0, Finding(record, _RULE, Severity.ERROR, message, field, hint))

    def _line_of(self, path: str, field: str) -> int:
        from solidarity_cli.records.position import position

        blob = next(staged.blob for staged in self._staged if staged.path == path)
        return position((dict(self._index.snapshot.read([blob]))[blob] or b"").decode(errors="replace"), field)[0]

    def _new_rule_findings(self) -> Iterator[Located]:
        """What is wrong with the staged records that was not so in the newest commit, as no verb would have it."""
        kinds = RECORD_FOLDERS.values()
        paths = [staged.path for staged in self._staged if staged.blob and record_kind(staged.path) in kinds]
        if not paths:
            return
        head = self._make_reader(at(self._root, self._head)) if self._head else None
        earlier_findings = inspect(head, paths) if head else []
        before = {
            (located.path, located.finding.rule, located.finding.field, located.finding.severity)
            for located in earlier_findings
        }
        for located in inspect(self._index, paths, before=head):
            finding = located.finding
            if (located.path, finding.rule, finding.field, finding.severity) not in before:
                yield _hint_restore(located) if finding.rule == "sealed" else located


def _order(located: Located) -> tuple[str, int, Finding]:
    return located.path, located.line, located.finding


def _hide_path(located: Located, staged: Sequence[Staged]) -> Located:
    """The same without a path that says too much."""
    number = next(place for place, other in enumerate(staged, 1) if other.path == located.path)
    finding = located.finding
    hint = finding.hint.replace(located.path, "that file")
    return replace(
        located, path=f"staged file {number}", finding=replace(finding, hint=f"{hint} (git diff --cached --name-only)")
    )


def _too_large(path: str) -> Located:
    message, hint = (
        "the file is larger than 1 MB and was not looked at",
        "look through it yourself before you commit it",
    )
    return Located(path, 0, 0, Finding("", _RULE, Severity.WARNING, message, "", hint))


def _hint_restore(located: Located) -> Located:
    hint = (
        f"take it back: git restore --staged --worktree -- {located.path}; "
        f"say it by: solidarity edit {located.finding.record}"
    )
    return replace(located, finding=replace(located.finding, hint=f"{hint}; then: solidarity doctor"))
