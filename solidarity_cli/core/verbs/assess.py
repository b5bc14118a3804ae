"""The Group's assessment of a case, its decision, and the approvals of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from solidarity_cli.core.edits import Append, Edit, Set, next_item_id
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Case, Decision, Status


def assess(case: Case, answers: Mapping[str, Any], *, by: str, on: date) -> tuple[Edit, ...]:
    """Append an assessment; its decision moves the status.

    `answers` holds the fields of an assessment as the schema names them; those left out stay out.
    Raises Refused for a case that must be reopened first, and for a decision that no longer fits.
    """
    decision = Decision(answers["decision"])
    _require_assessable(case, decision)
    assessment = {
        "id": next_item_id("a", case.assessments),
        "date": on.isoformat(),
        "by": by,
        **{key: value for key, value in answers.items() if value not in (None, "", [], ())},
    }
    moves = case.status in (Status.RECEIVED, Status.ASSESSING) or decision.is_positive
    status = (Set("status", decision.leads_to.value),) if moves and decision.leads_to != case.status else ()
    return (Append("assessments", assessment), *status)


def _require_assessable(case: Case, decision: Decision) -> None:
    if case.status is Status.DUPLICATE:
        raise Refused(f"{case.id} is a duplicate", hint="assess the kept case: solidarity show " + case.id)
    if not case.status.is_open:
        raise Refused(
            f"{case.id} is {case.status}", hint=f"reopen it first: solidarity set-status {case.id} assessing --reason …"
        )
    if case.status in (Status.ACTIVE, Status.MONITORING) and decision is Decision.DECLINE:
        raise Refused(
            f"{case.id} is {case.status}: it is closed, not declined",
            hint=f"solidarity set-status {case.id} closed --outcome no-further-action --reason …",
        )


def approve(case: Case, *, by: str, on: date) -> tuple[Edit, ...]:
    """Add an approval to the newest assessment. Raises Refused without one, for the assessor, and for a second time."""
    newest = case.assessment
    if newest is None:
        raise Refused(f"{case.id} has no assessment yet", hint=f"solidarity assess {case.id} --decision …")
    if _is_same_person(by, newest.by):
        raise Refused(
            "an assessment is approved by somebody other than its assessor [quorum]",
            hint=f"ask another Group member to type: solidarity approve {case.id}",
        )
    if any(_is_same_person(by, approval.by) for approval in newest.approvals):
        raise Refused(f"you have approved assessment {newest.id} already", hint=f"solidarity show {case.id}")
    return (Append(f"assessments.{newest.id}.approvals", {"by": by, "date": on.isoformat()}),)


def _is_same_person(name: str, other: str) -> bool:
    return name.strip().casefold() == other.strip().casefold()
