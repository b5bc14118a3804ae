"""Partial dates as text that sorts: what thousands of records are counted by, without making `date` objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from solidarity_cli.core.dates import Period


def day(partial: str) -> str:
    """The first possible day of a partial date or time, as ISO text; "" for none.

    The same day as `dates.first_day`, at a tenth of its cost. Source of the rule: `Period.has`.
    """
    length = len(partial)
    if length == 10 or not length:
        return partial
    if length == 7:
        return partial + "-01"
    return partial + "-01-01" if length == 4 else partial[:10]


def is_past(partial: str, today: date) -> bool:
    """Whether even the last possible day of a partial date lies before `today`."""
    return bool(partial) and partial[:10] < today.isoformat()[: len(partial)]


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a period as text, both ends included."""

    first: str
    last: str

    @classmethod
    def of(cls, period: Period) -> Window:
        """The same days as `period`."""
        return cls(period.first.isoformat(), period.last.isoformat())

    def has(self, partial: str) -> bool:
        """Whether a partial date counts here: its first possible day does."""
        return self.first <= day(partial) <= self.last
