"""The desk in words: one heading a section, one line a thing to do, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.core.figures.desk import Desk, Line, Section

HEADINGS = {
    "overdue": "Waiting longer than the Group allows",
    "undecided": "Waiting for a decision",
    "due": "Due within 7 days, or overdue",
    "hearings": "Hearings in the next 14 days",
    "erasures": "Erasures incomplete",
    "reviews": "Risk to be reviewed",
    "embargoes": "Embargoes that end within 14 days",
    "answers": "Referrals without an answer in time",
}


def desk_lines(desk: Desk, width: int = 80) -> tuple[str, ...]:
    """The desk as lines of at most `width` columns. Titles are people's words: clean each line before it is shown."""
    return tuple(line[:width] for section in desk.sections for line in _section(section, width))


def _section(section: Section, width: int) -> Iterator[str]:
    heading = HEADINGS[section.kind]
    yield f"{heading} (and {section.more} more: {section.command})" if section.more else heading
    for line in section.lines:
        yield _line(line, width)


def _line(line: Line, width: int) -> str:
    """The command stands whole, for it is copied; the title gives way."""
    about = " ".join(part for part in (line.date, line.what, line.title) if part)
    room = width - len(line.command) - 4
    if room < 12:
        return f"  {line.command}"
    return f"  {about[:room]:<{room}}  {line.command}"
