"""`solidarity note`: a note whose text goes to the private part."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import By, CaseArgument, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs
from solidarity_cli.core.errors import UsageError


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
    words = words_of(session, text)
    edits = verbs.note(subject, words, by=session.caller(by), on=session.today)
    plan = session.register.plan("note", edits={subject.id: edits}, by=by)
    message = f"{subject.id}: note added"
    session.carry_out(
        plan, answer=subject.id, message=message, next_step=f"solidarity show {subject.id}", dry_run=dry_run
    )


def words_of(session: Session, text: str, noun: str = "note") -> str:
    """The text of a note: as typed, from standard input for `-`, or asked for. Raises UsageError for an empty one."""
    if text == "-":
        text = sys.stdin.read()
    elif not text and session.asks:
        text = typer.prompt(f"{noun.capitalize()} (private)")
    if not text.strip():
        raise UsageError(f"the {noun} is empty", hint=f'solidarity {noun} ID "…"')
    return text.strip()
