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
    result, commit = _import_rows(session, list(rows), by, strict=strict, dry_run=dry_run)
    _print_outcomes(session, result, commit, as_json=as_json)
    _print_counts(session, result, commit, strict=strict, dry_run=dry_run)


def _import_rows(
    session: Session, rows: list[RowData], by: str, *, strict: bool, dry_run: bool
) -> tuple[ImportResult, str]:
    """What becomes of the rows, and the commit; none where nothing is to be saved."""
    from solidarity_cli.interchange.sheets.import_rows import take

    result = take(session.register, rows, by=by)
    if result.plan is None or dry_run or (strict and result.count("refused")):
        return result, ""
    return result, session.register.save(result.plan)


def _template(session: Session, file: Path) -> str:
    from solidarity_cli.interchange.sheets.read_file import bytes_of, is_lines, table_of
    from solidarity_cli.interchange.sheets.template import template

    if is_lines(file):
        raise UsageError("a mapping is for sheets; JSON Lines has our fields", hint="solidarity import FILE")
    schemas = session.register.now.schemas
    return template(table_of(bytes_of(file), None), schemas.shape("case"), schemas.words)


def _print_outcomes(session: Session, result: ImportResult, commit: str, *, as_json: bool) -> None:
    """What became of each row; in words without those that stay as they are. An id is told when there is a record."""
    if as_json:
        from solidarity_cli.render.json import to_json

        counts = {kind: result.count(kind) for kind in ("created", "updated", "unchanged", "refused")}
        rows_as_data = [_plain(outcome, is_saved=bool(commit)) for outcome in result.outcomes]
        session.say(to_json({"rows": rows_as_data, "counts": counts, "commit": commit}))
    elif session.quiet:
        changed = [outcome.record for outcome in result.outcomes if outcome.what in ("created", "updated")]
        session.say("\n".join(changed) if commit else "")
    else:
        rows = [
            (str(outcome.row), outcome.what, _id(outcome, is_saved=bool(commit)), " ".join(_reasons(outcome)))
            for outcome in result.outcomes
            if outcome.what != "unchanged"
        ]
        if rows:
            session.rows(_COLUMNS, rows)


def _id(outcome: Outcome, *, is_saved: bool) -> str:
    return outcome.record if is_saved or outcome.what != "created" else ""


def _plain(outcome: Outcome, *, is_saved: bool) -> dict[str, Any]:
    error = outcome.trouble
    return {
        "row": outcome.row,
        "what": outcome.what,
        "id": _id(outcome, is_saved=is_saved),
        "field": error.field if error else "",
        "column": error.column if error else "",
        "message": error.message if error else "",
        "hint": error.hint if error else "",
        "alike": list(outcome.alike),
        "warnings": list(outcome.warnings),
    }


def _reasons(outcome: Outcome) -> Iterator[str]:
    if outcome.trouble:
        place = f"column {outcome.trouble.column}: " if outcome.trouble.column else ""
        yield f"{place}{outcome.trouble.message}" + (f" ({outcome.trouble.hint})" if outcome.trouble.hint else "")
    if outcome.alike:
        yield f"perhaps about the same: {', '.join(outcome.alike)}"
    if outcome.warnings:
        yield f"[{', '.join(outcome.warnings)}]"


def _print_counts(session: Session, result: ImportResult, commit: str, *, strict: bool, dry_run: bool) -> None:
    """The counts, and what comes next; exit code 1 when a row was refused."""
    refused = result.count("refused")
    counts = ", ".join(f"{result.count(kind)} {kind}" for kind in ("created", "updated", "unchanged", "refused"))
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
