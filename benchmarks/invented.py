"""One invented case as a plain mapping, keys in the order of the schema; no rule has an error against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import fiction

TODAY = date(2026, 10, 31)
"""The day on which the register is looked at: SOLIDARITY_TODAY of every run."""

POSITIVE = ("assist", "express-solidarity", "refer")
FORMS = ("statement", "court-observation", "letter-authorities", "letter-support", "awareness", "institutional-contact")


@dataclass
class Dice:
    """One seeded source of chance, so that the same size gives the same bytes."""

    random: Random
    taken: set[str] = field(default_factory=set)

    def pick(self, choices: Any) -> Any:
        """One of the choices; of a mapping, by weight."""
        if isinstance(choices, dict):
            return self.random.choices(list(choices), weights=list(choices.values()))[0]
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def after(self, day: date, most: int, least: int = 0) -> date:
        """A day after `day`, never a day still to come."""
        return min(day + timedelta(days=self.random.randint(least, most)), TODAY)


def make_case(dice: Dice, record: str, status: str, received: date, kept: str) -> dict[str, Any]:
    """A case in a status; `kept` is the case that a duplicate points at."""
    subject = _subject(dice)
    incident = dice.pick(fiction.INCIDENTS)
    title = f"{fiction.LABELS[incident]}, {fiction.LABELS[subject['kind']]}, {subject['country']}"
    language = "ru" if subject["country"] in ("RU", "BY", "KZ", "KG") else "de" if subject["country"] == "DE" else "en"
    case: dict[str, Any] = {
        "schema_version": 1,
        "id": record,
        "kind": "appeal" if dice.chance(0.9) else "information",
        "title": title,
        "status": status,
        "received": received.isoformat(),
        "channel": dice.pick({"email": 6, "signal": 2, "web-form": 2, "meeting": 1}),
        "language": language,
        "urgency": dice.pick({"normal": 6, "high": 3, "urgent": 1, "low": 1}),
    }
    if dice.chance(0.1):
        case["source"] = {"capacity": dice.pick(("victim", "lawyer", "colleague")), "membership": subject["membership"]}
    case["subject"] = subject
    case["incidents"] = _incidents(dice, incident, subject["country"], received)
    case["requests"] = dice.random.sample(("statement", "court-observation", "letter", "advice", "awareness"), k=2)
    assessments = _assessments(dice, status, subject, received)
    if assessments and "court-observation" in assessments[-1].get("forms", ()):
        case["hearings"] = [_hearing(dice, received)]
    if dice.chance(0.4):
        case["consent"] = [_consent(dice, subject, received)]
    if assessments:
        case["assessments"] = assessments
    if status == "duplicate":
        case["links"] = [{"case": kept, "relation": "duplicate-of"}]
    if status == "closed":
        case["closure"] = _closure(dice, date.fromisoformat(assessments[-1]["date"]))
    case["private"] = _private(dice, language)
    return case


def _subject(dice: Dice) -> dict[str, Any]:
    subject = {
        "kind": dice.pick({"individual": 5, "organisation": 4, "informal-group": 1}),
        "membership": dice.pick({"member": 6, "non-member": 4}),
        "country": dice.pick(fiction.COUNTRIES),
    }
    if dice.chance(0.2):
        subject["situation"] = dice.pick(("free", "held", "on-trial", "in-exile", "released"))
    return subject


def _incidents(dice: Dice, first: str, country: str, received: date) -> list[dict[str, Any]]:
    incidents = []
    for number in range(1, 2 + dice.chance(0.1)):
        day = received - timedelta(days=dice.random.randint(0, 20))
        incident = {
            "id": f"i{number}",
            "type": first if number == 1 else dice.pick(fiction.INCIDENTS),
            "date": day.isoformat() if dice.chance(0.9) else day.isoformat()[:7],
            "country": country,
        }
        if dice.chance(0.3):
            incident["verification"] = dice.pick(("verified", "corroborated", "unverified"))
        incidents.append(incident)
    return incidents


def _hearing(dice: Dice, received: date) -> dict[str, Any]:
    day = received + timedelta(days=dice.random.randint(10, 60))
    state = "held" if day < TODAY else "announced"
    at = f"{day.isoformat()}T10:00+03:00" if dice.chance(0.7) else day.isoformat()
    return {"id": "h1", "at": at, "kind": "merits", "access": "open", "state": state}


def _consent(dice: Dice, subject: dict[str, Any], received: date) -> dict[str, Any]:
    publicity = "publicity-person" if subject["kind"] == "individual" else "publicity-organisation"
    uses = {"share": "granted", publicity: dice.pick({"granted": 6, "refused": 4})}
    if dice.chance(0.1):
        uses["statistics"] = "refused"
    return {
        "id": "c1",
        "given": received.isoformat(),
        "by": "self" if subject["kind"] == "individual" else "organisation",
        "uses": uses,
        "share_with": ["linden-aid", "un"],
    }


def _decision(dice: Dice, status: str, subject: dict[str, Any]) -> str:
    if status == "declined":
        return "decline"
    if status in ("received", "assessing"):
        return "more-information"
    return str(dice.pick({"assist": 5, "express-solidarity": 4, "refer": 2 if subject["kind"] == "individual" else 0}))


def _assessments(dice: Dice, status: str, subject: dict[str, Any], received: date) -> list[dict[str, Any]]:
    """None for a duplicate, nor for a case that came a few days ago; some of the rest wait too long."""
    is_new = status in ("received", "assessing") and (TODAY - received).days < 14
    if status == "duplicate" or is_new or (status == "received" and dice.chance(0.1)):
        return []
    decision = _decision(dice, status, subject)
    assessment: dict[str, Any] = {
        "id": "a1",
        "date": dice.after(received, 14).isoformat(),
        "by": dice.pick(("assessor@forum.example", "member-north@forum.example", "member-south@forum.example")),
        "freedom_at_risk": "yes" if decision == "refer" else dice.pick(("yes", "no", "unclear")),
    }
    if dice.chance(0.1):
        assessment |= {"risk_level": "high", "risk_review": dice.after(received, 30).isoformat()}
    if decision in POSITIVE:
        if subject["membership"] != "member":
            assessment |= {"wider_impact": "yes", "impact_reason": dice.pick(fiction.IMPACTS)}
        assessment["basis"] = dice.random.sample(("un-hrd-6", "un-hrd-12", "un-hrd-9", "un-hrd-13"), k=2)
    assessment["decision"] = decision
    if decision in POSITIVE:
        assessment["forms"] = dice.random.sample(FORMS, k=2)
    assessment["reason"] = dice.pick(fiction.REASONS if decision in POSITIVE else fiction.DECLINES)
    return [assessment]


def _closure(dice: Dice, decided: date) -> dict[str, Any]:
    return {
        "date": dice.after(decided, 200, 5).isoformat(),
        "outcome": dice.pick(("released", "threat-ended", "convicted", "no-further-action", "charges-dropped")),
        "reason": dice.pick(fiction.ENDINGS),
        "person_told": "yes" if dice.chance(0.99) else "no",
    }


def _private(dice: Dice, language: str) -> dict[str, Any]:
    first, (begin, end) = fiction.FIRST[language], fiction.LAST[language]
    count = dice.pick({3: 10, 4: 4, 5: 2, 6: 1, 8: 1, 10: 1})
    sentences = [dice.pick(fiction.SENTENCES[language]) for _ in range(count)]
    return {
        "subject_name": f"{dice.pick(first)} {dice.pick(begin)}{dice.pick(end)}",
        "contact": f"q{dice.random.randint(10**5, 10**6)}@pochta{dice.random.randint(1, 99)}.example",
        "place": dice.pick(fiction.PLACES[language]),
        "narrative": "\n".join(sentences) + "\n",
    }
