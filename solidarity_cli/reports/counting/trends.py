"""What only the Group sees beside the counts of a period: thirteen months in a row, how long answers took, regions.

None of it stands in a public report. Month by month, thirteen totals republish twelve periods at each report: a late
entry shows as the difference of two reports, and against the twelve months of *pressure* they pin small months. How
long decisions took divides a total that the public does not have, and its middle is known from the median. Regions
divide the total a second time, beside the countries that were folded into them. See `suppression`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from solidarity_cli.core.dates import Period, months_before
from solidarity_cli.core.model import Case, Status
from solidarity_cli.core.sortable_dates import day
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.counting.counted_records import WITHHELD
from solidarity_cli.reports.counting.figures import Counts
from solidarity_cli.reports.counting.tally import tidy

MONTHS = 13
"""The month of a period's last day, and the twelve before it: the same month a year ago is the first."""

SPANS = ((0, 3), (4, 7), (8, 14), (15, 30), (31, 60), (61, None))
"""First and last day of each span of waiting; the last one has no end."""


@dataclass(frozen=True, slots=True)
class Month:
    """One whole calendar month (`2026-10`): appeals received and cases closed in it, counted as in the report."""

    month: str
    received: int
    closed: int


@dataclass(frozen=True, slots=True)
class Trends:
    """Thirteen months, the oldest first; first decisions by days of waiting, codes of `span_code`; appeals by region.

    `days` has every span, with none too: a distribution has no gaps. `groups` has only regions that somebody wrote
    from, and `withheld` for countries that must not be written.
    """

    months: tuple[Month, ...]
    days: Mapping[str, int]
    groups: Mapping[str, int]


def trends(cases: Collection[Case], period: Period, waits: Collection[int], now: Counts, words: Vocabulary) -> Trends:
    """The trends of a period: `waits` are the days from receipt to each first decision that fell into it."""
    spans = Counter(next(span_code(*span) for span in SPANS if span[1] is None or days <= span[1]) for days in waits)
    groups: Counter[str] = Counter()
    for country, number in now.received.by.get("country", {}).items():
        group = "withheld" if country == WITHHELD else words.region_group(country)
        groups[group] += number if isinstance(number, int) else 0
    return Trends(_months(cases, period), {span_code(*span): spans[span_code(*span)] for span in SPANS}, tidy(groups))


def span_code(first: int, last: int | None) -> str:
    """The code of a span of days: `04-07`, `61-`. Codes sort as the spans do."""
    return f"{first:02}-{last:02}" if last is not None else f"{first:02}-"


def _months(cases: Collection[Case], period: Period) -> tuple[Month, ...]:
    received = Counter(day(case.received)[:7] for case in cases if case.status is not Status.DUPLICATE)
    closed = Counter(day(case.closure.date)[:7] for case in cases if case.closure)
    newest = period.last.replace(day=1)
    names = [f"{months_before(newest, back):%Y-%m}" for back in reversed(range(MONTHS))]
    return tuple(Month(name, received[name], closed[name]) for name in names)
