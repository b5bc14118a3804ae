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

    def refuse(self, problem: RowProblem) -> None:
        """The row is not taken."""
        self.what, self.trouble = "refused", problem


@dataclass
class ImportResult:
    """The outcome of every row, and the plan of all that can be taken; None when nothing changes."""

    outcomes: list[Outcome]
    plan: Plan | None = None

    def count(self, what: str) -> int:
        """How many rows have this outcome."""
        return sum(outcome.what == what for outcome in self.outcomes)


@dataclass
class _PendingChanges:
    """What the rows ask for so far, by record id."""

    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    by_record: dict[str, tuple[RowData, Outcome]] = field(default_factory=dict)

    def drop(self, record: str, message: str, name: str = "", hint: str = "") -> None:
        """A record that cannot be as its row wants it."""
        row, outcome = self.by_record.pop(record)
        self.edits.pop(record, None)
        if self.new.pop(record, None):
            outcome.record, outcome.alike = "", ()
        outcome.refuse(RowProblem(message, name, row.columns.get(name, ""), hint))

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
    pending, result = _PendingChanges(), ImportResult([])
    before = _read_records(register, {row.record for row in rows if row.record})
    known_names = _known_names(register, rows)
    row_numbers: dict[str, int] = {}
    with progress("rows looked at", len(rows)) as advance:
        for count, row in enumerate(rows, start=1):
            outcome = Outcome(row.number)
            result.outcomes.append(outcome)
            try:
                _check_record(register, row, row_numbers, outcome)
                _add_row(register, row, before, pending, outcome)
            except RowError as error:
                outcome.refuse(error.trouble)
            if outcome.what == "created" and known_names:
                private = pending.new[outcome.record].get("private")
                outcome.alike = known_names.like(private if isinstance(private, Mapping) else {}, f"row {row.number}")
            advance(count)
    if len(pending.by_record) > MOST_CHANGED:
        raise errors.Refused(
            f"more than {MOST_CHANGED:,} records would change, which is too much for one act",
            hint="split the file, and import its parts one after the other",
        )
    result.plan = _plan(register, pending, by)
    _warn(result)
    return result


def _read_records(register: Register, ids: set[str]) -> dict[str, dict[str, Any]]:
    """The records of some ids, opened as far as there are keys, read at once; without those that cannot be read."""
    from solidarity_cli.crypto.keyring.sealer import Seals
    from solidarity_cli.records.read import UnreadableError, read

    now, ordinary = register.now, dict(register.now.ordinary())
    blobs = {
        record: ordinary[now.paths[record]] for record in ids if record in now.paths and now.paths[record] in ordinary
    }
    data = dict(now.snapshot.read(blobs.values()))
    seals, records = Seals(lambda: now.keyring, ahead=blobs), {}
    for record, blob in blobs.items():
        try:
            plain = read(data[blob] or b"")
            records[record] = seals.opened(record, plain)
        except (UnreadableError, KeyError):
            continue
    return records


def _known_names(register: Register, rows: Sequence[RowData]) -> Familiar | None:
    """What is asked only when a new row names anybody: all that is private is opened for it."""
    names = ("private.subject_name", "private.contact_name", "private.contact", "private.other_names")
    if any(not row.record and name in row.cells for row in rows for name in names):
        return Familiar(register.now.privates())
    return None


def _check_record(register: Register, row: RowData, row_numbers: dict[str, int], outcome: Outcome) -> None:
    """Raises RowError for a row that is unreadable, names an absent record, or one that an earlier row named."""
    if row.record in register.now.paths:
        outcome.record = row.record
    if row.trouble:
        raise RowError(row.trouble)
    if not row.record:
        return
    if not outcome.record:
        raise row.unfit("id", "no record here has this id", "leave the id empty for a new case")
    if row.record in row_numbers:
        raise row.unfit("id", f"row {row_numbers[row.record]} is about the same record", "bring the two together")
    row_numbers[row.record] = row.number


