"""`solidarity approve`: a Group member's yes to the newest assessment."""

from __future__ import annotations

import typer

from solidarity_cli.cli.commands.options import By, CaseArgument, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs


def main(ctx: typer.Context, case: CaseArgument, by: By = "", dry_run: DryRun = False) -> None:
    """Add your approval to the newest assessment."""
    session: Session = ctx.obj
    subject = session.register.case(case)
    edits = verbs.approve(subject, by=session.caller(by), on=session.today)
    plan = session.register.plan("approve", edits={subject.id: edits}, by=by)
    message = f"{subject.id}: assessment {subject.assessments[-1].id} approved"
    session.carry_out(
        plan, answer=subject.id, message=message, next_step=f"solidarity show {subject.id}", dry_run=dry_run
    )
