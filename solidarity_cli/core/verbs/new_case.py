"""A new case from what an appeal says and a person answered."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from solidarity_cli.core.edits import Edit, Put, carry_out
from solidarity_cli.core.vocabulary import Vocabulary

_GIVEN_BY_THE_REGISTER = ("schema_version", "id", "status")


def new_case(
    draft: Mapping[str, Any], *, record: str, on: date, words: Vocabulary, language: str = "en"
) -> dict[str, Any]:
    """The plain record of a case received today unless the draft says when; its title is made from codes.

    Nothing that decides something is filled in: what the draft leaves open stays open.
    """
    stated = {
        key: value for key, value in draft.items() if key not in _GIVEN_BY_THE_REGISTER and _says_something(value)
    }
    case: dict[str, Any] = {
        "schema_version": 1,
        "id": record,
        "kind": "appeal",
        "status": "received",
        "received": on.isoformat(),
        "subject": {},
        **stated,
    }
    if "title" not in case:
        case["title"] = title(case, words, language)
    return case


def title(case: Mapping[str, Any], words: Vocabulary, language: str = "en") -> str:
    """A neutral title from codes: `Office or home search, organisation, RU`. Never a name."""
    # A draft written by hand may hold anything here: its shape is judged later, in words.
    said, listed = case.get("subject"), case.get("incidents")
    subject = said if isinstance(said, Mapping) else {}
    incidents = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    country = subject.get("country") or next((i["country"] for i in incidents if i.get("country")), "XX")
    first = next((i["type"] for i in incidents if i.get("type")), "")
    what = (
        words.label("incident", first, language) if first else words.label("kind", case.get("kind", "appeal"), language)
    )
    parts = [
        what,
        words.label("subject-kind", subject["kind"], language).lower() if subject.get("kind") else "",
        country,
    ]
    return ", ".join(part for part in parts if part)


def new_title(
    before: Mapping[str, Any], edits: tuple[Edit, ...], words: Vocabulary, language: str = "en"
) -> tuple[Edit, ...]:
    """The edit that keeps a title made from codes true after other `edits`; none for a title that a person gave."""
    if before.get("title") != title(before, words, language) or any(edit.path == "title" for edit in edits):
        return ()
    after = deepcopy(dict(before))
    carry_out(deepcopy(edits), after)
    fresh = title(after, words, language)
    return (Put("title", fresh),) if fresh != before["title"] else ()


def _says_something(value: Any) -> bool:
    return value is not None and value not in ("", [], {})
