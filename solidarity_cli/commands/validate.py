"""`solidarity validate`: records against their schema and the rules. It never writes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from solidarity_cli.commands.options import AsOf, record_ids
from solidarity_cli.core.errors import Refused, Usage
from solidarity_cli.inspection import inspect
from solidarity_cli.session import Session

_FORMATS = ("text", "json", "github", "gitlab", "sarif")


def main(
    ctx: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID|PATH]…", help="Records; without any, all.", autocompletion=record_ids("cases")),
    ] = None,
    as_of: AsOf = "",
    changed_since: Annotated[str, typer.Option(metavar="REV", help="Only what differs from this revision.")] = "",
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help=", ".join(_FORMATS) + ".")] = "text",
) -> None:
    """Check records against their schema and the rules; exit code 1 when an error is among the findings."""
    session: Session = ctx.obj
    if format_ not in _FORMATS:
        raise Usage("--format has no such format", hint=", ".join(_FORMATS))
    register = session.register
    reading = register.reading(as_of)
    chosen = _chosen(session, reading, what or ())
    before = None
    if changed_since:
        earlier = register.reading(changed_since)
        changed = {path for path, blob in reading.snapshot.records() if earlier.snapshot.blobs.get(path) != blob}
        chosen = changed if chosen is None else chosen & changed
        before = earlier
    found = inspect(reading, chosen, before=before or register.committed(as_of))
    checked = len(list(reading.snapshot.records())) if chosen is None else len(chosen)
    from solidarity_cli.render.findings import render

    session.say(render(found, checked, format_))
    errors = sum(located.finding.refuses for located in found)
    if format_ == "text":
        session.remark(f"{checked} records checked: {errors} errors, {len(found) - errors} warnings")
    if errors:
        raise typer.Exit(1)


def _chosen(session: Session, reading: Any, what: tuple[str, ...] | list[str]) -> set[str] | None:
    """The paths that ids and paths name; None for all."""
    if not what:
        return None
    chosen = set()
    for one in what:
        path = _inside(session.root, one)
        below = (
            {known for known in reading.snapshot.blobs if known == path or known.startswith(f"{path}/")}
            if path
            else set()
        )
        if below:
            chosen |= below
        elif path and "/" in one:
            raise Refused("there is no record at that path", hint="solidarity validate cases")
        else:
            record, _ = session.register.record(one)
            chosen.add(reading.paths[record])
    return chosen


def _inside(root: Path, text: str) -> str:
    """A path as the register names it; empty when it leads elsewhere."""
    try:
        return (Path.cwd() / text).resolve().relative_to(root).as_posix()
    except (ValueError, OSError):
        return ""
