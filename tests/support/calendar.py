"""A calendar read back: by the strict parser `ical`, and as lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.program import Run

Read = Callable[..., dict[str, Any]]


def events_of(text: str) -> dict[str, Any]:
    """UID -> event, as another hand reads them."""
    from ical.calendar_stream import IcsCalendarStream

    found = IcsCalendarStream.calendar_from_ics(text).events
    names = [event.uid for event in found]
    assert len(set(names)) == len(names)
    return {event.uid.removesuffix("@register.invalid"): event for event in found}


@pytest.fixture
def read(run: Run) -> Read:
    """`read("--days", "30")`: the events of the calendar on stdout."""

    def asked(*arguments: str) -> dict[str, Any]:
        answer = run("agenda", "--ics", "-", *arguments)
        assert answer.exit_code == 0, answer
        return events_of(answer.out)

    return asked


def day_of(event: Any) -> date:
    """The day on which an event begins, in its own zone."""
    return event.dtstart if type(event.dtstart) is date else event.dtstart.date()


def ahead(days: int) -> str:
    """A day from the tests' today on."""
    return (date(2026, 10, 31) + timedelta(days=days)).isoformat()
