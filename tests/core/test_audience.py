"""The tables of what an audience sees: every field of the schemas is decided, and the page in the docs says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from solidarity_cli.core.audience.filter import KINDS, Audience, fields_of, filter_record
from solidarity_cli.core.audience.visibility import ACTION, CASE, Visibility
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.model import Case
from tests.support.audiences import PRIVATE
from tests.support.examples import record
from tests.support.program import CHECKOUT

ROOT = CHECKOUT
TODAY = date(2026, 10, 31)
TABLES = {"case": CASE, "action": ACTION}
GRANTED = dict.fromkeys(("share", "publicity-person", "publicity-organisation"), "granted")


def leaves(node: Mapping[str, Any], schema: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """The fields of a schema that hold a value; a private value counts as one, whatever is inside of it."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    if at.startswith("private."):
        yield at
    elif "properties" in node:
        for name, below in node["properties"].items():
            yield from leaves(below, schema, f"{at}.{name}" if at else name)
    elif "items" in node:
        yield from leaves(node["items"], schema, at)
    else:
        yield at


@pytest.mark.parametrize("kind", ["case", "action"])
def test_every_field_of_the_schema_is_decided_for_every_audience_and_no_other(kind: str) -> None:
    schema = json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    assert set(leaves(schema, schema)) == set(TABLES[kind])
    assert all(len(row) == len(KINDS) for row in TABLES[kind].values())


def test_the_page_in_the_docs_is_the_table() -> None:
    lines = (ROOT / "docs" / "reference" / "audiences.md").read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.startswith("| `")]
    assert told == [
        f"| `{field}` | {' | '.join(how.value for how in row)} |"
        for table in TABLES.values()
        for field, row in table.items()
    ]


def test_what_others_never_learn() -> None:
    never = ("notes", "assessments", "links", "closure", "retention", "consent", "private.notes", "private.attachments")
    for field, row in CASE.items():
        told = dict(zip(KINDS, row, strict=True))
        if field.startswith(never) or field == "private.perpetrator_names":
            assert (told["public"], told["recipient"]) == (Visibility.HIDDEN, Visibility.HIDDEN), field
        if field.startswith("private."):
            assert told["reviewer"] is Visibility.MARKED
            assert told["public"] is (Visibility.NAMED if field == "private.subject_name" else Visibility.HIDDEN)


def whole(**changes: Any) -> dict[str, Any]:
    """A case with every private field, and consent for everything."""
    plain = record("cases", "individual-at-risk", private={**PRIVATE, "notes": {"n1": "Called the sister."}})
    plain["consent"] = [{"id": "c1", "given": "2026-10-02", "uses": dict(GRANTED), "share_with": ["example-relief"]}]
    plain["notes"] = [{"id": "n1", "date": "2026-10-05", "by": "coordinator@forum.example"}]
    return plain | changes


def look(plain: dict[str, Any], audience: str) -> dict[str, Any]:
    return filter_record(plain, Audience.parse(audience, ["example-relief"]), on=TODAY, cases={})


def test_inside_everything_is_seen_and_a_token_as_what_it_is() -> None:
    assert look(whole(), "internal") == whole()
    closed = whole(private={"subject_name": "sealed:1:abc", "notes": {"n1": "sealed:1:def"}})
    assert look(closed, "internal")["private"] == {"subject_name": "[sealed]", "notes": {"n1": "[sealed]"}}


def test_a_reviewer_sees_which_private_fields_there_are_and_nothing_of_them() -> None:
    view = look(whole(), "reviewer")
    assert view["private"] == dict.fromkeys(whole()["private"], "[private]")
    assert {key: value for key, value in view.items() if key != "private"} == {
        key: value for key, value in whole().items() if key != "private"
    }


def test_a_field_that_nobody_decided_about_is_shown_to_nobody() -> None:
    plain = whole(salary="4711", budget=[{"line": "4711"}])
    plain["private"] = plain["private"] | {"pin": "4711"}
    for audience in ("internal", "reviewer", "public", "recipient:example-relief"):
        assert "4711" not in json.dumps(look(plain, audience))


def test_the_public_sees_codes_months_and_the_name_that_consent_covers() -> None:
    hearings = [
        {"id": "h1", "at": "2026-11-12T10:00:00+03:00", "kind": "merits", "access": "open", "state": "announced"},
        {"id": "h2", "at": "2026-11-13", "kind": "merits", "access": "closed", "state": "announced"},
        {"id": "h3", "at": "2026-10-30", "kind": "merits", "access": "open", "state": "announced"},
        {"id": "h4", "at": "2026-11-14", "kind": "merits", "access": "open", "state": "cancelled"},
        {"id": "h5", "at": "2026-11-15", "kind": "merits"},
    ]
    assert look(whole(hearings=hearings), "public") == {
        "subject": {"kind": "individual", "country": "RU"},
        "incidents": [{"type": "detention", "date": "2026-10", "country": "RU"}],
        "hearings": [{key: value for key, value in hearings[0].items() if key != "id"}],
        "private": {"subject_name": PRIVATE["subject_name"]},
    }


