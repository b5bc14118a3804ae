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
    numbers: dict[str, int | None] = {}
    for change in changes({}, record):
        number = _last_act(acts, change)
        if number is None and change.is_private:
            number = _last_act(acts, FieldChange("private", None, None))
        numbers[change.field] = number
    return numbers


def _last_act(acts: Sequence[Sequence[FieldChange]], current: FieldChange) -> int | None:
    for number in range(len(acts) - 1, -1, -1):
        for change in acts[number]:
            if change.field == current.field and (current.is_private or change.new == current.new):
                return number
    return None
