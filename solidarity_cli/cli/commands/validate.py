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
        _check_commit(session, message, format_)
        return
    reader = register.reading(as_of)
    paths = _selected_paths(session, reader, what or ())
    before = None
    if changed_since:
        earlier = register.reading(changed_since)
        changed = {path for path, blob in reader.snapshot.records() if earlier.snapshot.blobs.get(path) != blob}
        paths = changed if paths is None else paths & changed
        before = earlier
    findings = inspect(reader, paths, before=before or register.committed_text(as_of))
    count = len(list(reader.snapshot.records())) if paths is None else len(paths)
    from solidarity_cli.register.check_private_parts import count_locked

    _print_findings(session, findings, count, format_)
    _note_locked(session, count_locked(reader, None if paths is None else map(name_of, paths)))
    errors = sum(located.finding.refuses for located in findings)
    if format_ == "text":
        session.note(f"records checked: {count}; errors: {errors}, warnings: {len(findings) - errors}")
    if errors:
        raise typer.Exit(1)


def _check_commit(session: Session, message: Path | None, form: str) -> None:
    """What is about to be committed; nothing is said when nothing is wrong: git shows it at every commit."""
    from solidarity_cli.git.snapshot import bytes_of
    from solidarity_cli.register.leaks.staged import Guard

    register = session.register
    guard = Guard(register.root, register.ledger, register.today, lambda: register.keyring)
    check = guard.message(bytes_of(message).decode(errors="replace")) if message else guard.check_staged()
    _print_findings(session, check.findings, check.checked, form)
    _note_locked(session, check.closed)
    if any(located.finding.refuses for located in check.findings):
        raise typer.Exit(1)


def _print_findings(session: Session, findings: Sequence[Located], count: int, form: str) -> None:
    from solidarity_cli.render.findings import render

    session.say(render(findings, count, form))


def _note_locked(session: Session, locked: int) -> None:
    if locked:
        session.note(f"records sealed to you, in which nothing private was looked at: {locked}")


def _selected_paths(session: Session, reader: Any, arguments: tuple[str, ...] | list[str]) -> set[str] | None:
    """The paths that ids and paths name; None for all."""
    if not arguments:
        return None
    paths = set()
    for argument in arguments:
        path = _register_path(session.root, argument)
        below = (
            {known for known in reader.snapshot.blobs if known == path or known.startswith(f"{path}/")}
            if path
            else set()
        )
        if below:
            paths |= below
        elif path and "/" in argument:
            raise Refused("there is no record at that path", hint="solidarity validate cases")
        else:
            record, _ = session.register.record(argument)
            paths.add(reader.paths[record])
    return paths


def _register_path(root: Path, text: str) -> str:
    """A path as the register names it; empty when it leads elsewhere."""
    try:
        return (Path.cwd() / text).resolve().relative_to(root).as_posix()
    except (ValueError, OSError):
        return ""
