"""`solidarity hearing`: a date in court, announced, postponed, held, cancelled."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import By, CaseArgument, DryRun, a_date, code, code_option
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs
from solidarity_cli.core.errors import UsageError


def main(
    ctx: typer.Context,
    case: CaseArgument,
    at: Annotated[str, typer.Option(metavar="WHEN", help="2026-10, 2026-10-21, or 2026-10-21T10:00+03:00.")] = "",
    postpone: Annotated[str, typer.Option(metavar="H", help="The hearing that is postponed, to --at if known.")] = "",
    held: Annotated[str, typer.Option(metavar="H", help="The hearing that was held.")] = "",
    cancel: Annotated[str, typer.Option(metavar="H", help="The hearing that is cancelled.")] = "",
    kind: Annotated[str, code_option("hearing-kind", "--kind", help="What kind of hearing.")] = "",
    access: Annotated[str, code_option("hearing-access", "--access", help="Who may attend.")] = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Add a hearing, postpone it, say that it was held or cancelled."""
    session: Session = ctx.obj
    register, words = session.register, session.register.now.schemas.words
    subject = register.case(case)
    when = a_date(at, "--at")
    if "T" in when and not when.endswith("Z") and "+" not in when and when.count("-") < 3:
        raise UsageError("a time needs its offset", hint=f"--at {when}+03:00")
    if postpone:
        edits = verbs.postpone_hearing(subject, postpone, when)
    elif held or cancel:
        edits = verbs.end_hearing(subject, held or cancel, "held" if held else "cancelled")
    elif when:
        access_code = code(words, "hearing-access", access, "--access")
        edits = verbs.hearing(subject, when, kind=code(words, "hearing-kind", kind, "--kind"), access=access_code)
    else:
        raise UsageError("when is the hearing?", hint=f"solidarity hearing {subject.id} --at 2026-10-21")
    plan = register.plan("hearing", edits={subject.id: edits}, by=by)
    message = (
        f"{subject.id}: hearing {'postponed' if postpone else 'held' if held else 'cancelled' if cancel else 'added'}"
    )
    session.carry_out(plan, answer=subject.id, message=message, next_step="solidarity agenda", dry_run=dry_run)
