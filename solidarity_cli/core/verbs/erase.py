"""A private part destroyed: what goes, who was told, and the tombstone that stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from solidarity_cli.core.edits import Edit, Remove, Set
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Action, Disclosure

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Destruction:
    """What an erasure destroys, before it does: field names of the private parts by record, never a value.

    `kept`: actions whose private part stays because they serve other cases too; `told`: who has been told of the case;
    `public`: the actions that the world has seen. Nothing of the last two can be taken back by erasing.
    """

    fields: Mapping[str, tuple[str, ...]]
    kept: tuple[str, ...] = ()
    told: tuple[Disclosure, ...] = ()
    public: tuple[str, ...] = ()


def destruction(record: Plain, actions: Sequence[Plain], *, erased: Iterable[str] = ()) -> Destruction:
    """What erasing a plain case, or a plain action, destroys. `actions` are the plain actions that name the case.

    An action that serves no other case than this one, or only cases that are `erased` already, goes with it.
    Raises Refused for a record that was erased before.
    """
    if gone := record.get("erasure"):
        raise Refused(
            f"{record['id']} was erased on {gone['date']}; nothing of its private part is left to destroy",
            hint=f"solidarity show {record['id']}",
        )
    others = {record["id"], *erased}
    own = [one for one in actions if set(one["cases"]) <= others and one.get("private")]
    shared = [one["id"] for one in actions if one.get("private") and one not in own]
    models = [Action.from_plain(one) for one in actions]
    return Destruction(
        fields={one["id"]: tuple(_fields(one.get("private") or {})) for one in (record, *own)},
        kept=tuple(sorted(shared)),
        told=tuple(
            one
            for action in [*models, *([Action.from_plain(record)] if "cases" in record else [])]
            for one in action.shared_with
            if one.case == record["id"] or "cases" in record
        ),
        public=tuple(sorted(one.id for one in models if one.is_public and one.status == "done")),
    )


def erase(
    records: Iterable[Plain], *, ground: str, by: str, on: date, keys: Iterable[str]
) -> dict[str, tuple[Edit, ...]]:
    """The edits that put a tombstone in the place of each record's private part, by record id.

    `keys` are the public keys of all who could read it until now.
    """
    tombstone: dict[str, Any] = {"date": on.isoformat(), "ground": ground, "by": by}
    if listed := list(keys):
        tombstone["keys"] = listed
    return {
        str(one["id"]): (*([Remove("private")] if "private" in one else []), Set("erasure", dict(tombstone)))
        for one in records
    }


def _fields(private: Plain) -> Iterable[str]:
    for field, value in private.items():
        if field == "notes" and isinstance(value, Mapping):
            yield f"notes ({len(value)})"
        else:
            yield field
