"""Where a case may stand, how it gets there, and that the person hears of its end."""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.findings import Severity
from solidarity_cli.core.model import Case, Decision, Status
from solidarity_cli.core.model.status_transitions import is_step, steps_from
from solidarity_cli.core.rules.partial_dates import decided
from solidarity_cli.core.rules.rule import Violation, rule

_OUTCOMES_WITHOUT_NOTICE = ("no-contact", "died", "duplicate")


@rule("lifecycle", "case", reference="Solidarity work of the Forum: every case has a decision and an end")
def lifecycle(case: Case, facts: Facts) -> Iterator[Violation]:
    """A status follows from the earlier one by an allowed step; a duplicate names the kept case.

    The way of a case: received, assessing, then active, declined, or duplicate; from assessing back to received
    when more information is asked for; from active to monitoring and back; from both to closed; from closed or
    declined back to assessing when it is reopened. Recording an assessment takes all steps to its decision at once.

    A status also agrees with the rest of the record: an active or monitored case has a positive decision (a later
    question for more information does not undo it), a declined one the decision to decline, a closed one its
    closure, a duplicate a link to the case that is kept.

    What to do: do not write a status by hand. `solidarity assess` and `solidarity set-status` move it.
    """
    earlier = facts.before.get(case.id)
    if earlier and earlier.status is not case.status and not _is_allowed_change(earlier, case):
        yield Violation(
            f"{case.id} was {earlier.status} and cannot become {case.status} by one step",
            field="status",
            hint=_next_step(earlier),
        )
    yield from _check_agreement(case, facts)


def _is_allowed_change(earlier: Case, case: Case) -> bool:
    """One step; or a new assessment, which passes through `assessing` and ends where its decision leads."""
    if is_step(earlier.status, case.status):
        return True
    assessed = len(case.assessments) > len(earlier.assessments) and earlier.status is not Status.DUPLICATE
    return assessed and case.decision is not None and case.decision.leads_to is case.status


def _next_step(earlier: Case) -> str:
    steps = steps_from(earlier.status)
    if not steps:
        return f"a duplicate stays one; the kept case goes on: solidarity show {earlier.id}"
    if earlier.status is Status.ASSESSING:
        return f"solidarity assess {earlier.id} --decision … --reason …"
    return f"solidarity set-status {earlier.id} {steps[0]} --reason …"


def _check_agreement(case: Case, facts: Facts) -> Iterator[Violation]:
    """Whether the status agrees with the other fields of the same record."""
    answers = [
        assessment.decision for assessment in decided(case) if assessment.decision is not Decision.MORE_INFORMATION
    ]
    newest = answers[-1] if answers else None
    assess = f"solidarity assess {case.id} --decision … --reason …"
    match case.status:
        case Status.ACTIVE | Status.MONITORING if not (newest and newest.is_positive):
            yield Violation(f"{case.id} is {case.status} without a positive decision", field="status", hint=assess)
        case Status.DECLINED if newest is not Decision.DECLINE:
            yield Violation(f"{case.id} is declined without a decision to decline", field="status", hint=assess)
        case Status.CLOSED if case.closure is None:
            yield Violation(
                f"{case.id} is closed without a closure",
                field="closure",
                hint=f"solidarity edit {case.id} --set closure.date=… --set closure.outcome=… --set closure.reason=…",
            )
        case Status.DUPLICATE:
            yield from _check_kept_case(case, facts)


def _check_kept_case(case: Case, facts: Facts) -> Iterator[Violation]:
    """A duplicate of a duplicate, or of itself, would leave nobody in charge."""
    kept_ids = [link.case for link in case.links if link.relation == "duplicate-of"]
    hint = f"solidarity edit {case.id}   (links: the kept case, relation duplicate-of)"
    if not kept_ids:
        yield Violation(f"{case.id} is a duplicate and does not name the kept case", field="links", hint=hint)
    for kept_id in kept_ids:
        if kept_id == case.id:
            yield Violation(f"{case.id} is named as the duplicate of itself", field="links", hint=hint)
        elif kept_id in facts.cases and facts.cases[kept_id].status is Status.DUPLICATE:
            yield Violation(
                f"{case.id} is the duplicate of {kept_id}, which is a duplicate too", field="links", hint=hint
            )


@rule("told", "case", reference="EU Guidelines: feedback to defenders and families", severity=Severity.WARNING)
def told(case: Case, facts: Facts) -> Iterator[Violation]:
    """A case is closed only after the person was told.

    Whoever asked for help should not learn from silence that nothing more will come. Nothing is asked for when
    nobody can be told: contact was lost, the person died, or the case is a duplicate of another.

    What to do: tell them on the channel they called safe, then record it.
    """
    closure = case.closure
    if case.status is not Status.CLOSED or closure is None or closure.outcome in _OUTCOMES_WITHOUT_NOTICE:
        return
    if closure.person_told != "yes":
        yield Violation(
            f"{case.id} is closed and nobody has recorded that the person was told",
            field="closure.person_told",
            hint=f"solidarity edit {case.id} --set closure.person_told=yes",
        )
