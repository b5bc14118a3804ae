"""The public report of a period: its months as the public sees them, and what may stand beside them.

What stands beside exact months is made from months that were published, or will be: it adds nothing. The period
before and the one a year ago are totals, rounded down: their reports are out, and an entry made since would show as
the difference. *Members under pressure* are the member rows of the twelve monthly tables, added up: a true sum of
twelve months beside eleven of them would be the twelfth, and by country it would part the members of a month from
the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solidarity_cli.core.dates import Period, months_before
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Case
from solidarity_cli.reports.counting.counted_records import PUBLIC, countable_actions
from solidarity_cli.reports.counting.figures import Breakdown, Counts, Decided
from solidarity_cli.reports.counting.month_sheets import month_sheets, months_of
from solidarity_cli.reports.public.month import Publication
from solidarity_cli.reports.public.multi_month import added_up, summed
from solidarity_cli.reports.public.suppression import rounded

PRESSURE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Published:
    """What a public report is made of. `threshold`: the one that was applied."""

    threshold: int
    now: Counts
    previous: Counts
    year_before: Counts | None
    pressure: Breakdown


def published(facts: Facts, cases: dict[str, Case], period: Period) -> Published:
    """The public figures of a period from the cases that the public may count.

    Raises UsageError unless the period is made of whole months, Refused before its last day: a part of a month can be
    subtracted from the month.
    """
    months = months_of(period)
    if not months:
        raise UsageError(
            "a public report is made for whole months", hint="--month 2026-10; other days for the Group alone"
        )
    if period.last > facts.today:
        raise Refused(
            "this period is not over: what is published now could be subtracted from what is published later",
            hint="publish it when it is over; --audience internal shows it today",
        )
    before, year_ago = period.previous, _year_ago(period)
    window = months_of(Period(months_before(months[-1].first, PRESSURE_MONTHS - 1), period.last))
    every = {*months, *months_of(before), *window, *(months_of(year_ago) if year_ago else ())}
    sheets = month_sheets(cases.values(), countable_actions(facts, cases, PUBLIC), every)
    publication = Publication.under(facts.words, facts.charter.suppression_threshold)
    seen = {month: publication.month(sheet.counts()) for month, sheet in sheets.items()}
    n = publication.n
    return Published(
        threshold=n,
        now=added_up([seen[month] for month in months], period, n),
        previous=_beside(seen, before, n),
        year_before=_beside(seen, year_ago, n) if year_ago else None,
        pressure=summed([_members(seen[month]) for month in window], n),
    )


def _year_ago(period: Period) -> Period | None:
    """The same period a year ago; none where it would share days with the period before."""
    year_ago = period.year_before
    return year_ago if year_ago and year_ago.last < period.previous.first else None


def _beside(seen: Mapping[Period, Counts], period: Period, n: int) -> Counts:
    """Totals of a period that has a report of its own, rounded down."""
    whole = added_up([seen[month] for month in months_of(period)], period, n)

    def bare(total: object) -> Breakdown:
        return rounded(Breakdown(total if isinstance(total, int | str) else None), n)

    return Counts(
        period=period,
        received=bare(whole.received.total),
        decided=Decided(bare(whole.decided.total).total, rounded_to=n),
        actions=bare(whole.actions.total),
    )


def _members(month: Counts) -> Breakdown:
    return Breakdown(month.received.by["membership"].get("member"))
