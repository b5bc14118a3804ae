"""A sheet for each calendar month, all marked in one walk over the records: what public figures are added up from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from solidarity_cli.core.dates import Period, months_before
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.sortable_dates import day
from solidarity_cli.reports.counting.tally import Tally


def months_of(period: Period) -> tuple[Period, ...]:
    """The calendar months of a period, the oldest first. Empty where it begins or ends inside a month."""
    newest = period.last.replace(day=1)
    return tuple(
        Period.month(f"{months_before(newest, back):%Y-%m}") for back in reversed(range(max(period.whole_months, 0)))
    )


def month_sheets(
    cases: Collection[Case], actions: Iterable[Action], months: Iterable[Period]
) -> Mapping[Period, Tally]:
    """The marked sheets of `months`. Cases open at the end of a month are not counted on them: see `published`."""
    sheets = {_name(month.first.isoformat()): Tally(month) for month in months}
    for case in cases:
        for name in set(_months_of_case(case)):
            if sheet := sheets.get(name):
                sheet.add_case(case)
    for action in actions:
        for name in set(_months_of_action(action)):
            if sheet := sheets.get(name):
                sheet.add_action(action)
    return {sheet.period: sheet for sheet in sheets.values()}


def _months_of_case(case: Case) -> Iterator[str]:
    yield _name(case.received)
    for assessment in case.assessments:
        yield _name(assessment.date)
    if case.closure:
        yield _name(case.closure.date)


def _months_of_action(action: Action) -> Iterator[str]:
    yield _name(action.date)
    if action.referral:
        for step in action.referral.history:
            yield _name(step[1])


def _name(partial: str) -> str:
    return day(partial)[:7]
