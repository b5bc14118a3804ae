"""The codes that rules and verbs decide on, and the statuses they lead to."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ASSESSING = "assessing"
    ACTIVE = "active"
    MONITORING = "monitoring"
    CLOSED = "closed"
    DECLINED = "declined"
    DUPLICATE = "duplicate"

    @property
    def is_open(self) -> bool:
        """Whether the Group still owes the case something."""
        return self not in _OVER


_OVER = (Status.CLOSED, Status.DECLINED, Status.DUPLICATE)


class Decision(StrEnum):
    """What the Group decided on an appeal or a piece of information."""

    ASSIST = "assist"
    EXPRESS_SOLIDARITY = "express-solidarity"
    REFER = "refer"
    DECLINE = "decline"
    MORE_INFORMATION = "more-information"

    @property
    def is_positive(self) -> bool:
        """Whether help or solidarity follows."""
        return self in (Decision.ASSIST, Decision.EXPRESS_SOLIDARITY, Decision.REFER)

    @property
    def leads_to(self) -> Status:
        """The status that a case has after it."""
        if self.is_positive:
            return Status.ACTIVE
        return Status.DECLINED if self is Decision.DECLINE else Status.RECEIVED


class Answer(StrEnum):
    """An answer to a question of the assessment. What is missing is unclear."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class ConsentAnswer(StrEnum):
    """What a person allows. What is missing is refused."""

    GRANTED = "granted"
    REFUSED = "refused"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


PUBLIC_TYPES = frozenset({"statement", "joint-statement", "awareness", "media"})
"""Action types that are public by nature."""

MISSION_TYPES = frozenset({"court-observation", "protest-observation"})
"""The two solidarity missions."""
