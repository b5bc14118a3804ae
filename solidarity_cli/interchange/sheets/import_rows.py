"""Rows taken into the register: each by the verbs of the core, all that stand the checks in one plan.

The whole is planned at once, as one record would be. Rows that a rule refuses fall out, and the rest is planned again:
a few plans for a thousand rows, and no row pays for another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from solidarity_cli.core import errors
from solidarity_cli.core.edits import Edit
from solidarity_cli.core.findings import Finding
from solidarity_cli.core.token_format import holds_sealed
from solidarity_cli.core.verbs.import_row import Fits, RowRefused, case_of_row, row_edits
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.interchange.sheets.duplicates import Familiar
from solidarity_cli.interchange.sheets.row_values import RowData, RowError, RowProblem
from solidarity_cli.register.commit import Plan
from solidarity_cli.register.reader import Reader
from solidarity_cli.register.register import Register
from solidarity_cli.system.progress import progress

MOST_CHANGED = 5_000
"""Records in one act: git gets their ids as one argument."""


@dataclass
class Outcome:
    """What becomes of one row: `created`, `updated`, `unchanged` or `refused`, and why."""

    row: int
    what: str = "unchanged"
    record: str = ""
    trouble: RowProblem | None = None
    alike: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def refuse(self, trouble: RowProblem) -> None:
        """The row is not taken."""
        self.what, self.trouble = "refused", trouble


@dataclass
class ImportResult:
    """The outcome of every row, and the plan of all that can be taken; None when nothing changes."""

    outcomes: list[Outcome]
    plan: Plan | None = None

    def count(self, what: str) -> int:
        """How many rows have this outcome."""
        return sum(one.what == what for one in self.outcomes)


@dataclass
class _Asked:
    """What the rows ask for so far, by record id."""

    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    by_record: dict[str, tuple[RowData, Outcome]] = field(default_factory=dict)

    def drop(self, record: str, message: str, name: str = "", hint: str = "") -> None:
        """A record that cannot be as its row wants it."""
        said, outcome = self.by_record.pop(record)
        self.edits.pop(record, None)
        if self.new.pop(record, None):
            outcome.record, outcome.alike = "", ()
        outcome.refuse(RowProblem(message, name, said.columns.get(name, ""), hint))

    def drop_shapeless(self, record: str, finding: Finding) -> None:
        """A record whose shape the schema refuses: in a sheet, what a record has in quotes is a bare word."""
        message, hint = finding.message, finding.hint
        if self.by_record[record][0].is_text:
            message = message.replace(" in quotes", "")
            way = "a word of the sheet gets its code under values, in a mapping: --map-template"
            hint = f"{hint}; {way}" if hint else way
        self.drop(record, message, finding.field, hint)


def take(register: Register, rows: Sequence[RowData], *, by: str) -> ImportResult:
    """Look at every row and plan what can be taken. Nothing has happened yet."""
    asked, taken = _Asked(), ImportResult([])
    before = _stored(register, {one.record for one in rows if one.record})
    familiar = _familiar(register, rows)
    seen: dict[str, int] = {}
    with progress("rows looked at", len(rows)) as tell:
        for count, said in enumerate(rows, start=1):
            outcome = Outcome(said.number)
            taken.outcomes.append(outcome)
            try:
                _known_once(register, said, seen, outcome)
                _ask(register, said, before, asked, outcome)
            except RowError as unfit:
                outcome.refuse(unfit.trouble)
            if outcome.what == "created" and familiar:
                private = asked.new[outcome.record].get("private")
                outcome.alike = familiar.like(private if isinstance(private, Mapping) else {}, f"row {said.number}")
            tell(count)
    if len(asked.by_record) > MOST_CHANGED:
        raise errors.Refused(
            f"more than {MOST_CHANGED:,} records would change, which is too much for one act",
            hint="split the file, and import its parts one after the other",
        )
    taken.plan = _planned(register, asked, by)
    _warn(taken)
    return taken


def _stored(register: Register, ids: set[str]) -> dict[str, dict[str, Any]]:
    """The records of some ids, opened as far as there are keys, read at once; without those that cannot be read."""
    from solidarity_cli.crypto.keyring.sealer import Seals
    from solidarity_cli.records.read import UnreadableError, read

    now, ordinary = register.now, dict(register.now.ordinary())
    blobs = {one: ordinary[now.paths[one]] for one in ids if one in now.paths and now.paths[one] in ordinary}
    data = dict(now.snapshot.read(blobs.values()))
    seals, found = Seals(lambda: now.keyring, ahead=blobs), {}
    for record, blob in blobs.items():
        try:
            plain = read(data[blob] or b"")
            found[record] = seals.opened(record, plain)
        except (UnreadableError, KeyError):
            continue
    return found


def _familiar(register: Register, rows: Sequence[RowData]) -> Familiar | None:
    """What is asked only when a new row names anybody: all that is private is opened for it."""
    names = ("private.subject_name", "private.contact_name", "private.contact", "private.other_names")
    if any(not said.record and name in said.cells for said in rows for name in names):
        return Familiar(register.now.privates())
    return None


def _known_once(register: Register, said: RowData, seen: dict[str, int], outcome: Outcome) -> None:
    """Raises RowError for a row that is unreadable, names an absent record, or one that an earlier row named."""
    if said.record in register.now.paths:
        outcome.record = said.record
    if said.trouble:
        raise RowError(said.trouble)
    if not said.record:
        return
    if not outcome.record:
        raise said.unfit("id", "no record here has this id", "leave the id empty for a new case")
    if said.record in seen:
        raise said.unfit("id", f"row {seen[said.record]} is about the same record", "bring the two together")
    seen[said.record] = said.number


def _ask(
    register: Register, said: RowData, before: Mapping[str, dict[str, Any]], asked: _Asked, outcome: Outcome
) -> None:
    now = register.now
    words, language = now.schemas.words, now.charter.languages[0]
    if not (said.record or said.cells):
        return  # numbered in advance, and never filled in
    try:
        if not said.record:
            record = _fresh(register, asked)
            told = said.values({}, now.schemas.shape("case"))
            asked.new[record] = case_of_row(
                told, record=record, words=words, language=language, fits=_fits(now, "case")
            )
            outcome.what, outcome.record = "created", record
        else:
            record, kind = said.record, record_kind(now.paths[said.record]) or ""
            if kind not in ("case", "action") or record not in before:
                raise said.unfit("id", "the file of this record cannot be read", "solidarity validate")
            if not now.schemas.fits(kind, before[record]):
                raise said.unfit("id", "this record is not valid as it stands", f"solidarity validate {record}")
            told = said.values(before[record], now.schemas.shape(kind))
            edits = row_edits(before[record], told, words=words, language=language, fits=_fits(now, kind))
            _is_open(said, before[record], told)
            if not edits:
                return
            asked.edits[record] = edits
            outcome.what = "updated"
    except RowRefused as trouble:
        raise said.unfit(trouble.field, trouble.message, trouble.hint) from None
    except errors.Refused as trouble:  # a field below one that holds none: nothing in the words of the row
        raise RowError(RowProblem(trouble.message, hint=trouble.hint)) from None
    asked.by_record[record] = (said, outcome)


def _fits(now: Reader, kind: str) -> Fits:
    return lambda plain: now.schemas.fits(kind, plain)


def _is_open(said: RowData, before: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Raises RowError when a row says something private of a record that is sealed to the caller."""
    private = next((name for name in told if name.startswith("private.")), "")
    if private and holds_sealed(before.get("private") or {}):
        hint = "somebody with a key does this, or lets you in: solidarity keys add"
        raise said.unfit(private, "the private part of this record is sealed to you", hint)


