"""The report of a period: what happened, by the dates in the records, against the period before and a year ago.

What each count means stands in `phrases` in people's words, and here:

- *received*: cases by their date of receipt. A duplicate is not counted, the kept case is.
- *decided*: assessments with a decision, by their date; a case decided twice counts twice. The median runs from
  receipt to the first decision other than asking for more information, over cases whose first one falls here.
- *actions*: actions done, by their date, each once however many cases. *missions*: those of the two mission types;
  hearings are counted once however many missions attended them.
- *referrals*: referral actions whose newest state, or whose own date, falls here, by the state they have now.
- *closed*: by the date of closing, also when the case was reopened later.
- *open*: see `tally.was_open` and `tally.status_at`.
- *waiting*: open without any decision for longer than the register allows, on the last day or today if sooner.
- *ahead*: hearings and deadlines, not done, of the calendar month that follows.
- *pressure*: cases of members received in the twelve months up to the last day, duplicates left out.
- *year before*: the totals of the same days a year earlier. *trends*: see there.

A partial date counts by its first possible day. Nothing depends on the day of asking once the period is over; of one
that lies ahead nothing is counted (`incomplete_period`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from solidarity_cli.core.dates import Period, months_before
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Case, Status
from solidarity_cli.core.sortable_dates import Window
from solidarity_cli.reports.counting.counted_records import INTERNAL, PUBLIC, countable_actions, countable_cases
from solidarity_cli.reports.counting.figures import Breakdown, Counts
from solidarity_cli.reports.counting.incomplete_period import as_of_day, nothing_yet, so_far
from solidarity_cli.reports.counting.internal_lists import Ahead, Listed, Waiting, ahead, case_line, waiting
from solidarity_cli.reports.counting.tally import Tally, incident_types, tidy
from solidarity_cli.reports.counting.trends import Trends, trends
from solidarity_cli.reports.counting.year_before import totals
from solidarity_cli.reports.public.period import PRESSURE_MONTHS, published

if TYPE_CHECKING:
    from solidarity_cli.reports.period.comparison import Changed


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What a report was made from: the commit of the register, the program and its version."""

    commit: str
    program: str


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What happened in one period. A public one holds only what the public may see: nothing is hidden later.

    `as_of`: the day of asking, where the period is not over by then and the figures depend on it; else None.
    """

    period: Period
    audience: str
    made_from: MadeFrom
    register: str
    contact: str
    threshold: int
    now: Counts
    previous: Counts
    pressure: Breakdown
    year_before: Counts | None = None
    trends: Trends | None = None
    waiting: tuple[Waiting, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    cases: tuple[Listed, ...] = ()
    changed: Changed | None = None
    as_of: date | None = None

    @property
    def lies_ahead(self) -> bool:
        """Whether the period had not begun when the report was made: then every count in it is unknown."""
        return self.as_of is not None and self.as_of < self.period.first


def period_figures(facts: Facts, period: Period, audience: str, made_from: MadeFrom) -> PeriodFigures:
    """The figures of `period` for `audience` (`internal` or `public`).

    Raises ValueError for another audience; for the public UsageError and Refused, see `published`.
    """
    if audience not in (INTERNAL, PUBLIC):
        raise ValueError("no such audience")
    cases = countable_cases(facts, audience)
    charter = facts.charter
    if audience == PUBLIC:
        shown = published(facts, cases, period)
        return PeriodFigures(
            period=period,
            audience=audience,
            made_from=made_from,
            register=charter.name,
            contact=charter.contact,
            threshold=shown.threshold,
            now=shown.now,
            previous=shown.previous,
            pressure=shown.pressure,
            year_before=shown.year_before,
        )
    tallies, counted = _tally(facts, cases, period, audience)
    now, previous, *year_ago = (_counts_of(tally, facts.today) for tally in tallies)
    is_ahead = period.first > facts.today
    return PeriodFigures(
        period=period,
        audience=audience,
        made_from=made_from,
        register=charter.name,
        contact=charter.contact,
        threshold=charter.suppression_threshold,
        now=now,
        previous=previous,
        pressure=Breakdown(None) if is_ahead else pressure(cases.values(), period),
        year_before=totals(year_ago[0]) if year_ago else None,
        trends=None
        if is_ahead
        else trends(cases.values(), so_far(period, facts.today), tallies[0].waits, now, facts.words),
        waiting=waiting(cases.values(), charter, min(period.last, facts.today)),
        ahead=ahead(cases.values(), period),
        cases=() if is_ahead else tuple(case_line(case) for case in counted),
        as_of=as_of_day(period, facts.today),
    )


def _counts_of(tally: Tally, today: date) -> Counts:
    """What a sheet says; of a period that lies ahead nothing."""
    return nothing_yet(tally.period) if tally.period.first > today else tally.counts()


def since(figures: PeriodFigures, then: PeriodFigures, facts: Facts, before: Facts) -> PeriodFigures:
    """The figures with what has changed since `then` was made, for the same audience, from `before`.

    `then` is of the same period, or of the one before: see `comparison.period_to_compare`.
    """
    from solidarity_cli.reports.period.comparison import changed_figures, changed_records
    from solidarity_cli.reports.public.republication import steady

    step = max(figures.threshold, then.threshold) if figures.audience == PUBLIC else 0
    if then.period == figures.period:
        figures = _steady_figures(figures, then, step) if step else figures
        now = figures.now
    else:
        # The column for the period before stays as it is without this: rounded, and told in every report.
        now = period_figures(facts, then.period, figures.audience, figures.made_from).now
        now = steady(then.now, now, step) if step else now
    comparison = changed_figures(then.now, now, then.made_from.commit, step)
    return replace(
        figures, changed=replace(comparison, records=changed_records(before, facts, then.period, figures.audience))
    )


def _steady_figures(figures: PeriodFigures, then: PeriodFigures, step: int) -> PeriodFigures:
    """Public figures that may be set beside those published then."""
    from solidarity_cli.reports.public.republication import NEVER, steady, steady_breakdown

    year_ago = figures.year_before
    return replace(
        figures,
        now=steady(then.now, figures.now, step),
        previous=steady(then.previous, figures.previous, step),
        pressure=steady_breakdown(then.pressure, figures.pressure, NEVER),
        year_before=steady(then.year_before, year_ago, step) if year_ago and then.year_before else year_ago,
    )


def _tally(facts: Facts, cases: dict[str, Case], period: Period, audience: str) -> tuple[list[Tally], tuple[Case, ...]]:
    """The sheets of the period, the one before, and the one a year ago, if any; the cases that the period counted."""
    tallies = [Tally(sheet_period) for sheet_period in (period, period.previous, period.year_before) if sheet_period]
    now, *others = tallies
    counted_cases = []
    for case in cases.values():
        if now.add_case(case):
            counted_cases.append(case)
        for tally in others:
            tally.add_case(case)
    for action in countable_actions(facts, cases, audience):
        for tally in tallies:
            tally.add_action(action)
    return tallies, tuple(counted_cases)


def pressure(cases: Iterable[Case], period: Period) -> Breakdown:
    """Cases of members received in the twelve months that end with the period, by country and incident type."""
    after = period.last + timedelta(days=1)
    window = Window.of(Period(months_before(after, PRESSURE_MONTHS), period.last))
    countries, incidents, total = Counter[str](), Counter[str](), 0
    for case in cases:
        if case.membership == "member" and case.status is not Status.DUPLICATE and window.has(case.received):
            total += 1
            countries[case.country] += 1
            incidents.update(incident_types(case))
    return Breakdown(total, {"country": tidy(countries), "incident": tidy(incidents)})
