"""`solidarity assess`: the Group's assessment and decision."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import (
    By,
    CaseArgument,
    DryRun,
    OnDate,
    Reason,
    a_date,
    code,
    code_option,
    codes,
    codes_of,
    require_options,
)
from solidarity_cli.cli.session import Session
from solidarity_cli.core import verbs


def main(
    ctx: typer.Context,
    case: CaseArgument,
    decision: Annotated[str, code_option("decision", "--decision", help="What is decided.")] = "",
    reason: Reason = "",
    life_at_risk: Annotated[str, code_option("answer", "--life-at-risk", help="Is a life at risk?")] = "",
    freedom_at_risk: Annotated[
        str, code_option("answer", "--freedom-at-risk", help="Is somebody's freedom at risk?")
    ] = "",
    risk_level: Annotated[str, code_option("risk-level", "--risk-level", help="How high the risk is.")] = "",
    risk_review: Annotated[str, typer.Option(metavar="DATE", help="When the risk is looked at again.")] = "",
    wider_impact: Annotated[
        str, code_option("answer", "--wider-impact", help="Does it affect civil society beyond?")
    ] = "",
    impact_reason: Annotated[str, typer.Option(metavar="TEXT", help="In what way; no names.")] = "",
    basis: Annotated[
        list[str] | None,
        typer.Option(metavar="PROVISION", help="A provision; may be repeated.", autocompletion=codes_of("provisions")),
    ] = None,
    form: Annotated[
        list[str] | None, code_option("action-type", "--form", help="How help is shown; may be repeated.")
    ] = None,
    date: OnDate = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Record the Group's assessment and decision; the decision moves the status."""
    session: Session = ctx.obj
    require_options(decision=decision, reason=reason)
    register, words = session.register, session.register.now.schemas.words
    subject = register.case(case)
    answers = {
        "life_at_risk": code(words, "answer", life_at_risk, "--life-at-risk"),
        "freedom_at_risk": code(words, "answer", freedom_at_risk, "--freedom-at-risk"),
        "risk_level": code(words, "risk-level", risk_level, "--risk-level"),
        "risk_review": a_date(risk_review, "--risk-review", partial=False),
        "wider_impact": code(words, "answer", wider_impact, "--wider-impact"),
        "impact_reason": impact_reason,
        "basis": list(dict.fromkeys(part.strip() for value in basis or () for part in value.split(","))),
        "decision": code(words, "decision", decision, "--decision"),
        "forms": codes(words, "action-type", form or (), "--form"),
        "reason": reason,
    }
    edits = verbs.assess(subject, answers, by=session.caller(by), on=session.day(date))
    plan = register.plan("assess", edits={subject.id: edits}, by=by)
    session.carry_out(
        plan,
        answer=subject.id,
        message=f"{subject.id} assessed: {decision}",
        next_step=_next_step(subject.id, decision),
        dry_run=dry_run,
    )


def _next_step(case: str, decision: str) -> str:
    if decision in ("decline", "more-information"):
        return f"solidarity link-action {case} --type information --status done"
    return f"solidarity link-action {case} --type …   (a second member: solidarity approve {case})"
