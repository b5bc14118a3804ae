"""`solidarity set-status`: close, watch, reopen, mark a duplicate."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import (
    By,
    CaseArgument,
    DryRun,
    OnDate,
    Reason,
    code,
    code_option,
    record_ids,
    require_options,
)
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs
from solidarity_cli.core.model import Status


def main(
    ctx: typer.Context,
    case: CaseArgument,
    status: Annotated[str, typer.Argument(metavar="STATUS", help="Where the case goes.")],
    reason: Reason = "",
    outcome: Annotated[str, code_option("outcome", "--outcome", help="How it ended; for closed.")] = "",
    person_told: Annotated[str, code_option("answer", "--person-told", help="Was the person told? yes or no.")] = "",
    duplicate_of: Annotated[
        str, typer.Option(metavar="ID", help="The kept case; for duplicate.", autocompletion=record_ids("cases"))
    ] = "",
    date: OnDate = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Close, watch, or reopen a case, or mark it as a duplicate."""
    session: Session = ctx.obj
    register, words = session.register, session.register.now.schemas.words
    subject = register.case(case)
    target = Status(code(words, "status", status, "STATUS"))
    require_options(reason=reason)
    edits = verbs.set_status(
        subject,
        target,
        reason=reason,
        by=session.caller(by),
        on=session.day(date),
        outcome=code(words, "outcome", outcome, "--outcome"),
        person_told=code(words, "answer", person_told, "--person-told"),
        duplicate_of=register.now.find(duplicate_of) if duplicate_of else "",
    )
    plan = register.plan("set-status", edits={subject.id: edits}, by=by)
    message = f"{subject.id}: {subject.status} -> {target}"
    session.carry_out(
        plan, answer=subject.id, message=message, next_step=f"solidarity show {subject.id}", dry_run=dry_run
    )
