"""`solidarity comment`: a reviewer's remark on a case, kept like a note: a review by mail is in the trail too."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.note import words_of
from solidarity_cli.cli.commands.options import By, CaseArgument, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs


def main(
    ctx: typer.Context,
    case: CaseArgument,
    text: Annotated[str, typer.Argument(metavar="[TEXT|-]", help="The remark; - reads it from standard input.")] = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Write down what a reviewer said about a case, also in a meeting or a mail; its text is private."""
    session: Session = ctx.obj
    subject = session.register.case(case)
    words = words_of(session, text, "comment")
    edits = verbs.note(subject, words, by=session.caller(by), on=session.today)
    plan = session.register.plan("comment", edits={subject.id: edits}, by=by)
    message = f"{subject.id}: comment added"
    session.carry_out(
        plan, answer=subject.id, message=message, next_step=f"solidarity show {subject.id}", dry_run=dry_run
    )
