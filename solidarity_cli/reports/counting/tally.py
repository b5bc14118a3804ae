"""Counting one period: each record is looked at once and puts its marks on the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from solidarity_cli.core.dates import Period
from solidarity_cli.core.model import Action, Case, Decision, Status
from solidarity_cli.core.sortable_dates import Window, day
from solidarity_cli.reports.counting.figures import Breakdown, Counts, Decided, Missions
from solidarity_cli.reports.public.suppression import UNKNOWN

RECEIVED_BY = ("membership", "country", "incident", "subject", "kind", "urgency")
"""What received appeals are counted by."""


@dataclass
class Tally:
    """The sheet of one period. `add_case` and `add_action` mark it, `counts` reads it."""

    period: Period
    window: Window = field(init=False)
    received: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in RECEIVED_BY})
    totals: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    waits: list[int] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    missions: int = 0
    hearings: set[tuple[str, str]] = field(default_factory=set)
    states: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.window = Window.of(self.period)

    def add_case(self, case: Case) -> bool:
        """Mark one case. Says whether it was received, decided, or closed in the period."""
        # Three sheets look at each of ten thousand cases, and most cases are in none of the three.
        first, last = self.window.first, self.window.last
        listed = False
        if case.status is not Status.DUPLICATE and first <= day(case.received) <= last:
            self._receive(case)
            listed = True
        for assessment in case.assessments:
            if first <= day(assessment.date) <= last and assessment.decision:
                self._decide(case)
                listed = True
                break
        if case.closure and self.window.has(case.closure.date):
            self.outcomes[case.closure.outcome or UNKNOWN] += 1
            listed = True
        if was_open(case, last):
            self.statuses[status_at(case, last)] += 1
        return listed

    def _receive(self, case: Case) -> None:
        self.totals["received"] += 1
        by = self.received
        by["membership"][case.membership] += 1
        by["country"][case.country] += 1
        for incident in incident_types(case):
            by["incident"][incident] += 1
        by["subject"][case.subject.kind or UNKNOWN] += 1
        by["kind"][case.kind] += 1
        by["urgency"][case.urgency or UNKNOWN] += 1

    def _decide(self, case: Case) -> None:
        for assessment in case.assessments:
            if assessment.decision and self.window.has(assessment.date):
                self.decisions[assessment.decision.value] += 1
        answer = first_answer(case)
        if answer and self.window.has(answer):
            self.waits.append(days_between(case.received, answer))

    def add_action(self, action: Action) -> None:
        """Mark one action: once, however many cases it is for."""
        if action.status == "done" and self.window.has(action.date):
            self.types[action.type] += 1
            if action.is_mission:
                self.missions += 1
                if action.hearing_id:
                    self.hearings.add((action.hearing_case, action.hearing_id))
        referral = action.referral
        if referral:
            newest = max((step[1] for step in referral.history), key=day, default="")
            if self.window.has(newest) or self.window.has(action.date):
                self.states[referral.state or UNKNOWN] += 1

    def counts(self) -> Counts:
        """What the sheet says, every number as it is."""
        return Counts(
            period=self.period,
            received=Breakdown(
                self.totals["received"], {name: tidy(counter) for name, counter in self.received.items()}
            ),
            decided=Decided(
                self.decisions.total(), {"decision": tidy(self.decisions)}, median_of(self.waits), len(self.waits)
            ),
            actions=Breakdown(self.types.total(), {"type": tidy(self.types)}),
            missions=Missions(self.missions, len(self.hearings)),
            referrals=Breakdown(self.states.total(), {"state": tidy(self.states)}),
            closed=Breakdown(self.outcomes.total(), {"outcome": tidy(self.outcomes)}),
            open=Breakdown(self.statuses.total(), {"status": tidy(self.statuses)}),
        )


def incident_types(case: Case) -> set[str]:
    """The incident types of a case, each once; `unknown` when none was told. So every case has at least one."""
    return {incident.type or UNKNOWN for incident in case.incidents} or {UNKNOWN}


def first_answer(case: Case) -> str:
    """The date of the first decision other than asking for more information; "" when there is none."""
    dates = [
        assessment.date
        for assessment in case.assessments
        if assessment.decision and assessment.decision is not Decision.MORE_INFORMATION
    ]
    return min((partial for partial in dates if partial), key=day, default="")


def was_open(case: Case, end: str) -> bool:
    """Whether a case was open at the end of the day `end`, as far as its record tells.

    It was received by then, and it is open now or left later: a closed case on its closure date, a declined one
    with its newest decision. A case that was reopened counts as open throughout, for the record keeps no date of
    the reopening. A duplicate never counts: the kept case does. Who left without a date is taken as gone.
    """
    if case.status is Status.DUPLICATE or not case.received or day(case.received) > end:
        return False
    if case.status.is_open:
        return True
    if case.status is Status.CLOSED:
        return case.closure is not None and day(case.closure.date) > end
    return bool(case.assessments) and day(case.assessments[-1].date) > end


def status_at(case: Case, end: str) -> str:
    """The status of a case that was open at the end of the day `end`.

    The one it has now, when it is open now and nothing was decided since. Otherwise where its newest decision by
    then had led: `received` when there was none, `assessing` when it was declined and reopened.
    """
    later = any(assessment.decision and day(assessment.date) > end for assessment in case.assessments)
    if case.status.is_open and not later:
        return str(case.status)
    decisions = [
        assessment.decision
        for assessment in case.assessments
        if assessment.decision and "" < day(assessment.date) <= end
    ]
    leads_to = decisions[-1].leads_to if decisions else Status.RECEIVED
    # Declined by then and open all the same: it was reopened.
    return str(leads_to if leads_to.is_open else Status.ASSESSING)


def days_between(first: str, last: str) -> int:
    """Days from one partial date to another, by their first possible days."""
    return (date.fromisoformat(day(last)) - date.fromisoformat(day(first))).days


def median_of(days: list[int]) -> float | None:
    """The middle number of days, whole where it is; None of none."""
    if not days:
        return None
    middle = median(days)
    return int(middle) if middle == int(middle) else float(middle)


def tidy(counter: Mapping[str, int]) -> dict[str, int]:
    """Counts above zero, sorted by code."""
    return {code: number for code, number in sorted(counter.items()) if number}
