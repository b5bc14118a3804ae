"""A period that is not over when its report is made: the day it is told as of, and what cannot be counted yet."""

from __future__ import annotations

from datetime import date

from solidarity_cli.core.dates import Period
from solidarity_cli.reports.counting.figures import Breakdown, Counts, Decided, Missions


def as_of_day(period: Period, today: date) -> date | None:
    """The day that the figures of a period depend on; None once it is over, for then they depend on none."""
    return today if today < period.last else None


def so_far(period: Period, today: date) -> Period:
    """The part of a period that is over; the whole of one that lies ahead, of which no part is."""
    return Period(period.first, today) if period.first <= today < period.last else period


def nothing_yet(period: Period) -> Counts:
    """The counts of a period that lies ahead: not none, but unknown."""
    return Counts(
        period=period,
        received=Breakdown(None),
        decided=Decided(None),
        actions=Breakdown(None),
        missions=Missions(None, None),
        referrals=Breakdown(None),
        closed=Breakdown(None),
        open=Breakdown(None),
    )
