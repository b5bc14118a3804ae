"""`solidarity import`: a sheet, or JSON Lines, creates cases and updates records by id; a report a row, one act."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solidarity_cli.cli.commands.options import AsJson, By, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, UsageError

if TYPE_CHECKING:
    from solidarity_cli.interchange.sheets.import_rows import ImportResult, Outcome
    from solidarity_cli.interchange.sheets.row_values import RowData

_COLUMNS = ("row", "what", "id", "why")


def main(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="XLSX, CSV, or JSON Lines (.jsonl).")],
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Which foreign column is which field.")
    ] = None,
    begin: Annotated[
        bool, typer.Option("--map-template", help="Print the beginning of a mapping; nothing else.")
    ] = False,
    others: Annotated[bool, typer.Option("--ignore-unknown", help="Pass over columns that are no fields.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Import nothing when a row is refused.")] = False,
    by: By = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Create cases and update records by id from a sheet; rows that are refused stop no other row."""
    session: Session = ctx.obj
    if begin:
        session.say(_template(session, file))
        return
    from solidarity_cli.interchange.sheets.read_file import mapping_of, read_rows

    mapped = mapping_of(mapping) if mapping else None
    remarks, rows = read_rows(file, session.register.now, mapped, others=others)
    for remark in remarks:
        session.note(f"note: {remark}")
    taken, commit = _taken(session, list(rows), by, strict=strict, dry_run=dry_run)
    _report(session, taken, commit, as_json=as_json)
    _end(session, taken, commit, strict=strict, dry_run=dry_run)


def _taken(session: Session, rows: list[RowData], by: str, *, strict: bool, dry_run: bool) -> tuple[ImportResult, str]:
    """What becomes of the rows, and the commit; none where nothing is to be saved."""
    from solidarity_cli.interchange.sheets.import_rows import take

    taken = take(session.register, rows, by=by)
    if taken.plan is None or dry_run or (strict and taken.count("refused")):
        return taken, ""
    return taken, session.register.save(taken.plan)


def _template(session: Session, file: Path) -> str:
    from solidarity_cli.interchange.sheets.read_file import bytes_of, is_lines, table_of
    from solidarity_cli.interchange.sheets.template import template

    if is_lines(file):
        raise UsageError("a mapping is for sheets; JSON Lines has our fields", hint="solidarity import FILE")
    schemas = session.register.now.schemas
    return template(table_of(bytes_of(file), None), schemas.shape("case"), schemas.words)


def _report(session: Session, taken: ImportResult, commit: str, *, as_json: bool) -> None:
    """What became of each row; in words without those that stay as they are. An id is told when there is a record."""
    if as_json:
        from solidarity_cli.render.json import to_json

        counts = {what: taken.count(what) for what in ("created", "updated", "unchanged", "refused")}
        told = [_plain(one, is_saved=bool(commit)) for one in taken.outcomes]
        session.say(to_json({"rows": told, "counts": counts, "commit": commit}))
    elif session.quiet:
        changed = [one.record for one in taken.outcomes if one.what in ("created", "updated")]
        session.say("\n".join(changed) if commit else "")
    else:
        rows = [
            (str(one.row), one.what, _id(one, is_saved=bool(commit)), " ".join(_why(one)))
            for one in taken.outcomes
            if one.what != "unchanged"
        ]
        if rows:
            session.rows(_COLUMNS, rows)


def _id(one: Outcome, *, is_saved: bool) -> str:
    return one.record if is_saved or one.what != "created" else ""


def _plain(one: Outcome, *, is_saved: bool) -> dict[str, Any]:
    trouble = one.trouble
    return {
        "row": one.row,
        "what": one.what,
        "id": _id(one, is_saved=is_saved),
        "field": trouble.field if trouble else "",
        "column": trouble.column if trouble else "",
        "message": trouble.message if trouble else "",
        "hint": trouble.hint if trouble else "",
        "alike": list(one.alike),
        "warnings": list(one.warnings),
    }


def _why(one: Outcome) -> Iterator[str]:
    if one.trouble:
        place = f"column {one.trouble.column}: " if one.trouble.column else ""
        yield f"{place}{one.trouble.message}" + (f" ({one.trouble.hint})" if one.trouble.hint else "")
    if one.alike:
        yield f"perhaps about the same: {', '.join(one.alike)}"
    if one.warnings:
        yield f"[{', '.join(one.warnings)}]"


def _end(session: Session, taken: ImportResult, commit: str, *, strict: bool, dry_run: bool) -> None:
    """The counts, and what comes next; exit code 1 when a row was refused."""
    refused = taken.count("refused")
    counts = ", ".join(f"{taken.count(what)} {what}" for what in ("created", "updated", "unchanged", "refused"))
    session.note(counts + (f" ({commit[:10]})" if commit else ""))
    if branch := session.register.opened if commit else "":
        session.note(f"they wait for review on the branch {branch}; next: solidarity submit")
    if refused and strict:
        raise Refused("nothing was imported: rows are refused (--strict)", hint="mend them, or leave --strict out")
    if dry_run:
        session.note("nothing was changed (--dry-run)")
    elif not commit:
        session.note("nothing was changed" if refused else "nothing to change")
    if refused:
        raise typer.Exit(1)
