"""A hint while there is time: cases that are perhaps about the same person or organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solidarity_cli.cli.session import Session
from solidarity_cli.register.matching.duplicates import alike
from solidarity_cli.render.escape import clean

_SHOWN = 5
NAMING = ("private.subject_name", "private.contact_name", "private.contact")
"""The fields by which somebody is known again."""


def perhaps(session: Session, record: Mapping[str, Any], seen: set[str]) -> dict[str, str]:
    """Id -> line of the cases, closed ones too, that carry a name like one in `record`; those not yet `seen`."""
    linked = {link.get("case") for link in record.get("links", ())}
    now = session.register.now
    found = [one for one in alike(record.get("private") or {}, now.privates()) if one not in seen and one not in linked]
    found = found[:_SHOWN]
    cases = now.facts(found).cases if found else {}
    language = now.charter.languages[0]
    lines = {}
    for one in found:
        case = cases.get(one)
        status = now.schemas.words.label("status", case.status.value, language) if case else ""
        about = f" ({status}, received {case.received}, {case.title})" if case else ""
        lines[one] = clean(f"{one}{about}")
    return lines
