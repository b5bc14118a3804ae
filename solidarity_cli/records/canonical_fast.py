"""A record's canonical text written straight from the plain mapping, a hundred times faster than by a tree of nodes.

The round-trip YAML knows every value and every character; this writer leaves to it whatever is not sure to come out
the same (`tests/records/test_canonical.py` compares the two).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from solidarity_cli.records.scalar_style import NOT_PLAIN, PARAGRAPHS, fits_a_block, fits_a_line, in_order, is_code

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,60}")
# What the round-trip YAML writes between double quotes as it stands, but for the four in _ESCAPES.
_SAFE = re.compile("[\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


class _UnsureError(Exception):
    """A value that this writer does not know how to write."""


def text_of(plain: Mapping[str, Any], shape: Mapping[str, Any]) -> str | None:
    """The fields of a record as canonical text; None where only the careful way is sure."""
    lines: list[str] = []
    try:
        for name in in_order(plain, shape):
            if lines and name in PARAGRAPHS:
                lines.append("")
            lines += _field(name, plain[name], shape, "")
    except _UnsureError:
        return None
    return "".join(f"{line}\n" for line in lines)


def _field(name: Any, value: Any, shape: Mapping[str, Any], indent: str) -> Iterator[str]:
    if not isinstance(name, str) or not _KEY.fullmatch(name) or name in NOT_PLAIN:
        raise _UnsureError
    shape = shape.get("properties", {}).get(name, {})
    if isinstance(value, Mapping) and value:
        yield f"{indent}{name}:"
        yield from _fields(value, shape, f"{indent}  ")
    elif isinstance(value, list) and not fits_a_line(value):
        yield f"{indent}{name}:"
        for item in value:
            yield from _item(item, shape.get("items", {}), f"{indent}  ")
    elif isinstance(value, list):
        yield f"{indent}{name}: [{', '.join(map(_scalar, value))}]"
    elif isinstance(value, str) and fits_a_block(value):
        yield f"{indent}{name}: {'|' if value.endswith(chr(10)) else '|-'}"
        yield from (f"{indent}  {line}" if line else "" for line in value.removesuffix("\n").split("\n"))
    else:
        yield f"{indent}{name}: {_scalar(value)}"


def _fields(value: Mapping[str, Any], shape: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key in in_order(value, shape):
        yield from _field(key, value[key], shape, indent)


def _item(item: Any, shape: Mapping[str, Any], indent: str) -> Iterator[str]:
    """An item of a list that has a line or more for each."""
    if isinstance(item, Mapping) and item:
        first, *others = _fields(item, shape, f"{indent}  ")
        yield f"{indent}- {first.removeprefix(indent)[2:]}"
        yield from others
    elif isinstance(item, str) and fits_a_block(item):
        raise _UnsureError
    else:
        yield f"{indent}- {_scalar(item)}"


def _scalar(value: Any) -> str:
    if isinstance(value, Mapping) and not value:
        return "{}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or not _SAFE.fullmatch(value):
        raise _UnsureError
    return value if is_code(value) else f'"{value.translate(_ESCAPES)}"'
