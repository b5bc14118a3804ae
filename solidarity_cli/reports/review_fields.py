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
class VisibleChange:
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
) -> tuple[tuple[VisibleChange, ...], int]:
    """The fields that differ, open ones first; and how many more differ that no reviewer is shown.

    `old` and `new` are records of valid shape as they are stored. For an entry of the directory no audience is
    written down, so its values stay where they are.
    """
    raw = [change for change in changes(old or {}, new or {}) if change.field != "schema_version"]
    if kind not in _TABLES:
        names = dict.fromkeys(change.field.partition(".")[0] for change in raw)
        return tuple(VisibleChange(name, _how_by_presence(name, old or {}, new or {})) for name in names), 0
    visible = [change for change in changes(_open_part(old, on), _open_part(new, on)) if _is_known(kind, change.field)]
    open_changes = [
        VisibleChange(change.field, _how_by_value(change), change.old, change.new)
        for change in visible
        if change.field != "schema_version"
    ]
    private, hidden_private = _private_changes(kind, raw, old, new)
    open_fields = [change.field for change in raw if not change.is_private]
    known = {change.field for change in open_changes}
    hidden = hidden_private + sum(field not in known for field in open_fields)
    return (*open_changes, *private), hidden


def _open_part(record: Mapping[str, Any] | None, on: date) -> dict[str, Any]:
    if not record:
        return {}
    return {key: value for key, value in filter_record(record, _REVIEWER, on=on, cases={}).items() if key != "private"}


def _is_known(kind: str, field: str) -> bool:
    """Whether a field, list items by id, stands in the table: the name of another can say as much as a value."""
    head, *rest = field.split(".")
    names = {field, ".".join([head, *rest[1:]])}
    return any(row == name or row.startswith(f"{name}.") for row in _TABLES[kind] for name in names)


def _private_changes(
    kind: str, raw: list[FieldChange], old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> tuple[list[VisibleChange], int]:
    """The private fields that differ, each as a whole, and how many names no table knows: a name can say too much."""
    names = dict.fromkeys(".".join(change.field.split(".")[:2]) for change in raw if change.is_private)
    known = [name for name in names if name in _TABLES[kind]]
    sides = (_private_part(old), _private_part(new))
    return [VisibleChange(name, _how_by_presence(name.partition(".")[2], *sides)) for name in known], len(names) - len(
        known
    )


def _private_part(record: Mapping[str, Any] | None) -> Mapping[str, Any]:
    part = (record or {}).get("private")
    return part if isinstance(part, Mapping) else {}


def _how_by_presence(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Literal["added", "changed", "removed"]:
    if name not in old:
        return "added"
    return "changed" if name in new else "removed"


def _how_by_value(change: FieldChange) -> Literal["added", "changed", "removed"]:
    if change.old is None:
        return "added"
    return "removed" if change.new is None else "changed"


def each(fields: tuple[VisibleChange, ...], *, private: bool) -> Iterator[VisibleChange]:
    """The private ones, or the others."""
    return (field for field in fields if field.is_private is private)
