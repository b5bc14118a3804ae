"""`solidarity edit`: fields of a case or an action, by settings or in an editor on a private copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import By, DryRun, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs
from solidarity_cli.core.changes import changes
from solidarity_cli.core.errors import Refused, SolidarityError, UsageError
from solidarity_cli.register.commit import Plan
from solidarity_cli.system.editor import open_editor
from solidarity_cli.system.private_dir import private_folder

_ERROR_MARK = "# ! "


def main(
    ctx: typer.Context,
    record: Annotated[str, typer.Argument(metavar="ID", help="A case or an action.", autocompletion=record_ids("*s"))],
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="incidents.i1.type=search")
    ] = None,
    removals: Annotated[list[str] | None, typer.Option("--unset", metavar="FIELD", help="Take a field away.")] = None,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Change fields of a case or an action; without --set in your editor, on a private copy."""
    session: Session = ctx.obj
    register = session.register
    name, kind = register.record(record)
    if settings or removals:
        now = register.now
        edits = verbs.edit(settings or (), removals or (), now.schemas.shape(kind))
        if kind == "case":
            edits += verbs.new_title(now.plain(name), edits, now.schemas.words, now.charter.languages[0])
        plan = register.plan("edit", edits={name: edits}, by=by)
    else:
        if not session.asks:
            raise UsageError("there is nobody to edit", hint=f"solidarity edit {name} --set FIELD=VALUE")
        plan = _plan_in_editor(session, name, by)
    session.carry_out(
        plan, answer=name, message=f"{name} changed", next_step=f"solidarity show {name}", dry_run=dry_run
    )


def _plan_in_editor(session: Session, name: str, by: str) -> Plan:
    """A plan from what a person wrote; opened again with what is wrong on top until it is right or left unchanged."""
    register = session.register
    register.now.stored_record(name)  # a file that cannot be read is refused in words
    before = register.decrypted_text(name)
    with private_folder(outside=register.root) as folder:
        return _edit_until_valid(folder / f"{name}.yaml", session, name, before, by)


def _edit_until_valid(file: Path, session: Session, name: str, before: str, by: str) -> Plan:
    text, error_comment = before, ""
    while True:
        draft = error_comment + text
        file.write_text(draft, encoding="utf-8", newline="\n")
        open_editor(file)
        edited = file.read_text(encoding="utf-8", errors="replace")
        text = "".join(line for line in edited.splitlines(keepends=True) if not line.startswith(_ERROR_MARK))
        if edited == draft and error_comment:
            raise Refused("the record is as it was: what was wrong is still wrong", hint=f"solidarity edit {name}")
        try:
            return _plan(session, name, before, text, by)
        except SolidarityError as error:
            error_comment = _error_comment(error)


def _plan(session: Session, name: str, before: str, text: str, by: str) -> Plan:
    from solidarity_cli.records.read import UnreadableError, read

    register = session.register
    try:
        old, new = read(before.encode()), read(text.encode())
    except UnreadableError as error:
        fault = error.fault
        raise Refused(f"line {fault.line}: {fault.message}", hint=fault.hint) from None
    if violations := verbs.protected_changes(changes(old, new)):
        raise Refused(violations[0])
    return register.plan("edit", texts={name: text}, by=by)


def _error_comment(error: SolidarityError) -> str:
    lines = [error.message, *([error.hint] if error.hint else [])]
    lines += [f"{finding.field}: {finding.message}" for finding in getattr(error, "findings", ())[1:]]
    return "".join(
        f"{_ERROR_MARK}{' '.join(line.split())}\n" for line in [*lines, "(to give up, leave the text as it is)"]
    )
