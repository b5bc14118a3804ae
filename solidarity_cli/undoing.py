"""An own act taken back by a new one: which it is, whether anybody built on it, and the plan that reverses it.

Every file becomes the very blob that it was before, tokens and all: nothing is sealed again, so no key is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solidarity_cli.auditing.undone import VERB, deeds_of
from solidarity_cli.core.audit import Deed, Stays, stays
from solidarity_cli.core.errors import Outside, Refused
from solidarity_cli.core.findings import Finding
from solidarity_cli.core.sealed import readable
from solidarity_cli.ledger import Act, Ledger
from solidarity_cli.naming import named
from solidarity_cli.past import Commit, Index, Row, with_index
from solidarity_cli.past.objects import address
from solidarity_cli.past.telling import Told
from solidarity_cli.planning import new_findings
from solidarity_cli.plumbing import blobs
from solidarity_cli.records.reading import Unreadable, read
from solidarity_cli.saving import Change, Plan
from solidarity_cli.sealing import Seals
from solidarity_cli.snapshot import at, name_of, record_kind

if TYPE_CHECKING:
    from solidarity_cli.reading import Reading

_AT_ONCE = 200
"""Acts looked through in one go, the newest first: the one that is sought is nearly always among the first."""

_WAYS: Mapping[Stays, str] = {
    Stays.MERGE: "change what came of it: solidarity edit ID",
    Stays.BY_HAND: "git revert takes back a commit made by hand; an earlier act on a record: solidarity undo ID",
    Stays.ERASED: "what it destroyed is gone from every clone: solidarity explain erased",
    Stays.KEYS: "let somebody in or go: solidarity keys add, solidarity keys remove",
    Stays.SENT: "tell the organisation, and note it: solidarity update-action AID --referral-state revoked",
    Stays.REGISTER: "an earlier act on a record: solidarity undo ID",
    Stays.NOTHING: "an earlier act on a record: solidarity undo ID",
    Stays.UNREADABLE: "put the file right first: solidarity validate",
}


@dataclass(frozen=True, slots=True)
class Undoing:
    """What is to be taken back, and the plan that does it. `records` are those it changed, `gone` those that go.

    `tells` are the records of which it wrote something private: that stays in the history.
    """

    commit: Commit
    records: tuple[str, ...]
    gone: tuple[str, ...]
    tells: tuple[str, ...]
    plan: Plan


@dataclass(frozen=True, slots=True)
class _Found:
    """An act, what it did, and the newest act by anybody that changed one of its records after it, if one did."""

    commit: Commit
    deed: Deed
    later: Commit | None
    tells: tuple[str, ...]


def undoing(now: Reading, ledger: Ledger, record: str, *, by: str = "") -> Undoing:
    """The caller's last act on this branch taken back; with a `record` their last act on it, or on its actions.

    Raises Refused, with the next step, where there is none, where it is not to be taken back, where one of its records
    has changed since, and where what was there before would not be right today.
    """
    head, caller = ledger.head(), ledger.committer()
    wanted = frozenset([record, *now.actions_naming([record]).get(record, ())] if record else ())

    def ask(index: Index) -> _Found | None:
        return _found(ledger, index, head, _Sought(caller, record, wanted))

    found = with_index(ledger.root, ledger.shared_folder, head, ask) if head else None
    if found is None:
        on = f" on {record}" if record else ""
        raise Refused(f"no act{on} on this branch was made by {caller}", hint="look at other branches: git branch")
    _is_untouched(ledger, found)
    texts = dict(_texts(now, found.deed))
    warnings = _checked(now, found.commit, texts)
    act = Act(VERB, *_records(found.deed, texts), undoes=found.commit.id)
    changes = tuple(Change(path, _now(now, path), text) for path, text in texts.items())
    gone = tuple(name_of(path) for path, text in texts.items() if text is None)
    names = tuple(name_of(path) for path in texts)
    return Undoing(found.commit, names, gone, found.tells, Plan(act, changes, by, warnings))


# Which act


@dataclass(frozen=True, slots=True)
class _Sought:
    """Whose act, and on which record; `wanted` are this and the actions that serve it. Empty for any."""

    caller: str
    record: str
    wanted: frozenset[str]

    def is_about(self, row: Row) -> bool:
        """Whether an act is about the record, or about an action that serves it, or did, or came to."""
        moved = next((told[1:3] for told in row.told if told[0] == "cases"), [])
        return row.record in self.wanted or any(self.record in side for side in moved if isinstance(side, list))


def _found(ledger: Ledger, index: Index, head: str, sought: _Sought) -> _Found | None:
    for one in _newest_first(index, head):
        if address(one.committer).casefold() != sought.caller.casefold() or _is_only_a_merge(one):
            continue
        rows = list(index.rows_of([one.id]))
        if not sought.record or any(sought.is_about(row) for row in rows):
            deed = dict(deeds_of(ledger.root, index, [one]))[one.id]
            tells = tuple(row.record for row in rows if any(map(_is_private_and_new, row.told)))
            return _Found(one, deed, _later(index, head, one, rows), tells)
    return None


def _later(index: Index, head: str, one: Commit, rows: list[Row]) -> Commit | None:
    """The newest act that changed one of the records after this one did."""
    place = rows[0].place if rows else 0
    since = [row.commit for row in index.rows(head, [row.record for row in rows]) if row.place >= place]
    return next((other for other in reversed(since) if other.id != one.id), None)


def _is_private_and_new(told: Told) -> bool:
    field, _, new, _ = told
    return str(field).partition(".")[0] == "private" and new is not None


def _newest_first(index: Index, head: str) -> Iterator[Commit]:
    places = index.places(index.parents(head))
    ordered = sorted(places, key=lambda one: places[one], reverse=True)
    for start in range(0, len(ordered), _AT_ONCE):
        some = {one.id: one for one in index.commits(ordered[start : start + _AT_ONCE])}
        yield from (some[one] for one in ordered[start : start + _AT_ONCE])


def _is_only_a_merge(one: Commit) -> bool:
    """What brings two lines together is not what somebody means by their last act; what a person decided in it is."""
    return len(one.parents) > 1 and one.act != "resolve"


# Whether it may


def _is_untouched(ledger: Ledger, found: _Found) -> None:
    """Raises Refused for an act that stays, or on which somebody built."""
    called = named(found.commit).said
    if why := stays(found.deed):
        raise Refused(f"{called} cannot be undone: {why}", hint=_WAYS[why])
    there = at(ledger.root, "HEAD").blobs
    for path, (_, left) in found.deed.files.items():
        if there.get(path, "") == left:
            continue
        if found.later is None:
            raise Refused(
                f"{called} cannot be undone: {name_of(path)} was changed at the same time, and brought together",
                hint=f"solidarity history {name_of(path)}",
            )
        own = address(found.later.committer).casefold() == address(found.commit.committer).casefold()
        hint = f"undo that first: solidarity undo {name_of(path)}" if own else "put it right by an act of your own"
        raise Refused(
            f"{called} cannot be undone: {name_of(path)} was changed later, by {named(found.later).said}", hint=hint
        )


# What becomes of the files


def _texts(now: Reading, deed: Deed) -> Iterator[tuple[str, str | None]]:
    """Path -> the text that was there before; None where there was none."""
    data = dict(blobs(now.snapshot.root, [old for old, _ in deed.files.values() if old]))
    for path, (old, _) in deed.files.items():
        if old and data[old] is None:
            raise Outside(f"what {name_of(path)} was before is missing or damaged here", hint="git fsck")
        # Bytes that are no UTF-8 are no record of ours either way, and `_opened` says so.
        yield path, (data[old] or b"").decode(errors="surrogateescape") if old else None


def _now(now: Reading, path: str) -> str | None:
    return (now.snapshot.text(path) or b"").decode(errors="replace") if path in now.snapshot.blobs else None


def _records(deed: Deed, texts: Mapping[str, str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cases and the actions that the act names; for actions alone the cases that they serve, or did."""
    by_kind = {kind: tuple(name_of(path) for path in texts if record_kind(path) == kind) for kind in ("case", "action")}
    cases = by_kind["case"]
    if not cases:
        moved = [one for step in deed.steps for one in step.moved if one.field == "cases"]
        served = [case for one in moved for side in (one.old, one.new) for case in side or ()]
        served += [case for text in texts.values() if text for case in read(text.encode()).get("cases", ())]
        cases = tuple(dict.fromkeys(served))
    return cases, by_kind["action"]


