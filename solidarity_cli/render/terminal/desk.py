"""The desk in words: what a screen holds of it, one heading a section, one line a thing to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from solidarity_cli.render.terminal.text_width import pad, truncate
from solidarity_cli.reports.desk import Desk, Line, Section

HEADINGS = {
    "overdue": "Overdue",
    "undecided": "Waiting for a decision",
    "due": "Due within 7 days",
    "hearings": "Hearings: next 14 days, or past",
    "erasures": "Erasures not confirmed by all",
    "risk-reviews": "Risk to be looked at again",
    "open-reviews": "Open reviews",
    "answers": "Referrals without an answer",
    "embargoes": "Embargoes that end in 14 days",
    "retention-reviews": "Retention reviews due",
    "directory": "Organisations to be checked",
}

_ROOM = 24
"""Columns that what a line is about needs; where a command leaves fewer, ids in it are shortened to their end."""

_BEGINNING = re.compile(r"\b[A-Z]{2,4}-\d{4}-(?=[0-9A-HJKMNP-TV-Z]{6}\b)")

Clean = Callable[[str], str]
"""People's words made safe to look at: before they are measured, for it makes some of them longer."""


def desk_lines(desk: Desk, *, width: int, height: int, clean: Clean) -> tuple[str, ...]:
    """The desk as at most `height` lines of at most `width` columns.

    Every section has its heading, which counts what is not shown; then every section gets one line, the most pressing
    first, before any gets a second.
    """
    counts = _line_counts(desk, height)
    lines = (line for section in desk.sections for line in _section(section, counts[section.kind], width, clean))
    return tuple(truncate(line, width) for line in lines)[:height]


def _line_counts(desk: Desk, height: int) -> dict[str, int]:
    """How many lines of each section there is room for, below the headings of all."""
    counts = dict.fromkeys((section.kind for section in desk.sections), 0)
    room = height - len(counts)
    while room > 0:
        kinds = [section.kind for section in desk.sections if counts[section.kind] < len(section.lines)]
        if not kinds:
            break
        for kind in kinds[:room]:
            counts[kind] += 1
        room -= len(kinds)
    return counts


def _section(section: Section, count: int, width: int, clean: Clean) -> Iterator[str]:
    heading, rest = HEADINGS[section.kind], len(section.lines) - count
    if not count:
        yield f"{heading} ({rest}: {section.command})"
        return
    yield f"{heading} (and {rest} more: {section.command})" if rest else heading
    for line in section.lines[:count]:
        yield _line(line, width, clean)


def _line(line: Line, width: int, clean: Clean) -> str:
    """The command stands whole, for it is copied; the title gives way. What is urgent says so first."""
    urgency = "URGENT" if line.urgency == "urgent" else ""
    # A title of thousands of letters is measured letter by letter: no more of it than could ever be seen.
    # The clock of the place tells when to be there; how far it is from ours is for the calendar.
    when = line.date[:16].replace("T", " ")
    about = clean(" ".join(part for part in (urgency, when, line.what, line.title[: 8 * width]) if part))
    command = line.command if width - len(line.command) - 4 >= _ROOM else _BEGINNING.sub("", line.command)
    room = width - len(command) - 4
    return f"  {pad(about, room)}  {command}" if room > 0 else f"  {command}"
