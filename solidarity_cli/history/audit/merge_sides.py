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
    commit: str, case: Case, begun: Sequence[Plain], held: Sequence[Plain], made: Plain, differs: Sequence[str] | None
) -> list[Finding]:
    """What a merge took from a record that one of its sides `held`, and that no other side had taken from it.

    `begun` are the common beginnings. `differs`: the fields to ask about; None for all.
    """
    found: dict[Finding, None] = {}
    for number, side in enumerate(held):
        others = [*held[:number], *held[number + 1 :]]
        is_gone = any(begun) and not all(others)
        if not side or (not made and is_gone):
            continue
        moved = tuple(_moved(case.kind, side, made, others, begun, differs))
        step = Step(case.said, case.kind, was=True, stays=bool(made), moved=moved)
        act = Act("", "", (step,))
        found |= dict.fromkeys(one for rule in OF_A_SIDE for one in rule.check(commit, act))
    return list(found)


def _moved(
    kind: str, side: Plain, made: Plain, others: Sequence[Plain], begun: Sequence[Plain], differs: Sequence[str] | None
) -> Iterator[Moved]:
    for change, (field, old, new, in_new) in zip(changes(side, made), redacted_changes(kind, side, made), strict=True):
        is_asked = differs is None or any(_touch(change.field, one) for one in differs)
        if in_new or (is_asked and not _is_of_another(change, others, begun)):
            yield Moved(field, old, new, bool(in_new))


def _touch(field: str, other: str) -> bool:
    return f"{field}.".startswith(f"{other}.") or f"{other}.".startswith(f"{field}.")


def _is_of_another(change: FieldChange, others: Sequence[Plain], begun: Sequence[Plain]) -> bool:
    """Whether a side lacks a change only because another side made it."""
    if isinstance(change.old, list) and not isinstance(change.new, str):
        lost = _counted(change.old) - _counted(change.new)
        return any(
            not lost - _counted(at(base, change.field)) and not lost & _counted(at(one, change.field))
            for base in begun
            for one in others
        )
    if change.new is not None:
        return any(at(one, change.field) == change.new for one in others)
    item = _item(change.field)
    return any(at(base, item) is not None for base in begun) and any(at(one, item) is None for one in others)


def _counted(items: Any) -> Counter[str]:
    return Counter(json.dumps(one, sort_keys=True) for one in items) if isinstance(items, list) else Counter()


def _item(field: str) -> str:
    """What comes and goes as a whole: the item of a list with its text apart, a field, or a group."""
    parts = field.split(".")
    for length, part in enumerate(parts, 1):
        if is_item_id(part):
            return ".".join(parts[:length])
    return field if parts[0] == "private" else parts[0]
