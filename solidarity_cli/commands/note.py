"""`solidarity note`: a note whose text goes to the private part."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from solidarity_cli.commands.options import By, CaseArgument, DryRun
from solidarity_cli.core import verbs
from solidarity_cli.core.errors import Usage
from solidarity_cli.session import Session


def main(
    ctx: typer.Context,
    case: CaseArgument,
    text: Annotated[str, typer.Argument(metavar="[TEXT|-]", help="The note; - reads it from standard input.")] = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Add a note to a case; its text is private."""
    session: Session = ctx.obj
    subject = session.register.case(case)
    words = _words(session, text)
    edits = verbs.note(subject, words, by=session.caller(by), on=session.today)
    plan = session.register.plan("note", edits={subject.id: edits}, by=by)
    said = f"{subject.id}: note added"
    session.carry_out(plan, answer=subject.id, said=said, next_step=f"solidarity show {subject.id}", dry_run=dry_run)


def _words(session: Session, text: str) -> str:
    if text == "-":
        text = sys.stdin.read()
    elif not text and session.asks:
        text = typer.prompt("Note (private)")
    if not text.strip():
        raise Usage("the note is empty", hint='solidarity note ID "…"')
    return text.strip()
