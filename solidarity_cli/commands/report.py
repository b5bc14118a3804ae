"""`solidarity report`: a month, a year, any period; for the Board or for the public."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from solidarity_cli import __version__
from solidarity_cli.commands.options import AsOf
from solidarity_cli.core.dates import Period
from solidarity_cli.core.errors import Outside, Usage
from solidarity_cli.session import Session

FORMATS = ("screen", "md", "json", "csv")
AUDIENCES = ("internal", "public")
LANGUAGES = ("en", "ru", "de")


def main(
    ctx: typer.Context,
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="A month.")] = "",
    year: Annotated[str, typer.Option(metavar="YYYY", help="A year.")] = "",
    from_: Annotated[str, typer.Option("--from", metavar="D", help="The first day; with --to.")] = "",
    to: Annotated[str, typer.Option(metavar="D", help="The last day; with --from.")] = "",
    format_: Annotated[str, typer.Option("--format", metavar="F", help=", ".join(FORMATS) + ".")] = "",
    audience: Annotated[str, typer.Option(metavar="A", help=", ".join(AUDIENCES) + ".")] = "internal",
    language: Annotated[str, typer.Option(metavar="L", help=", ".join(LANGUAGES) + ".")] = "",
    as_of: AsOf = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it there.")] = None,
) -> None:
    """Make the report of a period: the same commit, period and version give the same bytes."""
    session: Session = ctx.obj
    form = format_ or ("screen" if session.on_terminal and output is None else "md")
    for option, value, known in (("--format", form, FORMATS), ("--audience", audience, AUDIENCES)):
        if value not in known:
            raise Usage(f"{option} has no such value", hint=f"{option} {', '.join(known)}")
    period = _period(month, year, from_, to)
    reading = session.register.reading(as_of)
    spoken = language or reading.charter.languages[0]
    if spoken not in LANGUAGES:
        raise Usage("--language has no such language", hint=", ".join(LANGUAGES))
    from solidarity_cli.core.figures.period import MadeFrom, period_figures

    made_from = MadeFrom(session.register.commit_of(reading), f"solidarity {__version__}")
    figures = period_figures(reading.facts(), period, audience, made_from)
    text = _rendered(session, reading, figures, form, spoken)
    if output is None:
        session.say(text)
    else:
        _write(output, text)
        session.remark(f"written: {output}")


def _period(month: str, year: str, first: str, last: str) -> Period:
    match (bool(month), bool(year), bool(first or last)):
        case (True, False, False):
            return Period.month(month)
        case (False, True, False):
            return Period.year(year)
        case (False, False, True) if first and last:
            return Period.between(first, last)
        case (False, False, True):
            raise Usage("--from and --to go together", hint="--from 2026-07-01 --to 2026-09-30")
        case _:
            raise Usage("a report is made for one period", hint="--month 2026-10, --year 2026, or --from and --to")


def _rendered(session: Session, reading: Any, figures: Any, form: str, language: str) -> str:
    from solidarity_cli.core.figures.plain import as_plain

    if form == "json":
        from solidarity_cli.render.json import to_json

        return to_json(as_plain(figures))
    if form == "csv":
        from solidarity_cli.render.csv import figures_to_csv

        return figures_to_csv(as_plain(figures))
    from solidarity_cli.core.figures.pages import period_page
    from solidarity_cli.render.names import Names

    page = period_page(figures, reading.schemas.words, Names(language), language)
    if form == "screen":
        from solidarity_cli.render.screen import page_to_text

        return page_to_text(page, session.width, color=session.in_color)
    from solidarity_cli.render.markdown import page_to_markdown

    return page_to_markdown(page)


def _write(file: Path, text: str) -> None:
    """The whole file or none: written beside its place, then put there."""
    from solidarity_cli.saving import write_whole

    if file.is_dir():
        raise Usage("-o names a folder", hint=f"-o {file}/report.md")
    try:
        write_whole(file, text.encode())
    except OSError as trouble:
        raise Outside(
            f"the report cannot be written: {trouble.strerror}", hint="choose another place with -o"
        ) from None
