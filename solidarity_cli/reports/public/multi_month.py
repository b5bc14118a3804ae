"""A public quarter, year, or run of months: the sum of its months as the public sees them, and nothing else.

Were the true quarter published beside its months, `quarter - January - February` would be March, however small. What
is made from published numbers alone tells nothing that they do not tell. A month that hides a number adds none, so
every sum is "or more". Sums are rounded down to a multiple of the threshold N: the months were published when they
were over, and an entry made since would show as the difference of one.

Not added up: hearings and referrals, of which one may count in two months; medians.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from solidarity_cli.core.dates import Period
from solidarity_cli.reports.counting.figures import Breakdown, Cell, Counts, Decided, Missions
from solidarity_cli.reports.public.suppression import rounded


def added_up(months: Sequence[Counts], period: Period, n: int) -> Counts:
    """The public figures of `period` from those of its months, the oldest first. One month is what it is."""
    if len(months) == 1:
        return months[0]
    decided = summed([Breakdown(month.decided.total, month.decided.by) for month in months], n)
    return Counts(
        period=period,
        received=summed([month.received for month in months], n),
        decided=Decided(decided.total, decided.by, rounded_to=n),
        actions=summed([month.actions for month in months], n),
        missions=Missions(summed([_missions(month) for month in months], n).total, None, rounded_to=n),
        referrals=Breakdown(None),
        closed=summed([month.closed or Breakdown(None) for month in months], n),
        open=months[-1].open,
    )


def summed(parts: Sequence[Breakdown], n: int) -> Breakdown:
    """The numbers shown in some breakdowns, added up and rounded down; a code that none of them shows is left out."""
    dimensions = dict.fromkeys(dimension for part in parts for dimension in part.by)
    by = {dimension: _sums([part.by.get(dimension, {}) for part in parts]) for dimension in dimensions}
    total = _sums([{"": part.total} for part in parts]).get("")
    return rounded(Breakdown(total, by), n)


def _sums(tables: Sequence[Mapping[str, Cell]]) -> dict[str, Cell]:
    found: Counter[str] = Counter()
    for table in tables:
        for code, cell in table.items():
            if isinstance(cell, int) and cell:
                found[code] += cell
    return dict(sorted(found.items()))


def _missions(month: Counts) -> Breakdown:
    return Breakdown(month.missions.total if month.missions else None)