def _checked(now: Reading, one: Commit, texts: Mapping[str, str | None]) -> tuple[Finding, ...]:
    """What the rules remark on the records as they were. Raises Refused for what they refuse today."""
    called = f"{named(one).said} cannot be undone"
    seals = Seals(lambda: now.keyring)
    after = {name_of(path): _opened(now, seals, called, path, text) for path, text in texts.items() if text is not None}
    kinds = {name_of(path): record_kind(path) or "" for path in texts}
    gone = kinds.keys() - after.keys()
    if gone and (linked := _linked(now, gone)):
        raise Refused(
            f"{called}: {linked} is linked to what would go", hint=f"take the link out first: solidarity edit {linked}"
        )
    found = new_findings(now, after, kinds, undoing=gone)
    if broken := [finding for finding in found if finding.refuses]:
        said = f"{called}, for then {broken[0].message} [{broken[0].rule}]"
        raise Refused(said, hint=broken[0].hint, findings=tuple(broken))
    return tuple(found)


def _opened(now: Reading, seals: Seals, called: str, path: str, text: str) -> dict[str, Any]:
    """A record as it was, opened as far as there are keys. Raises Refused for one that may not stand here again."""
    try:
        plain = read(text.encode(errors="surrogateescape"))
    except Unreadable as trouble:
        raise Refused(f"{called}: what was there before cannot be read", hint=trouble.fault.hint) from None
    if now.charter.sealing and readable(plain.get("private") or {}):
        raise Refused(
            f"{called}: it would bring back private values that were never sealed",
            hint=f"put it right by an act of your own: solidarity edit {name_of(path)}",
        )
    return seals.opened(name_of(path), plain)


def _linked(now: Reading, gone: Collection[str]) -> str:
    """A case that would stay and is linked to one that goes; empty for none."""
    cases = (case for case in now.facts().cases.values() if case.id not in gone)
    return next((case.id for case in cases if any(link.case in gone for link in case.links)), "")
