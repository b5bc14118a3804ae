"""How each field of a record merges when two people changed the record at the same time: one table for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Way(StrEnum):
    """What becomes of a field that both sides touched. One that only one side touched is always taken from there."""

    FIXED = "never changes"
    VALUE = "one value"
    STATUS = "status"
    SET = "set"
    ITEMS = "list by id"
    APPENDED = "append-only"
    ENTRY = "entry"
    ERASURE = "erasure"
    PEOPLE = "recipients"


PAGE: Mapping[Way, str] = {
    Way.FIXED: "Set once. Two versions that disagree about it are for a person.",
    Way.VALUE: "Set by both to the same value: that value. To two values, or taken away by one and changed by the "
    "other: a person decides.",
    Way.STATUS: "Moved by both to the same status: that status. To two: a person decides, for each move "
    "had its reason.",
    Way.SET: "What either side added is in, what either side took out is out. Only when nothing at all would be left, "
    "although neither side left it empty, a person decides.",
    Way.ITEMS: "Items are known by their id, and each is merged by its own fields. Two new items of one id: the one "
    "that is not at the remote yet gets the next free id. An item taken away by one and changed by the other is for a "
    "person.",
    Way.APPENDED: "As a list by id or, where the items have none, as a set. What was there stays where it was, what "
    "either side added is in, and what both added alike is in once. What one side took back by `solidarity undo` is "
    "out, unless the other has changed it meanwhile: then a person decides. That nothing else was changed or taken out "
    "is for `solidarity audit` to see, not for the merge.",
    Way.ENTRY: "Merged by its own fields. Taken away as a whole by one side and changed by the other: a "
    "person decides.",
    Way.ERASURE: "It wins over everything. The private part stays destroyed, whatever the other side wrote into it "
    "meanwhile: the key that would open it is gone. Of two erasures the earlier stands, with the keys of both.",
    Way.PEOPLE: "Who joined on either side is in, whose key was retired on either side is out. Two keys for one name "
    "are for a person.",
}
"""Each way in a coordinator's words: the page `docs/reference/merge.md` is made of it."""

_ERASURE = "erasure.date erasure.ground erasure.by erasure.keys"

_CASE = {
    Way.FIXED: "schema_version id kind incidents.*.id hearings.*.id deadlines.*.id consent.*.id assessments.*.id "
    "notes.*.id",
    Way.STATUS: "status hearings.*.state",
    Way.VALUE: "title received channel language urgency source.capacity source.membership subject.kind "
    "subject.membership subject.country subject.region subject.situation subject.number_of_people incidents.*.type "
    "incidents.*.date incidents.*.country incidents.*.verification hearings.*.at hearings.*.kind hearings.*.access "
    "hearings.*.postponed_to deadlines.*.date deadlines.*.what deadlines.*.done consent.*.given consent.*.by "
    "consent.*.uses.* consent.*.embargo_until consent.*.withdrawn assessments.*.date assessments.*.by "
    "assessments.*.life_at_risk assessments.*.freedom_at_risk assessments.*.risk_level assessments.*.risk_review "
    "assessments.*.wider_impact assessments.*.impact_reason assessments.*.decision assessments.*.reason "
    "notes.*.date notes.*.by closure.date closure.outcome closure.reason closure.person_told retention.review "
    "private.subject_name private.contact_name private.contact private.safe_channel private.do_not_contact "
    "private.place private.narrative private.charges private.court private.lawyer",
    Way.SET: "requests links incidents.*.perpetrators consent.*.share_with assessments.*.basis assessments.*.forms "
    "private.other_names private.special_categories private.perpetrator_names private.attachments",
    Way.ITEMS: "incidents hearings deadlines",
    Way.APPENDED: "consent assessments assessments.*.approvals notes private.notes",
    Way.ENTRY: "closure",
    Way.ERASURE: f"erasure {_ERASURE}",
}
_ACTION = {
    Way.FIXED: "schema_version id created",
    Way.STATUS: "status referral.state",
    Way.VALUE: "type date country hearing observers recipient public url response impact referral.organisation "
    "private.text private.correspondence",
    Way.SET: "cases referral.services private.observers",
    Way.APPENDED: "referral.history shared_with",
    Way.ERASURE: f"erasure {_ERASURE}",
}
_DIRECTORY = {
    Way.FIXED: "schema_version id",
    Way.VALUE: "name accepts channel public_key response_days checked",
    Way.SET: "services countries languages",
}
_REGISTER = {
    Way.FIXED: "schema_version prefix action_prefix",
    Way.VALUE: "name contact mode review.open review.members.* sealing keyring.remote quorum waiting_days.* "
    "suppression_threshold retention_months.* directory_check_months views.*",
    Way.SET: "languages review.owners review.keepers",
}
_RECIPIENTS = {Way.FIXED: "schema_version", Way.PEOPLE: "recipients retired"}


def _by_field(rows: Mapping[Way, str]) -> Mapping[str, Way]:
    return {field: way for way, fields in rows.items() for field in fields.split()}


TABLE: Mapping[str, Mapping[str, Way]] = {
    "case": _by_field(_CASE),
    "action": _by_field(_ACTION),
    "directory": _by_field(_DIRECTORY),
    "register": _by_field(_REGISTER),
    "recipients": _by_field(_RECIPIENTS),
}
"""Kind of record -> field -> way. `*` stands for the id of an item, or for any field of a group."""


def way_of(kind: str, field: str) -> Way | None:
    """How a field merges, its items' ids written `*`; None for a group of fields, and for a field unknown here."""
    rows = TABLE[kind]
    return rows.get(field) or rows.get(f"{field.rpartition('.')[0]}.*")


def rows_of(kind: str, ways: Iterable[Way] = Way) -> tuple[tuple[str, Way], ...]:
    """The rows of the table for one kind of record, in the order of the ways."""
    selected = tuple(ways)
    return tuple((field, way) for field, way in TABLE[kind].items() if way in selected)
