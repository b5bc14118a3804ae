"""What makes a decision: its basis in the three instruments, its reason, its approvals, and that it comes in time."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from solidarity_cli.core.approvals import approvers, is_waiting, person
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.findings import Severity
from solidarity_cli.core.model import Action, Assessment, Case, Decision, Status
from solidarity_cli.core.rules.mandate import needs_assessment
from solidarity_cli.core.rules.partial_dates import decided, done_on, earliest, in_force, latest
from solidarity_cli.core.rules.rule import Violation, rule


def _assess(case: Case, decision: Decision | None) -> str:
    return f"solidarity assess {case.id} --decision {decision or '…'} --reason …"


@rule("basis-cited", "case", reference="UN Declaration; EU Guidelines; OSCE/ODIHR Guidelines")
def basis_cited(case: Case, facts: Facts) -> Iterator[Violation]:
    """A positive decision cites at least one provision of the three instruments.

    The Group works on the UN Declaration on Human Rights Defenders, the EU Guidelines, and the OSCE/ODIHR
    Guidelines. A decision that cites none cannot be explained to an authority, nor to the next person who asks for
    the same. Every provision cited stands in the catalogue, `schemas/standards.yaml`.

    What to do: `solidarity explain` with the incident's code offers provisions; a person chooses.
    """
    known = facts.words.provisions
    for assessment in case.assessments:
        if assessment.decision and assessment.decision.is_positive and not assessment.basis:
            yield Violation(
                f"assessment {assessment.id} of {case.id} is positive and cites no provision",
                field=f"assessments.{assessment.id}.basis",
                hint=f"{_assess(case, assessment.decision)} --basis un-hrd-9",
            )
        unknown = [provision for provision in assessment.basis if known and provision not in known]
        if unknown:
            matches = get_close_matches(unknown[0], known, n=1)
            yield Violation(
                f"assessment {assessment.id} of {case.id} cites a provision that is not in the catalogue",
                field=f"assessments.{assessment.id}.basis",
                hint=f"did you mean {matches[0]}?" if matches else "the catalogue: solidarity explain provisions",
            )


@rule(
    "basis-scope",
    "case",
    reference="EU Guidelines: third countries; OSCE/ODIHR Guidelines: participating States",
    severity=Severity.WARNING,
)
def basis_scope(case: Case, facts: Facts) -> Iterator[Violation]:
    """EU Guidelines do not fit inside the EU, ODIHR Guidelines not outside the OSCE.

    The EU Guidelines bind what the EU does towards other countries; for an incident in a member state they are no
    basis. The ODIHR Guidelines address the participating States of the OSCE. The countries of the incidents count,
    without them the subject's country; where one of several fits, and where the country is withheld, nothing is said.

    What to do: cite the UN Declaration, which fits everywhere, or the Guidelines that fit.
    """
    newest = in_force(decided(case), None)
    countries = {incident.country for incident in case.incidents} - {"", "XX"} or {case.subject.country} - {"", "XX"}
    groups = facts.words.groups
    if newest is None or not countries:
        return
    for instrument, is_out_of_scope in (
        ("eu-hrd", countries <= groups.get("eu", frozenset())),
        ("odihr-hrd", "osce" in groups and countries.isdisjoint(groups["osce"])),
    ):
        if is_out_of_scope and any(_instrument(provision, facts) == instrument for provision in newest.basis):
            where = "inside the EU" if instrument == "eu-hrd" else "outside the OSCE"
            yield Violation(
                f"assessment {newest.id} of {case.id} cites {instrument} for what happened {where}",
                field=f"assessments.{newest.id}.basis",
                hint=f"{_assess(case, newest.decision)} --basis un-hrd-9",
            )


def _instrument(provision: str, facts: Facts) -> str:
    known = facts.words.provisions.get(provision)
    return known.instrument if known else provision.partition("-hrd")[0] + "-hrd"


@rule("reason-given", "case", reference="Solidarity work of the Forum: decisions can be explained")
def reason_given(case: Case, facts: Facts) -> Iterator[Violation]:
    """Every decision and every closure has a reason.

    A reason is a sentence without names; three letters are the least. It is what the Group answers when somebody
    asks why one appeal was taken up and another was not.

    What to do: give it with `--reason`.
    """
    for assessment in case.assessments:
        if assessment.decision and not _has_text(assessment.reason):
            yield Violation(
                f"assessment {assessment.id} of {case.id} gives no reason",
                field=f"assessments.{assessment.id}.reason",
                hint=_assess(case, assessment.decision),
            )
    if case.closure and not _has_text(case.closure.reason):
        yield Violation(
            f"the closure of {case.id} gives no reason",
            field="closure.reason",
            hint=f"solidarity set-status {case.id} closed --outcome {case.closure.outcome or '…'} --reason …",
        )


def _has_text(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) >= 3


@rule("quorum", "either", reference="Solidarity work of the Forum: the Group decides, not one person")
def quorum(record: Case | Action, facts: Facts) -> Iterator[Violation]:
    """A decision has the number of approvals that `register.yaml` asks for, none from the assessor (0 = off).

    An approval by the assessor counts for nothing and is an error. Each member counts once, however the name is
    written. A decision that still waits for approvals is a warning, or it could not even be written down; it is an
    error once it has been acted on: for an action that was done, and for a case that was closed. Asking for more
    information, and actions that need no decision, need no quorum. Where acts are signed, an approval is that of
    whoever signed it, and of nobody without a good signature.

    What to do: ask other members of the Group to type `solidarity approve`.
    """
    match record:
        case Action():
            yield from _check_approved_first(record, facts)
        case Case():
            yield from _check_own_approvals(record)
            newest = in_force(decided(record), None)
            if newest and is_waiting(record.id, newest, facts):
                is_closed = record.status is Status.CLOSED
                yield Violation(
                    f"assessment {newest.id} of {record.id} waits for approvals: {facts.charter.quorum} are asked for"
                    f"{_why_not_counted(record.id, newest, facts)}",
                    field=f"assessments.{newest.id}.approvals",
                    hint=f"another Group member types: solidarity approve {record.id}",
                    severity=Severity.ERROR if is_closed else Severity.WARNING,
                )


def _check_approved_first(action: Action, facts: Facts) -> Iterator[Violation]:
    if action.status != "done" or not needs_assessment(action):
        return
    for case in (facts.cases[case_id] for case_id in action.cases if case_id in facts.cases):
        newest = in_force(decided(case), done_on(action))
        if newest and is_waiting(case.id, newest, facts):
            yield Violation(
                f"{action.id} is done without the {facts.charter.quorum} approvals of {newest.id} in {case.id}",
                field="cases",
                hint=f"another Group member types: solidarity approve {case.id}",
            )


def _why_not_counted(case: str, assessment: Assessment, facts: Facts) -> str:
    """Why approvals that everybody can read do not count."""
    missing = len(assessment.approvals) - len(approvers(case, assessment, facts))
    return ", and one counts for whoever signed it" if missing and facts.signers else ""


def _check_own_approvals(case: Case) -> Iterator[Violation]:
    for assessment in case.assessments:
        if person(assessment.by) and person(assessment.by) in {
            person(approval.by) for approval in assessment.approvals
        }:
            yield Violation(
                f"assessment {assessment.id} of {case.id} is approved by its own assessor",
                field=f"assessments.{assessment.id}.approvals",
                hint=f"take that approval out; another Group member types: solidarity approve {case.id}",
            )


@rule("risk-review", "case", reference="OSCE/ODIHR Guidelines: protection of defenders", severity=Severity.WARNING)
def risk_review(case: Case, facts: Facts) -> Iterator[Violation]:
    """High or critical risk has a review date, not passed.

    Risk changes from one day to the next; an old "high" protects nobody. Only the newest assessment of an open case
    counts.

    What to do: look at the risk again and assess it anew, with the day of the next look.
    """
    newest = case.assessment
    if newest is None or not case.status.is_open or newest.risk_level not in ("high", "critical"):
        return
    review = latest(newest.risk_review)
    if review is None or review < facts.today:
        what = f"was to be reviewed by {newest.risk_review}" if review else "has no day of review"
        yield Violation(
            f"the {newest.risk_level} risk of {case.id} {what}",
            field=f"assessments.{newest.id}.risk_review",
            hint=f"{_assess(case, newest.decision)} --risk-level … --risk-review …",
        )


@rule("waiting", "case", reference="Solidarity work of the Forum: prompt assistance", severity=Severity.WARNING)
def waiting(case: Case, facts: Facts) -> Iterator[Violation]:
    """An appeal is assessed within the days that `register.yaml` sets; urgent ones sooner.

    The days run from receipt to the first decision, for appeals and for information. `waiting_days` in
    `register.yaml` holds one number for urgent cases and one for all others.

    What to do: assess it. A decision to ask for more information is an answer too.
    """
    received = earliest(case.received)
    if received is None or not case.status.is_open or decided(case):
        return
    days = (facts.today - received).days
    limits = facts.charter.waiting_days
    limit = limits.get("urgent" if case.urgency == "urgent" else "normal", limits.get("normal"))
    if limit is not None and days > limit:
        yield Violation(
            f"{case.id} has waited {days} days for an assessment, {days - limit} too many",
            field="received",
            hint=_assess(case, None),
        )
