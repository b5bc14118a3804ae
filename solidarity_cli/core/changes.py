"""What differs between two versions of a record, said in field names; list items are matched by their id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: dotted name, old and new value; None where there was or is none."""

    field: str
    old: Any
    new: Any

    @property
    def is_private(self) -> bool:
        """Whether its values belong to the private part."""
        return self.field.partition(".")[0] == "private"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of the newer version, then what it no longer has."""
    return tuple(_changes(before, after, ""))


def _changes(before: Any, after: Any, at: str) -> Iterator[FieldChange]:
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        yield from _whole(before, after, at)
        return
    for key in [*new, *(key for key in old if key not in new)]:
        field = f"{at}.{key}" if at else key
        yield from _changes(old.get(key, _ABSENT), new.get(key, _ABSENT), field)


def _whole(before: Any, after: Any, at: str) -> Iterator[FieldChange]:
    """A value that came, went, or changed as one; a mapping that came or went is told by its fields."""
    for value, other in ((after, before), (before, after)):
        parts = _parts(value)
        if other is _ABSENT and parts:
            for key, part in parts.items():
                sides = (_ABSENT, part) if value is after else (part, _ABSENT)
                yield from _changes(*sides, f"{at}.{key}")
            return
    yield FieldChange(at, None if before is _ABSENT else before, None if after is _ABSENT else after)


def _parts(value: Any) -> dict[str, Any] | None:
    """A mapping's fields, or a list's items by id; None for a scalar and a list of scalars."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list) and value and all(isinstance(item, Mapping) and "id" in item for item in value):
        return {item["id"]: {key: part for key, part in item.items() if key != "id"} for item in value}
    return None
