"""A merge held against each of its sides by the rules for records: for what another side did, that side answers.

Needed where a merge could not be made again, or where a person chose: a choice takes nothing away that is only ever
added, and moves no status where it may not go.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from solidarity_cli.core.audit import OF_A_SIDE, Act, Finding, Moved, Step
from solidarity_cli.core.changes import FieldChange, changes
from solidarity_cli.core.edits import is_item_id
from solidarity_cli.history.audit.remerge import Case, at
from solidarity_cli.history.index.redact import redacted_changes

Plain = Mapping[str, Any]


def findings(
    commit: str, case: Case, bases: Sequence[Plain], sides: Sequence[Plain], made: Plain, differs: Sequence[str] | None
) -> list[Finding]:
    """What a merge took from a record that one of its `sides` held, and that no other side had taken from it.

    `bases` are the common beginnings. `differs`: the fields to ask about; None for all.
    """
    side_findings: dict[Finding, None] = {}
    for number, side in enumerate(sides):
        others = [*sides[:number], *sides[number + 1 :]]
        is_gone = any(bases) and not all(others)
        if not side or (not made and is_gone):
            continue
        moved = tuple(_moves(case.kind, side, made, others, bases, differs))
        step = Step(case.label, case.kind, was=True, stays=bool(made), moved=moved)
        act = Act("", "", (step,))
        side_findings |= dict.fromkeys(finding for rule in OF_A_SIDE for finding in rule.check(commit, act))
    return list(side_findings)


def _moves(
    kind: str, side: Plain, made: Plain, others: Sequence[Plain], bases: Sequence[Plain], differs: Sequence[str] | None
) -> Iterator[Moved]:
    for change, (field, old, new, in_new) in zip(changes(side, made), redacted_changes(kind, side, made), strict=True):
        is_relevant = differs is None or any(_touch(change.field, other) for other in differs)
        if in_new or (is_relevant and not _is_of_another(change, others, bases)):
            yield Moved(field, old, new, bool(in_new))


def _touch(field: str, other: str) -> bool:
    return f"{field}.".startswith(f"{other}.") or f"{other}.".startswith(f"{field}.")


def _is_of_another(change: FieldChange, others: Sequence[Plain], bases: Sequence[Plain]) -> bool:
    """Whether a side lacks a change only because another side made it."""
    if isinstance(change.old, list) and not isinstance(change.new, str):
        lost = _count(change.old) - _count(change.new)
        return any(
            not lost - _count(at(base, change.field)) and not lost & _count(at(other, change.field))
            for base in bases
            for other in others
        )
    if change.new is not None:
        return any(at(other, change.field) == change.new for other in others)
    item = _item(change.field)
    return any(at(base, item) is not None for base in bases) and any(at(other, item) is None for other in others)


def _count(items: Any) -> Counter[str]:
    return Counter(json.dumps(item, sort_keys=True) for item in items) if isinstance(items, list) else Counter()


def _item(field: str) -> str:
    """What comes and goes as a whole: the item of a list with its text apart, a field, or a group."""
    parts = field.split(".")
    for length, part in enumerate(parts, 1):
        if is_item_id(part):
            return ".".join(parts[:length])
    return field if parts[0] == "private" else parts[0]
