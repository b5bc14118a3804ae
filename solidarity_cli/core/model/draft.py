"""What reading an appeal yields before a person has decided anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Hint:
    """A code that the appeal's words suggest for a field. Offered to a person, never filled in.

    `word` is the word of the appeal that suggested it; it is private like the appeal itself.
    """

    field: str
    code: str
    word: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The part of a case record that an appeal states by itself, in the shape of `cases/*.yaml`.

    `remarks` are sentences for the coordinator about the message (cut off, another reply address …);
    they hold nobody's name or address.
    """

    record: Mapping[str, Any] = field(default_factory=dict)
    hints: tuple[Hint, ...] = ()
    remarks: tuple[str, ...] = ()
