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
    sides = [_recipients_of(side) for side in (base, ours, theirs)]
    retired = merge(*sides).retired
    rows = _merge_current(work, sides, {retired_key.key for retired_key in retired})
    if not rows:
        # Everybody retired everybody else: with nobody left, nothing could be opened ever again.
        rows = work.clash("recipients", *(side.get("recipients", GONE) for side in (base, ours, theirs)))
        retired = sides[1].retired
    lists = {"recipients": rows, "retired": [_plain(retired_key) for retired_key in retired]}
    others = ({name: value for name, value in side.items() if name not in _LISTS} for side in (base, ours, theirs))
    value = work.merge(*others)
    return value | {name: entries for name, entries in lists.items() if entries or name in ours}


def _merge_current(work: Fields, sides: list[Recipients], retired_keys: set[str]) -> list[dict[str, Any]]:
    """The recipients by their keys, each merged by its fields; of one name the first, which is ours."""
    base_rows, our_rows, their_rows = (
        {recipient.key: _plain(recipient) for recipient in side.current} for side in sides
    )
    rows: dict[str, dict[str, Any]] = {}
    for key in dict.fromkeys((*our_rows, *their_rows)):
        if key in retired_keys:
            continue
        our_row, their_row = our_rows.get(key), their_rows.get(key)
        at = f"recipients.{(our_row or their_row or {})['name']}"
        if our_row and their_row and "vouch" in their_row and "vouch" in our_row:
            # Which of two vouches holds only the group's key can tell, no person: theirs, and `sync` sets it right.
            base_vouch = base_rows.get(key, {}).get("vouch")
            our_row = {**our_row, "vouch": their_row["vouch"] if their_row["vouch"] != base_vouch else our_row["vouch"]}
            their_row = {**their_row, "vouch": our_row["vouch"]}
        row = (
            work.merge(base_rows.get(key, {}), our_row, their_row, at=at)
            if our_row and their_row
            else our_row or their_row or {}
        )
        if row["name"] in rows:
            work.clash(at, base_rows.get(key, GONE), rows[row["name"]], row)
        else:
            rows[row["name"]] = row
    return list(rows.values())


def _plain(entry: Recipient | Retired) -> dict[str, Any]:
    return {name: value for name in entry.__slots__ if (value := getattr(entry, name)) != ""}


def _recipients_of(side: Plain) -> Recipients:
    try:
        current = tuple(Recipient(**row) for row in side.get("recipients", ()))
        return Recipients(current, tuple(Retired(**row) for row in side.get("retired", ())))
    except TypeError:
        raise Refused(
            "one version of recipients.yaml lists something that is no recipient", hint="solidarity validate"
        ) from None
