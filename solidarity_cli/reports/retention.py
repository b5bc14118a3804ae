"""How long a case is kept: the day on which the Group looks whether its private part is still needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from solidarity_cli.core.dates import first_day, last_day, months_before
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Case
from solidarity_cli.core.sortable_dates import day

QUIET_DAYS = 30
"""A case that got new content within so many days is not proposed for erasure: somebody is at work on it."""


@dataclass(frozen=True, slots=True)
class Review:
    """One case whose review is due. `newest`: the day of its newest content. `kept`: why it is not to be erased now.

    `kept` is empty, or `open`, `reopened`, or `new-content`.
    """

    case: str
    title: str
    status: str
    newest: str
    due: str
    kept: str = ""


def reviews_due(facts: Facts) -> tuple[Review, ...]:
    """The cases whose review is due on `facts.today`, by the day on which it fell due; those to be erased first."""
    reviews = []
    for case in facts.cases.values():
        due = review_day(case, facts)
        if due and day(due) <= facts.today.isoformat():
            reviews.append(
                Review(case.id, case.title, case.status, newest(case, facts), due, _reason_to_keep(case, facts))
            )
    return tuple(sorted(reviews, key=lambda review: (bool(review.kept), day(review.due), review.case)))


def review_day(case: Case, facts: Facts) -> str:
    """The day of a case's review: the one set in the case, else its newest content and the months of its status.

    Empty where the Group set no months for the status, and for a case that was erased.
    """
    if case.erasure:
        return ""
    if case.retention_review:
        return case.retention_review
    months = facts.charter.retention_months.get(case.status)
    return months_before(first_day(newest(case, facts)), -months).isoformat() if months else ""


def newest(case: Case, facts: Facts) -> str:
    """The day of the newest thing that a case and its actions say has happened, up to today."""
    today = facts.today.isoformat()
    # A partial date counts by its last day: of two readings the one that keeps the case longer.
    days = (last_day(when).isoformat() for when in _dates(case, facts) if when)
    return max((iso for iso in days if iso <= today), default=case.received)


def _dates(case: Case, facts: Facts) -> Iterator[str]:
    yield case.received
    for assessment in case.assessments:
        yield assessment.date
        yield from (approval.date for approval in assessment.approvals)
    for consent in case.consents:
        yield consent.given
        yield consent.withdrawn
    yield from (note.date for note in case.notes)
    yield from (hearing.when for hearing in case.hearings)
    if case.closure:
        yield case.closure.date
    for action in facts.actions_of(case.id):
        yield action.date
        yield from (disclosure.date for disclosure in action.shared_with)
        yield from (when for _, when in (action.referral.history if action.referral else ()))


def _reason_to_keep(case: Case, facts: Facts) -> str:
    if case.status.is_open:
        return "reopened" if case.closure else "open"
    quiet_since = (facts.today - timedelta(days=QUIET_DAYS)).isoformat()
    return "new-content" if newest(case, facts) > quiet_since else ""
