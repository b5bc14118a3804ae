"""What each audience sees of each field: the tables of `core.audience.filter`. What stands in no table is not shown.

A row holds, in this order: internal, reviewer, public, recipient. Private values are decided as a whole, whatever is
inside of them, for they are sealed as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Visibility(StrEnum):
    """How a field is shown; the words stand in `docs/reference/audiences.md`."""

    SHOWN = "shown"
    MARKED = "[private]"
    MONTH = "the month"
    AHEAD = "of an open hearing ahead"
    NAMED = "where consent covers it"
    HIDDEN = "not shown"


_, _M, _T, _A, _N, _X = Visibility
"""Shown as it is; that it is there; the month (time); of a hearing ahead; a name; hidden."""

Row = tuple[Visibility, Visibility, Visibility, Visibility]

CASE: Mapping[str, Row] = {
    "schema_version": (_, _, _X, _X),
    "id": (_, _, _X, _),
    "kind": (_, _, _X, _),
    "title": (_, _, _X, _X),
    "status": (_, _, _X, _X),
    "received": (_, _, _X, _),
    "channel": (_, _, _X, _X),
    "language": (_, _, _X, _),
    "urgency": (_, _, _X, _),
    "source.capacity": (_, _, _X, _),
    "source.membership": (_, _, _X, _X),
    "subject.kind": (_, _, _, _),
    "subject.membership": (_, _, _X, _X),
    "subject.country": (_, _, _, _),
    "subject.region": (_, _, _X, _),
    "subject.situation": (_, _, _X, _),
    "subject.number_of_people": (_, _, _X, _),
    "incidents.id": (_, _, _X, _X),
    "incidents.type": (_, _, _, _),
    "incidents.date": (_, _, _T, _),
    "incidents.country": (_, _, _, _),
    "incidents.perpetrators": (_, _, _X, _),
    "incidents.verification": (_, _, _X, _),
    "requests": (_, _, _X, _),
    "hearings.id": (_, _, _X, _X),
    "hearings.at": (_, _, _A, _),
    "hearings.kind": (_, _, _A, _),
    "hearings.access": (_, _, _A, _),
    "hearings.state": (_, _, _A, _),
    "hearings.postponed_to": (_, _, _A, _),
    "deadlines.id": (_, _, _X, _X),
    "deadlines.date": (_, _, _X, _),
    "deadlines.what": (_, _, _X, _),
    "deadlines.done": (_, _, _X, _),
    "consent.id": (_, _, _X, _X),
    "consent.given": (_, _, _X, _X),
    "consent.by": (_, _, _X, _X),
    "consent.uses.record": (_, _, _X, _X),
    "consent.uses.share": (_, _, _X, _X),
    "consent.uses.publicity-organisation": (_, _, _X, _X),
    "consent.uses.publicity-person": (_, _, _X, _X),
    "consent.uses.statistics": (_, _, _X, _X),
    "consent.share_with": (_, _, _X, _X),
    "consent.embargo_until": (_, _, _X, _X),
    "consent.withdrawn": (_, _, _X, _X),
    "assessments.id": (_, _, _X, _X),
    "assessments.date": (_, _, _X, _X),
    "assessments.by": (_, _, _X, _X),
    "assessments.life_at_risk": (_, _, _X, _X),
    "assessments.freedom_at_risk": (_, _, _X, _X),
    "assessments.risk_level": (_, _, _X, _X),
    "assessments.risk_review": (_, _, _X, _X),
    "assessments.wider_impact": (_, _, _X, _X),
    "assessments.impact_reason": (_, _, _X, _X),
    "assessments.basis": (_, _, _X, _X),
    "assessments.decision": (_, _, _X, _X),
    "assessments.forms": (_, _, _X, _X),
    "assessments.reason": (_, _, _X, _X),
    "assessments.approvals.by": (_, _, _X, _X),
    "assessments.approvals.date": (_, _, _X, _X),
    "notes.id": (_, _, _X, _X),
    "notes.date": (_, _, _X, _X),
    "notes.by": (_, _, _X, _X),
    "links.case": (_, _, _X, _X),
    "links.relation": (_, _, _X, _X),
    "closure.date": (_, _, _X, _X),
    "closure.outcome": (_, _, _X, _X),
    "closure.reason": (_, _, _X, _X),
    "closure.person_told": (_, _, _X, _X),
    "retention.review": (_, _, _X, _X),
    "erasure.date": (_, _, _X, _X),
    "erasure.ground": (_, _, _X, _X),
    "erasure.by": (_, _, _X, _X),
    "erasure.keys": (_, _, _X, _X),
    "private.subject_name": (_, _M, _N, _),
    "private.other_names": (_, _M, _X, _X),
    "private.contact_name": (_, _M, _X, _),
    "private.contact": (_, _M, _X, _),
    "private.safe_channel": (_, _M, _X, _),
    "private.do_not_contact": (_, _M, _X, _),
    "private.place": (_, _M, _X, _),
    "private.narrative": (_, _M, _X, _),
    "private.charges": (_, _M, _X, _),
    "private.court": (_, _M, _X, _),
    "private.lawyer": (_, _M, _X, _),
    "private.special_categories": (_, _M, _X, _X),
    "private.perpetrator_names": (_, _M, _X, _X),
    "private.notes": (_, _M, _X, _X),
    "private.attachments": (_, _M, _X, _X),
}
"""A case. A recipient learns nothing of the Forum's own work on it, nor who belongs to the Forum."""

ACTION: Mapping[str, Row] = {
    "schema_version": (_, _, _X, _X),
    "id": (_, _, _X, _X),
    "type": (_, _, _, _),
    "status": (_, _, _X, _X),
    "created": (_, _, _X, _X),
    "date": (_, _, _, _X),
    "country": (_, _, _, _X),
    "cases": (_, _, _X, _X),
    "hearing.case": (_, _, _X, _X),
    "hearing.id": (_, _, _X, _X),
    "observers": (_, _, _X, _X),
    "recipient": (_, _, _X, _X),
    "public": (_, _, _X, _X),
    "url": (_, _, _, _X),
    "response": (_, _, _X, _X),
    "impact": (_, _, _X, _X),
    "referral.organisation": (_, _, _X, _X),
    "referral.state": (_, _, _X, _X),
    "referral.services": (_, _, _X, _),
    "referral.history.state": (_, _, _X, _X),
    "referral.history.date": (_, _, _X, _X),
    "shared_with.organisation": (_, _, _X, _X),
    "shared_with.case": (_, _, _X, _X),
    "shared_with.date": (_, _, _X, _X),
    "shared_with.consent": (_, _, _X, _X),
    "erasure.date": (_, _, _X, _X),
    "erasure.ground": (_, _, _X, _X),
    "erasure.by": (_, _, _X, _X),
    "erasure.keys": (_, _, _X, _X),
    "private.observers": (_, _M, _X, _X),
    "private.text": (_, _M, _X, _X),
    "private.correspondence": (_, _M, _X, _X),
}
"""An action that the audience may hear of at all: see `core.audience.filter.concerns`."""
