"""Titles of cases: made from codes, never from a name, and so the same in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from solidarity_cli.core.vocabulary import Vocabulary

_LANGUAGES = ("en", "ru", "de")
_COUNTRY = re.compile(r"[A-Z]{2}")


def title(case: Mapping[str, Any], words: Vocabulary, language: str = "en") -> str:
    """A neutral title from codes: `Office or home search, organisation, RU`. Never a name."""
    # A draft written by hand may hold anything here: its shape is judged later, in words.
    raw_subject, raw_incidents = case.get("subject"), case.get("incidents")
    subject = raw_subject if isinstance(raw_subject, Mapping) else {}
    incidents = (
        [incident for incident in raw_incidents if isinstance(incident, Mapping)]
        if isinstance(raw_incidents, list)
        else []
    )
    country = subject.get("country") or next((i["country"] for i in incidents if i.get("country")), "XX")
    first = next((i["type"] for i in incidents if i.get("type")), "")
    what = (
        words.label("incident", first, language) if first else words.label("kind", case.get("kind", "appeal"), language)
    )
    parts = [
        what,
        _kind_label(subject["kind"], words, language) if subject.get("kind") else "",
        country,
    ]
    return ", ".join(part for part in parts if part)


def _kind_label(code: str, words: Vocabulary, language: str) -> str:
    """A kind of subject in the middle of a title. In German a noun keeps its capital letter, an adjective has none."""
    label = words.label("subject-kind", code, language)
    if language != "de":
        return label.lower()
    return label[:1].lower() + label[1:] if " " in label else label


def title_in(text: str, words: Vocabulary, language: str) -> str:
    """A title that was made from codes as another language says it; one that a person gave stays as it is."""
    cases = (case for source_language in _LANGUAGES for case in _cases_titled(text, words, source_language))
    return next((title(case, words, language) for case in cases), text)


def _cases_titled(text: str, words: Vocabulary, language: str) -> Iterator[dict[str, Any]]:
    """The cases that would have this title in a language. Labels may hold commas, so each is tried."""
    for name in ("incident", "kind"):
        for code in words.codes(name):
            label = words.label(name, code, language)
            if not text.startswith(f"{label}, "):
                continue
            *kind_parts, country = text.removeprefix(f"{label}, ").split(", ")
            kinds = {_kind_label(kind, words, language): kind for kind in words.codes("subject-kind")}
            if not _COUNTRY.fullmatch(country) or (kind_parts and ", ".join(kind_parts) not in kinds):
                continue
            subject = {"country": country, **({"kind": kinds[", ".join(kind_parts)]} if kind_parts else {})}
            yield (
                {"subject": subject, "kind": code}
                if name == "kind"
                else {
                    "subject": subject,
                    "incidents": [{"type": code}],
                }
            )
