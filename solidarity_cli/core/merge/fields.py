"""The three-way merge of fields: who alone changed a field has his way; where both did, the table says what becomes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from solidarity_cli.core.merge.conflict import Conflict, Plain, Why
from solidarity_cli.core.merge.strategies import Way, way_of

GONE: Any = object()
"""Stands for a field that a side does not have."""


class Fields:
    """One merge at work. `clashes` gathers what it leaves for a person; there, ours stays."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.clashes: list[Conflict] = []

    def merge(self, base: Plain, ours: Plain, theirs: Plain, *, at: str = "", row: str = "") -> dict[str, Any]:
        """A group of fields merged: `at` is its dotted name, `row` the same as the table spells it."""
        result = {}
        for name in dict.fromkeys((*ours, *theirs)):
            sides = (side.get(name, GONE) for side in (base, ours, theirs))
            value = self._field(f"{at}.{name}".lstrip("."), f"{row}.{name}".lstrip("."), *sides)
            if value is not GONE:
                result[name] = value
        return result

    def clash(self, at: str, base: Any, ours: Any, theirs: Any, way: Way | None = None) -> Any:
        """Leave a field for a person; ours."""
        why = Why.MOVED if way is Way.STATUS else Why.TWO_VALUES
        why = Why.DELETED if ours is GONE or theirs is GONE else why
        old, our_value, their_value = (None if side is GONE else side for side in (base, ours, theirs))
        self.clashes.append(Conflict(at, old, our_value, their_value, why))
        return ours

    def _field(self, at: str, row: str, base: Any, ours: Any, theirs: Any) -> Any:
        way, sides = way_of(self.kind, row), (base, ours, theirs)
        if way is Way.ERASURE:
            return _merge_erasure(ours, theirs)
        if theirs in (ours, base):
            return ours
        if ours == base:
            return theirs
        if way in (Way.ITEMS, Way.APPENDED, Way.SET) and _are_all(list, sides):
            result: Any = self._list(at, row, *([] if side is GONE else side for side in sides))
        elif way is Way.ENTRY:
            return self._entry(at, row, *sides)
        elif way in (None, Way.APPENDED) and _are_all(Mapping, sides):
            result = self.merge(*({} if side is GONE else side for side in sides), at=at, row=row)
        else:
            return self.clash(at, *sides, way)
        return result if result or GONE not in (ours, theirs) else GONE

    def _entry(self, at: str, row: str, base: Any, ours: Any, theirs: Any) -> Any:
        """An item, or fields that belong together: there as a whole or not at all, or it would not have its shape."""
        if theirs in (ours, base):
            return ours
        if ours == base:
            return theirs
        if not (isinstance(ours, Mapping) and isinstance(theirs, Mapping)):
            return self.clash(at, base, ours, theirs)
        return self.merge(base if isinstance(base, Mapping) else {}, ours, theirs, at=at, row=row)

    def _list(self, at: str, row: str, base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
        base_items, our_items, their_items = (by_id(side) for side in (base, ours, theirs))
        if way_of(self.kind, row) is Way.SET or base_items is None or our_items is None or their_items is None:
            members = _merge_members(base, ours, theirs)
            # Nothing is what neither side said, and some lists may not be empty.
            return members if members or not (ours and theirs) else self.clash(at, base, ours, theirs)
        # Ours keeps its order: its file is edited in place.
        entries = (
            self._entry(
                f"{at}.{item_id}",
                f"{row}.*",
                *(side.get(item_id, GONE) for side in (base_items, our_items, their_items)),
            )
            for item_id in dict.fromkeys((*our_items, *their_items))
        )
        return [item for item in entries if item is not GONE]


def by_id(items: Any) -> dict[str, Plain] | None:
    """Items by their ids; None for what is no list of items with an id each, no two alike."""
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        return None
    items_by_id = {item["id"]: item for item in items if isinstance(item.get("id"), str)}
    return items_by_id if len(items_by_id) == len(items) else None


def _are_all(kind: type, sides: tuple[Any, ...]) -> bool:
    """Whether all that is there is of one kind: a sealed list, for one, is a text."""
    return all(side is GONE or isinstance(side, kind) for side in sides)


def _merge_members(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    """The union without what either side took out: ours in its order, then what theirs added.

    Counted, not only looked up: a referral may be accepted, revoked, and accepted again on one day.
    """
    base_counts, our_counts, their_counts = (Counter(map(_serialize, side)) for side in (base, ours, theirs))
    remaining = Counter(base_counts)
    remaining.update((our_counts - base_counts) | (their_counts - base_counts))
    remaining.subtract((base_counts - our_counts) | (base_counts - their_counts))
    members = []
    for item in (*ours, *theirs):
        if remaining[_serialize(item)] > 0:
            remaining[_serialize(item)] -= 1
            members.append(item)
    return members


def _serialize(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _merge_erasure(ours: Any, theirs: Any) -> Any:
    """The tombstone of either side; of two the earlier, and all confirm who could read on either side."""
    tombstones = [side for side in (ours, theirs) if isinstance(side, Mapping)]
    if len(tombstones) < 2 or ours == theirs:
        return tombstones[0] if tombstones else ours
    earliest = min(tombstones, key=lambda side: (str(side.get("date")), _serialize(side)))
    keys = list(dict.fromkeys(key for side in tombstones for key in side.get("keys", ())))
    return {**earliest, "keys": keys} if keys else earliest
