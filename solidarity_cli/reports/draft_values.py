"""What a draft may say of a case: plain values for a template, and in words what was left out of them.

Names come only out of the view that the public may have (`core.audience`). What happened is told as reported, whatever
the Group could confirm, in whole sentences of the language. A provision's number is left out unless it is verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from solidarity_cli.core.model import Case, Charter, Hearing
from solidarity_cli.core.sortable_dates import day, is_past
from solidarity_cli.core.vocabulary import Provision, Vocabulary

KINDS = ("statement", "letter", "mission-brief")
"""What can be drafted."""

_NUMBERS = {
    "un-hrd": re.compile(r"\d+(\(\w+\))*"),
    "eu-hrd": re.compile(r"\d+(-\d+)?"),
    "odihr-hrd": re.compile(r"[A-Z]"),
}
"""The numbers of each instrument that a sentence can be made of in every language."""


class Names(Protocol):
    """Names of countries and days in the language of the draft."""

    def country(self, code: str) -> str:
        """A country's name."""

    def day(self, iso: str) -> str:
        """A day as people write it."""


@dataclass(frozen=True, slots=True)
class Language:
    """What it takes to speak one language: its code, labels, names, and its whole sentences."""

    language: str
    words: Vocabulary
    names: Names
    phrases: Mapping[str, Any]

    def incident(self, code: str, month: str) -> str:
        """One thing that was reported, as a sentence; `month` is YYYY-MM, YYYY, or empty."""
        sentences = self.phrases["incidents"]
        sentence = str(sentences.get(code) or sentences["other"]).replace("{when}", self._when(month))
        return re.sub(r" (?=[.,])", "", re.sub(r" {2,}", " ", sentence))

    def reference(self, instrument: str, number: str) -> str:
        """A provision's number as it is cited; empty for one that cannot be said in every language."""
        if not re.fullmatch(_NUMBERS.get(instrument, ""), number) or not number:
            return ""
        form = "many" if "-" in number else "one"
        return str(self.phrases["citing"][instrument][form]).replace("{number}", number.replace("-", "–"))

    def _when(self, month: str) -> str:
        if len(month) == 7:
            return str(self.phrases["months"][int(month[5:]) - 1]).replace("{year}", month[:4])
        return str(self.phrases["year"]).replace("{year}", month) if month else ""


def values_for(
    kind: str, case: Case, public: Mapping[str, Any] | None, language: Language, *, charter: Charter, on: date
) -> dict[str, Any]:
    """The values that a template of a kind may use, as `docs/guide/drafts.md` lists them.

    `case` is read without its private part. `public` is what the public may see of it, None where that is nothing: then
    the draft is neutral, and says that it is not for publication.
    """
    view = neutral(case) if public is None else public
    subject = view.get("subject") or {}
    incidents = view.get("incidents") or ()
    country = subject.get("country") or next(
        (incident["country"] for incident in incidents if incident.get("country")), ""
    )
    values: dict[str, Any] = {
        "kind": kind,
        "language": language.language,
        "today": language.names.day(on.isoformat()),
        "group": {"name": charter.name, "contact": charter.contact},
        "may_be_published": public is not None,
        "subject": {"kind": subject.get("kind", ""), "name": str((view.get("private") or {}).get("subject_name", ""))},
        "country": language.names.country(country) if country not in ("", "XX") else "",
        "incidents": _incidents(incidents, language),
        "hearings": list(_hearings(kind, case, view, language, on)),
        "basis": [_plain_provision(provision, language) for provision in _basis(case, language.words)],
    }
    # Whoever may read it knows the register; nobody else is ever told an id.
    return {**values, "reference": case.id} if kind == "mission-brief" else values


def neutral(case: Case) -> dict[str, Any]:
    """What a draft holds of a case of which nothing may be public: kind, country, what happened and in which month."""
    return {
        "subject": {"kind": case.subject.kind, "country": case.subject.country},
        "incidents": [
            {"type": incident.type, "date": incident.date[:7], "country": incident.country}
            for incident in case.incidents
        ],
    }


def omissions(case: Case, values: Mapping[str, Any], words: Vocabulary, *, has_name: bool, on: date) -> Iterator[str]:
    """What is not in a draft and why, without any value."""
    if not values["may_be_published"]:
        yield "all that is not neutral: no consent to publicity counts today, or an embargo has not passed"
    elif has_name and not values["subject"]["name"]:
        yield "the name: the consent does not cover it, or it is sealed to you"
    if len(values["hearings"]) < len(_ahead(case.hearings, on)):
        yield "hearings that the public may not know of, or not attend"
    provisions = _basis(case, words)
    if not provisions:
        yield "the basis: no assessment cites a provision"
    elif any(not provision["reference"] for provision in values["basis"]):
        yield "numbers of provisions that are not verified, or not known: look them up in the original"
    yield "what was told in confidence, who is said to be responsible, and days other than of hearings: in no draft"


def _basis(case: Case, words: Vocabulary) -> list[Provision]:
    """What the newest assessment that cites anything rests on."""
    cited_ids = next((assessment.basis for assessment in reversed(case.assessments) if assessment.basis), ())
    return [words.provisions[name] for name in cited_ids if name in words.provisions]


def _plain_provision(provision: Provision, language: Language) -> dict[str, str]:
    instrument = language.words.instruments.get(provision.instrument, {})
    number = provision.number if provision.verified else ""
    return {
        "title": _label(provision.title, language.language),
        "instrument": _label(instrument.get("name", {}), language.language),
        "reference": language.reference(provision.instrument, number),
    }


def _label(labels: Mapping[str, str], language: str) -> str:
    return str(labels.get(language) or labels.get("en", ""))


def _incidents(incidents: Iterable[Mapping[str, Any]], language: Language) -> list[dict[str, str]]:
    """What happened, in the order of the record; what reads the same is said once."""
    pairs = [(incident.get("type") or "unknown", incident.get("date") or "") for incident in incidents]
    return [{"type": code, "sentence": language.incident(code, month)} for code, month in dict.fromkeys(pairs)]


def _hearings(kind: str, case: Case, view: Mapping[str, Any], language: Language, on: date) -> Iterator[dict[str, str]]:
    """Hearings ahead: all of them for those who go there, else those that the public may know of."""
    public = [Hearing(**{"id": "", **hearing}) for hearing in view.get("hearings", ())]
    for hearing in _ahead(case.hearings if kind == "mission-brief" else public, on):
        yield {
            "date": language.names.day(hearing.when),
            "what": language.words.label("hearing-kind", hearing.kind or "other", language.language),
            "access": language.words.label("hearing-access", hearing.access, language.language)
            if hearing.access
            else "",
        }


def _ahead(hearings: Iterable[Hearing], on: date) -> list[Hearing]:
    return sorted(
        (hearing for hearing in hearings if hearing.is_ahead and not is_past(hearing.when, on)),
        key=lambda hearing: day(hearing.when),
    )
