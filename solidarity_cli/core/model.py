"""The nouns: Case, Assessment, Action, Hearing, Consent … frozen, built from plain dicts.

Built only from records whose shape the schema has passed. Fields and codes are those of `schemas/`;
dates stay text, for a partial date has no `date`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Plain = Mapping[str, Any]


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
        return self not in (Status.CLOSED, Status.DECLINED, Status.DUPLICATE)


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


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what the case is about, without a name."""

    kind: str = ""
    membership: str = ""
    country: str = ""
    region: str = ""
    situation: str = ""
    number_of_people: int | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that was done, alleged until verified."""

    id: str
    type: str = ""
    date: str = ""
    country: str = ""
    perpetrators: tuple[str, ...] = ()
    verification: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A date in court. `at` is a partial date or a time with offset."""

    id: str
    at: str = ""
    kind: str = ""
    access: str = ""
    state: str = ""
    postponed_to: str = ""

    @property
    def when(self) -> str:
        """The date that counts now: the new one of a postponed hearing, none of one postponed without a date."""
        return self.postponed_to if self.state == "postponed" else self.at

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to be held."""
        return self.state in ("", "announced", "postponed") and bool(self.when)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something must be done."""

    id: str
    date: str = ""
    what: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody allowed on one day. A later entry about the same use replaces an earlier one."""

    id: str
    given: str = ""
    by: str = ""
    uses: Mapping[str, str] = field(default_factory=dict)
    share_with: tuple[str, ...] = ()
    embargo_until: str = ""
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One Group member's yes to an assessment."""

    by: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The Group's view of a case on one day, and its decision."""

    id: str
    date: str = ""
    by: str = ""
    decision: Decision | None = None
    reason: str = ""
    life_at_risk: str = Answer.UNCLEAR
    freedom_at_risk: str = Answer.UNCLEAR
    risk_level: str = ""
    risk_review: str = ""
    wider_impact: str = Answer.UNCLEAR
    impact_reason: str = ""
    basis: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """That a note was made; its text is in the private part."""

    id: str
    date: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """How this case stands to another."""

    case: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """How a case ended. It stays when the case is reopened, for the month in which it was closed."""

    date: str = ""
    outcome: str = ""
    reason: str = ""
    person_told: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One appeal or piece of information. `private` is empty where it was not read."""

    id: str
    kind: str
    title: str
    status: Status
    received: str
    subject: Subject
    channel: str = ""
    language: str = ""
    urgency: str = ""
    source_capacity: str = ""
    source_membership: str = ""
    incidents: tuple[Incident, ...] = ()
    requests: tuple[str, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    consents: tuple[Consent, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()
    closure: Closure | None = None
    retention_review: str = ""
    private: Plain = field(default_factory=dict)

    @property
    def membership(self) -> str:
        """Whether the subject belongs to the Forum: member, non-member, unknown."""
        return self.subject.membership or "unknown"

    @property
    def country(self) -> str:
        """The subject's country, else the first incident's; `XX` where none was told."""
        return self.subject.country or next((i.country for i in self.incidents if i.country), "XX")

    @property
    def assessment(self) -> Assessment | None:
        """The newest assessment."""
        return self.assessments[-1] if self.assessments else None

    @property
    def decision(self) -> Decision | None:
        """The newest decision."""
        return self.assessments[-1].decision if self.assessments else None

    @classmethod
    def from_plain(cls, plain: Plain) -> Case:
        """A case from the plain mapping of its file."""
        source, subject = plain.get("source") or {}, plain.get("subject") or {}
        closure = plain.get("closure")
        return cls(
            id=plain["id"],
            kind=plain["kind"],
            title=plain["title"],
            status=Status(plain["status"]),
            received=plain["received"],
            subject=Subject(**subject),
            channel=plain.get("channel", ""),
            language=plain.get("language", ""),
            urgency=plain.get("urgency", ""),
            source_capacity=source.get("capacity", ""),
            source_membership=source.get("membership", ""),
            incidents=tuple(_incident(item) for item in plain.get("incidents", ())),
            requests=tuple(plain.get("requests", ())),
            hearings=tuple(Hearing(**item) for item in plain.get("hearings", ())),
            deadlines=tuple(Deadline(**item) for item in plain.get("deadlines", ())),
            consents=tuple(_consent(item) for item in plain.get("consent", ())),
            assessments=tuple(_assessment(item) for item in plain.get("assessments", ())),
            notes=tuple(Note(**item) for item in plain.get("notes", ())),
            links=tuple(Link(**item) for item in plain.get("links", ())),
            closure=Closure(**closure) if closure else None,
            retention_review=(plain.get("retention") or {}).get("review", ""),
            private=plain.get("private") or {},
        )


def _incident(item: Plain) -> Incident:
    return Incident(**{**item, "perpetrators": tuple(item.get("perpetrators", ()))})


def _consent(item: Plain) -> Consent:
    return Consent(**{**item, "share_with": tuple(item.get("share_with", ()))})


def _assessment(item: Plain) -> Assessment:
    decision = item.get("decision")
    return Assessment(
        **{
            **item,
            "decision": Decision(decision) if decision else None,
            "basis": tuple(item.get("basis", ())),
            "forms": tuple(item.get("forms", ())),
            "approvals": tuple(Approval(**approval) for approval in item.get("approvals", ())),
        }
    )


@dataclass(frozen=True, slots=True)
class Referral:
    """To whom a person was referred, and how far that went."""

    organisation: str = ""
    state: str = ""
    services: tuple[str, ...] = ()
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the Group does, for one or many cases; it counts once."""

    id: str
    type: str
    cases: tuple[str, ...]
    status: str
    date: str = ""
    country: str = ""
    hearing_case: str = ""
    hearing_id: str = ""
    observers: int | None = None
    public: bool = False
    recipient: str = ""
    url: str = ""
    response: str = ""
    impact: str = ""
    referral: Referral | None = None
    private: Plain = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether the outside world sees it: public by nature, or marked so."""
        return self.public or self.type in PUBLIC_TYPES

    @property
    def is_mission(self) -> bool:
        """Whether it is a solidarity mission."""
        return self.type in MISSION_TYPES

    @classmethod
    def from_plain(cls, plain: Plain) -> Action:
        """An action from the plain mapping of its file."""
        hearing, referral = plain.get("hearing") or {}, plain.get("referral")
        return cls(
            id=plain["id"],
            type=plain["type"],
            cases=tuple(plain["cases"]),
            status=plain["status"],
            date=plain.get("date", ""),
            country=plain.get("country", ""),
            hearing_case=hearing.get("case", ""),
            hearing_id=hearing.get("id", ""),
            observers=plain.get("observers"),
            public=plain.get("public", False),
            recipient=plain.get("recipient", ""),
            url=plain.get("url", ""),
            response=plain.get("response", ""),
            impact=plain.get("impact", ""),
            referral=_referral(referral) if referral else None,
            private=plain.get("private") or {},
        )


def _referral(item: Plain) -> Referral:
    return Referral(
        organisation=item.get("organisation", ""),
        state=item.get("state", ""),
        services=tuple(item.get("services", ())),
        history=tuple((step["state"], step.get("date", "")) for step in item.get("history", ())),
    )


@dataclass(frozen=True, slots=True)
class Organisation:
    """A directory entry: who gives emergency assistance."""

    id: str
    name: str
    services: tuple[str, ...] = ()
    accepts: str = ""
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channel: str = ""
    public_key: str = ""
    response_days: int | None = None
    checked: str = ""

    @classmethod
    def from_plain(cls, plain: Plain) -> Organisation:
        """An organisation from the plain mapping of its file."""
        known = {key: value for key, value in plain.items() if key != "schema_version"}
        for key in ("services", "countries", "languages"):
            known[key] = tuple(known.get(key, ()))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Charter:
    """`register.yaml`: what this register is called and the numbers its Group decided.

    `quorum` approvals a decision needs (0 = off); `waiting_days` from receipt to assessment by urgency;
    `suppression_threshold` the smallest number that a public report shows; `retention_months` by status.
    """

    name: str
    prefix: str = "SG"
    action_prefix: str = "SA"
    contact: str = ""
    languages: tuple[str, ...] = ("en",)
    mode: str = "direct"
    sealing: bool = False
    quorum: int = 0
    waiting_days: Mapping[str, int] = field(default_factory=lambda: {"normal": 14, "urgent": 3})
    suppression_threshold: int = 5
    retention_months: Mapping[str, int] = field(default_factory=dict)
    directory_check_months: int = 12

    @classmethod
    def from_plain(cls, plain: Plain) -> Charter:
        """A charter from the plain mapping of `register.yaml`."""
        known = {key: value for key, value in plain.items() if key != "schema_version"}
        if "languages" in known:
            known["languages"] = tuple(known["languages"])
        if "waiting_days" in known:
            known["waiting_days"] = {"normal": 14, "urgent": 3, **known["waiting_days"]}
        return cls(**known)