def _fresh(register: Register, asked: _Asked) -> str:
    """An id that no record has, nor any other row."""
    while (record := register.fresh_id("case")) in asked.by_record:
        pass
    return record


def _planned(register: Register, asked: _Asked, by: str) -> Plan | None:
    """The plan of all rows that stand the checks; the others are dropped."""
    while asked.new or asked.edits:
        try:
            return register.plan("import", edits=asked.edits, new=asked.new, by=by)
        except errors.Refused as refused:
            guilty = {one.record: one for one in reversed(refused.findings)}
            ours = guilty.keys() & (asked.new.keys() | asked.edits.keys())
            for record in ours:
                finding = guilty[record]
                if finding.rule == "schema":
                    asked.drop_shapeless(record, finding)
                else:
                    asked.drop(record, f"{finding.message} [{finding.rule}]", finding.field, finding.hint)
            if not ours and not _drop_unplannable(register, asked, by):
                raise
    return None


def _drop_unplannable(register: Register, asked: _Asked, by: str) -> bool:
    """Drop the records that cannot even be planned, asked one by one; whether there were any.

    Such trouble is about one record and does not name it.
    """
    dropped = False
    for record in [*asked.edits, *asked.new]:
        edits = {record: asked.edits[record]} if record in asked.edits else {}
        new = {record: asked.new[record]} if record in asked.new else {}
        try:
            register.plan("import", edits=edits, new=new, by=by)
        except errors.Refused as refused:
            asked.drop(record, refused.message, "", refused.hint)
            dropped = True
    return dropped


def _warn(taken: ImportResult) -> None:
    by_record: dict[str, set[str]] = {}
    for one in taken.plan.warnings if taken.plan else ():
        by_record.setdefault(one.record, set()).add(one.rule)
    for outcome in taken.outcomes:
        if outcome.what in ("created", "updated"):
            outcome.warnings = tuple(sorted(by_record.get(outcome.record, ())))
