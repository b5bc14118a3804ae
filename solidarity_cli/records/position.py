"""Where a field stands in a file: by indentation, for a finding needs its line fast even when there are thousands."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = re.compile(r"( *)- ")


@dataclass(frozen=True, slots=True)
class _Range:
    first: int
    end: int
    line: int
    column: int


def position(text: str, field: str) -> tuple[int, int]:
    """Line and column (from 1) of a dotted field, of the nearest parent that is written; (1, 1) when none is."""
    lines = text.split("\n")
    current = _Range(0, len(lines), 0, 0)
    for part in field.split(".") if field else ():
        child = _child(lines, current, part)
        if child is None:
            break
        current = child
    return current.line + 1, current.column + 1


def _child(lines: list[str], parent: _Range, part: str) -> _Range | None:
    starts = [i for i in range(parent.first, parent.end) if lines[i].strip() and not lines[i].lstrip().startswith("#")]
    if not starts:
        return None
    depth = _indent(lines[starts[0]])
    heads = [i for i in starts if _indent(lines[i]) == depth]
    for head, following in zip(heads, [*heads[1:], parent.end], strict=True):
        if lines[head].lstrip().startswith("- "):
            item = [lines[head].replace("- ", "  ", 1), *lines[head + 1 : following]]
            id_pattern = re.compile(rf"""\s*(?:id: *)?["']?{re.escape(part)}["']?\s*(?:#.*)?""")
            item_indent = _indent(item[0])
            if any(id_pattern.fullmatch(line) for line in item if _indent(line) == item_indent):
                lines[head] = item[0]
                return _Range(head, following, head, depth)
        elif re.match(rf"""["']?{re.escape(part)}["']?\s*:""", lines[head].lstrip()):
            return _Range(head + 1, following, head, depth)
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
