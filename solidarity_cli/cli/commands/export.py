"""`solidarity export`: cases as rows for a spreadsheet, or whole records as JSON Lines."""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.options import AsOf, a_date, code, code_option
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import UsageError
from solidarity_cli.git.snapshot import record_kind

if TYPE_CHECKING:
    from solidarity_cli.register.reader import Reader

FORMATS = ("csv", "xlsx", "jsonl", "json")
"""`json` is another word for JSON Lines: one record a line."""


def main(
    ctx: typer.Context,
    format_: Annotated[str, typer.Option("--format", metavar="F", help="csv, xlsx, jsonl (JSON Lines).")] = "",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="A new file; without it to stdout.")
    ] = "",
    private: Annotated[
        bool, typer.Option("--private", help="With the private parts that open here, to a file of yours only.")
    ] = False,
    status: Annotated[str, code_option("status", "--status", help="Cases in this status.")] = "",
    country: Annotated[str, typer.Option(metavar="CC", help="Cases in this country.")] = "",
    incident: Annotated[str, code_option("incident", "--incident", help="Cases with such an incident.")] = "",
    since: Annotated[str, typer.Option(metavar="D", help="Received on or after.")] = "",
    until: Annotated[str, typer.Option(metavar="D", help="Received on or before.")] = "",
    as_of: AsOf = "",
) -> None:
    """Write cases as CSV or XLSX, a row each, or cases and actions as JSON Lines; what import reads back."""
    from solidarity_cli.interchange.documents import write

    session: Session = ctx.obj
    form = _format(session, format_, output, private=private)
    file = write.place(output, session.register.ledger, private=private) if output else None
    reader = session.register.reading(as_of)
    words = reader.schemas.words
    options = {
        "status": code(words, "status", status, "--status"),
        "incidents": code(words, "incident", incident, "--incident"),
        "country": country.upper(),
    }
    only = _selected_ids(reader, options, since, until)
    data, count = _render(session, reader, form, only, private=private, has_file=file is not None)
    if file is None:
        _to_stdout(session, data)
        return
    write.create_file(file, data, private=private)
    session.note(f"records written to {output}{', readable by you only' if private else ''}: {count}")
    if private:
        session.note("it says in the clear what the register seals: delete it as soon as it has served")


def _format(session: Session, option: str, output: str, *, private: bool) -> str:
    ending = output.rpartition(".")[2].lower() if output else ""
    form = option or (ending if ending in FORMATS else "csv")
    if form not in FORMATS:
        raise UsageError("--format has no such value", hint="--format csv, xlsx, jsonl")
    if private and not output:
        raise UsageError(
            "private parts are not written to a screen or a pipe", hint="--private -o FILE, outside the register"
        )
    if form == "xlsx" and not output and session.on_terminal:
        raise UsageError("a terminal cannot show XLSX", hint="name a file: -o cases.xlsx")
    return form


def _selected_ids(reader: Reader, options: dict[str, str], since: str, until: str) -> Collection[str] | None:
    """The ids of the cases asked for; None for all."""
    from solidarity_cli.core.dates import first_day, last_day

    filters = {column: value for column, value in options.items() if value}
    first = first_day(a_date(since, "--since")).isoformat() if since else ""
    last = last_day(a_date(until, "--until")).isoformat() if until else ""
    if not (filters or first or last):
        return None
    return {row.id for row in reader.rows(filters, since=first, until=last)}


def _render(
    session: Session, reader: Reader, form: str, only: Collection[str] | None, *, private: bool, has_file: bool
) -> tuple[bytes, int]:
    """The bytes of the export, and how many records it holds."""
    from solidarity_cli.interchange.sheets import export
    from solidarity_cli.interchange.sheets.jsonl import to_lines

    kinds = ("case",) if form in ("csv", "xlsx") else ("case", "action")
    records = list(export.records(reader, kinds, private=private, only=only))
    if only is None:
        session.warn_skipped([path for path in reader.uncounted_files() if record_kind(path) in kinds])
    if form not in ("csv", "xlsx"):
        return "".join(to_lines(records)).encode(), len(records)
    columns, rows = export.rows(records, reader.schemas.shape("case"), private=private)
    if form == "csv":
        # By this mark a spreadsheet knows UTF-8; a program that reads a pipe would stumble over it.
        return (("\ufeff" if has_file else "") + export.to_csv(columns, rows)).encode(), len(records)
    data, lost = export.to_workbook(columns, rows, made=session.today)
    if lost:
        session.note(f"texts that do not fit into a workbook: {lost}; whole: --format csv, or jsonl")
    return data, len(records)


def _to_stdout(session: Session, data: bytes) -> None:
    if session.on_terminal:
        from solidarity_cli.render.escape import clean

        session.say(clean(data.decode().replace("\r\n", "\n"), newlines=True))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
