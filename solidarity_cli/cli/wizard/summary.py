"""All answers on one page before anything is saved: labels, what is private, what is left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from solidarity_cli.cli.wizard.fields import leaves, value_at
from solidarity_cli.cli.wizard.questions import QUESTIONS, Part, Takes
from solidarity_cli.cli.wizard.ui.choices import Choices
from solidarity_cli.core import verbs
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.render.escape import clean

_LONG = 60


class Summary:
    """Shows a record as answers to our questions."""

    def __init__(self, words: Vocabulary, language: str, countries: Choices) -> None:
        self._words = words
        self._language = language
        self._countries = countries

    def text(self, record: Mapping[str, Any]) -> str:
        """The page."""
        lines = ["", "This is to be saved:"]
        for number, question in enumerate(QUESTIONS, start=1):
            for place, part in enumerate(question.parts):
                answer = self.answer_text(part, record) or (f"– ({part.default_text})" if part.default_text else "–")
                lines.append(f"  {number if not place else '':>2}  {part.name:<14}{answer}")
        # The country's code, not its name, stands in a title; what is not a question is shown as it will be written.
        covered = tuple(part.field for question in QUESTIONS for part in question.parts)
        for field, value in leaves(record):
            if not any(field == prefix or field.startswith(f"{prefix}.") for prefix in (*covered, "title")):
                lines.append(f"      {clean(field)}: {_short(value)}{_mark(field)}")
        title = record.get("title")
        default_title = verbs.title(record, self._words, self._language)
        lines.append(
            f"      Title         {clean(str(title)) if title else clean(default_title) + ' (made from codes)'}"
        )
        if open_names := ", ".join(self._open_parts(record)):
            lines.append(f"Left open: {open_names}")
        return "\n".join(lines)

    def answer_text(self, part: Part, record: Mapping[str, Any]) -> str:
        """One answer as a person reads it, safe to print; empty when there is none."""
        value = value_at(record, part.field)
        if not value:
            return ""
        match part.takes:
            case Takes.INCIDENTS:
                text = ", ".join(self._incident(incident) for incident in value)
            case Takes.CONSENT:
                text = "; ".join(self._consent(entry) for entry in value) + "; all else counts as refused"
            case Takes.CODES:
                text = ", ".join(self._words.label(part.vocabulary, code, self._language) for code in value)
            case Takes.CODE:
                text = self._words.label(part.vocabulary, value, self._language)
            case Takes.COUNTRY:
                text = f"{value} {self._countries.label(value)}"
            case _:
                text = str(value)
        return _short(text) + _mark(part.field)

    def _incident(self, incident: Mapping[str, Any]) -> str:
        label = self._words.label("incident", incident.get("type", ""), self._language)
        return f"{label} ({incident.get('date') or 'no date'})"

    def _consent(self, entry: Mapping[str, Any]) -> str:
        parts = [
            f"{self._words.label('consent-use', use, self._language)}: "
            f"{self._words.label('consent-answer', answer, self._language)}"
            for use, answer in (entry.get("uses") or {}).items()
        ]
        if shared := entry.get("share_with"):
            parts.append(f"shared with {', '.join(shared)}")
        if by := entry.get("by"):
            parts.append(f"said by: {self._words.label('consent-by', by, self._language)}")
        return "; ".join(parts)

    def _open_parts(self, record: Mapping[str, Any]) -> Iterator[str]:
        for question in QUESTIONS:
            if question.appeals_only and record.get("kind") == "information":
                continue
            for part in question.parts:
                if not value_at(record, part.field):
                    yield part.name.lower()


def _mark(field: str) -> str:
    return " (private)" if field.startswith("private.") else ""


def _short(text: str) -> str:
    """One line of a text; how long the whole is where that is not all."""
    first = text.split("\n", 1)[0]
    if first == text and (len(text) <= _LONG * 3):
        return clean(text)
    return f"{clean(first[:_LONG])} … ({len(text):,} characters)"
