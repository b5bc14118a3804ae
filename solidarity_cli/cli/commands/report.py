"""`solidarity report`: a month, a quarter, a year, any period; for the Board or for the public; in seven formats."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli import __version__
from solidarity_cli.cli.commands.options import AsOf
from solidarity_cli.cli.session import Session
from solidarity_cli.core.dates import Period
from solidarity_cli.core.errors import SolidarityError, UsageError
from solidarity_cli.interchange.documents import write

if TYPE_CHECKING:
    from solidarity_cli.register.reader import Reader
    from solidarity_cli.reports.period.report import PeriodFigures

FORMATS = ("screen", "md", "html", "pdf", "xlsx", "csv", "json")
AUDIENCES = ("internal", "public")
LANGUAGES = ("en", "ru", "de")


def main(
    ctx: typer.Context,
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="A month.")] = "",
    quarter: Annotated[str, typer.Option(metavar="YYYY-Qn", help="A quarter.")] = "",
    year: Annotated[str, typer.Option(metavar="YYYY", help="A year.")] = "",
    from_: Annotated[str, typer.Option("--from", metavar="D", help="The first day; with --to.")] = "",
    to: Annotated[str, typer.Option(metavar="D", help="The last day; with --from.")] = "",
    format_: Annotated[str, typer.Option("--format", metavar="F", help=", ".join(FORMATS) + ".")] = "",
    audience: Annotated[str, typer.Option(metavar="A", help=", ".join(AUDIENCES) + ".")] = "internal",
    language: Annotated[str, typer.Option(metavar="L", help=", ".join(LANGUAGES) + ".")] = "",
    as_of: AsOf = "",
    against: Annotated[
        str, typer.Option(metavar="DATE|REV", help="What has changed since the report made then.", show_default=False)
    ] = "",
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE|-", help="Write it there, in place of an older one; - is stdout."),
    ] = None,
) -> None:
    """Make the report of a period: the same commit, period and version give the same bytes."""
    session: Session = ctx.obj
    name = None if output == "-" else output
    form = _format(session, format_, name)
    if audience not in AUDIENCES:
        raise UsageError("--audience has no such value", hint=f"--audience {', '.join(AUDIENCES)}")
    period = _period(month, quarter, year, from_, to)
    reader = session.register.reading(as_of)
    output_language = language or reader.charter.languages[0]
    if output_language not in LANGUAGES:
        raise UsageError("--language has no such language", hint=", ".join(LANGUAGES))
    file = None if name is None else write.place(name, session.register.ledger, private=False, replaces=True)
    figures = _figures(session, reader, period, audience, against)
    data = _render(session, reader, figures, form, output_language)
    if file is None:
        _write_stdout(session, data)
    else:
        write.replace_file(file, data)
        session.note(f"written: {output}")


def _format(session: Session, option: str, name: str | None) -> str:
    """The format: the one asked for, else the one that the file's name ends with, else what the reader can read."""
    if option and option not in FORMATS:
        raise UsageError("--format has no such value", hint=f"--format {', '.join(FORMATS)}")
    if name is not None:
        return _format_of_file(option, Path(name).suffix[1:].lower())
    form = option or ("screen" if session.on_terminal else "md")
    from solidarity_cli.render.file_formats import BINARY

    if form in BINARY and session.on_terminal:
        raise UsageError(f"a terminal cannot show {form.upper()}", hint=f"name a file: -o report.{form}")
    return form


def _format_of_file(option: str, ending: str) -> str:
    """The format of a file; its name may end with anything but another format than the one asked for."""
    names = FORMATS[1:]
    if option and ending in names and ending != option:
        raise UsageError(
            f"-o ends with .{ending}, and --format says {option}", hint="leave out --format, or rename the file"
        )
    if not option and ending not in names:
        raise UsageError(
            "the name after -o says no format", hint=f"let it end with .{', .'.join(names)}, or add --format"
        )
    return option or ending


def _period(month: str, quarter: str, year: str, first: str, last: str) -> Period:
    match (bool(month), bool(quarter), bool(year), bool(first or last)):
        case (True, False, False, False):
            return Period.month(month)
        case (False, True, False, False):
            return Period.quarter(quarter)
        case (False, False, True, False):
            return Period.year(year)
        case (False, False, False, True) if first and last:
            return Period.between(first, last)
        case (False, False, False, True):
            raise UsageError("--from and --to go together", hint="--from 2026-07-01 --to 2026-09-30")
        case _:
            raise UsageError(
                "a report is made for one period",
                hint="--month 2026-10, --quarter 2026-Q3, --year 2026, or --from and --to",
            )


def _figures(session: Session, reader: Reader, period: Period, audience: str, against: str) -> PeriodFigures:
    from solidarity_cli.history.checkpoints.superseded import superseded_on
    from solidarity_cli.reports.counting.counted_records import PUBLIC
    from solidarity_cli.reports.counting.long_closed import had_ended, looks_back_to
    from solidarity_cli.reports.period.comparison import period_to_compare
    from solidarity_cli.reports.period.report import MadeFrom, period_figures, since

    def made_from(source: Reader) -> MadeFrom:
        return MadeFrom(session.register.commit_of(source), f"solidarity {__version__}")

    # The public is told of an action by the consent in its cases, and a comparison names old ones: both need all.
    is_whole = audience == PUBLIC or against
    facts = reader.facts(without=None if is_whole else partial(had_ended, first=looks_back_to(period)))
    figures = period_figures(facts, period, audience, made_from(reader))
    if not against:
        return figures
    earlier = _earlier(session, against)
    before, origin = earlier.facts(), made_from(earlier)
    until = superseded_on(session.root, origin.commit, reader.snapshot.commit or session.register.ledger.head())
    then = period_figures(before, period_to_compare(period, until or session.today), audience, origin)
    return since(figures, then, facts, before)


def _earlier(session: Session, against: str) -> Reader:
    try:
        return session.register.reading(against)
    except SolidarityError as error:
        error.hint = error.hint.replace("--as-of", "--against")
        raise


def _render(session: Session, reader: Reader, figures: PeriodFigures, form: str, language: str) -> bytes:
    from solidarity_cli.reports.period.as_json import as_plain

    if form == "json":
        from solidarity_cli.render.json import to_json

        return to_json(as_plain(figures)).encode()
    if form == "csv":
        from solidarity_cli.render.csv import figures_to_csv

        return figures_to_csv(as_plain(figures)).encode()
    from solidarity_cli.render.locale_names import Names
    from solidarity_cli.reports.pages.period import period_page

    page = period_page(figures, reader.schemas.words, Names(language), language)
    if form == "screen":
        from solidarity_cli.render.terminal.screen import page_to_text

        boxes = not os.environ.get("ACCESSIBLE")
        return page_to_text(page, session.width, color=session.in_color, boxes=boxes).encode()
    from solidarity_cli.render.file_formats import page_as

    return page_as(page, form)


def _write_stdout(session: Session, data: bytes) -> None:
    """The report to stdout, byte for byte: no line end is translated on its way."""
    if session.on_terminal:
        session.say(data.decode())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
