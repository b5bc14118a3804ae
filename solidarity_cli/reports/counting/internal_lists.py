"""The lists of an internal report: who waits too long, what is ahead, which cases it counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from solidarity_cli.core.dates import Period
from solidarity_cli.core.model import Case, Charter
from solidarity_cli.core.sortable_dates import Window, day
from solidarity_cli.reports.counting.tally import days_between, was_open


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open case that has had no decision for longer than the Group allows. `days` since its receipt."""

    id: str
    title: str
    days: int
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A hearing or deadline to come. `what` is the kind of hearing, or what is due; `state` as in the record."""

    date: str
    id: str
    kind: str
    what: str = ""
    state: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A case that was received, decided, or closed in the period, as it stands in the snapshot."""

    id: str
    title: str
    status: str
    received: str
    decision: str = ""
    closed: str = ""


def days_allowed(case: Case, charter: Charter) -> int:
    """Within how many days a case is to be decided; every urgency but `urgent` has the normal time."""
    return charter.waiting_days["urgent" if case.urgency == "urgent" else "normal"]


def is_undecided(case: Case, as_of: str) -> bool:
    """Whether a case was open at the end of a day without any decision until then."""
    return was_open(case, as_of) and not any(
        assessment.decision and day(assessment.date) <= as_of for assessment in case.assessments
    )


def waiting(cases: Iterable[Case], charter: Charter, as_of: date) -> tuple[Waiting, ...]:
    """The cases that waited too long at the end of the day `as_of`, the longest first."""
    end = as_of.isoformat()
    overdue = []
    for case in cases:
        if is_undecided(case, end):
            days = days_between(case.received, end)
            if days > days_allowed(case, charter):
                overdue.append(Waiting(case.id, case.title, days, case.urgency))
    return tuple(sorted(overdue, key=lambda line: (-line.days, line.id)))


def ahead(cases: Iterable[Case], period: Period) -> tuple[Ahead, ...]:
    """Hearings and deadlines, not done, that fall into the calendar month after a period; of cases then open."""
    window, end = Window.of(period.following), period.last.isoformat()
    entries = []
    for case in cases:
        hearings = [hearing for hearing in case.hearings if hearing.is_ahead and window.has(hearing.when)]
        deadlines = [deadline for deadline in case.deadlines if not deadline.done and window.has(deadline.date)]
        if (not hearings and not deadlines) or not was_open(case, end):
            continue
        for hearing in hearings:
            entries.append(Ahead(hearing.when, case.id, "hearing", hearing.kind, hearing.standing, case.title))
        for deadline in deadlines:
            entries.append(Ahead(deadline.date, case.id, "deadline", deadline.what, "open", case.title))
    return tuple(sorted(entries, key=lambda entry: (entry.date, entry.id, entry.kind, entry.what)))


def case_line(case: Case) -> Listed:
    """One line of the list of counted cases."""
    closed = case.closure.date if case.closure else ""
    return Listed(case.id, case.title, str(case.status), case.received, str(case.decision or ""), closed)
