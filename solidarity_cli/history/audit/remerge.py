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
    """A file of a merge; `said` is what it is called in a finding, `kind` is empty for what has no fields.

    `bases`, `sides` and `made` are its blobs at the common beginnings, in the sides, in the merge; "" where there is
    none. `actions`: blobs of the actions that each side changed, for items of a case that they name keep their ids.
    """

    name: str
    said: str
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
    wanted = (*case.bases, *case.sides, case.made, *(blob for some in case.actions for blob in some))
    data = dict(blobs(root, {blob for blob in wanted if blob}))
    if not case.kind:
        return _lines(
            [data.get(blob) or b"" for blob in (*case.sides, case.made)], by_hand=case.name != "allowed_signers"
        )
    begun = [plain_of(data[blob]) if blob else {} for blob in case.bases]
    ours, theirs, made = (plain_of(data[blob]) if blob else {} for blob in (*case.sides, case.made))
    if ours is None or theirs is None or made is None or None in begun:
        return _UNREADABLE
    if not (ours and theirs):
        return Remade() if made in (ours, theirs) else Remade(wrong=_CONTENT)
    named = [
        items_named_by(case.name, [plain for blob in some if (plain := plain_of(data[blob]))]) for some in case.actions
    ]
    tried = []
    for was in begun:
        for own, other, kept in _ways(ours, theirs, named):
            try:
                merged = merge(was or None, own, other, case.kind, reseal=_place, named=kept)
            except (SolidarityError, KeyError, TypeError, ValueError, AttributeError):
                return _UNREADABLE
            tried.append(_against(case.kind, merged, (ours, theirs), made))
            if tried[-1].differs == ():
                return tried[-1]
    return min(tried, key=lambda one: (len(one.wrong), len(one.chosen), len(one.differs or ())))


def _ways(ours: Plain, theirs: Plain, named: list[frozenset[str]]) -> Iterator[tuple[Plain, Plain, Any]]:
    """Which side keeps its numbers is for whoever merges; a merge by git itself knows of no actions."""
    yield from ((ours, theirs, named[1]), (theirs, ours, named[0]), (ours, theirs, None))


def _place(_token: str, _old: str, new: str) -> str:
    """Stands for a note that was sealed again under another number, which takes its key."""
    return f"{PREFIX}{new}"


def _against(kind: str, merged: Merged, sides: tuple[Plain, Plain], made: Plain) -> Remade:
    clashes = [clash.field for clash in merged.clashes]
    differs, wrong, chosen, code = [], [], [], ""
    for one in changes(merged.value, made):
        if one.old == _place("", "", one.field) and is_sealed(one.new):
            code = "merge-key"
            continue
        differs.append(one.field)
        if not any(one.field == field or one.field.startswith(f"{field}.") or not field for field in clashes):
            wrong.append(field_label(kind, one.field))
        elif one.new not in (at(side, one.field) for side in sides):
            chosen.append(field_label(kind, one.field))
    return Remade(tuple(dict.fromkeys(wrong)), tuple(dict.fromkeys(chosen)), tuple(differs), code)


def at(plain: Plain, field: str) -> Any:
    """The value of a dotted field; None where there is none, as `changes` tells it."""
    value = value_at(plain, field)
    return None if value is GONE else value


def _lines(versions: list[bytes], *, by_hand: bool) -> Remade:
    """Of a file without fields: whether it holds a line that neither side has, or lacks one that both have."""
    ours, theirs, made = (set(version.splitlines()) for version in versions)
    if made - ours - theirs or (ours & theirs) - made:
        return Remade(chosen=("a line of it",)) if by_hand else Remade(wrong=("a line of it",))
    return Remade()
