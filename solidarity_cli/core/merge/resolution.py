"""A person's choice between two sides, put into the merge: as if the other side had never touched that field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from solidarity_cli.core.edits import is_item_id
from solidarity_cli.core.merge.conflict import Plain
from solidarity_cli.core.merge.fields import GONE

Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose field stays. `value`, where there is one, then takes its place: neither of the two was right."""

    side: Side
    value: Any = field(default=None, repr=False)


Choices = Mapping[str, Choice]
"""Dotted field -> choice; "" is the whole record."""


def apply_choice(
    kind: str, base: Plain | None, ours: Plain, theirs: Plain, choices: Choices
) -> tuple[Plain, Plain, Plain]:
    """The three versions as a merge has to see them to come to what was chosen.

    Where the version that both began from says what the losing side says, only the other side has changed the field,
    and so has its way, whatever the table says of two.
    """
    base = base or {}
    for name, choice in choices.items():
        if kind == "recipients" and "." in name:
            base, ours, theirs = _without_key(base, ours, theirs, name.partition(".")[2], choice.side)
        elif name:
            loser = theirs if choice.side == "ours" else ours
            base = with_field(base, name, value_at(loser, name))
    return base, ours, theirs


def value_at(record: Any, field: str) -> Any:
    """The value of a dotted field, items named by their ids; GONE where there is none."""
    for part in field.split("."):
        if isinstance(record, list):
            record = next((item for item in record if isinstance(item, Mapping) and item.get("id") == part), GONE)
        else:
            record = record.get(part, GONE) if isinstance(record, Mapping) else GONE
    return record


def with_field(record: Plain, field: str, value: Any) -> dict[str, Any]:
    """A copy of a record with a dotted field set, parents made; GONE takes the field away."""
    result = _with_value(record, field.split("."), value, in_private=field.startswith("private."))
    return result if isinstance(result, dict) else dict(record)


def _with_value(node: Any, parts: list[str], value: Any, *, in_private: bool) -> Any:
    name, *below = parts
    old = value_at(node, name)
    if below:
        if old is GONE and value is GONE:
            return node
        # In the private part a note is found by its id in a mapping: its text stands apart from the open list.
        empty: Any = [] if is_item_id(below[0]) and not in_private else {}
        old = empty if old is GONE else old
        value = _with_value(old, below, value, in_private=in_private)
    if isinstance(node, list):
        if isinstance(value, Mapping):
            value = {"id": name, **value}
        items = [value if isinstance(item, Mapping) and item.get("id") == name else item for item in node]
        items += [value] if value_at(node, name) is GONE else []
        return [item for item in items if item is not GONE]
    fields = dict(node) if isinstance(node, Mapping) else {}
    fields[name] = value
    return {key: child for key, child in fields.items() if child is not GONE}


def _without_key(base: Plain, ours: Plain, theirs: Plain, name: str, side: Side) -> tuple[Plain, Plain, Plain]:
    """Two keys for one name: the side that gives way never had its own. Names hold dots, so they are no path."""

    def without(version: Plain) -> Plain:
        return {
            **version,
            "recipients": [recipient for recipient in version.get("recipients", ()) if recipient.get("name") != name],
        }

    return (without(base), ours, without(theirs)) if side == "ours" else (without(base), without(ours), theirs)
