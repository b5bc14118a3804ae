"""Days that a text names, in the ways people write them in English, Russian, and German."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from solidarity_cli.core.model.draft import Hint

_MONTHS = {
    1: "january|jan|января|januar|jänner",
    2: "february|feb|февраля|februar",
    3: "march|mar|марта|märz",
    4: "april|apr|апреля",
    5: "may|мая|mai",
    6: "june|jun|июня|juni",
    7: "july|jul|июля|juli",
    8: "august|aug|августа",
    9: "september|sept|sep|сентября",
    10: "october|oct|октября|oktober|okt",
    11: "november|nov|ноября",
    12: "december|dec|декабря|dezember|dez",
}
_NUMBER = {name: number for number, names in _MONTHS.items() for name in names.split("|")}
_NAME = "|".join(sorted(_NUMBER, key=lambda name: (-len(name), name)))
_SHAPES = (
    re.compile(r"(?<![\w.-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\w|-\d)"),
    re.compile(r"(?<![\w.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>(?:19|20)\d\d)(?!\w|\.\d)"),
    re.compile(
        rf"(?<![\w.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|-го|-е)?\s+(?:of\s+)?(?P<name>{_NAME})\b\.?"
        r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?",
        re.I,
    ),
    re.compile(
        rf"\b(?P<name>{_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|\.\d)(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?",
        re.I,
    ),
)
_HALF_A_YEAR_AND_MORE = 240


def find(text: str, *, written: date | None) -> tuple[Hint, ...]:
    """The days a text names, earliest mention first: those to come as deadlines, the others as days of incidents.

    Without a year the one nearest to `written` is meant; without `written` such a day is left out.
    """
    mentions = sorted(set(_mentions(text, written)))
    return tuple(
        Hint("incidents.date" if written and day <= written else "deadlines", day.isoformat(), words)
        for _, day, words in mentions
    )


def _mentions(text: str, written: date | None) -> Iterator[tuple[int, date, str]]:
    for shape in _SHAPES:
        for match in shape.finditer(text):
            day = _day(match, written)
            if day:
                yield match.start(), day, " ".join(match[0].split()).rstrip(".")


def _day(match: re.Match[str], written: date | None) -> date | None:
    groups = match.groupdict()
    month = int(groups["month"]) if groups.get("month") else _NUMBER[groups["name"].lower()]
    if groups["year"]:
        return _date(int(groups["year"]), month, groups["day"])
    if written is None:
        return None
    # In December "10 January" lies ahead, in January "28 December" lies behind.
    same = _date(written.year, month, groups["day"])
    if same and abs((same - written).days) > _HALF_A_YEAR_AND_MORE:
        return _date(written.year + (1 if same < written else -1), month, groups["day"])
    return same


def _date(year: int, month: int, day: str) -> date | None:
    try:
        return date(year, month, int(day))
    except ValueError:
        return None
