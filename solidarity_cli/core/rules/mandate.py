"""What the Group does and what it never does: help by solidarity and referral, after an assessment, without money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from solidarity_cli.core.dates import months_before
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.findings import Severity
from solidarity_cli.core.model import Action, Answer, Assessment, Case, Decision
from solidarity_cli.core.rules.partial_dates import decided, done_on, earliest, in_force, latest
from solidarity_cli.core.rules.rule import Violation, rule

_MONEY_WORDS = """
money cash grant grants stipend stipends donation donations payment payments loan loans fund funds funding
fee fees fine fines bail financial finance sponsorship subsidy
"""
_MONEY = frozenset(_MONEY_WORDS.split())

_FREE_OF_ASSESSMENT = ("information", "monitoring")


def needs_assessment(action: Action) -> bool:
    """Whether an action may only follow a positive decision."""
    return action.type not in _FREE_OF_ASSESSMENT and action.status != "cancelled"


def is_at_risk(case: Case, assessment: Assessment | None) -> bool:
    """Whether a case is about an individual whose life or freedom an assessment calls at risk."""
    answers = (assessment.life_at_risk, assessment.freedom_at_risk) if assessment else ()
    return case.subject.kind == "individual" and Answer.YES in answers


@rule("no-money", "either", reference="Solidarity work of the Forum: no financial assistance of any kind")
def no_money(record: Case | Action, facts: Facts) -> Iterator[Violation]:
    """No action gives money.

    A request for money is recorded as it came, and answered with another form of solidarity, a referral, or a
    decline. So a case in which money was asked for and the Group decided to assist has to say in which form help is
    given; without that, "assist" would read as a promise of money. The rule also shuts a back door: the words that a
    record may use are data, and if a type of action or a service that pays were ever added to them, it is refused
    here. It cannot read free text: a sentence that promises money is caught by the person who reviews it.

    What to do: name the form of help, decide to refer the person, or decline and say so.
    """
    match record:
        case Action():
            yield from _check_action_for_money(record, facts)
        case Case():
            yield from _check_case_for_money(record, facts)


def _check_action_for_money(action: Action, facts: Facts) -> Iterator[Violation]:
    allowed = facts.words.codes("action-type")
    if _is_paying(action.type) or (allowed and action.type not in allowed):
        yield Violation(f"{action.id} is of no type that the Group has: none of them gives money", field="type")
    if action.referral and any(_is_paying(service) for service in action.referral.services):
        yield Violation(f"{action.id} asks for a service that is money", field="referral.services")


def _check_case_for_money(case: Case, facts: Facts) -> Iterator[Violation]:
    allowed = facts.words.codes("action-type")
    for assessment in case.assessments:
        if any(_is_paying(form) or (allowed and form not in allowed) for form in assessment.forms):
            yield Violation(
                f"assessment {assessment.id} names a form of help that the Group does not have",
                field=f"assessments.{assessment.id}.forms",
                hint=f"{_assess(case)} --form statement",
            )
    newest = in_force(decided(case), None)
    if "money" in case.requests and newest and newest.decision is Decision.ASSIST and not newest.forms:
        yield Violation(
            f"{case.id} asks for money, and assessment {newest.id} does not say in which other form help is given",
            field=f"assessments.{newest.id}.forms",
            hint=f"{_assess(case, 'assist')} --form statement   (the forms: solidarity explain action-type)",
        )


def _is_paying(code: str) -> bool:
    return not _MONEY.isdisjoint(re.split(r"[^a-z]+", code.casefold()))


@rule(
    "referral-life-or-freedom",
    "either",
    reference="Solidarity work of the Forum: referral where life or freedom of an individual is at risk",
)
def referral_life_or_freedom(record: Case | Action, facts: Facts) -> Iterator[Violation]:
    """A referral needs a case about an individual whose newest assessment says life or freedom is at risk.

    Organisations that give emergency assistance have little room; the Group sends them only those for whom it was
    made. The decision to refer is held to the same. A referral that was done is judged by the assessment of its
    day, so that a person who is safe again can be assessed as safe.

    What to do: assess the risk anew if it has changed. For an organisation or a group, record a case of its own for
    the person in danger, and link the two.
    """
    match record:
        case Action(type="referral") if record.status != "cancelled":
            for case in (facts.cases[case_id] for case_id in record.cases if case_id in facts.cases):
                yield from _check_risk(case, in_force(case.assessments, done_on(record)), field="cases")
        case Case():
            newest = in_force(decided(record), None)
            if newest and newest.decision is Decision.REFER:
                risk = record.assessment if is_at_risk(record, newest) else newest
                yield from _check_risk(record, risk, field=f"assessments.{newest.id}.decision")


def _check_risk(case: Case, assessment: Assessment | None, *, field: str) -> Iterator[Violation]:
    if case.subject.kind != "individual":
        yield Violation(
            f"{case.id} is not about an individual, and only individuals are referred",
            field=field,
            hint="record a case of its own for the person in danger: solidarity new-case --subject-kind individual",
        )
    elif not is_at_risk(case, assessment):
        yield Violation(
            f"no assessment of {case.id} that counts here says that life or freedom is at risk",
            field=field,
            hint=f"{_assess(case, 'refer')} --freedom-at-risk yes",
        )


@rule("referral-directory", "action", reference="Solidarity work of the Forum: referral to known organisations")
def referral_directory(action: Action, facts: Facts) -> Iterator[Violation]:
    """A referral names an organisation in the directory, checked within a year (older: warning).

    A person in danger must not be sent to an address that has gone silent, or to somebody nobody knows. How old a
    check may be stands in `register.yaml` (`directory_check_months`).

    What to do: write to the organisation, ask whether the entry is right, then `solidarity directory check ID`.
    """
    if action.type != "referral" or action.status == "cancelled":
        return
    name = action.referral.organisation if action.referral else ""
    known = facts.directory.get(name)
    if known is None:
        what = "names an organisation that is not in the directory" if name else "names no organisation"
        hint = f"solidarity edit {action.id} --set referral.organisation=…   (who there is: solidarity directory list)"
        yield Violation(f"{action.id} {what}", field="referral.organisation", hint=hint)
        return
    months = facts.charter.directory_check_months
    checked = latest(known.checked)
    if checked is None or checked < months_before(done_on(action) or facts.today, months):
        yield Violation(
            f"the directory entry {known.id} was not checked within {months} months before {action.id}",
            field="referral.organisation",
            hint=f"ask them whether it is right, then: solidarity directory check {known.id}",
            severity=Severity.WARNING,
        )


@rule("wider-impact", "case", reference="Solidarity work of the Forum: prompt assistance to members, and to outsiders")
def wider_impact(case: Case, facts: Facts) -> Iterator[Violation]:
    """Help for a non-member needs a wider impact on civil society in a country or region, with the reason.

    The Group is there for members first. It helps or shows solidarity outside the Forum where the case may affect
    civil society beyond itself. Unknown membership counts as non-member. The decision to refer an individual whose
    life or freedom is at risk is exempt: passing somebody on in an emergency is no assistance by the Group.

    What to do: answer the question in the assessment, and say in a sentence what the impact would be.
    """
    newest = in_force(decided(case), None)
    if newest is None or newest.decision is None or not newest.decision.is_positive or case.membership == "member":
        return
    if newest.decision is Decision.REFER and is_at_risk(case, newest):
        return
    letters = sum(letter.isalpha() for letter in newest.impact_reason)
    if newest.wider_impact != Answer.YES or letters < 10:
        missing = "wider_impact" if newest.wider_impact != Answer.YES else "impact_reason"
        yield Violation(
            f"{case.id} is not about a member, and assessment {newest.id} records no wider impact with its reason",
            field=f"assessments.{newest.id}.{missing}",
            hint=f"{_assess(case, newest.decision)} --wider-impact yes --impact-reason …",
        )


@rule("assessed-first", "action", reference="Solidarity work of the Forum: the Group decides before it acts")
def assessed_first(action: Action, facts: Facts) -> Iterator[Violation]:
    """An action other than `information` and `monitoring` needs an assessment whose decision allows it.

    A positive decision allows actions; for a referral it has to be the decision to refer or to assist. Where the
    decision names forms, an action of another form is a warning. An action that was done is judged by the decision
    of its day: one done before the first positive decision is refused.

    What to do: let the Group assess the case first; for another form of help, assess it anew.
    """
    if not needs_assessment(action):
        return
    for case in (facts.cases[case_id] for case_id in action.cases if case_id in facts.cases):
        assessment = in_force(decided(case), done_on(action))
        decision = assessment.decision if assessment else None
        if assessment is None or decision is None or not decision.is_positive:
            yield Violation(_why_undecided(action, case, done_on(action)), field="cases", hint=_assess(case))
        elif action.type == "referral":
            if decision is Decision.EXPRESS_SOLIDARITY:
                message = f"{case.id} was decided as {decision}, which does not allow a referral"
                yield Violation(message, field="cases", hint=_assess(case, "refer"))
        elif assessment.forms and action.type not in assessment.forms:
            yield Violation(
                f"the decision on {case.id} names other forms of help than {action.id}",
                field="type",
                hint=f"{_assess(case, decision)} --form {action.type}",
                severity=Severity.WARNING,
            )


def _why_undecided(action: Action, case: Case, on: date | None) -> str:
    first = next(
        (assessment for assessment in decided(case) if assessment.decision and assessment.decision.is_positive), None
    )
    if on and first and (earliest(first.date) or on) > on:
        return f"{action.id} was done before the first decision on {case.id} that allows it"
    return f"{case.id} has no decision that allows {action.id}"


def _assess(case: Case, decision: str = "…") -> str:
    return f"solidarity assess {case.id} --decision {decision} --reason …"
