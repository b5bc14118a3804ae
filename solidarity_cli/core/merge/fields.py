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
        was, own, other = (None if side is GONE else side for side in (base, ours, theirs))
        self.clashes.append(Conflict(at, was, own, other, why))
        return ours

    def _field(self, at: str, row: str, base: Any, ours: Any, theirs: Any) -> Any:
        way, sides = way_of(self.kind, row), (base, ours, theirs)
        if way is Way.ERASURE:
            return _erasure(ours, theirs)
        if theirs in (ours, base):
            return ours
        if ours == base:
            return theirs
        if way in (Way.ITEMS, Way.APPENDED, Way.SET) and _are(list, sides):
            result: Any = self._list(at, row, *([] if side is GONE else side for side in sides))
        elif way is Way.ENTRY:
            return self._entry(at, row, *sides)
        elif way in (None, Way.APPENDED) and _are(Mapping, sides):
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
        old, own, other = (by_id(side) for side in (base, ours, theirs))
        if way_of(self.kind, row) is Way.SET or old is None or own is None or other is None:
            kept = _members(base, ours, theirs)
            # Nothing is what neither side said, and some lists may not be empty.
            return kept if kept or not (ours and theirs) else self.clash(at, base, ours, theirs)
        # Ours keeps its order: its file is edited in place.
        found = (
            self._entry(f"{at}.{one}", f"{row}.*", *(side.get(one, GONE) for side in (old, own, other)))
            for one in dict.fromkeys((*own, *other))
        )
        return [item for item in found if item is not GONE]


def by_id(items: Any) -> dict[str, Plain] | None:
    """Items by their ids; None for what is no list of items with an id each, no two alike."""
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        return None
    found = {item["id"]: item for item in items if isinstance(item.get("id"), str)}
    return found if len(found) == len(items) else None


def _are(kind: type, sides: tuple[Any, ...]) -> bool:
    """Whether all that is there is of one kind: a sealed list, for one, is a text."""
    return all(side is GONE or isinstance(side, kind) for side in sides)


def _members(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    """The union without what either side took out: ours in its order, then what theirs added.

    Counted, not only looked up: a referral may be accepted, revoked, and accepted again on one day.
    """
    was, own, other = (Counter(map(_spelled, side)) for side in (base, ours, theirs))
    left = Counter(was)
    left.update((own - was) | (other - was))
    left.subtract((was - own) | (was - other))
    kept = []
    for item in (*ours, *theirs):
        if left[_spelled(item)] > 0:
            left[_spelled(item)] -= 1
            kept.append(item)
    return kept


def _spelled(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _erasure(ours: Any, theirs: Any) -> Any:
    """The tombstone of either side; of two the earlier, and all confirm who could read on either side."""
    there = [side for side in (ours, theirs) if isinstance(side, Mapping)]
    if len(there) < 2 or ours == theirs:
        return there[0] if there else ours
    first = min(there, key=lambda side: (str(side.get("date")), _spelled(side)))
    keys = list(dict.fromkeys(key for side in there for key in side.get("keys", ())))
    return {**first, "keys": keys} if keys else first
