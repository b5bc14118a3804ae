"""`solidarity update-action`: how an action went."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import ActionArgument, By, DryRun, a_date, code, code_option
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs


def main(
    ctx: typer.Context,
    action: ActionArgument,
    status: Annotated[str, code_option("action-status", "--status", help="planned, done or cancelled.")] = "",
    date: Annotated[str, typer.Option(metavar="D", help="When it was done.")] = "",
    response: Annotated[str, code_option("response", "--response", help="How those addressed answered.")] = "",
    impact: Annotated[str, code_option("impact", "--impact", help="What it changed.")] = "",
    url: Annotated[str, typer.Option(metavar="U", help="Where it can be read.")] = "",
    observers: Annotated[int, typer.Option(metavar="N", help="How many observers.", min=0, show_default=False)] = 0,
    referral_state: Annotated[
        str, code_option("referral-state", "--referral-state", help="How far the referral is.")
    ] = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Record how an action went."""
    session: Session = ctx.obj
    register, words = session.register, session.register.now.schemas.words
    subject = register.action(action)
    answers = {
        "status": code(words, "action-status", status, "--status"),
        "date": a_date(date, "--date"),
        "response": code(words, "response", response, "--response"),
        "impact": code(words, "impact", impact, "--impact"),
        "url": url,
        "observers": observers,
        "referral_state": code(words, "referral-state", referral_state, "--referral-state"),
    }
    edits = verbs.update_action(subject, answers, on=session.today)
    plan = register.plan("update-action", edits={subject.id: edits}, by=by)
    message = f"{subject.id} updated"
    session.carry_out(
        plan, answer=subject.id, message=message, next_step=f"solidarity show {subject.cases[0]}", dry_run=dry_run
    )
