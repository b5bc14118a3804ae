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
    done = Renumbered(theirs)
    for name, way in TABLE[kind].items():
        if way in (Way.ITEMS, Way.APPENDED) and "." not in name:
            items = [by_id(side.get(name, [])) for side in (base, ours, done.theirs)]
            if all(side is not None for side in items):
                _renumber(done, name, ours, *items, reseal=reseal, named=named)  # type: ignore[arg-type]
    return done


def items_named_by(case: str, actions: Iterable[Plain]) -> frozenset[str]:
    """The fields of a case, as `hearings.h1` or `consent.c2`, that plain actions name."""
    found = set()
    for action in actions:
        hearing = action.get("hearing") or {}
        if hearing.get("case") == case:
            found.add(f"hearings.{hearing.get('id')}")
        found |= {f"consent.{one.get('consent')}" for one in action.get("shared_with", ()) if one.get("case") == case}
    return frozenset(found)


def _renumber(
    done: Renumbered,
    name: str,
    ours: Plain,
    old: Mapping[str, Plain],
    own: Mapping[str, Plain],
    other: Mapping[str, Plain],
    *,
    reseal: Reseal,
    named: Collection[str] | None,
) -> None:
    own_texts, texts = (_texts(side) if name == "notes" else {} for side in (ours, done.theirs))
    taken = [{"id": one} for one in (*old, *own, *other, *own_texts, *texts)]
    items = dict(other)
    for one, item in other.items():
        mine, yours = (own.get(one), own_texts.get(one)), (item, texts.get(one))
        if one in old or one not in own or not is_item_id(one) or mine == yours:
            continue
        new = next_item_id(one[0], taken)
        why, text = _moved(f"{name}.{one}", new, yours[1], reseal, named)
        texts.pop(one, None)
        if why is None:
            taken.append({"id": new})
            items[one] = {**item, "id": new}
            done.renumbered[f"{name}.{one}"] = f"{name}.{new}"
            texts |= {} if text is None else {new: text}
        else:
            del items[one]
            done.clashes.append(Conflict(f"{name}.{one}", None, mine[0], yours[0], why))
            if name == "notes":
                done.clashes.append(Conflict(f"private.notes.{one}", None, mine[1], yours[1], why))
    if items != other:
        done.theirs = {**done.theirs, name: list(items.values())}
    if texts != _texts(done.theirs) and name == "notes":
        done.theirs = _with_texts(done.theirs, texts)


def _moved(where: str, new: str, text: Any, reseal: Reseal, named: Collection[str] | None) -> tuple[Why | None, Any]:
    """Why an item must keep its id, or None and its text for the new place."""
    name = where.partition(".")[0]
    if name in _NAMED_BY_ACTIONS and (named is None or where in named):
        return Why.NAMED, None
    if is_sealed(text):
        text = reseal(text, f"private.{where}", f"private.{name}.{new}")
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
