"""A change held against what it changes: two snapshots, and the rules of the first for both.

The base's own `schemas/` and `register.yaml` judge the change, so that nobody can weaken the check by the very change
that it is to look at. What the check rests on beside these is announced when it differs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.errors import Refused, SolidarityError, UsageError
from solidarity_cli.core.findings import Severity
from solidarity_cli.git.process import git
from solidarity_cli.git.signing import FILE as SIGNERS
from solidarity_cli.git.snapshot import commit_at, name_of, record_kind
from solidarity_cli.history.approval_signers import committers
from solidarity_cli.register.reader import Reader
from solidarity_cli.register.register import Register
from solidarity_cli.register.validate import Located, inspect
from solidarity_cli.sync.forge.protected_files import files_beside
from solidarity_cli.sync.forge.view_changes import changed_views

if TYPE_CHECKING:
    from solidarity_cli.core.model import Case
    from solidarity_cli.reports.review import Announced, Pair, Review, RuleResults

_MAIN = ("remotes/origin/HEAD", "remotes/origin/main", "heads/main", "remotes/origin/master", "heads/master")
"""What the main branch is called, the remote's own word first."""

_ID = re.compile(r"[A-Z]{2,4}-\d{4}-[0-9A-Z*~$=]+|[a-z0-9]+(-[a-z0-9]+)*")

Hands = Callable[[Register, str, str], Collection[str]]
"""Whose word counts between two commits: addresses."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A card, with the readings it was made from, and its new findings with their places, errors first."""

    card: Review
    base: Reader
    head: Reader
    located: tuple[Located, ...]

    def case(self, record: str) -> Case:
        """A case as the change leaves it."""
        from solidarity_cli.core.model import Case

        return Case.from_plain(self.head.stored_record(record))


def review(register: Register, span: str = "", *, hands: Hands | None = None) -> Reviewed:
    """The card of `A..B`, `A...B` (from where they parted), or of what the working tree has since A.

    Without a span: the current branch since it left the main one; with nothing on it, the working tree.
    Raises Refused for a revision that there is not, and UsageError for a span that cannot be read.
    """
    from solidarity_cli.reports.review import review

    ends = _ends(register, span)
    base, head = register.reading(ends[0]), _under_rules_of(register, *ends)
    pairs = _pairs(base, head)
    touched = {pair.record for pair in pairs} | _related_records(pairs, base, head)
    located, results = _compare(base, head, {pair.record for pair in pairs}, touched)
    announced, others = files_beside(register.root, *ends)
    if views := changed_views(base, register.reading(ends[1])):
        announced = tuple(_without_views(announced))
    card = review(
        (_with_public_name(pair) for pair in pairs),
        head.facts(touched),
        results,
        announced=announced,
        others=others,
        hands=(hands or act_authors)(register, *ends),
        ends=ends,
        views=views,
    )
    return Reviewed(card, base, head, located)


def _without_views(announced: Iterable[Announced]) -> Iterator[Announced]:
    """Without register.yaml, of which everything is told: another file that a disk may take for it stays."""
    for announcement in announced:
        remaining = announcement.files - (announcement.what == "register")
        if remaining:
            yield replace(announcement, files=remaining)


def act_authors(register: Register, base: str, head: str) -> Collection[str]:
    """The addresses of those who made the acts of a range: who signed them, where the base has a list of signers.

    Without a list it is what git says of itself, and that is a text that anybody can write.
    """
    signers_blob = git(register.root, "rev-parse", "--verify", "--quiet", f"{base}:{SIGNERS}", quiet_codes=(1, 128))
    if signers_blob:
        return committers(register.root, base, head or register.ledger.head())
    addresses = git(register.root, "log", "--no-mailmap", "--format=%ae", f"{base}..{head or 'HEAD'}", "--")
    return set(addresses.decode(errors="replace").split())


def _ends(register: Register, span: str) -> tuple[str, str]:
    """The commits of a span; the second is empty for the working tree."""
    root = register.root
    if not span:
        main = next((commit for name in _MAIN if (commit := _commit(register, f"refs/{name}"))), "")
        current = register.ledger.head()
        if not main or not current:
            raise UsageError(
                "there is no main branch to compare with", hint="solidarity review A..B, or: review REVISION"
            )
        fork_point = _fork_point(register, main, current)
        return (current, "") if fork_point == current else (fork_point, current)
    first, dots, second = span.partition("...") if "..." in span else span.partition("..")
    if dots and not (first and second):
        raise UsageError("a range has two ends", hint="solidarity review main...HEAD")
    base = commit_at(root, first)
    if not dots:
        return base, ""
    head = commit_at(root, second)
    return (_fork_point(register, base, head) if dots == "..." else base), head


