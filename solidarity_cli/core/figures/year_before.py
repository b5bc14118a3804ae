"""The same period a year ago: its totals, for a column beside this period and the one before.

**In public** they are hidden below the threshold N and rounded down to a multiple of it, like the stocks: the exact
numbers were published a year ago, and an entry made since would show as a difference of one. They are left out where
the period would share days with the ones already shown: sums over overlapping days can be subtracted.
"""

from __future__ import annotations

from typing import cast

from solidarity_cli.core.dates import Period
from solidarity_cli.core.figures.counts import Breakdown, Counts, Decided
from solidarity_cli.core.figures.suppression import masked, rounded


def totals(counts: Counts) -> Counts:
    """The same counts without their breakdowns."""

    def bare(breakdown: Breakdown | None) -> Breakdown:
        return Breakdown(breakdown.total if breakdown else None)

    return Counts(
        period=counts.period,
        received=bare(counts.received),
        decided=Decided(counts.decided.total, {}, counts.decided.median_days, counts.decided.first),
        actions=bare(counts.actions),
        missions=counts.missions,
        referrals=bare(counts.referrals),
        closed=bare(counts.closed),
        open=bare(counts.open),
    )


def published_year_before(counts: Counts, period: Period, n: int) -> Counts | None:
    """What the public may see of `totals`: what it sees of the period before, rounded. None where days are shared."""
    if counts.period.last >= period.previous.first:
        return None

    def shown(total: object) -> Breakdown:
        return rounded(Breakdown(masked(cast("int", total), n)), n)

    return Counts(
        period=counts.period,
        received=shown(counts.received.total),
        decided=Decided(shown(counts.decided.total).total, rounded_to=n),
        actions=shown(counts.actions.total),
    )
