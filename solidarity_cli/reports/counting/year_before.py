"""The same period a year ago: its totals, for a column beside this period and the one before."""

from __future__ import annotations

from solidarity_cli.reports.counting.figures import Breakdown, Counts, Decided


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
