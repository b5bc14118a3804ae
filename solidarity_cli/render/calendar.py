"""A calendar as iCalendar (RFC 5545): the same entries and revisions give the same bytes.

Nothing here names the program, the register or anybody: what lies on a telephone says ids and kinds of dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from solidarity_cli.core.dates import bounds
from solidarity_cli.reports.calendar_feed import Entry

if TYPE_CHECKING:
    from icalendar import Event, Timezone

_PLACE = "register.invalid"
"""The right side of an entry's name; `.invalid` belongs to nobody for ever (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Dated:
    """An entry, how often what it rests on was changed, and when last."""

    entry: Entry
    number: int
    last: datetime


def to_ics(entries: Iterable[Dated], language: str) -> bytes:
    """The calendar. Raises ModuleNotFoundError where the extra `calendar` is not installed."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//register//agenda//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    entries = tuple(entries)
    # `sorted` before all else: a calendar reader may want a zone before the first entry that names it.
    for name, offset in sorted({zone for dated in entries if (zone := _zone(dated.entry.when))}):
        calendar.add_component(_timezone(name, offset))
    for dated in entries:
        calendar.add_component(_event(dated, language))
    return bytes(calendar.to_ical())


def _event(dated: Dated, language: str) -> Event:
    from icalendar import Event

    entry, event = dated.entry, Event()
    event.add("uid", f"{entry.name}@{_PLACE}")
    # Without a METHOD it is the time of the last change (RFC 5545, 3.8.7.2), so nothing of today is in the bytes.
    event.add("dtstamp", dated.last)
    event.add("last-modified", dated.last)
    event.add("sequence", dated.number)
    event.add("summary", entry.title(language))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.kind == "hearing" and not entry.is_off else "TRANSPARENT")
    _when(event, entry.when)
    return event


def _when(event: Event, when: str) -> None:
    """A time, or whole days: of `2026-10`, which may be any day of October, all of them."""
    if "T" in when:
        moment = datetime.fromisoformat(when)
        if zone := _zone(when):
            event.add("dtstart", moment.replace(tzinfo=None), parameters={"TZID": zone[0]})
            return
        with suppress(OverflowError):  # of the first or the last day of all calendars: the day alone
            event.add("dtstart", moment.astimezone(UTC))
            return
    first, last = bounds(when)
    event.add("dtstart", first)
    if last < date.max:
        event.add("dtend", last + timedelta(days=1))


def _zone(when: str) -> tuple[str, timedelta] | None:
    """Name and offset of the zone of a time that is whole hours from UTC; None for what is written in UTC, or a day.

    A record has an offset, not a town: to call +03:00 Moscow would be a guess, and tell a place. `Etc/GMT-3`, three
    hours before UTC by the sign of the tz database, is known to every calendar, and no summer time changes it. It has
    no names for half hours.
    """
    if "T" not in when:
        return None
    offset = datetime.fromisoformat(when).utcoffset() or timedelta()
    hours, rest = divmod(offset, timedelta(hours=1))
    if rest or not hours or not -12 <= hours <= 14:
        return None
    return f"Etc/GMT{-hours:+d}", offset


def _timezone(name: str, offset: timedelta) -> Timezone:
    from icalendar import Timezone, TimezoneStandard

    zone, always = Timezone(), TimezoneStandard()
    zone.add("tzid", name)
    always.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 in the zone itself, as RFC 5545 wants it
    always.add("tzoffsetfrom", offset)
    always.add("tzoffsetto", offset)
    zone.add_component(always)
    return zone
