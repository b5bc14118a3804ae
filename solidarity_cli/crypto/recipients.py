"""`recipients.yaml` read and written: who can unseal, part of the reviewed register."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model.recipients import Recipient, Recipients, Retired
from solidarity_cli.crypto.identities import public_key
from solidarity_cli.crypto.vouches import is_well_formed
from solidarity_cli.records.read import UnreadableError, read

FILE = "recipients.yaml"

_LINE = re.compile(r"[^ \x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069][^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*")
_HINT = "a recipient is: name, key (age1…), since"
_RETIRED_HINT = "a retired key is: name, key (age1…), until, destroyed (true or false)"


def read_recipients(text: bytes) -> Recipients:
    """The recipients in the bytes of the file. Raises Refused in words, with the place, never with a value."""
    try:
        plain = read(text)
    except UnreadableError as trouble:
        fault = trouble.fault
        place = f"{FILE}, line {fault.line}" if fault.line else FILE
        raise Refused(f"{place}: {fault.message}", hint=fault.hint) from None
    listed, gone = plain.get("recipients"), plain.get("retired", [])
    if set(plain) - {"recipients", "retired", "schema_version"} or plain.get("schema_version", 1) not in (1,):
        raise Refused(f"{FILE} has the fields schema_version (1), recipients and retired, and no others", hint=_HINT)
    if not isinstance(listed, list) or not listed:
        raise Refused(f"{FILE} names no recipients, so nothing can be sealed", hint="solidarity keys add")
    if not isinstance(gone, list):
        raise Refused(f"{FILE}: retired is a list", hint=_RETIRED_HINT)
    current = tuple(_recipient(item, number) for number, item in enumerate(listed, 1))
    retired = tuple(_retired(item, number) for number, item in enumerate(gone, 1))
    for what, values in (("name", [one.name for one in current]), ("key", [one.key for one in current])):
        twins = [number for number, value in enumerate(values, 1) if value in values[: number - 1]]
        if twins:
            raise Refused(f"{FILE}: recipient {twins[0]} has the {what} of an earlier one", hint="keep one of the two")
    ended = {one.key for one in retired}
    if again := [number for number, one in enumerate(current, 1) if one.key in ended]:
        raise Refused(
            f"{FILE}: recipient {again[0]} has a key that is retired", hint="solidarity keys init makes a new one"
        )
    return Recipients(current, retired)


def plain_of(recipients: Recipients) -> dict[str, Any]:
    """The recipients as the plain mapping of their file."""
    plain: dict[str, Any] = {
        "schema_version": 1,
        "recipients": [
            {"name": one.name, "key": one.key, "since": one.since, **({"vouch": one.vouch} if one.vouch else {})}
            for one in recipients.current
        ],
    }
    if recipients.retired:
        plain["retired"] = [
            {"name": one.name, "key": one.key, "until": one.until, "destroyed": one.destroyed}
            for one in recipients.retired
        ]
    return plain


def _recipient(item: Any, number: int) -> Recipient:
    who = f"{FILE}: recipient {number}"
    vouch = item.get("vouch", "") if isinstance(item, Mapping) else ""
    if "vouch" in (item if isinstance(item, Mapping) else ()):
        item = {field: value for field, value in item.items() if field != "vouch"}
        if not isinstance(vouch, str) or not is_well_formed(vouch):
            raise Refused(f"{who}: vouch is 64 hexadecimal digits", hint="solidarity keys add writes it")
    name, key, since = _fields(item, ("name", "key", "since"), who, _HINT)
    return Recipient(_name(name, who), _key(key, who), _day(since, "since", who), vouch)


def _retired(item: Any, number: int) -> Retired:
    who = f"{FILE}: retired key {number}"
    name, key, until, destroyed = _fields(item, ("name", "key", "until", "destroyed"), who, _RETIRED_HINT)
    if not isinstance(destroyed, bool):
        raise Refused(f"{who}: destroyed is true or false, without quotes", hint=_RETIRED_HINT)
    return Retired(_name(name, who), _key(key, who), _day(until, "until", who), destroyed)


def _fields(item: Any, wanted: tuple[str, ...], who: str, hint: str) -> tuple[Any, ...]:
    if not isinstance(item, Mapping) or set(item) != set(wanted):
        raise Refused(f"{who} has the fields {', '.join(wanted)}, and no others", hint=hint)
    return tuple(item[field] for field in wanted)


def _name(value: Any, who: str) -> str:
    if not isinstance(value, str) or len(value) > 200 or not _LINE.fullmatch(value):
        raise Refused(f"{who}: the name is a text of one line, at most 200 characters", hint=_HINT)
    return value


def _day(value: Any, field: str, who: str) -> str:
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise Refused(f'{who}: {field} is a date in quotes, such as "2026-10-31"', hint=_HINT)


def _key(value: Any, who: str) -> str:
    if not isinstance(value, str):
        raise Refused(f"{who}: the key is a text that begins with age1", hint=_HINT)
    try:
        key = public_key(value)
    except Refused as trouble:
        raise Refused(f"{who}: {trouble.message}", hint=trouble.hint) from None
    if key != value:
        raise Refused(f"{who}: spaces stand around the key", hint=_HINT)
    return key
