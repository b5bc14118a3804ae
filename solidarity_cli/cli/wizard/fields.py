"""Dotted fields of a record that is still being told, and words as they come from a keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

_UNTYPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What a keyboard or a clipboard carries along and no record may hold: control characters, halves of characters."""


def value_at(record: Mapping[str, Any], field: str) -> Any:
    """The value at a dotted field; None where there is none."""
    node: Any = record
    for key in field.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def set_field(record: MutableMapping[str, Any], field: str, value: Any) -> None:
    """Set a dotted field; an empty value takes it away, and what held only it."""
    *above, key = field.split(".")
    node = record
    for name in above:
        node = node.setdefault(name, {})
    if value not in (None, "", [], {}):
        node[key] = value
        return
    node.pop(key, None)
    if above and not node:
        set_field(record, ".".join(above), None)


def leaves(node: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """(dotted field, text) of every value; lists of plain values stay together."""
    if isinstance(node, Mapping):
        for key, below in node.items():
            yield from leaves(below, f"{field}.{key}".lstrip("."))
    elif isinstance(node, list) and any(isinstance(item, Mapping) for item in node):
        for place, item in enumerate(node, start=1):
            name = item.get("id", place) if isinstance(item, Mapping) else place
            yield from leaves(item, f"{field}.{name}")
    elif isinstance(node, list):
        yield field, ", ".join(str(item) for item in node)
    else:
        yield field, str(node)


def as_typed(text: str) -> str:
    """Several lines of text as they were meant: line ends as LF, nothing unseen that acts, no blank ends."""
    lines = _UNTYPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def as_line(text: str) -> str:
    """The same as one line."""
    return " ".join(as_typed(text).split())
