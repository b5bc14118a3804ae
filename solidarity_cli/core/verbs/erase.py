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

    `kept`: actions whose private part stays because they serve other cases too; `disclosures`: who has been told of the
    case; `public`: the actions that the world has seen. Nothing of the last two can be taken back by erasing.
    """

    fields: Mapping[str, tuple[str, ...]]
    kept: tuple[str, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    public: tuple[str, ...] = ()


def destruction(record: Plain, actions: Sequence[Plain], *, erased: Iterable[str] = ()) -> Destruction:
    """What erasing a plain case, or a plain action, destroys. `actions` are the plain actions that name the case.

    An action that serves no other case than this one, or only cases that are `erased` already, goes with it.
    Raises Refused for a record that was erased before.
    """
    if erasure := record.get("erasure"):
        raise Refused(
            f"{record['id']} was erased on {erasure['date']}; nothing of its private part is left to destroy",
            hint=f"solidarity show {record['id']}",
        )
    erased_ids = {record["id"], *erased}
    erasable = [action for action in actions if set(action["cases"]) <= erased_ids and action.get("private")]
    shared = [action["id"] for action in actions if action.get("private") and action not in erasable]
    models = [Action.from_plain(action) for action in actions]
    return Destruction(
        fields={plain["id"]: tuple(_fields(plain.get("private") or {})) for plain in (record, *erasable)},
        kept=tuple(sorted(shared)),
        disclosures=tuple(
            disclosure
            for action in [*models, *([Action.from_plain(record)] if "cases" in record else [])]
            for disclosure in action.shared_with
            if disclosure.case == record["id"] or "cases" in record
        ),
        public=tuple(sorted(action.id for action in models if action.is_public and action.status == "done")),
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
        str(record["id"]): (*([Remove("private")] if "private" in record else []), Set("erasure", dict(tombstone)))
        for record in records
    }


def _fields(private: Plain) -> Iterable[str]:
    for field, value in private.items():
        if field == "notes" and isinstance(value, Mapping):
            yield f"notes ({len(value)})"
        else:
            yield field
