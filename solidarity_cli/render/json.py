"""Plain data as JSON text: letters as they are, controls and bidi characters as escapes, so a terminal shows them."""

from __future__ import annotations

import json
from typing import Any

from solidarity_cli.render.escape import is_steering


def to_json(data: Any) -> str:
    """`data` as JSON, two spaces deep, a newline at the end. Keys keep their order: whoever made the data sorted it.

    Reading it back gives the same data. Raises ValueError for numbers that JSON does not have.
    """
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if text.isascii() and "\x7f" not in text:
        return text
    # Outside of strings JSON is ASCII, and inside it an escape means the character: replacing is safe anywhere.
    return "".join(_escape(char) if char != "\n" and is_steering(char) else char for char in text)


def _escape(char: str) -> str:
    return "".join(f"\\u{unit:04x}" for unit in _units(char))


def _units(char: str) -> list[int]:
    code = ord(char)
    if code < 0x10000:
        return [code]
    return [0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)]
