"""`solidarity agenda`: hearings, deadlines and reviews ahead, over all cases; as a list, as JSON, as a calendar."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.options import AsJson, AsOf
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import ExternalError, UsageError
from solidarity_cli.reports.agenda import AgendaItem, agenda, as_plain

if TYPE_CHECKING:
    from solidarity_cli.register.reader import Reader
    from solidarity_cli.render.calendar import Dated
    from solidarity_cli.reports.calendar_feed import Calendar

_COLUMNS = ("date", "kind", "what", "id", "state", "title")
_BEGINNING = b"BEGIN:VCALENDAR"


def main(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(metavar="N", min=0, max=3660, help="How many days ahead.")] = 30,
    ics: Annotated[
        str, typer.Option(metavar="FILE|-", help="As a calendar: codes and ids only.", show_default=False)
    ] = "",
    language: Annotated[str, typer.Option(metavar="L", help="Of the calendar: en, ru, de.", show_default=False)] = "",
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """List hearings, deadlines and reviews ahead, and what is overdue.

    With --ics the same as one calendar for all cases: give a calendar program the file again, and it updates.
    """
    session: Session = ctx.obj
    if ics and as_json:
        raise UsageError("--ics and --json are two answers", hint="leave out one of them")
    if language and not ics:
        raise UsageError("--language is for a calendar", hint="--ics FILE")
    reading = session.register.reading(as_of)
    session.warn_skipped(reading.uncounted_files())
    if ics:
        _hand_over(session, reading, days, ics, language)
        return
    items = agenda(reading.facts(), days)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(as_plain(items)))
        return
    session.rows(_COLUMNS, [_cells(item) for item in items])
    session.note(f"dates in the next {days} days: {len(items)}" if items else f"nothing in the next {days} days")


def _cells(item: AgendaItem) -> tuple[str, ...]:
    state = "overdue" if item.overdue else item.state
    return (item.date, item.kind, item.what, item.case, state, item.title)


def _hand_over(session: Session, reading: Reader, days: int, name: str, language: str) -> None:
    from solidarity_cli.reports.calendar_feed import TITLES, calendar

    spoken = language or reading.charter.languages[0]
    if spoken not in TITLES:
        raise UsageError("--language has no such language", hint=", ".join(TITLES))
    file = None if name == "-" else _place(Path(name))
    made = calendar(reading.facts(), days)
    data = _as_ics(session, reading, made, spoken)
    if file is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        _put(file, data)
        session.note(f"dates written to {name}, readable by you only: {len(made.entries)}")
    if made.silent:
        session.note(f"dates that stand in no calendar, of erased cases or a withheld country: {made.silent}")


def _as_ics(session: Session, reading: Reader, made: Calendar, language: str) -> bytes:
    from solidarity_cli.render.calendar import to_ics

    try:
        return to_ics(_dated(session, reading, made), language)
    except ModuleNotFoundError as missing:
        raise ExternalError(
            f"the package {missing.name} is not installed, which makes calendars",
            hint="pip install 'solidarity-register[calendar]'",
        ) from None


def _dated(session: Session, reading: Reader, made: Calendar) -> list[Dated]:
    """Each entry with how often its case was changed, and when last; what is in no commit yet counts as one more."""
    from solidarity_cli.history.revisions import Revision, revisions
    from solidarity_cli.render.calendar import Dated

    known, changed = revisions(session.root, reading.commit), reading.snapshot.changed
    midnight = datetime(reading.today.year, reading.today.month, reading.today.day, tzinfo=UTC)
    newest = known[""].last
    found = []
    for entry in made.entries:
        path = reading.paths[entry.rests_on] if entry.rests_on else ""
        is_changed = path in changed if path else bool(changed)
        revision = known.get(path, Revision())
        seconds = newest if is_changed or not revision.last else revision.last
        last = datetime.fromtimestamp(seconds, UTC) if seconds else midnight
        found.append(Dated(entry, revision.number + is_changed, last))
    return found


def _place(file: Path) -> Path:
    """Where the calendar goes: a new file, or in place of an older calendar. Raises UsageError for anything else."""
    if file.is_dir():
        raise UsageError("--ics names a folder", hint=f"--ics {file}/agenda.ics")
    if not file.parent.is_dir():
        raise UsageError("--ics names a folder that does not exist", hint="mkdir it first, or choose another place")
    if os.path.lexists(file) and not _is_calendar(file):
        raise UsageError("--ics names what is there already, and no calendar", hint="choose another name for --ics")
    return file


def _is_calendar(file: Path) -> bool:
    if file.is_symlink() or not file.is_file():
        return False
    try:
        with file.open("rb") as stream:
            return stream.read(len(_BEGINNING)) == _BEGINNING
    except OSError:
        return False


def _put(file: Path, data: bytes) -> None:
    """The whole calendar or none, for the caller's eyes only, whoever could read an older one."""
    from solidarity_cli.system.atomic_file import write_private

    try:
        write_private(file, data)
    except OSError as trouble:
        raise ExternalError(
            f"the calendar cannot be written: {trouble.strerror or 'the disk refused'}",
            hint="choose another place with --ics",
        ) from None
