"""Two versions of a record made one, field by field, by what each changed since the version that both began from.

Which field merges how is said in `strategies.py`. Whether the result keeps the rules is asked by who calls: two changes
can be right each and wrong together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from solidarity_cli.core.merge.conflict import Conflict, Plain, Why
from solidarity_cli.core.merge.fields import Fields
from solidarity_cli.core.merge.id_collisions import Reseal, apart, items_named_by, no_key
from solidarity_cli.core.merge.recipients import merge_recipients
from solidarity_cli.core.merge.resolution import Choice, Choices, Side, apply_choice, value_at, with_field
from solidarity_cli.core.merge.strategies import PAGE, TABLE, Way, way_of

__all__ = [
    "PAGE",
    "TABLE",
    "Choice",
    "Choices",
    "Conflict",
    "Merged",
    "Reseal",
    "Side",
    "Way",
    "Why",
    "apply_choice",
    "items_named_by",
    "merge",
    "no_key",
    "value_at",
    "way_of",
    "with_field",
]


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged record; in the fields that clash it says what ours said.

    `renumbered` are the items of the side that yields whose id was taken: old dotted name -> new one.
    """

    value: dict[str, Any] = field(repr=False)
    clashes: tuple[Conflict, ...] = ()
    renumbered: Mapping[str, str] = field(default_factory=dict)


def merge(
    base: Plain | None,
    ours: Plain,
    theirs: Plain,
    kind: str,
    *,
    reseal: Reseal = no_key,
    named: Collection[str] | None = None,
    ours_yields: bool = False,
) -> Merged:
    """The merge of two versions of a record of some kind; `base` is None when both sides made the record.

    `named` are the hearings and consents of theirs that actions name (see `items_named_by`): they keep their ids. None
    says that the actions are not known here; then no hearing and no consent gets another id.
    Raises Refused for recipients that are none; whatever `reseal` raises passes.
    """
    if theirs in (ours, base):
        return Merged(dict(ours))
    if ours == base:
        return Merged(dict(theirs))
    base, work = base or {}, Fields(kind)
    if kind == "recipients":
        return Merged(merge_recipients(work, base, ours, theirs), tuple(work.clashes))
    if "erasure" in ours or "erasure" in theirs:
        # Before anything else: for what is destroyed there is no key, and nobody to ask about it.
        base, ours, theirs = (_without_private(side) for side in (base, ours, theirs))
    if ours_yields:
        renumbered = apart(kind, base, theirs, ours, reseal=reseal, named=named)
        value = work.merge(base, renumbered.theirs, theirs)
        swapped = (replace(conflict, ours=conflict.theirs, theirs=conflict.ours) for conflict in renumbered.clashes)
        return Merged(value, (*swapped, *work.clashes), renumbered.renumbered)
    renumbered = apart(kind, base, ours, theirs, reseal=reseal, named=named)
    value = work.merge(base, ours, renumbered.theirs)
    return Merged(value, (*renumbered.clashes, *work.clashes), renumbered.renumbered)


def _without_private(record: Plain) -> Plain:
    return {name: value for name, value in record.items() if name != "private"}
