"""What differs in one record, field by field, as far as a reviewer may see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from solidarity_cli.core.audience.filter import Audience, filter_record
from solidarity_cli.core.audience.visibility import ACTION, CASE
from solidarity_cli.core.changes import FieldChange, changes

_REVIEWER = Audience("reviewer")
_TABLES = {"case": CASE, "action": ACTION}


@dataclass(frozen=True, slots=True)
class FieldTold:
    """One field: dotted, list items by id. Where the value is kept back, `old` and `new` are None on purpose."""

    field: str
    how: Literal["added", "changed", "removed"]
    old: Any = None
    new: Any = None

    @property
    def is_private(self) -> bool:
        """Whether it is a private field, told as a whole."""
        return self.field.partition(".")[0] == "private"


def visible_changes(
    kind: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, *, on: date
) -> tuple[tuple[FieldTold, ...], int]:
    """The fields that differ, open ones first; and how many more differ that no reviewer is shown.

    `old` and `new` are records of valid shape as they are stored. For an entry of the directory no audience is
    written down, so its values stay where they are.
    """
    raw = [one for one in changes(old or {}, new or {}) if one.field != "schema_version"]
    if kind not in _TABLES:
        names = dict.fromkeys(one.field.partition(".")[0] for one in raw)
        return tuple(FieldTold(name, _came(name, old or {}, new or {})) for name in names), 0
    visible = [one for one in changes(_open(old, on), _open(new, on)) if _is_known(kind, one.field)]
    told = [FieldTold(one.field, _how(one), one.old, one.new) for one in visible if one.field != "schema_version"]
    private, kept_back = _private(kind, raw, old, new)
    open_fields = [one.field for one in raw if not one.is_private]
    known = {one.field for one in told}
    hidden = kept_back + sum(field not in known for field in open_fields)
    return (*told, *private), hidden


def _open(record: Mapping[str, Any] | None, on: date) -> dict[str, Any]:
    if not record:
        return {}
    return {key: value for key, value in filter_record(record, _REVIEWER, on=on, cases={}).items() if key != "private"}


def _is_known(kind: str, field: str) -> bool:
    """Whether a field, list items by id, stands in the table: the name of another can say as much as a value."""
    room, *rest = field.split(".")
    names = {field, ".".join([room, *rest[1:]])}
    return any(row == name or row.startswith(f"{name}.") for row in _TABLES[kind] for name in names)


def _private(
    kind: str, raw: list[FieldChange], old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> tuple[list[FieldTold], int]:
    """The private fields that differ, each as a whole, and how many names no table knows: a name can say too much."""
    names = dict.fromkeys(".".join(one.field.split(".")[:2]) for one in raw if one.is_private)
    known = [name for name in names if name in _TABLES[kind]]
    sides = (_part(old), _part(new))
    return [FieldTold(name, _came(name.partition(".")[2], *sides)) for name in known], len(names) - len(known)


def _part(record: Mapping[str, Any] | None) -> Mapping[str, Any]:
    found = (record or {}).get("private")
    return found if isinstance(found, Mapping) else {}


def _came(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Literal["added", "changed", "removed"]:
    if name not in old:
        return "added"
    return "changed" if name in new else "removed"


def _how(one: FieldChange) -> Literal["added", "changed", "removed"]:
    if one.old is None:
        return "added"
    return "removed" if one.new is None else "changed"


def each(fields: tuple[FieldTold, ...], *, private: bool) -> Iterator[FieldTold]:
    """The private ones, or the others."""
    return (one for one in fields if one.is_private is private)
