"""What differs between two versions of a record, said in field names; list items are matched by their id."""

from __future__ import annotations

from collections.abc import Mapping
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
    differences: list[FieldChange] = []
    _compare(before, after, "", differences)
    return tuple(differences)


# An index of the past compares every version there ever was: what is found goes into one list, for a third of its time
# would go into generators within generators, and a mapping is copied only where it is none of Python's own.


def _compare(before: Any, after: Any, at: str, differences: list[FieldChange]) -> None:
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        _add_difference(before, after, at, differences)
        return
    for key in [*new, *(key for key in old if key not in new)]:
        field = f"{at}.{key}" if at else key
        _compare(old.get(key, _ABSENT), new.get(key, _ABSENT), field, differences)


def _add_difference(before: Any, after: Any, at: str, differences: list[FieldChange]) -> None:
    """A value that came, went, or changed as one; a mapping that came or went is told by its fields."""
    if before is _ABSENT and (parts := _parts(after)):
        for key, part in parts.items():
            _add_difference(_ABSENT, part, f"{at}.{key}", differences)
    elif after is _ABSENT and (parts := _parts(before)):
        for key, part in parts.items():
            _add_difference(part, _ABSENT, f"{at}.{key}", differences)
    else:
        differences.append(FieldChange(at, None if before is _ABSENT else before, None if after is _ABSENT else after))


def _parts(value: Any) -> Mapping[str, Any] | None:
    """A mapping's fields, or a list's items by id; None for a scalar and a list of scalars."""
    if isinstance(value, str) or value is _ABSENT:
        return None
    if isinstance(value, list):
        if not value or not all(isinstance(item, Mapping) and "id" in item for item in value):
            return None
        return {item["id"]: {key: part for key, part in item.items() if key != "id"} for item in value}
    if isinstance(value, dict):
        return value
    return dict(value) if isinstance(value, Mapping) else None
