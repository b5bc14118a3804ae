"""The directory of organisations that give emergency help: an entry added, an entry found to be right."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from solidarity_cli.core.edits import Edit, Set
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.model import Organisation

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SORTED = ("countries", "languages")


def add_organisation(name: str, answers: Mapping[str, Any], *, known: Collection[str], on: date) -> dict[str, Any]:
    """The plain record of a new entry; who adds it has just looked it up, so it counts as checked on the day.

    `answers`: name, services, accepts, countries (none: everywhere), languages, channel, public_key, response_days.
    `known` are the ids that there are. Raises UsageError for what is no id, Refused for one that is taken.
    """
    if not _SLUG.fullmatch(name) or not re.search("[a-z]", name):
        raise UsageError(
            "the id of an organisation has small letters, digits and single hyphens",
            hint="solidarity directory add example-relief …",
        )
    if name in known:
        raise Refused(
            "the directory has an entry of this id", hint=f"is it still right? solidarity directory check {name}"
        )
    entry: dict[str, Any] = {"schema_version": 1, "id": name}
    for field in ("name", "services", "accepts", "countries", "languages", "channel", "public_key", "response_days"):
        value = answers.get(field)
        if value is not None and value not in ("", []):
            entry[field] = sorted(value) if field in _SORTED else value
    return {**entry, "checked": on.isoformat()}


def check_organisation(entry: Organisation, *, on: date) -> tuple[Edit, ...]:
    """Write down the day on which somebody made sure that an entry is right. Raises Refused for an earlier one."""
    if entry.checked > on.isoformat():
        raise Refused(
            f"{entry.id} was checked after that day, on {entry.checked}", hint=f"solidarity directory check {entry.id}"
        )
    return (Set("checked", on.isoformat()),) if entry.checked != on.isoformat() else ()
