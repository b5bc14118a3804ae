"""A new case from what an appeal says and a person answered."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from solidarity_cli.core.edits import Edit, Set, carry_out
from solidarity_cli.core.titles import title
from solidarity_cli.core.vocabulary import Vocabulary

_GIVEN_BY_THE_REGISTER = ("schema_version", "id", "status")


def new_case(
    draft: Mapping[str, Any], *, record: str, on: date, words: Vocabulary, language: str = "en"
) -> dict[str, Any]:
    """The plain record of a case received today unless the draft says when; its title is made from codes.

    Nothing that decides something is filled in: what the draft leaves open stays open.
    """
    fields = {key: value for key, value in draft.items() if key not in _GIVEN_BY_THE_REGISTER and _is_filled(value)}
    case: dict[str, Any] = {
        "schema_version": 1,
        "id": record,
        "kind": "appeal",
        "status": "received",
        "received": on.isoformat(),
        "subject": {},
        **fields,
    }
    if "title" not in case:
        case["title"] = title(case, words, language)
    return case


def new_title(
    before: Mapping[str, Any], edits: tuple[Edit, ...], words: Vocabulary, language: str = "en"
) -> tuple[Edit, ...]:
    """The edit that keeps a title made from codes true after other `edits`; none for a title that a person gave."""
    if before.get("title") != title(before, words, language) or any(edit.path == "title" for edit in edits):
        return ()
    after = deepcopy(dict(before))
    carry_out(deepcopy(edits), after)
    new = title(after, words, language)
    return (Set("title", new),) if new != before["title"] else ()


def _is_filled(value: Any) -> bool:
    return value is not None and value not in ("", [], {})
