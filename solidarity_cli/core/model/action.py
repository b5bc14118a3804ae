"""An action, and the organisations that a person may be referred to."""

from __future__ import annotations

from dataclasses import dataclass, field

from solidarity_cli.core.model.case import Erasure, Plain
from solidarity_cli.core.model.codes import MISSION_TYPES, PUBLIC_TYPES


@dataclass(frozen=True, slots=True)
class Referral:
    """To whom a person was referred, and how far that went."""

    organisation: str = ""
    state: str = ""
    services: tuple[str, ...] = ()
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Something about a case that names a person was passed on: to whom, when, and on which of the case's consents."""

    organisation: str
    case: str
    date: str
    consent: str


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
    shared_with: tuple[Disclosure, ...] = ()
    erasure: Erasure | None = None
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
        hearing, referral, erasure = plain.get("hearing") or {}, plain.get("referral"), plain.get("erasure")
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
            shared_with=tuple(Disclosure(**item) for item in plain.get("shared_with", ())),
            erasure=Erasure.from_plain(erasure) if erasure else None,
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