def _commit(register: Register, name: str) -> str:
    args = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return git(register.root, *args, quiet_codes=(1, 128)).decode().strip()


def _fork_point(register: Register, first: str, second: str) -> str:
    commit = git(register.root, "merge-base", first, second, quiet_codes=(1,)).decode().strip()
    if not commit:
        raise Refused("the two have no history in common", hint="compare them directly: solidarity review A..B")
    return commit


def _under_rules_of(register: Register, base: str, head: str) -> Reader:
    """The records of one snapshot under the schemas and the numbers of another."""
    rules = register.reading(base).snapshot
    if "register.yaml" not in rules.blobs:
        raise Refused("the base of this change is no register yet", hint="solidarity validate")
    return Reader(
        register.reading(head).snapshot.under(rules), register.ledger, register.today, lambda: register.keyring
    )


def _pairs(base: Reader, head: Reader) -> list[Pair]:
    """Every record that differs, by its name."""
    from solidarity_cli.reports.review import Pair

    old, new = dict(base.snapshot.records()), dict(head.snapshot.records())
    names = sorted({name_of(path) for path in {*old, *new} if old.get(path) != new.get(path)})
    pairs = []
    for name in names:
        kind = record_kind(head.paths.get(name) or base.paths[name]) or ""
        (before, was_odd), (after, is_odd) = (_stored(reader, name, kind, base) for reader in (base, head))
        # What could not be read before and can be now is told whole: there is nothing to hold it against.
        before = {} if was_odd and not is_odd else before
        pair = Pair(name, kind, before, after, is_odd=is_odd)
        # The same bytes at another path are a move, and no change of the record; a link hides what is behind it.
        if is_odd or before != after:
            pairs.append(pair)
    return pairs


def _stored(reading: Reader, name: str, kind: str, rules: Reader) -> tuple[Mapping[str, Any] | None, bool]:
    """(a record as it is stored, whether it is there and not of its shape)."""
    if name not in reading.paths:
        return None, False
    try:
        plain = reading.stored_record(name)
    except SolidarityError:
        return None, True
    is_right = record_kind(reading.paths[name]) == kind and plain.get("id") == name and rules.schemas.fits(kind, plain)
    return (plain, False) if is_right else (None, True)


def _related_records(pairs: Iterable[Pair], base: Reader, head: Reader) -> set[str]:
    """Records that did not change and yet may be right or wrong now: the cases of actions, the actions of cases."""
    cases = [pair.record for pair in pairs if pair.kind == "case"]
    records = {name for side in (base, head) for names in side.actions_naming(cases).values() for name in names}
    for pair in pairs:
        for side in (pair.old, pair.new):
            records |= set(side.get("cases", ())) if side and pair.kind == "action" else set()
    return {name for name in records if name in head.paths}


def _compare(
    base: Reader, head: Reader, changed: set[str], touched: set[str]
) -> tuple[tuple[Located, ...], RuleResults]:
    """The findings that are new, errors first, and how many are not, or are no more.

    `changed` are the records that differ. What a change means for other records is a warning, as it is when a verb
    makes it: consent can always be taken back.
    """
    from solidarity_cli.reports.review import RuleResults

    before = inspect(base, touched, lines=False)
    after = inspect(head, touched, before=base)
    known = Counter(map(_finding_key, before))
    new = []
    for located in after:
        if known[_finding_key(located)]:
            known[_finding_key(located)] -= 1
        else:
            new.append(located)
    new = [located if located.finding.record in changed else _as_warning(located) for located in new]
    new.sort(
        key=lambda located: (not located.finding.refuses, located.path, located.line, located.column, located.finding)
    )
    findings = tuple(replace(located.finding, record=_public_name(located.finding.record)) for located in new)
    return tuple(new), RuleResults(findings, standing=len(after) - len(new), settled=sum(known.values()))


def _as_warning(located: Located) -> Located:
    return replace(located, finding=replace(located.finding, severity=Severity.WARNING))


def _finding_key(located: Located) -> tuple[str, str, str, str]:
    """What a finding is about: one that says the same of other dates, or in other words, is not new."""
    finding = located.finding
    return (finding.record, finding.rule, finding.field, finding.severity.value)


def _with_public_name(pair: Pair) -> Pair:
    return replace(pair, record=_public_name(pair.record))


def _public_name(record: str) -> str:
    """The id of a record; in its place nothing of what a file was called by hand, which may be somebody's name."""
    return record if _ID.fullmatch(record) else "a file without an id"
