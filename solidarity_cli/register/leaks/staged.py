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
from solidarity_cli.git.snapshot import ROOMS, Snapshot, at, record_kind
from solidarity_cli.register.leaks.open_text import line_of, message_lines, open_texts
from solidarity_cli.register.private_parts import open_blobs
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

_SAYS_NOTHING = re.compile(r"(cases|actions)/\d{4}/[A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6}\.yaml").fullmatch
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

    found: tuple[Located, ...]
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
        documents = self._news()
        documents[_PATHS] = {one.path: one.path for one in self._staged if not (one.before or _SAYS_NOTHING(one.path))}
        documents[_BRANCH] = {_BRANCH: branch}
        leaks = list(self._lookout.matches({name: texts for name, texts in documents.items() if texts}))
        located = [self._located(*leak) for leak in leaks]
        known = {(one.path, one.finding.field) for one in located}
        located += [_too_large(path) for path in self._unread]
        own = [one for one in self._own() if (one.path, one.finding.field) not in known or one.finding.rule != _RULE]
        telling = {place for name, place, _ in leaks if name == _PATHS}
        found = [_nameless(one, self._staged) if one.path in telling else one for one in (*located, *own)]
        return StagedCheck(tuple(sorted(found, key=_order)), len(self._staged), len(self._closed))

    def message(self, text: str) -> StagedCheck:
        """A commit message, as git is about to keep it: without its comments, and what stands below the scissors."""
        lines = message_lines(text, git(self._root, "config", "--get", "core.commentChar", quiet_codes=(1,)).decode())
        found = [self._located(*leak) for leak in self._lookout.matches({_MESSAGE: lines})]
        return StagedCheck(tuple(found), 1, len(self._closed))

    def _make(self, snapshot: Snapshot) -> Reader:
        return Reader(snapshot, self._ledger, self._today, self._keyring)

    @cached_property
    def _staged(self) -> list[Staged]:
        against = self._head or git(self._root, "hash-object", "-t", "tree", "--stdin", stdin=b"").decode().strip()
        listed = git(self._root, "diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", against)
        parts = listed.decode(errors="surrogateescape").split("\0")
        found = []
        for about, path in zip(parts[::2], parts[1::2], strict=False):
            _, mode, before, blob, _ = about.split(" ")
            # Of a link the blob is where it leads, which says as much as a name; another repository has none here.
            is_here = mode != _REPOSITORY and blob.strip("0")
            found.append(Staged(path, blob if is_here else "", before if before.strip("0") else ""))
        return found

    @cached_property
    def _index(self) -> Reader:
        listed = git(self._root, "ls-files", "-s", "-z", "--", *ROOMS, "schemas", "register.yaml")
        blobs, links, unmerged = {}, set(), set()
        for line in listed.decode(errors="surrogateescape").split("\0"):
            about, _, path = line.partition("\t")
            if path:
                mode, blob, stage = about.split(" ")
                blobs[path] = blob
                links |= {path} if mode == _LINK else set()
                unmerged |= {path} if stage != "0" else set()
        return self._make(
            Snapshot(self._root, dict(sorted(blobs.items())), links=frozenset(links), unmerged=frozenset(unmerged))
        )

    def _news(self) -> dict[str, dict[str, str]]:
        """Path -> the texts of a staged file that its earlier version did not have, by field or line."""
        blobs = [blob for one in self._staged if one.blob for blob in (one.blob, one.before) if blob]
        data = dict(self._index.snapshot.read(blobs))
        news = {}
        for one in self._staged:
            new, old = (open_texts(one.path, data.get(blob) or b"") for blob in (one.blob, one.before))
            known = set(old.values())
            news[one.path] = {place: text for place, text in new.items() if text not in known}
            if one.blob and data[one.blob] is None:
                self._unread.append(one.path)
        return news

    @cached_property
    def _lookout(self) -> LeakIndex:
        from solidarity_cli.core.rules.leak_index import LeakIndex
        from solidarity_cli.register.matching.fold import fold

        # Of a record that is being changed or removed the earlier version counts as well.
        kinds = ("case", "action")
        paths = {blob: path for path, blob in self._index.ordinary() if record_kind(path) in kinds}
        paths |= {one.before: one.path for one in self._staged if one.before and record_kind(one.path) in kinds}
        privates = []
        for _, one in open_blobs(self._index, paths):
            if one.is_closed:
                self._closed.add(one.record)
            if one.private:
                privates.append((one.record, one.private))
        return LeakIndex(privates, words=self._index.schemas.words, fold=fold)

    def _located(self, name: str, place: str, record: str) -> Located:
        where, line, said, field = name.removeprefix("\0"), line_of(place), place, ""
        hint = "say it in neutral words, and stage it again; then: solidarity doctor"
        if name == _BRANCH:
            said, hint = "the name of the branch", "git branch -m a-neutral-name"
        elif name == _MESSAGE:
            said, hint = f"line {line} of the message", "git commit again, without names; an id says enough"
        elif name == _PATHS:
            where, said, hint = place, "the path", "git mv it to a neutral name"
        elif line:
            said = f"line {line}"
        else:
            field, line = place, self._line_of(name, place)
        message = f"{said} holds something from the private part of {record}"
        return Located(where, line, 1 if line else 0, Finding(record, _RULE, Severity.ERROR, message, field, hint))

    def _line_of(self, path: str, field: str) -> int:
        from solidarity_cli.records.position import position

        blob = next(one.blob for one in self._staged if one.path == path)
        return position((dict(self._index.snapshot.read([blob]))[blob] or b"").decode(errors="replace"), field)[0]

    def _own(self) -> Iterator[Located]:
        """What is wrong with the staged records that was not so in the newest commit, as no verb would have it."""
        paths = [one.path for one in self._staged if one.blob and record_kind(one.path) in ROOMS.values()]
        if not paths:
            return
        head = self._make(at(self._root, self._head)) if self._head else None
        was = inspect(head, paths) if head else []
        before = {(one.path, one.finding.rule, one.finding.field, one.finding.severity) for one in was}
        for one in inspect(self._index, paths, before=head):
            said = one.finding
            if (one.path, said.rule, said.field, said.severity) not in before:
                yield _with_a_way_back(one) if said.rule == "sealed" else one


def _order(one: Located) -> tuple[str, int, Finding]:
    return one.path, one.line, one.finding


def _nameless(one: Located, staged: Sequence[Staged]) -> Located:
    """The same without a path that says too much."""
    number = next(place for place, other in enumerate(staged, 1) if other.path == one.path)
    said = one.finding
    hint = said.hint.replace(one.path, "that file")
    return replace(
        one, path=f"staged file {number}", finding=replace(said, hint=f"{hint} (git diff --cached --name-only)")
    )


def _too_large(path: str) -> Located:
    message, hint = (
        "the file is larger than 1 MB and was not looked at",
        "look through it yourself before you commit it",
    )
    return Located(path, 0, 0, Finding("", _RULE, Severity.WARNING, message, "", hint))


def _with_a_way_back(one: Located) -> Located:
    hint = (
        f"take it back: git restore --staged --worktree -- {one.path}; say it by: solidarity edit {one.finding.record}"
    )
    return replace(one, finding=replace(one.finding, hint=f"{hint}; then: solidarity doctor"))
