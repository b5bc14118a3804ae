"""The clock of who looks: the moment, and from when on an act is dated by a wrong one."""

from __future__ import annotations

from datetime import UTC, date, datetime

from solidarity_cli.core.audit.signatures import DAY


def now(today: date) -> datetime:
    """The moment in UTC, on the day that is `today`."""
    return datetime.now().astimezone().replace(year=today.year, month=today.month, day=today.day).astimezone(UTC)


def latest(today: date) -> int:
    """Seconds since 1970: an act that is dated later was made by a clock that is ahead of this one."""
    return int(now(today).timestamp()) + DAY