def _add_row(
    register: Register, row: RowData, before: Mapping[str, dict[str, Any]], pending: _PendingChanges, outcome: Outcome
) -> None:
    now = register.now
    words, language = now.schemas.words, now.charter.languages[0]
    if not (row.record or row.cells):
        return  # numbered in advance, and never filled in
    try:
        if not row.record:
            record = _fresh_id(register, pending)
            values = row.values({}, now.schemas.shape("case"))
            pending.new[record] = case_of_row(
                values, record=record, words=words, language=language, fits=_fits(now, "case")
            )
            outcome.what, outcome.record = "created", record
        else:
            record, kind = row.record, record_kind(now.paths[row.record]) or ""
            if kind not in ("case", "action") or record not in before:
                raise row.unfit("id", "the file of this record cannot be read", "solidarity validate")
            if not now.schemas.fits(kind, before[record]):
                raise row.unfit("id", "this record is not valid as it stands", f"solidarity validate {record}")
            values = row.values(before[record], now.schemas.shape(kind))
            edits = row_edits(before[record], values, words=words, language=language, fits=_fits(now, kind))
            _check_open(row, before[record], values)
            if not edits:
                return
            pending.edits[record] = edits
            outcome.what = "updated"
    except RowRefused as error:
        raise row.unfit(error.field, error.message, error.hint) from None
    except errors.Refused as error:  # a field below one that holds none: nothing in the words of the row
        raise RowError(RowProblem(error.message, hint=error.hint)) from None
    pending.by_record[record] = (row, outcome)


def _fits(now: Reader, kind: str) -> Fits:
    return lambda plain: now.schemas.fits(kind, plain)


def _check_open(row: RowData, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Raises RowError when a row says something private of a record that is sealed to the caller."""
    private = next((name for name in values if name.startswith("private.")), "")
    if private and holds_sealed(before.get("private") or {}):
        hint = "somebody with a key does this, or lets you in: solidarity keys add"
        raise row.unfit(private, "the private part of this record is sealed to you", hint)


def _fresh_id(register: Register, pending: _PendingChanges) -> str:
    """An id that no record has, nor any other row."""
    while (record := register.fresh_id("case")) in pending.by_record:
        pass
    return record


def _plan(register: Register, pending: _PendingChanges, by: str) -> Plan | None:
    """The plan of all rows that stand the checks; the others are dropped."""
    while pending.new or pending.edits:
        try:
            return register.plan("import", edits=pending.edits, new=pending.new, by=by)
        except errors.Refused as error:
            findings = {finding.record: finding for finding in reversed(error.findings)}
            refused_records = findings.keys() & (pending.new.keys() | pending.edits.keys())
            for record in refused_records:
                finding = findings[record]
                if finding.rule == "schema":
                    pending.drop_shapeless(record, finding)
                else:
                    pending.drop(record, f"{finding.message} [{finding.rule}]", finding.field, finding.hint)
            if not refused_records and not _drop_unplannable(register, pending, by):
                raise
    return None


def _drop_unplannable(register: Register, pending: _PendingChanges, by: str) -> bool:
    """Drop the records that cannot even be planned, asked one by one; whether there were any.

    Such trouble is about one record and does not name it.
    """
    dropped = False
    for record in [*pending.edits, *pending.new]:
        edits = {record: pending.edits[record]} if record in pending.edits else {}
        new = {record: pending.new[record]} if record in pending.new else {}
        try:
            register.plan("import", edits=edits, new=new, by=by)
        except errors.Refused as error:
            pending.drop(record, error.message, "", error.hint)
            dropped = True
    return dropped


def _warn(result: ImportResult) -> None:
    by_record: dict[str, set[str]] = {}
    for finding in result.plan.warnings if result.plan else ():
        by_record.setdefault(finding.record, set()).add(finding.rule)
    for outcome in result.outcomes:
        if outcome.what in ("created", "updated"):
            outcome.warnings = tuple(sorted(by_record.get(outcome.record, ())))
