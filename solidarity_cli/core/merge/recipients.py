"""`recipients.yaml` merged: who joined on either side is in, whose key was retired on either side is out."""

from __future__ import annotations

from typing import Any

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.merge.conflict import Plain
from solidarity_cli.core.merge.fields import GONE, Fields
from solidarity_cli.core.model.recipients import Recipient, Recipients, Retired, merge

_LISTS = ("recipients", "retired")


def merge_recipients(work: Fields, base: Plain, ours: Plain, theirs: Plain) -> dict[str, Any]:
    """The plain recipients of both sides; two keys for one name would shut a person out, so a person decides."""
    sides = [_people(side) for side in (base, ours, theirs)]
    retired = merge(*sides).retired
    rows = _current(work, sides, {one.key for one in retired})
    if not rows:
        # Everybody retired everybody else: with nobody left, nothing could be opened ever again.
        rows = work.clash("recipients", *(side.get("recipients", GONE) for side in (base, ours, theirs)))
        retired = sides[1].retired
    lists = {"recipients": rows, "retired": [_plain(one) for one in retired]}
    others = ({name: value for name, value in side.items() if name not in _LISTS} for side in (base, ours, theirs))
    value = work.merge(*others)
    return value | {name: listed for name, listed in lists.items() if listed or name in ours}


def _current(work: Fields, sides: list[Recipients], gone: set[str]) -> list[dict[str, Any]]:
    """The recipients by their keys, each merged by its fields; of one name the first, which is ours."""
    old, own, other = ({one.key: _plain(one) for one in side.current} for side in sides)
    rows: dict[str, dict[str, Any]] = {}
    for key in dict.fromkeys((*own, *other)):
        if key in gone:
            continue
        mine, yours = own.get(key), other.get(key)
        at = f"recipients.{(mine or yours or {})['name']}"
        if mine and yours and "vouch" in yours and "vouch" in mine:
            # Which of two vouches holds only the group's key can tell, no person: theirs, and `sync` sets it right.
            was = old.get(key, {}).get("vouch")
            mine = {**mine, "vouch": yours["vouch"] if yours["vouch"] != was else mine["vouch"]}
            yours = {**yours, "vouch": mine["vouch"]}
        row = work.merge(old.get(key, {}), mine, yours, at=at) if mine and yours else mine or yours or {}
        if row["name"] in rows:
            work.clash(at, old.get(key, GONE), rows[row["name"]], row)
        else:
            rows[row["name"]] = row
    return list(rows.values())


def _plain(one: Recipient | Retired) -> dict[str, Any]:
    return {name: said for name in one.__slots__ if (said := getattr(one, name)) != ""}


def _people(side: Plain) -> Recipients:
    try:
        current = tuple(Recipient(**one) for one in side.get("recipients", ()))
        return Recipients(current, tuple(Retired(**one) for one in side.get("retired", ())))
    except TypeError:
        raise Refused(
            "one version of recipients.yaml lists something that is no recipient", hint="solidarity validate"
        ) from None
