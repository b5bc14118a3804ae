"""Dates as people know them: a year, a month, a day, or a time with its offset; and the months of a report."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from solidarity_cli.core.errors import UsageError

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def bounds(partial: str) -> tuple[date, date]:
    """First and last day that a partial date (`2026`, `2026-10`, `2026-10-03`) or a time with offset may mean.

    Raises ValueError for anything that is not a day of the calendar.
    """
    if "T" in partial:
        day = datetime.fromisoformat(partial).date()
        return day, day
    match = _PARTIAL.fullmatch(partial)
    if not match:
        raise ValueError("not a date")
    year, month, day_of_month = int(match[1]), match[2], match[3]
    if day_of_month:
        day = date(year, int(month), int(day_of_month))
        return day, day
    if month:
        return date(year, int(month), 1), date(year, int(month), calendar.monthrange(year, int(month))[1])
    return date(year, 1, 1), date(year, 12, 31)


def first_day(partial: str) -> date:
    """The earliest day that a partial date may mean."""
    return bounds(partial)[0]


def last_day(partial: str) -> date:
    """The latest day that a partial date may mean."""
    return bounds(partial)[1]


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, the last of the month where that day does not exist."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days of a report, both ends included."""

    first: date
    last: date

    @classmethod
    def month(cls, text: str) -> Period:
        """`2026-10`. Raises UsageError for anything else."""
        return cls._of(text, r"\d{4}-\d{2}", "a month is written 2026-10")

    @classmethod
    def quarter(cls, text: str) -> Period:
        """`2026-Q3`. Raises UsageError for anything else."""
        match = re.fullmatch(r"([0-9]{4})-[Qq]([1-4])", text)
        if not match:
            raise UsageError("the period cannot be read", hint="a quarter is written 2026-Q3")
        last = int(match[2]) * 3
        return cls.between(f"{match[1]}-{last - 2:02}", f"{match[1]}-{last:02}")

    @classmethod
    def year(cls, text: str) -> Period:
        """`2026`. Raises UsageError for anything else."""
        return cls._of(text, r"\d{4}", "a year is written 2026")

    @classmethod
    def between(cls, first: str, last: str) -> Period:
        """Two dates, partial ones allowed. Raises UsageError when they are no dates or the wrong way round."""
        try:
            period = cls(first_day(first), last_day(last))
        except ValueError:
            raise UsageError("the period is not written as dates", hint="--from 2026-07-01 --to 2026-09-30") from None
        if period.last < period.first:
            raise UsageError("the period ends before it begins", hint="give the earlier date with --from")
        return period._within_the_calendar()

    @classmethod
    def _of(cls, text: str, shape: str, hint: str) -> Period:
        if not re.fullmatch(shape, text):
            raise UsageError("the period cannot be read", hint=hint)
        try:
            period = cls(*bounds(text))
        except ValueError:
            raise UsageError("there is no such period", hint=hint) from None
        return period._within_the_calendar()

    def _within_the_calendar(self) -> Period:
        """Itself, when a report can look around it: the calendar of the machine begins with year 1, ends with 9999."""
        if not 1900 <= self.first.year <= self.last.year <= 2200:
            raise UsageError("a report is made for years from 1900 to 2200", hint="--year 2026")
        return self

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def has(self, partial: str) -> bool:
        """Whether a (partial) date counts in this period: its first possible day does."""
        return bool(partial) and self.first <= first_day(partial) <= self.last

    @property
    def whole_months(self) -> int:
        """How many calendar months it spans when it begins and ends with one; 0 otherwise."""
        if self.first.day != 1 or (self.last + timedelta(days=1)).day != 1:
            return 0
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def previous(self) -> Period:
        """The period before: as many months when it spans whole months, else as many days."""
        last = self.first - timedelta(days=1)
        if months := self.whole_months:
            return Period(months_before(self.first, months), last)
        return Period(self.first - (self.last - self.first) - timedelta(days=1), last)

    @property
    def quarter_number(self) -> int:
        """Which quarter of its year it is, 1 to 4; 0 when it is none."""
        return self.last.month // 3 if self.whole_months == 3 and self.last.month % 3 == 0 else 0

    @property
    def year_before(self) -> Period | None:
        """The same days a year earlier; None when it is longer than twelve months and would meet itself there.

        The end of a month stays one: February ends on its 28th or 29th.
        """
        first = months_before(self.first, 12)
        last = months_before(self.last + timedelta(days=1), 12) - timedelta(days=1)
        return Period(first, last) if last < self.first else None

    @property
    def following(self) -> Period:
        """The calendar month after its last day: what a report looks ahead to."""
        first = self.last + timedelta(days=1)
        return Period(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))
