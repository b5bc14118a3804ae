"""What has a date: hearings, deadlines, reviews, embargoes, answers due, over all cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from solidarity_cli.core.dates import first_day
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.sortable_dates import day, is_past
from solidarity_cli.reports.retention import review_day

KINDS = ("hearing", "deadline", "risk-review", "retention-review", "embargo-ends", "referral-answer")
"""What an agenda lists."""

_AWAITING_STATES = ("sent", "acknowledged")
"""The states of a referral in which an organisation owes an answer."""


@dataclass(frozen=True, slots=True, order=True)
class AgendaItem:
    """One date of one case.

    `date` as the record has it: partial, a day, or a time with its offset. `kind` is one of `KINDS`. `what` is a
    code: the kind of hearing, what is due, the risk level, the organisation asked. `overdue`: even the last day
    that the date may mean has passed, and nobody wrote down that it is settled. `record` is the id of the list item,
    or of the action.
    """

    date: str
    case: str
    kind: str
    what: str = ""
    record: str = ""
    state: str = ""
    title: str = ""
    overdue: bool = False


def agenda(facts: Facts, days: int) -> tuple[AgendaItem, ...]:
    """All dates of the next `days` days, and the overdue ones, sorted by their first possible day.

    A postponed hearing stands at its new date; one that was held or cancelled is left out. Closed and declined cases
    have only their retention review.
    """
    horizon = (facts.today + timedelta(days=days)).isoformat()
    items = [item for item in _items(facts) if day(item.date) <= horizon]
    return tuple(sorted(items, key=lambda item: (day(item.date), item)))


def as_plain(items: tuple[AgendaItem, ...]) -> list[dict[str, Any]]:
    """The agenda as `agenda --json` gives it."""
    return [asdict(item) for item in items]


def _items(facts: Facts) -> Iterator[AgendaItem]:
    today = facts.today
    for _, case in sorted(facts.cases.items()):
        if review := review_day(case, facts):
            yield _item(case, today, review, "retention-review")
        if case.status.is_open:
            yield from _dates(case, today)
    for _, action in sorted(facts.actions.items()):
        due = answer_due(action, facts)
        case_id = next((case for case in action.cases if case in facts.cases), "")
        if due and action.referral and case_id:
            case = facts.cases[case_id]
            organisation = action.referral.organisation
            yield _item(case, today, due.isoformat(), "referral-answer", what=organisation, record=action.id)


def _dates(case: Case, today: date) -> Iterator[AgendaItem]:
    for hearing in case.hearings:
        if hearing.is_ahead:
            what, state = hearing.kind, hearing.standing
            yield _item(case, today, hearing.when, "hearing", what=what, record=hearing.id, state=state)
    for deadline in case.deadlines:
        if not deadline.done and deadline.date:
            yield _item(case, today, deadline.date, "deadline", what=deadline.what, record=deadline.id)
    newest = case.assessment
    if newest and newest.risk_review:
        yield _item(case, today, newest.risk_review, "risk-review", what=newest.risk_level, record=newest.id)
    for consent in case.consents:
        # An embargo that has ended asks nothing of anybody: it is not overdue, it is over.
        if consent.embargo_until and not consent.withdrawn and not is_past(consent.embargo_until, today):
            yield _item(case, today, consent.embargo_until, "embargo-ends", record=consent.id)


def _item(
    case: Case, today: date, when: str, kind: str, *, what: str = "", record: str = "", state: str = ""
) -> AgendaItem:
    return AgendaItem(when, case.id, kind, what, record, state, case.title, overdue=is_past(when, today))


def answer_due(action: Action, facts: Facts) -> date | None:
    """When the organisation should have answered: its `response_days` after the referral was sent.

    To acknowledge is no answer: it begins the same time anew. None when nothing is awaited, or when no time or no date
    is known.
    """
    referral = action.referral
    if not referral or referral.state not in _AWAITING_STATES or action.status == "cancelled":
        return None
    dates = (when for state, when in referral.history if state == referral.state)
    sent = max(dates, key=day, default="") or action.date
    organisation = facts.directory.get(referral.organisation)
    if not sent or organisation is None or organisation.response_days is None:
        return None
    try:
        return first_day(sent) + timedelta(days=organisation.response_days)
    except OverflowError:  # so many days that no calendar has them
        return None
