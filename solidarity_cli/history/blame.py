"""Which act set each field of a record to what it says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from solidarity_cli.core.changes import FieldChange, changes


def origins(record: Mapping[str, Any], acts: Sequence[Sequence[FieldChange]]) -> dict[str, int | None]:
    """Field -> the number of the act that gave it its value, in the order in which the fields stand.

    `acts` are the changes of each act, oldest first. Of acts on two branches the one counts whose value is there now.
    Private values are known by a mark only, so there it is the last act that touched the field. None where no act
    gave that value.
    """
    found: dict[str, int | None] = {}
    for one in changes({}, record):
        number = _last(acts, one)
        if number is None and one.is_private:
            number = _last(acts, FieldChange("private", None, None))
        found[one.field] = number
    return found


def _last(acts: Sequence[Sequence[FieldChange]], wanted: FieldChange) -> int | None:
    for number in range(len(acts) - 1, -1, -1):
        for one in acts[number]:
            if one.field == wanted.field and (wanted.is_private or one.new == wanted.new):
                return number
    return None
