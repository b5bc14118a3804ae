"""What the mail's own words suggest: shown with a question and offered first, never filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from solidarity_cli.cli.wizard.fields import value_at
from solidarity_cli.core.model.draft import Draft, Hint
from solidarity_cli.render.escape import clean

_SHOWN = 6


class Suggestions:
    """The hints of a draft; those of the story where the draft has none."""

    def __init__(self, draft: Draft, record: Mapping[str, Any]) -> None:
        self._hints = draft.hints or _hints_in_narrative(record)
        self._says = "the mail says" if draft.hints else "the appeal says"

    def codes(self, field: str) -> list[str]:
        """The codes that are suggested for a field."""
        return list(dict.fromkeys(hint.code for hint in self._hints if hint.field == field))

    def line(self, field: str) -> str:
        """The codes with the words that suggest them, safe to show; empty when there is nothing."""
        about = (field, "consent.share") if field == "consent" else (field,)
        entries = [f"{hint.code} (“{clean(hint.word)}”)" for hint in self._hints if hint.field in about]
        return f"{self._says}: {', '.join(entries[:_SHOWN])}" if entries else ""


def _hints_in_narrative(record: Mapping[str, Any]) -> tuple[Hint, ...]:
    """A draft that is taken up has lost the mail's hints, but not the mail's words."""
    story = value_at(record, "private.narrative")
    if not isinstance(story, str) or not story:
        return ()
    from solidarity_cli.interchange.email.suggestions import hints

    try:
        written = date.fromisoformat(str(value_at(record, "received")))
    except ValueError:
        written = None
    return hints.find(story, written=written)
