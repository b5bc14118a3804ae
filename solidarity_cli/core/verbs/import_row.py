"""What one row of a sheet asks for: a new case, or changes of a record. What is append-only is added, never altered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from solidarity_cli.core.edits import Edit, Set, carry_out
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Decision, Status
from solidarity_cli.core.tabular.flatten import leaves
from solidarity_cli.core.titles import title
from solidarity_cli.core.verbs.edit import PROTECTED, protection, shape_of
from solidarity_cli.core.verbs.new_case import new_case, new_title
from solidarity_cli.core.vocabulary import Vocabulary

_APPEND_ONLY = ("assessments", "notes", "consent")
"""Lists that only grow."""


class RowRefused(Refused):
    """A row asks for what an import does not do; `field` is one of ours."""

    def __init__(self, field: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.field = field


def shape_at(field: str, shape: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of the schema that describes a dotted field, texts of notes too.

    Raises UsageError for one that is not.
    """
    above, _, name = field.rpartition(".")
    if above:
        for pattern, child in shape_of(above, shape).get("patternProperties", {}).items():
            if re.search(pattern, name):
                return dict(child)
    return shape_of(field, shape)


Fits = Callable[[Mapping[str, Any]], bool]
"""Whether a plain record has the shape of its kind."""


def case_of_row(
    cells: Mapping[str, Any], *, record: str, words: Vocabulary, language: str, fits: Fits
) -> dict[str, Any]:
    """The plain record of a new case from its cells, dotted field -> value; its shape need not be valid.

    Unlike an appeal that came today, a row may be years old: nothing is filled in but the title. Raises RowRefused.
    """
    if "received" not in cells:
        raise RowRefused("received", "a new case needs the day on which the appeal arrived")
    if erasure_field := next((field for field in cells if _top(field) == "erasure"), ""):
        raise RowRefused(erasure_field, "an erasure is not imported", hint=PROTECTED["erasure"])
    draft: dict[str, Any] = {}
    carry_out([Set(field, deepcopy(value)) for field, value in cells.items()], draft)
    day = date.min  # the row has said when
    case = new_case(
        {**draft, "title": draft.get("title") or "-"}, record=record, on=day, words=words, language=language
    )
    case["status"] = _status_of_new(draft)
    if not draft.get("title") and fits(case):  # of what has no shape no title can be made
        case["title"] = title(case, words, language)
    return case


def row_edits(
    before: Mapping[str, Any], cells: Mapping[str, Any], *, words: Vocabulary, language: str, fits: Fits
) -> tuple[Edit, ...]:
    """The edits that make a record say what its row says; none where it does. What a row leaves out stays.

    A title that was made from codes stays true.
    Raises RowRefused for what is append-only, or has a verb of its own.
    """
    known = leaves(before)
    changed = {field: value for field, value in cells.items() if known.get(field) != value}
    is_moved = any(_is_new_item(field, before) for field in changed if _top(field) == "assessments")
    is_moved |= not before.get("closure") and any(_top(field) == "closure" for field in changed)
    for field in changed:
        if hint := _protection(field, before, is_moved=is_moved):
            raise RowRefused(field, f"{field} is not changed by an import", hint=hint)
    edits = tuple(Set(field, deepcopy(value)) for field, value in changed.items())
    after = deepcopy(dict(before))
    carry_out(deepcopy(edits), after)
    if "status" not in changed and (status := _new_status(before, after)):
        edits += (Set("status", status),)
    is_titled = edits and "title" in before and fits(after)
    return edits + (new_title(before, edits, words, language) if is_titled else ())


def _status_of_new(draft: Mapping[str, Any]) -> str:
    """Where a new case stands: as its row says; without a word, or with the first of all, where it has come to."""
    status = draft.get("status", "received")
    if status != "received":
        return str(status)
    return "closed" if draft.get("closure") else _decided_status(draft) or "received"


def _new_status(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The status to which a decision that a row adds moves a case, as `solidarity assess` does; empty for none."""
    is_decided = len(after.get("assessments", ())) > len(before.get("assessments", ()))
    is_open = before.get("status") in (Status.RECEIVED, Status.ASSESSING)
    status = _decided_status(after) if is_decided and is_open else ""
    return status if status != before["status"] else ""


def _decided_status(plain: Mapping[str, Any]) -> str:
    """The status after the newest decision of a record whose shape need not be valid; empty for none."""
    assessments = plain.get("assessments")
    newest = assessments[-1] if isinstance(assessments, list) and assessments else {}
    decision = newest.get("decision") if isinstance(newest, Mapping) else None
    return Decision(str(decision)).leads_to.value if decision in [*Decision] else ""


def _protection(field: str, before: Mapping[str, Any], *, is_moved: bool) -> str:
    """What to type instead, for a field that an import leaves alone; empty for one that it may change."""
    top = _top(field)
    if top == "status":
        return "" if is_moved else PROTECTED["status"]
    if top == "closure":
        return "" if not before.get("closure") or field == "closure.person_told" else PROTECTED["closure"]
    if top in _APPEND_ONLY:
        return "" if _is_new_item(field, before) else PROTECTED[top]
    if field == "private.notes" or field.startswith("private.notes."):
        return "" if _is_new_item(field.removeprefix("private."), before) else PROTECTED["private.notes"]
    return protection(field)


def _is_new_item(field: str, before: Mapping[str, Any]) -> bool:
    """Whether a field belongs to an item, `notes.n3`, that the record does not have."""
    top, _, rest = field.partition(".")
    name = rest.partition(".")[0]
    return bool(name) and name not in {item.get("id") for item in before.get(top, ())}


def _top(field: str) -> str:
    return field.partition(".")[0]
