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
    reader = session.register.reading(as_of)
    session.warn_skipped(reader.uncounted_files())
    if ics:
        _write_calendar(session, reader, days, ics, language)
        return
    items = agenda(reader.facts(), days)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(as_plain(items)))
        return
    session.rows(_COLUMNS, [_cells(item) for item in items])
    session.note(f"dates in the next {days} days: {len(items)}" if items else f"nothing in the next {days} days")


def _cells(item: AgendaItem) -> tuple[str, ...]:
    state = "overdue" if item.overdue else item.state
    return (item.date, item.kind, item.what, item.case, state, item.title)


def _write_calendar(session: Session, reader: Reader, days: int, name: str, language: str) -> None:
    from solidarity_cli.reports.calendar_feed import TITLES, calendar

    output_language = language or reader.charter.languages[0]
    if output_language not in TITLES:
        raise UsageError("--language has no such language", hint=", ".join(TITLES))
    file = None if name == "-" else _calendar_path(Path(name))
    feed = calendar(reader.facts(), days)
    data = _as_ics(session, reader, feed, output_language)
    if file is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        _write_file(file, data)
        session.note(f"dates written to {name}, readable by you only: {len(feed.entries)}")
    if feed.silent:
        session.note(f"dates that stand in no calendar, of erased cases or a withheld country: {feed.silent}")


def _as_ics(session: Session, reader: Reader, feed: Calendar, language: str) -> bytes:
    from solidarity_cli.render.calendar import to_ics

    try:
        return to_ics(_date_entries(session, reader, feed), language)
    except ModuleNotFoundError as error:
        raise ExternalError(
            f"the package {error.name} is not installed, which makes calendars",
            hint="pip install 'solidarity-register[calendar]'",
        ) from None


def _date_entries(session: Session, reader: Reader, feed: Calendar) -> list[Dated]:
    """Each entry with how often its case was changed, and when last; what is in no commit yet counts as one more."""
    from solidarity_cli.history.revisions import Revision, revisions
    from solidarity_cli.render.calendar import Dated

    revision_by_path, changed = revisions(session.root, reader.commit), reader.snapshot.changed
    midnight = datetime(reader.today.year, reader.today.month, reader.today.day, tzinfo=UTC)
    newest = revision_by_path[""].last
    dated_entries = []
    for entry in feed.entries:
        path = reader.paths[entry.rests_on] if entry.rests_on else ""
        is_changed = path in changed if path else bool(changed)
        revision = revision_by_path.get(path, Revision())
        seconds = newest if is_changed or not revision.last else revision.last
        last = datetime.fromtimestamp(seconds, UTC) if seconds else midnight
        dated_entries.append(Dated(entry, revision.number + is_changed, last))
    return dated_entries


def _calendar_path(file: Path) -> Path:
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


def _write_file(file: Path, data: bytes) -> None:
    """The whole calendar or none, for the caller's eyes only, whoever could read an older one."""
    from solidarity_cli.system.atomic_file import write_private

    try:
        write_private(file, data)
    except OSError as error:
        raise ExternalError(
            f"the calendar cannot be written: {error.strerror or 'the disk refused'}",
            hint="choose another place with --ics",
        ) from None
