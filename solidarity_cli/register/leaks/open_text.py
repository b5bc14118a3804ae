"""What a file or a message says in the open, as texts by their place: a dotted field, or `line 3`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from solidarity_cli.git.snapshot import record_kind

_LINE = re.compile(r"line ([0-9]+)(?:\.by)?")
_SCISSORS = re.compile(r".? ?-+ >8 -+")
_TRAILER = re.compile(r"[A-Z][a-z]+(-[a-z]+)*-by: .*@")


def open_texts(path: str, data: bytes) -> dict[str, str]:
    """The open fields and comments of a record; the lines of any other file, and of a record that cannot be read."""
    text = data.decode(errors="replace")
    lines = {f"line {number}": line for number, line in enumerate(text.splitlines(), 1)}
    if record_kind(path) not in ("case", "action", "directory"):
        return lines
    from solidarity_cli.core.rules import open_texts
    from solidarity_cli.records.read import UnreadableError, read

    try:
        fields = open_texts(read(data))
    except UnreadableError:
        return lines
    return fields | {place: lines[place] for place in _comments(text)}


def message_lines(text: str, mark: str = "") -> dict[str, str]:
    """The lines of a commit message that git keeps: not its comments after `mark`, nor what stands below the scissors.

    Whoever signs in a trailer may work for the same organisation as a person in a record: the place says so.
    """
    mark = mark.strip() if len(mark.strip()) == 1 else "#"
    lines = {}
    for number, line in enumerate(text.splitlines(), 1):
        if _SCISSORS.fullmatch(line):
            break
        if not line.startswith(mark):
            lines[f"line {number}.by" if _TRAILER.match(line) else f"line {number}"] = line
    return lines


def line_of(place: str) -> int:
    """The line that a place is; 0 for a field."""
    match = _LINE.fullmatch(place)
    return int(match[1]) if match else 0


def _comments(text: str) -> Iterator[str]:
    """The lines with a comment, outside the private part."""
    is_private = False
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1].strip():
            is_private = line.startswith(("private:", '"private":', "'private':"))
        if "#" in line and not is_private:
            yield f"line {number}"
