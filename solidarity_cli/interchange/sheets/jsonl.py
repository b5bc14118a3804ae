"""JSON Lines: one whole record a line, read and written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.record_size import LARGEST_RECORD
from solidarity_cli.core.tabular.flatten import is_shallow
from solidarity_cli.interchange.sheets.table import MOST_ROWS, too_large


@dataclass(frozen=True, slots=True)
class Line:
    """One line, numbered from 1: the record, or why there is none."""

    number: int
    record: Mapping[str, Any] | None
    fault: str = ""


def read_lines(data: bytes) -> tuple[Line, ...]:
    """The lines that hold anything. Raises Refused for a file that is not written in UTF-8, or too long."""
    try:
        texts = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise Refused("the file is not written in UTF-8", hint="save it again as UTF-8") from None
    lines = [_line(number, text) for number, text in enumerate(texts, start=1) if text.strip()]
    if len(lines) > MOST_ROWS:
        raise too_large()
    return tuple(lines)


def _line(number: int, text: str) -> Line:
    if len(text) > LARGEST_RECORD:
        return Line(number, None, "the line is larger than 1 MB")
    try:
        record = json.loads(text, object_pairs_hook=_unique_fields)
        # Half a character, which JSON can spell, has no place in any file.
        json.dumps(record, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return Line(number, None, "this line is no JSON, or a field stands in it twice")
    if not is_shallow(record):
        return Line(number, None, "the fields are nested too deeply")
    if not isinstance(record, dict):
        return Line(number, None, "this line holds no record: fields with values between { and }")
    return Line(number, record)


def _unique_fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping; of two entries of one name JSON would keep the last, and nobody would know."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a field is written twice")
    return dict(pairs)


def to_lines(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Each record on its line, keys in their order.

    Letters beyond ASCII are written as escapes: whatever shows the line, nothing in it acts unseen.
    """
    return (json.dumps(record, allow_nan=False) + "\n" for record in records)
