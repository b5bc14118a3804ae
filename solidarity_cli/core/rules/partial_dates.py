"""What counted on a day: dates that may be wrong, done actions, and the assessment that was in force then.

What was done rightly stays right: a done action is judged by what was known on its day, everything else by today.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from solidarity_cli.core.dates import bounds
from solidarity_cli.core.model import Action, Assessment, Case


@lru_cache(maxsize=4096)
def span(partial: str) -> tuple[date, date] | None:
    """First and last day that a date may mean; None without one, and for what is no day of the calendar."""
    if not partial:
        return None
    try:
        return bounds(partial)
    except (ValueError, OverflowError):
        return None


def earliest(partial: str) -> date | None:
    """The first day that a date may mean."""
    days = span(partial)
    return days[0] if days else None


def latest(partial: str) -> date | None:
    """The last day that a date may mean."""
    days = span(partial)
    return days[1] if days else None


def is_before(partial: str, other: str) -> bool:
    """Whether a date lies before another, however partial dates are read. What is no date is before nothing."""
    end, start = latest(partial), earliest(other)
    return end is not None and start is not None and end < start


def is_after(partial: str, day: date) -> bool:
    """Whether a date lies after a day, however a partial one is read."""
    start = earliest(partial)
    return start is not None and start > day


def done_on(action: Action) -> date | None:
    """The last day on which a done action may have been done; None for one still ahead, or without a date."""
    return latest(action.date) if action.status == "done" else None


def decided(case: Case) -> tuple[Assessment, ...]:
    """The assessments that hold a decision."""
    return tuple(assessment for assessment in case.assessments if assessment.decision)


def in_force(assessments: Iterable[Assessment], on: date | None) -> Assessment | None:
    """The newest assessment, or the newest that there was on a day."""
    candidates = [
        assessment for assessment in assessments if on is None or (earliest(assessment.date) or date.min) <= on
    ]
    return candidates[-1] if candidates else None
