"""What differs between two versions of a record, as far as an index may hold it: nothing private, no token.

Of a private field only its name is kept, and whether it came, went or changed. A name that is none of ours may be
whatever somebody typed, and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from solidarity_cli.core.changes import FieldChange, changes
from solidarity_cli.core.edits import is_item_id
from solidarity_cli.core.token_format import MARK, PRIVATE, is_sealed

Plain = Mapping[str, Any]
RedactedChange = list[Any]
"""[field, old, new, 1 where it belongs to an item that is new]."""


def redacted_changes(kind: str, old: Plain, new: Plain) -> list[RedactedChange]:
    """The changes from one version of a record to the next, in the order of `core.changes`."""
    rows = []
    for change in changes(old, new):
        row = [change.field, change.old, change.new, int(_is_new(change.field, old))]
        if change.is_private:
            row[:3] = (
                _safe_name(kind, change.field),
                mark(change.field, change.old, old),
                mark(change.field, change.new, new),
            )
        rows.append(row)
    return rows


def silent(change: FieldChange, old: Plain, new: Plain) -> FieldChange:
    """A change with a mark for each private value; `old` and `new` are the versions as they are stored."""
    if not change.is_private:
        return change
    sides = {"old": (change.old, old), "new": (change.new, new)}
    marks = {side: mark(change.field, value, stored) for side, (value, stored) in sides.items()}
    return replace(change, old=marks["old"], new=marks["new"])


def mark(field: str, value: Any, stored: Any) -> str | None:
    """`[sealed]` or `[private]` for a private value, by how it is stored; None where there is none."""
    if value is None or is_sealed(value):
        return None if value is None else MARK
    for part in field.split("."):
        stored = stored.get(part) if isinstance(stored, Mapping) else stored
    return MARK if is_sealed(stored) else PRIVATE


def starred_field(field: str) -> str:
    """A dotted field with a star for each item: as the table of ways spells it."""
    return ".".join("*" if is_item_id(part) else part for part in field.split("."))


@cache
def _safe_name(kind: str, field: str) -> str:
    """A private field by its name, or as `private` where the name is none of ours."""
    from solidarity_cli.core.merge import Way, way_of  # with it comes the whole model, and to ask is not to learn

    above, _, last = field.rpartition(".")
    if way_of(kind, field):
        return field
    return field if is_item_id(last) and way_of(kind, above) is Way.APPENDED else "private"


def _is_new(field: str, old: Plain) -> bool:
    name, _, rest = field.partition(".")
    items = old.get(name)
    if not rest or not isinstance(items, list):
        return bool(rest) and not items
    item_id = rest.partition(".")[0]
    return not any(isinstance(item, Mapping) and item.get("id") == item_id for item in items)
