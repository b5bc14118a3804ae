"""What a check found, as a value: gathered to the end, never raised in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error refuses; a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong with one record. `field` is dotted, list items by id: `incidents.i1.date`.

    The sentence holds ids, codes and dates only, never a value from a private part.
    """

    record: str
    rule: str
    severity: Severity
    message: str
    field: str = ""
    hint: str = ""

    @property
    def refuses(self) -> bool:
        """Whether a verb may not be carried out because of it."""
        return self.severity is Severity.ERROR
