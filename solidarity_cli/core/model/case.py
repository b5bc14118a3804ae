"""A case and all that stands in it, built from the plain mapping of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from solidarity_cli.core.model.codes import Answer, Decision, Status

Plain = Mapping[str, Any]


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
    def standing(self) -> str:
        """The state on the date that counts now: a hearing that was moved is announced for its new day."""
        return "announced" if not self.state or (self.state == "postponed" and self.postponed_to) else self.state

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
class Erasure:
    """That a private part was destroyed: when, why, by whom, and the keys of all who could read it until then."""

    date: str
    ground: str
    by: str
    keys: tuple[str, ...] = ()

    @classmethod
    def from_plain(cls, plain: Plain) -> Erasure:
        """An erasure from its mapping in a record."""
        return cls(plain["date"], plain["ground"], plain["by"], tuple(plain.get("keys", ())))


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
    erasure: Erasure | None = None
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
        closure, erasure = plain.get("closure"), plain.get("erasure")
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
            erasure=Erasure.from_plain(erasure) if erasure else None,
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