def entry(name: str, given: str, uses: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"id": name, "given": given, "uses": uses, "share_with": ["example-relief"], **more}


@pytest.mark.parametrize(
    "consent",
    [
        [],
        [entry("c1", "2026-10-02", {"publicity-organisation": "granted", "share": "refused"})],
        [entry("c1", "2026-10-02", dict.fromkeys(GRANTED, "conditional"))],
        [entry("c1", "2026-10-02", GRANTED, withdrawn="2026-10-20")],
        [entry("c1", "2026-10-02", GRANTED, withdrawn="2026-12-20")],
        [entry("c1", "2026-10-02", GRANTED), entry("c2", "2026-10-03", dict.fromkeys(GRANTED, "unknown"))],
        [entry("c1", "2026-11-02", GRANTED)],
    ],
    ids=["none", "other-uses", "conditional", "withdrawn", "to-be-withdrawn", "newer-answer", "still-to-come"],
)
def test_without_consent_that_counts_today_nothing_is_shown(consent: list[dict[str, Any]]) -> None:
    for audience in ("public", "recipient:example-relief"):
        with pytest.raises(Refused) as refused:
            look(whole(consent=consent), audience)
        assert refused.value.hint
        assert "withdrawn" not in refused.value.message


def test_an_embargo_has_passed_on_the_day_after_it() -> None:
    for until, is_shown in (("2026-10-30", True), ("2026-10-31", False), ("2026-11-30", False)):
        plain = whole(consent=[entry("c1", "2026-10-02", GRANTED, embargo_until=until)])
        if is_shown:
            assert look(plain, "public")
        else:
            with pytest.raises(Refused):
                look(plain, "public")


@pytest.mark.parametrize(
    ("kind", "uses", "is_named"),
    [
        ("individual", ("publicity-person",), True),
        ("organisation", ("publicity-organisation",), True),
        ("event", ("publicity-organisation",), True),
        ("informal-group", ("publicity-organisation",), False),
        ("informal-group", ("publicity-organisation", "publicity-person"), True),
        ("", ("publicity-organisation", "publicity-person"), False),
    ],
)
def test_a_name_needs_the_consent_for_its_kind_of_subject(kind: str, uses: tuple[str, ...], is_named: bool) -> None:
    plain = whole(consent=[entry("c1", "2026-10-02", dict.fromkeys(uses, "granted"))])
    plain["subject"] = {"country": "RU", **({"kind": kind} if kind else {})}
    assert ("private" in look(plain, "public")) is is_named


def test_a_name_sealed_to_the_caller_leaves_no_trace_in_public() -> None:
    assert "private" not in look(whole(private={"subject_name": "sealed:1:abc"}), "public")


def test_a_recipient_gets_what_a_referral_needs_and_nothing_of_our_own_work() -> None:
    view = look(whole(), "recipient:example-relief")
    told = {"subject_name", "contact_name", "contact", "safe_channel", "do_not_contact", "place", "narrative"}
    assert set(view["private"]) == told | {"charges", "court", "lawyer"}
    assert view["id"] == whole()["id"]
    text = json.dumps(view, ensure_ascii=False)
    assert "forum.example" not in text
    assert "membership" not in text
    assert fields_of(view)[:2] == ("id", "kind")


def test_an_erased_case_has_nothing_for_others() -> None:
    gone = whole(erasure={"date": "2026-10-30", "ground": "their wish", "by": "coordinator@forum.example"})
    for audience in ("public", "recipient:example-relief"):
        with pytest.raises(Refused):
            look(gone, audience)


def test_actions_of_the_public_are_out_done_and_allowed_by_every_case() -> None:
    plain = whole()
    cases = {plain["id"]: Case.from_plain(plain), "SG-2026-WXWCBM": Case.from_plain(record("cases", "closed-case"))}
    public = Audience.parse("public", [])
    done = record("actions", "statement", status="done", date="2026-10-20", url="https://forum.example/s1",
                  cases=[plain["id"]], private={"text": "Arseny"}, observers=2)  # fmt: skip
    assert filter_record(done, public, on=TODAY, cases=cases) == {
        "type": "statement", "date": "2026-10-20", "url": "https://forum.example/s1",
    }  # fmt: skip
    for other in ({"status": "planned"}, {"url": None}, {"type": "letter-support", "public": False},
                  {"cases": [plain["id"], "SG-2026-WXWCBM"]}, {"cases": [plain["id"], "SG-2026-AAAAAA"]}):  # fmt: skip
        changed = {key: value for key, value in (done | other).items() if value is not None}
        with pytest.raises(Refused):
            filter_record(changed, public, on=TODAY, cases=cases)


@pytest.mark.parametrize(
    "text", ["", "Internal", "board", "recipient", "recipient:", "recipient:eu", "public:x", "recipient:../x"]
)
def test_an_audience_that_there_is_not_is_told_in_words_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageError) as wrong:
        Audience.parse(text, ["example-relief"])
    assert not text or f"{text}" not in wrong.value.message.replace("audience", "")
    assert wrong.value.hint
