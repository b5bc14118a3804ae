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


def perhaps(session: Session, record: Mapping[str, Any], shown_ids: set[str]) -> dict[str, str]:
    """Id -> line of the cases, closed ones too, that carry a name like one in `record`; not the `shown_ids`."""
    linked = {link.get("case") for link in record.get("links", ())}
    now = session.register.now
    case_ids = [
        case_id
        for case_id in alike(record.get("private") or {}, now.privates())
        if case_id not in shown_ids and case_id not in linked
    ]
    case_ids = case_ids[:_SHOWN]
    cases = now.facts(case_ids).cases if case_ids else {}
    language = now.charter.languages[0]
    lines = {}
    for case_id in case_ids:
        case = cases.get(case_id)
        status = now.schemas.words.label("status", case.status.value, language) if case else ""
        about = f" ({status}, received {case.received}, {case.title})" if case else ""
        lines[case_id] = clean(f"{case_id}{about}")
    return lines
