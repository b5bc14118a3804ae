"""Two new items of one id, for each clone counts on alone: theirs gets the next free id, and its text follows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from solidarity_cli.core.edits import is_item_id, next_item_id
from solidarity_cli.core.merge.conflict import Conflict, Plain, Why
from solidarity_cli.core.merge.fields import by_id
from solidarity_cli.core.merge.strategies import TABLE, Way
from solidarity_cli.core.token_format import is_sealed

Reseal = Callable[[str, str, str], str | None]
"""(token, old field, new field) -> the same value sealed for its new place; None where there is no key."""

_NAMED_BY_ACTIONS = frozenset({"hearings", "consent"})


def no_key(token: str, old: str, new: str) -> None:
    """The `Reseal` of somebody without a key."""


@dataclass(slots=True)
class Renumbered:
    """Theirs with no new item under an id that ours gave to another, as far as nobody is needed for it."""

    theirs: Plain
    clashes: list[Conflict] = field(default_factory=list)
    renumbered: dict[str, str] = field(default_factory=dict)


def apart(
    kind: str, base: Plain, ours: Plain, theirs: Plain, *, reseal: Reseal, named: Collection[str] | None
) -> Renumbered:
    """Theirs with free ids. An item that must keep its id clashes, and stays out.

    `named` as in `merge`: a record sees no other, so who calls says which hearings and consents actions name.
    """
    renumbered = Renumbered(theirs)
    for name, way in TABLE[kind].items():
        if way in (Way.ITEMS, Way.APPENDED) and "." not in name:
            items = [by_id(side.get(name, [])) for side in (base, ours, renumbered.theirs)]
            if all(side is not None for side in items):
                _renumber(renumbered, name, ours, *items, reseal=reseal, named=named)  # type: ignore[arg-type]
    return renumbered


def items_named_by(case: str, actions: Iterable[Plain]) -> frozenset[str]:
    """The fields of a case, as `hearings.h1` or `consent.c2`, that plain actions name."""
    fields = set()
    for action in actions:
        hearing = action.get("hearing") or {}
        if hearing.get("case") == case:
            fields.add(f"hearings.{hearing.get('id')}")
        fields |= {
            f"consent.{disclosure.get('consent')}"
            for disclosure in action.get("shared_with", ())
            if disclosure.get("case") == case
        }
    return frozenset(fields)


def _renumber(
    renumbered: Renumbered,
    name: str,
    ours: Plain,
    base_items: Mapping[str, Plain],
    our_items: Mapping[str, Plain],
    their_items: Mapping[str, Plain],
    *,
    reseal: Reseal,
    named: Collection[str] | None,
) -> None:
    our_texts, their_texts = (_texts(side) if name == "notes" else {} for side in (ours, renumbered.theirs))
    taken_items = [{"id": item_id} for item_id in (*base_items, *our_items, *their_items, *our_texts, *their_texts)]
    items = dict(their_items)
    for item_id, item in their_items.items():
        our_version, their_version = (our_items.get(item_id), our_texts.get(item_id)), (item, their_texts.get(item_id))
        if item_id in base_items or item_id not in our_items or not is_item_id(item_id) or our_version == their_version:
            continue
        new_id = next_item_id(item_id[0], taken_items)
        why, text = _moved_text(f"{name}.{item_id}", new_id, their_version[1], reseal, named)
        their_texts.pop(item_id, None)
        if why is None:
            taken_items.append({"id": new_id})
            items[item_id] = {**item, "id": new_id}
            renumbered.renumbered[f"{name}.{item_id}"] = f"{name}.{new_id}"
            their_texts |= {} if text is None else {new_id: text}
        else:
            del items[item_id]
            renumbered.clashes.append(Conflict(f"{name}.{item_id}", None, our_version[0], their_version[0], why))
            if name == "notes":
                renumbered.clashes.append(
                    Conflict(f"private.notes.{item_id}", None, our_version[1], their_version[1], why)
                )
    if items != their_items:
        renumbered.theirs = {**renumbered.theirs, name: list(items.values())}
    if their_texts != _texts(renumbered.theirs) and name == "notes":
        renumbered.theirs = _with_texts(renumbered.theirs, their_texts)


def _moved_text(
    path: str, new_id: str, text: Any, reseal: Reseal, named: Collection[str] | None
) -> tuple[Why | None, Any]:
    """Why an item must keep its id, or None and its text for the new place."""
    name = path.partition(".")[0]
    if name in _NAMED_BY_ACTIONS and (named is None or path in named):
        return Why.NAMED, None
    if is_sealed(text):
        text = reseal(text, f"private.{path}", f"private.{name}.{new_id}")
        return (Why.LOCKED, None) if text is None else (None, text)
    return None, text


def _texts(record: Plain) -> dict[str, Any]:
    private = record.get("private")
    texts = private.get("notes") if isinstance(private, Mapping) else None
    return dict(texts) if isinstance(texts, Mapping) else {}


def _with_texts(record: Plain, texts: Mapping[str, Any]) -> Plain:
    private = dict(record.get("private") or {})
    private.pop("notes", None)
    private |= {"notes": texts} if texts else {}
    others = {name: value for name, value in record.items() if name != "private"}
    return {**others, "private": private} if private else others
