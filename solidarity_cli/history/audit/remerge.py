"""A file that both sides of a merge changed, made again: what comes of both is held against what was committed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solidarity_cli.core.changes import changes
from solidarity_cli.core.errors import SolidarityError
from solidarity_cli.core.merge import Merged, items_named_by, merge, value_at
from solidarity_cli.core.merge.fields import GONE
from solidarity_cli.core.token_format import PREFIX, is_sealed
from solidarity_cli.git.process import blobs
from solidarity_cli.history.audit.labels import field_label
from solidarity_cli.history.index.versions import plain_of

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A file of a merge; `label` is what it is called in a finding, `kind` is empty for what has no fields.

    `bases`, `sides` and `made` are its blobs at the common beginnings, in the sides, in the merge; "" where there is
    none. `actions`: blobs of the actions that each side changed, for items of a case that they name keep their ids.
    """

    name: str
    label: str
    kind: str
    bases: tuple[str, ...]
    sides: tuple[str, ...]
    made: str
    actions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Remade:
    """What a merge made otherwise than its sides do together.

    `wrong`: fields that it had to take from them. `chosen`: fields in which they disagree, and it says a third thing.
    `differs`: every field that is not as it was made again, as it is spelled in the file; None where that cannot be
    said. `code`: what is not proven.
    """

    wrong: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    differs: tuple[str, ...] | None = ()
    code: str = ""


_UNREADABLE = Remade(differs=None, code="merge-unreadable")
_CONTENT = ("its content",)


def remade(root: Path, case: Case) -> Remade:
    """A merge of two sides made again from each of their beginnings, as `sync` and as git make it; the nearest."""
    blob_ids = (*case.bases, *case.sides, case.made, *(blob for action_blobs in case.actions for blob in action_blobs))
    data = dict(blobs(root, {blob for blob in blob_ids if blob}))
    if not case.kind:
        return _compare_lines(
            [data.get(blob) or b"" for blob in (*case.sides, case.made)], by_hand=case.name != "allowed_signers"
        )
    bases = [plain_of(data[blob]) if blob else {} for blob in case.bases]
    ours, theirs, made = (plain_of(data[blob]) if blob else {} for blob in (*case.sides, case.made))
    if ours is None or theirs is None or made is None or None in bases:
        return _UNREADABLE
    if not (ours and theirs):
        return Remade() if made in (ours, theirs) else Remade(wrong=_CONTENT)
    named = [
        items_named_by(case.name, [plain for blob in action_blobs if (plain := plain_of(data[blob]))])
        for action_blobs in case.actions
    ]
    attempts = []
    for base in bases:
        for own, other, names in _side_orders(ours, theirs, named):
            try:
                merged = merge(base or None, own, other, case.kind, reseal=_placeholder, named=names)
            except (SolidarityError, KeyError, TypeError, ValueError, AttributeError):
                return _UNREADABLE
            attempts.append(_compare(case.kind, merged, (ours, theirs), made))
            if attempts[-1].differs == ():
                return attempts[-1]
    return min(attempts, key=lambda attempt: (len(attempt.wrong), len(attempt.chosen), len(attempt.differs or ())))


def _side_orders(ours: Plain, theirs: Plain, named: list[frozenset[str]]) -> Iterator[tuple[Plain, Plain, Any]]:
    """Which side keeps its numbers is for whoever merges; a merge by git itself knows of no actions."""
    yield from ((ours, theirs, named[1]), (theirs, ours, named[0]), (ours, theirs, None))


def _placeholder(_token: str, _old: str, new: str) -> str:
    """Stands for a note that was sealed again under another number, which takes its key."""
    return f"{PREFIX}{new}"


def _compare(kind: str, merged: Merged, sides: tuple[Plain, Plain], made: Plain) -> Remade:
    clashes = [clash.field for clash in merged.clashes]
    differs, wrong, chosen, code = [], [], [], ""
    for change in changes(merged.value, made):
        if change.old == _placeholder("", "", change.field) and is_sealed(change.new):
            code = "merge-key"
            continue
        differs.append(change.field)
        if not any(change.field == field or change.field.startswith(f"{field}.") or not field for field in clashes):
            wrong.append(field_label(kind, change.field))
        elif change.new not in (at(side, change.field) for side in sides):
            chosen.append(field_label(kind, change.field))
    return Remade(tuple(dict.fromkeys(wrong)), tuple(dict.fromkeys(chosen)), tuple(differs), code)


def at(plain: Plain, field: str) -> Any:
    """The value of a dotted field; None where there is none, as `changes` tells it."""
    value = value_at(plain, field)
    return None if value is GONE else value


def _compare_lines(versions: list[bytes], *, by_hand: bool) -> Remade:
    """Of a file without fields: whether it holds a line that neither side has, or lacks one that both have."""
    ours, theirs, made = (set(version.splitlines()) for version in versions)
    if made - ours - theirs or (ours & theirs) - made:
        return Remade(chosen=("a line of it",)) if by_hand else Remade(wrong=("a line of it",))
    return Remade()
