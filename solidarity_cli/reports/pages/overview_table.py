"""The first table of a report: every total of this period, of the one before, and of the same days a year ago."""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.reports.counting.figures import Breakdown, Counts
from solidarity_cli.reports.pages.page import Block, Heading, PageCell, Table
from solidarity_cli.reports.pages.wording import Wording


def overview(wording: Wording, now: Counts, before: Counts, year_ago: Counts | None) -> Iterator[Block]:
    """A row for each count that this period has. No column for a year ago where that is the period before."""
    periods = [now, before, *([year_ago] if year_ago and year_ago.period != before.period else [])]
    say = wording.say
    names = [name for name in _COUNTS if _is_seen(now, name)]
    rows = tuple((say(name), *(_cell(wording, counts, name) for counts in periods)) for name in names)
    columns = (say("count"), say("now"), say("before"), say("year-before"))[: len(periods) + 1]
    yield Heading(say("overview"))
    yield Table(say("overview"), columns, rows, numeric=tuple(range(1, len(columns))))


_COUNTS = ("received", "decided", "median", "actions", "missions", "hearings", "referrals", "closed", "open")


def _is_seen(counts: Counts, name: str) -> bool:
    if name in ("missions", "hearings"):
        return counts.missions is not None
    return name == "median" or getattr(counts, name) is not None


def _cell(wording: Wording, counts: Counts, name: str) -> PageCell:
    match name:
        case "median":
            return wording.decimal(counts.decided.median_days)
        case "missions":
            return wording.cell(counts.missions.total, counts.missions.rounded_to) if counts.missions else None
        case "hearings":
            return wording.cell(counts.missions.hearings) if counts.missions else None
        case "decided":
            return wording.cell(counts.decided.total, counts.decided.rounded_to)
        case _:
            breakdown: Breakdown | None = getattr(counts, name)
            return wording.cell(breakdown.total, breakdown.rounded_to) if breakdown else None
