"""What a typed answer means: days, several codes, incidents with their days. No screen, no keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from solidarity_cli.cli.wizard.ui.choices import AnswerError, Choices
from solidarity_cli.core.dates import bounds
from solidarity_cli.core.edits import next_item_id

_SEPARATOR = re.compile(r"[,;\n]")
_DOTTED = re.compile(r"(?:(\d{1,2})\.\s?)?(\d{1,2})\.\s?(\d{4})")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DAYS_AGO = {"today": 0, "сегодня": 0, "heute": 0, "yesterday": 1, "вчера": 1, "gestern": 1}

Incident = tuple[str, str]
"""(type, partial date or nothing)."""


def a_day(text: str, *, today: date, latest: str = "", partial: bool = True) -> str:
    """A (partial) date as a record holds it. Raises AnswerError for anything else, and for a day after `latest`."""
    text = text.strip().casefold()
    if text in _DAYS_AGO:
        text = (today - timedelta(days=_DAYS_AGO[text])).isoformat()
    if dotted := _DOTTED.fullmatch(text):
        day, month, year = dotted.groups()
        text = "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])
    example = "2026-10-03, 03.10.2026, yesterday" + (", or 2026-10 when only the month is known" if partial else "")
    try:
        if not text.isascii() or "t" in text:
            raise ValueError
        first, last = bounds(text)
    except (ValueError, OverflowError):
        raise AnswerError(f"that is no day of the calendar; write {example}") from None
    if not partial and first != last:
        raise AnswerError(f"the day is needed; write {example}")
    if latest and first > bounds(latest)[1]:
        raise AnswerError(f"that is after {latest}, the day it arrived")
    return text


def several(text: str, choices: Choices) -> list[str]:
    """Codes between commas, each once. Raises AnswerError."""
    return list(dict.fromkeys(code for code, _ in _split(text, choices)))


def incidents(text: str, choices: Choices, *, today: date, latest: str = "") -> list[Incident]:
    """`TYPE` or `TYPE@DATE` between commas. Raises AnswerError."""
    return [(code, a_day(when, today=today, latest=latest) if when else "") for code, when in _split(text, choices)]


def slugs(text: str) -> list[str]:
    """Ids of recipients between commas. Raises AnswerError."""
    recipients = [piece.strip() for piece in _SEPARATOR.split(text) if piece.strip()]
    if not all(_SLUG.fullmatch(recipient) and len(recipient) <= 80 for recipient in recipients):
        raise AnswerError("a recipient is written in small Latin letters, digits and hyphens, such as example-relief")
    return list(dict.fromkeys(recipients))


def merge_incidents(answered: Iterable[Incident], present: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Incidents as a record holds them. One that was there before keeps its id and what else is known of it."""
    unmatched = [dict(incident) for incident in present]
    known = list(unmatched)
    result: list[dict[str, Any]] = []
    for kind, when in answered:
        match = next((incident for incident in unmatched if incident.get("type") == kind), None)
        if match:
            unmatched.remove(match)
        entry = match or {"id": next_item_id("i", [*known, *result]), "type": kind}
        result.append(entry | ({"date": when} if when else {}))
    return result


def _split(text: str, choices: Choices) -> list[Incident]:
    pieces = [piece.strip() for piece in _SEPARATOR.split(text) if piece.strip()]
    numbers = text.split()
    if len(numbers) > 1 and all(number.isascii() and number.isdecimal() for number in numbers):
        pieces = numbers
    pairs = []
    while pieces:
        # A label may hold a comma itself, so the longest run of pieces that is one label is taken as one.
        longest = next((n for n, piece in enumerate(pieces, start=1) if "@" in piece), len(pieces))
        runs = {n: ", ".join(pieces[:n]).partition("@") for n in range(longest, 0, -1)}
        length = next((n for n, (kind, _, _) in runs.items() if n > 1 and choices.exact(kind)), 1)
        kind, at, when = runs[length]
        if at and not when.strip():
            raise AnswerError("a date is missing after @; write it as search@2026-10-03")
        pairs.append((choices.find(kind), when.strip()))
        pieces = pieces[length:]
    return pairs
