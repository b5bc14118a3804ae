"""`solidarity consent`: what a person allows, or no longer allows."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import (
    By,
    CaseArgument,
    DryRun,
    OnDate,
    a_date,
    code,
    code_option,
    codes,
    require_options,
)
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs


def main(
    ctx: typer.Context,
    case: CaseArgument,
    use: Annotated[list[str] | None, code_option("consent-use", "--use", help="For what; may be repeated.")] = None,
    answer: Annotated[str, code_option("consent-answer", "--answer", help="What was answered.")] = "",
    given_by: Annotated[str, code_option("consent-by", "--given-by", help="Who answered.")] = "",
    share_with: Annotated[list[str] | None, typer.Option(metavar="ORG", help="With whom; may be repeated.")] = None,
    embargo: Annotated[str, typer.Option(metavar="DATE", help="Not before this day has passed.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take consent back, for --use or for all.")] = False,
    date: OnDate = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Record what a person allows, or no longer allows."""
    session: Session = ctx.obj
    register, words = session.register, session.register.now.schemas.words
    subject = register.case(case)
    uses = codes(words, "consent-use", use or (), "--use")
    who = code(words, "consent-by", given_by, "--given-by")
    if withdraw:
        edits = verbs.withdraw_consent(subject, uses, on=session.day(date), by=who)
    else:
        require_options(use=" ".join(uses), answer=answer)
        edits = verbs.consent(
            subject,
            uses,
            code(words, "consent-answer", answer, "--answer"),
            on=session.day(date),
            by=who,
            share_with=[part.strip() for value in share_with or () for part in value.split(",")],
            embargo=a_date(embargo, "--embargo", partial=False),
        )
    plan = register.plan("consent", edits={subject.id: edits}, by=by)
    message = f"{subject.id}: consent {'withdrawn' if withdraw else 'recorded'}"
    actions = register.now.facts([subject.id]).actions_of(subject.id) if withdraw else ()
    session.carry_out(
        plan, answer=subject.id, message=message, next_step=f"solidarity show {subject.id}", dry_run=dry_run
    )
    for action in verbs.already_public(actions):
        session.note(f"already public: {action.id}, {action.type}, {action.date}: see whether it can be taken down")
    for organisation, day, shared in verbs.already_shared(actions, subject.id):
        session.note(f"already shared: with {organisation}, {day or 'no date'}, {shared}: tell them of the withdrawal")
