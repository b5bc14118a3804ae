"""A case closed, watched, reopened, or marked as the duplicate of another."""

from __future__ import annotations

from datetime import date
from typing import Any

from solidarity_cli.core.edits import Append, Edit, Set
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.model import Case, Status
from solidarity_cli.core.model.status_transitions import is_step, steps_from
from solidarity_cli.core.verbs.note import note


def set_status(
    case: Case,
    status: Status,
    *,
    reason: str,
    by: str,
    on: date,
    outcome: str = "",
    person_told: str = "",
    duplicate_of: str = "",
) -> tuple[Edit, ...]:
    """Move a case by one allowed step; the reason is kept, a closing with its outcome.

    Raises Refused for a step that is not allowed and UsageError for an answer that is missing.
    """
    lacks_closure = status is Status.CLOSED and case.status is Status.CLOSED and case.closure is None
    if status is case.status and not lacks_closure:
        raise Refused(f"{case.id} is {status} already", hint=f"solidarity show {case.id}")
    if not lacks_closure and not is_step(case.status, status):
        allowed = ", ".join(steps_from(case.status)) or "nothing"
        raise Refused(
            f"{case.id} is {case.status}; from there it goes to: {allowed} [lifecycle]",
            hint="solidarity explain lifecycle",
        )
    if status in (Status.ACTIVE, Status.DECLINED) and case.status is Status.ASSESSING:
        raise Refused(f"a decision makes a case {status}", hint=f"solidarity assess {case.id} --decision …")
    move: tuple[Edit, ...] = (Set("status", status.value),)
    if status is Status.CLOSED:
        return (*move, Set("closure", _closure(reason, on, outcome, person_told)))
    if status is Status.DUPLICATE:
        if not duplicate_of:
            raise UsageError("a duplicate names the case that is kept", hint="--duplicate-of ID")
        move = (*move, Append("links", {"case": duplicate_of, "relation": "duplicate-of"}))
    return (*move, *note(case, reason, by=by, on=on))


def _closure(reason: str, on: date, outcome: str, person_told: str) -> dict[str, Any]:
    if not outcome:
        raise UsageError(
            "a closing has an outcome", hint="--outcome released (all of them: solidarity explain outcome)"
        )
    closure = {"date": on.isoformat(), "outcome": outcome, "reason": reason}
    return closure | ({"person_told": person_told} if person_told else {})
