"""`solidarity validate`: records against their schema and the rules. It never writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from solidarity_cli.cli.commands.options import AsOf, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.git.snapshot import name_of
from solidarity_cli.register.validate import Located, inspect

_FORMATS = ("text", "json", "github", "gitlab", "sarif")


def main(
    ctx: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID|PATH]…", help="Records; without any, all.", autocompletion=record_ids("cases")),
    ] = None,
    as_of: AsOf = "",
    changed_since: Annotated[str, typer.Option(metavar="REV", help="Only what differs from this revision.")] = "",
    staged: Annotated[
        bool, typer.Option("--staged", help="What the next commit would hold, its paths, the branch.")
    ] = False,
    message: Annotated[
        Path | None, typer.Option("--message", metavar="FILE", help="A commit message, before the commit is made.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help=", ".join(_FORMATS) + ".")] = "text",
) -> None:
    """Check records against their schema and the rules; exit code 1 when an error is among the findings."""
    session: Session = ctx.obj
    if format_ not in _FORMATS:
        raise UsageError("--format has no such format", hint=", ".join(_FORMATS))
    register = session.register
    if staged or message:
        if what or as_of or changed_since or (staged and message):
            raise UsageError("--staged and --message each stand alone", hint="solidarity validate --staged")
        _before_a_commit(session, message, format_)
        return
    reading = register.reading(as_of)
    chosen = _chosen(session, reading, what or ())
    before = None
    if changed_since:
        earlier = register.reading(changed_since)
        changed = {path for path, blob in reading.snapshot.records() if earlier.snapshot.blobs.get(path) != blob}
        chosen = changed if chosen is None else chosen & changed
        before = earlier
    found = inspect(reading, chosen, before=before or register.committed_text(as_of))
    checked = len(list(reading.snapshot.records())) if chosen is None else len(chosen)
    from solidarity_cli.register.private_parts import count_locked

    _tell(session, found, checked, format_)
    _tell_locked(session, count_locked(reading, None if chosen is None else map(name_of, chosen)))
    errors = sum(located.finding.refuses for located in found)
    if format_ == "text":
        session.note(f"records checked: {checked}; errors: {errors}, warnings: {len(found) - errors}")
    if errors:
        raise typer.Exit(1)


def _before_a_commit(session: Session, message: Path | None, form: str) -> None:
    """What is about to be committed; nothing is said when nothing is wrong: git shows it at every commit."""
    from solidarity_cli.git.snapshot import bytes_of
    from solidarity_cli.register.leaks.staged import Guard

    register = session.register
    guard = Guard(register.root, register.ledger, register.today, lambda: register.keyring)
    looked = guard.message(bytes_of(message).decode(errors="replace")) if message else guard.check_staged()
    _tell(session, looked.found, looked.checked, form)
    _tell_locked(session, looked.closed)
    if any(one.finding.refuses for one in looked.found):
        raise typer.Exit(1)


def _tell(session: Session, found: Sequence[Located], checked: int, form: str) -> None:
    from solidarity_cli.render.findings import render

    session.say(render(found, checked, form))


def _tell_locked(session: Session, locked: int) -> None:
    if locked:
        session.note(f"records sealed to you, in which nothing private was looked at: {locked}")


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
