"""A record taken apart into the cells of one row, and the value that a cell says.

A column is a dotted field, list items by their id: `incidents.i1.type`. A list of codes is one cell, `search, arrest`.
What has neither ids nor lines of its own (links, approvals, attachments) is one cell of JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from solidarity_cli.core.dates import bounds
from solidarity_cli.core.edits import is_item_id
from solidarity_cli.core.token_format import MARK

ELSEWHERE = "[not in a sheet]"
"""What stands for a text that no workbook holds as it is: too long for a cell, or with characters that act unseen."""

MARKS = frozenset({MARK, ELSEWHERE})
"""Cells that say nothing: what is in the record stays."""

_LIST_SIGNS = re.compile(r"[,;\n]")
_WHOLE_NUMBER = re.compile(r"(\d{1,15})(\.0+)?")
_DEEPEST = 12
"""Levels of a record and what is in it; a valid one has six."""

_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class CellError(Exception):
    """A cell that cannot be what its field is; `message` says why, without the cell."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def leaves(record: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted field -> value of everything in a record, in its order. An empty mapping has nothing to say."""
    return dict(_leaves(record, ""))


def _leaves(node: Any, at: str) -> Iterator[tuple[str, Any]]:
    match node:
        case Mapping():
            for key, child in node.items():
                yield from _leaves(child, f"{at}.{key}" if at else str(key))
        case list() if _are_items(node):
            for item in node:
                for key, child in item.items():
                    if key != "id":
                        yield from _leaves(child, f"{at}.{item['id']}.{key}")
        case _:
            yield at, node


def _are_items(items: list[Any]) -> bool:
    """Whether each item of a list can be named by an id of its own."""
    names = [item.get("id") if isinstance(item, Mapping) else None for item in items]
    have_ids = all(isinstance(name, str) and is_item_id(name) for name in names)
    return bool(items) and have_ids and len(set(names)) == len(names)


def is_shallow(value: Any, levels: int = _DEEPEST) -> bool:
    """Whether a value of JSON is no deeper than any record: deeper ones are an attack on whoever walks through them."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(is_shallow(child, levels - 1) for child in children)


def cell_of(value: Any) -> str | int:
    """A value as one cell; `value_of` reads it back."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return value
        case list() if value and all(_is_simple(item) for item in value):
            return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _is_simple(item: Any) -> bool:
    """Whether an item stands between commas and is found there again."""
    is_text = isinstance(item, str) and item.strip() == item != ""
    return is_text and not _LIST_SIGNS.search(item) and not item.startswith("[")


_DAYS = {
    "date": "as in 2026-10-31; other ways of writing it: dates, in a mapping",
    "partial-date": "as in 2026, 2026-10 or 2026-10-31; other ways of writing it: dates, in a mapping",
    "moment": "as in 2026-10-31 or 2026-10-21T10:00+03:00; other ways of writing it: dates, in a mapping",
}
"""The formats of dates in the schemas, and how they are written."""

_NO_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")


def value_of(cell: str, shape: Mapping[str, Any]) -> Any:
    """What a cell says, as the schema of its field wants it. Raises CellError for what is none of its kind.

    Whether the value itself fits, a code for instance, the schema judges later.
    """
    kind = shape.get("type")
    match kind[0] if isinstance(kind, list) else kind:
        case "array":
            return _parse_list(cell.strip(), shape.get("items", {}))
        case "object":
            raise CellError("this column holds fields of its own", "name one of them: subject.country")
        case "integer":
            number = _WHOLE_NUMBER.fullmatch(cell.strip())
            if not number:
                raise CellError("a whole number is expected here")
            return int(number[1])
        case "boolean":
            if cell.strip().casefold() not in _BOOLEANS:
                raise CellError("yes or no is expected here")
            return _BOOLEANS[cell.strip().casefold()]
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    # Codes, dates and lines have a form; a free text keeps even its empty lines.
    if not shape.keys() & {"enum", "pattern", "format", "x-vocabulary"}:
        return text
    if shape.get("format") in _DAYS:
        _require_day(text.strip(), str(shape["format"]))
    return text.strip()


def _require_day(text: str, form: str) -> None:
    """Raises CellError, in the words of somebody who has a sheet before them, for what is no date of a `form`."""
    if "T" in text and form != "moment":
        raise CellError(
            "a time of day stands here, where a day is expected", "cut the time off, or format it as a date"
        )
    if _NO_OFFSET.fullmatch(text):
        raise CellError(
            "a time needs its offset from UTC", 'as in 2026-10-21T10:00+03:00; for a column: offset: "+03:00"'
        )
    try:
        bounds(text)
        is_day = form != "date" or len(text) == len("2026-10-31")
    except ValueError:
        is_day = False
    if not is_day:
        expected = "whole day" if form == "date" else "day, month or year"
        raise CellError(f"this is no {expected} of the calendar", _DAYS[form])


def _parse_list(cell: str, items: Mapping[str, Any]) -> list[Any]:
    if cell.startswith("["):
        try:
            values = json.loads(cell)
        except (ValueError, RecursionError):
            raise CellError("this begins like a list in JSON and is none") from None
        if not is_shallow(values):
            raise CellError("the list is nested too deeply")
        return list(values)
    if items.get("type") == "object":
        raise CellError("a list in JSON is expected here", 'as export writes it: [{"case": …}]')
    return [part.strip() for part in _LIST_SIGNS.split(cell) if part.strip()]


def places(field: str, shape: Mapping[str, Any]) -> tuple[tuple[int, int, str], ...]:
    """What to sort columns by: the order of the schema, items by number."""
    ranks = []
    for part in field.split("."):
        names = list(shape.get("properties", ()))
        if part in names:
            ranks.append((names.index(part), 0, part))
            shape = shape["properties"][part]
        else:
            ranks.append((len(names), int(part[1:]) if is_item_id(part) else 0, part))
            shape = shape.get("items", {})
    return tuple(ranks)


def standing(shape: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """The fields that every record may have once: the columns of a sheet in which nothing is filled in yet."""
    for name, child in shape.get("properties", {}).items():
        field = f"{at}.{name}" if at else name
        if "properties" in child:
            yield from standing(child, field)
        elif child.get("items", {}).get("type") != "object" and child.get("type") != "object":
            yield field
