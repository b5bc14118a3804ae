"""What a verb answers with: Put, Append, Remove, carried out on any mapping, plain or commented."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, MutableSequence
from dataclasses import dataclass
from typing import Any

from solidarity_cli.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Set:
    """Set the field at a dotted path; parents are made. List items are named by their id: `incidents.i1.type`."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Append:
    """Add an item to the end of the list at a dotted path; the list is made when it is not there."""

    path: str
    item: Any


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the field, or the list item, at a dotted path away. A path that is not there is refused."""

    path: str


Edit = Set | Append | Remove


def carry_out(edits: Iterable[Edit], record: MutableMapping[str, Any]) -> None:
    """Carry `edits` out on `record` in place. Raises Refused when a path leads nowhere."""
    for edit in edits:
        match edit:
            case Set(path, value):
                parent, key = _parent(record, path, make=True)
                _set(parent, key, value, path)
            case Append(path, item):
                parent, key = _parent(record, path, make=True)
                _list_at(parent, key, path).append(item)
            case Remove(path):
                parent, key = _parent(record, path, make=False)
                _remove(parent, key, path)


def _parent(record: Any, path: str, *, make: bool) -> tuple[Any, str]:
    """The container that holds the last part of `path`, and that part."""
    *parents, key = path.split(".")
    node = record
    for part, next_part in zip(parents, [*parents[1:], key] if parents else [], strict=True):
        if isinstance(node, MutableSequence):
            node = _item(node, part, path, make=make)
            continue
        child = node.get(part) if isinstance(node, MutableMapping) else None
        if child is None:
            if not make or not isinstance(node, MutableMapping):
                raise _no_such_field(path)
            # In the private part a note is found by its id in a mapping: its text stands apart from the open list.
            child = [] if is_item_id(next_part) and parents[0] != "private" else {}
            node[part] = child
            child = node[part]
        node = child
    return node, key


def _item(items: MutableSequence[Any], name: str, path: str, *, make: bool) -> Any:
    for item in items:
        if isinstance(item, MutableMapping) and item.get("id") == name:
            return item
    if make and is_item_id(name):
        items.append({"id": name})
        return items[-1]
    raise _no_such_field(path)


def _set(parent: Any, key: str, value: Any, path: str) -> None:
    if isinstance(parent, MutableMapping):
        parent[key] = value
        return
    raise _no_such_field(path)


def _list_at(parent: Any, key: str, path: str) -> MutableSequence[Any]:
    if not isinstance(parent, MutableMapping):
        raise _no_such_field(path)
    if parent.get(key) is None:
        parent[key] = []
    items = parent[key]
    if not isinstance(items, MutableSequence):
        raise _no_such_field(path)
    return items


def _remove(parent: Any, key: str, path: str) -> None:
    if isinstance(parent, MutableMapping) and key in parent:
        del parent[key]
        return
    if isinstance(parent, MutableSequence):
        for index, item in enumerate(parent):
            if item == key or (isinstance(item, MutableMapping) and item.get("id") == key):
                del parent[index]
                return
    raise _no_such_field(path)


def is_item_id(part: str) -> bool:
    """Whether a path part names a list item: a letter and a number, as in `i1`."""
    return len(part) > 1 and part[0].isalpha() and part[1:].isdigit()


def next_item_id(letter: str, items: Iterable[Any]) -> str:
    """The next free id in a list: `i3` after `i1` and `i2`. Takes plain mappings or model objects."""
    used = (item["id"] if isinstance(item, MutableMapping) else item.id for item in items)
    highest = max((int(name[1:]) for name in used if is_item_id(name)), default=0)
    return f"{letter}{highest + 1}"


def _no_such_field(path: str) -> Refused:
    return Refused(f"the record has no field {path}", hint="the fields of a record: solidarity explain fields")
