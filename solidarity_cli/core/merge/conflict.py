"""What a merge leaves for a person."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

Plain = Mapping[str, Any]


class Why(StrEnum):
    """Why a field is left for a person, in words."""

    TWO_VALUES = "both sides set it, to two values"
    DELETED = "one side took it away, the other changed it"
    MOVED = "both sides moved the status, and not to the same"
    NAMED = "both sides added one of this id, and an action may name it"
    LOCKED = "both sides added one of this id, and only somebody with the key can give a sealed text another"


@dataclasses.dataclass(frozen=True, slots=True)
class Conflict:
    """A field, dotted, that a person has to decide on; "" is the whole record.

    The values may be private, so they show in no repr. None where a side has no such field.
    """

    field: str
    base: Any = dataclasses.field(repr=False)
    ours: Any = dataclasses.field(repr=False)
    theirs: Any = dataclasses.field(repr=False)
    why: Why
