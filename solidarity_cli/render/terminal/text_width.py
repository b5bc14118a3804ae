"""How many columns a text takes on a screen, and a text cut to fit: wide letters take two, combining ones none."""

from __future__ import annotations

import unicodedata


def columns(text: str) -> int:
    """The columns of a line that was made safe to look at. In doubt the larger number, so nothing runs over."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def truncate(text: str, room: int) -> str:
    """As much of the beginning of a line as `room` columns hold; what was cut is said by a mark at the end."""
    if columns(text) <= room:
        return text
    chars, used = [], 0
    for char in text:
        used += _columns(char)
        if used > room - 1:
            break
        chars.append(char)
    return "".join(chars) + "…" if room > 0 else ""


def pad(text: str, room: int) -> str:
    """A line of exactly `room` columns: cut, or filled with blanks."""
    short = truncate(text, room)
    return short + " " * (room - columns(short))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    # Of ambiguous width are letters that Eastern fonts draw wide and all others narrow; of these a desk has many.
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
