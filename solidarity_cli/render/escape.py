"""People's words made safe to look at: what would steer a terminal or turn text around is shown as an escape.

Every renderer passes people's words through here before it escapes them for its own format.
"""

from __future__ import annotations

import re
import unicodedata

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of characters that are not seen but act: controls, bidi marks, zero-width characters, surrogates,
line separators, private and unassigned ones."""

_BLANK = re.compile("[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]")
"""Letters and marks by category, yet nothing to see: they can hide a text or tell two equal ones apart."""


def clean(text: str, *, newlines: bool = False) -> str:
    r"""`text` with every character that acts unseen written as `\x1b`, `\u202e`, or `\U000e0041`.

    `newlines` keeps line ends (also `\r\n`, as one); without it they are escaped as well, for a cell or a title is
    one line. A backslash stays as it is: the result is for eyes, not for reading back.
    """
    if text.isprintable() and not _BLANK.search(text):
        return text
    if newlines:
        return "\n".join(_line(line) for line in text.replace("\r\n", "\n").split("\n"))
    return _line(text)


def is_steering(char: str) -> bool:
    """Whether a character acts without being seen."""
    return unicodedata.category(char) in _STEERING or _BLANK.match(char) is not None


def _line(text: str) -> str:
    return "".join(_escape(char) if is_steering(char) else char for char in text)


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
