"""Days as other people's sheets write them, read by the format that a mapping names: never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

FORMATS: dict[str, tuple[str, str]] = {
    "DD.MM.YYYY": (r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})\s*(?:г\.?)?", "y-m-d"),
    "DD.MM.YY": (r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{2})\s*(?:г\.?)?", "y-m-d"),
    "DD/MM/YYYY": (r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", "y-m-d"),
    "MM/DD/YYYY": (r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})", "y-m-d"),
    "YYYY-MM-DD": (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", "y-m-d"),
    "MM.YYYY": (r"(?P<m>\d{1,2})\.(?P<y>\d{4})", "y-m"),
    "YYYY": (r"(?P<y>\d{4})", "y"),
}
"""Name of a format -> what it looks like, and how exact it is. Of a year of two digits: 2000 to 2099."""

SERIAL = "serial"
"""A day as a spreadsheet counts it: a number whose cell lost its format."""

_SERIAL = re.compile(r"(\d{1,6})(\.\d+)?")


def read_day(cell: str, formats: Sequence[str], *, epoch: date) -> str | None:
    """`2026-10-03`, `2026-10` or `2026` from a cell; None when it has none of the formats, or is no day.

    `epoch` is the day that the sheet counts from, the one numbered 0.
    """
    for name in formats:
        if name == SERIAL:
            if number := _SERIAL.fullmatch(cell.strip()):
                return (epoch + timedelta(days=int(number[1]))).isoformat()
            continue
        pattern, precision = FORMATS[name]
        if (match := re.fullmatch(pattern, cell.strip())) and (day := _day(match.groupdict(), precision)):
            return day
    return None


def _day(parts: dict[str, str], precision: str) -> str | None:
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    try:
        day = date(year, int(parts.get("m", 1)), int(parts.get("d", 1)))
    except ValueError:
        return None
    return day.isoformat()[: {"y": 4, "y-m": 7, "y-m-d": 10}[precision]]
