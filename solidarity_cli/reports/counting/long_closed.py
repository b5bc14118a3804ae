"""Cases that ended long ago: an internal report counts none of them, so they need not be built to be passed over.

A register grows with the years, and a report looks back two of them at most: it is to take no longer for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solidarity_cli.core.dates import Period, months_before
from solidarity_cli.core.model import Status
from solidarity_cli.core.sortable_dates import day
from solidarity_cli.reports.counting.trends import MONTHS

_ENDED = frozenset(str(status) for status in Status if not status.is_open)


def looks_back_to(period: Period) -> str:
    """The first day that an internal report of a period looks at, as ISO text: of its sheets, and of its trends."""
    sheets = (period, period.previous, period.year_before)
    trends = months_before(period.last.replace(day=1), MONTHS - 1)
    return min(trends, *(sheet.first for sheet in sheets if sheet)).isoformat()


def had_ended(plain: Mapping[str, Any], first: str) -> bool:
    """Whether a case, as its file says it, had ended before a day, with every date that a report counts it by.

    Then it is on no sheet from that day on: it is received, decided and closed in none, and `tally.was_open` at the
    end of none. What stands in it besides is counted with those.
    """
    if plain["status"] not in _ENDED or day(plain["received"]) >= first:
        return False
    closure = plain.get("closure")
    if closure and day(closure.get("date", "")) >= first:
        return False
    return all(day(assessment.get("date", "")) < first for assessment in plain.get("assessments", ()))
