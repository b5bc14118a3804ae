"""The schemas say what the vocabulary and the standards say, in words that a coordinator understands."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import ryaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from solidarity_cli.records.schemas import Schemas, files_in
from tests.support.program import CHECKOUT

SCHEMAS = CHECKOUT / "schemas"
KINDS = ("case", "action", "directory", "register")
LANGUAGES = ("en", "ru", "de")
LISTS = {path.stem: path for path in sorted((SCHEMAS / "vocabulary").glob("*.yaml"))}

CASE = {
    "schema_version": 1,
    "id": "SG-2026-K7QX4M",
    "kind": "appeal",
    "title": "Designation, organisation, RU",
    "status": "received",
    "received": "2026-09-07",
    "subject": {},
}
FULL_CASE = {
    **CASE,
    "channel": "email",
    "language": "en",
    "urgency": "high",
    "source": {"capacity": "organisation", "membership": "member"},
    "subject": {"kind": "organisation", "membership": "member", "country": "NO", "number_of_people": 2},
    "incidents": [{"id": "i1", "type": "designation", "date": "2026-09", "perpetrators": ["regulator"]}],
    "requests": ["statement", "warn-members"],
    "hearings": [
        {"id": "h1", "at": "2026-10", "state": "postponed", "postponed_to": "2026-10-21T10:00+03:00"},
        {"id": "h2", "at": "2026-11-02T09:30:00Z"},
    ],
    "deadlines": [{"id": "d1", "date": "2026-10-04", "what": "marking-duty-starts", "done": False}],
    "consent": [
        {
            "id": "c1",
            "given": "2026-09-07",
            "by": "organisation",
            "uses": {"record": "granted", "publicity-person": "refused"},
            "share_with": ["forum-secretariat"],
            "embargo_until": "2026-10-27",
        }
    ],
    "assessments": [
        {
            "id": "a1",
            "date": "2026-09-09",
            "by": "assessor@forum.example",
            "life_at_risk": "no",
            "basis": ["un-hrd-5", "un-hrd-9.3b"],
            "decision": "express-solidarity",
            "forms": ["statement"],
            "approvals": [{"by": "member@forum.example", "date": "2026-09-10"}],
        }
    ],
    "notes": [{"id": "n1", "date": "2026-09-08", "by": "coordinator@forum.example"}],
    "links": [{"case": "SG-2026-D4NN7T", "relation": "same-event"}],
    "closure": {"date": "2026-10-30", "outcome": "persons-wish", "reason": "As asked.", "person_told": "yes"},
    "retention": {"review": "2029-10-30"},
    "private": {
        "subject_name": "Northern Lantern Archive",
        "special_categories": ["political-opinion"],
        "notes": {"n1": "Called back."},
        "attachments": [{"name": "notice.pdf", "media_type": "application/pdf", "size": 12, "sha256": "0" * 64}],
    },
}
ACTION = {
    "schema_version": 1,
    "id": "SA-2026-P3WD9R",
    "type": "referral",
    "status": "planned",
    "created": "2026-09-12",
    "date": "2026-10",
    "cases": ["SG-2026-K7QX4M"],
    "recipient": "un",
    "public": False,
    "referral": {
        "organisation": "example-relief",
        "state": "sent",
        "history": [{"state": "sent", "date": "2026-09-12"}],
    },
    "private": {"observers": ["one person"]},
}
ENTRY = {"id": "example-relief", "name": "Example Relief", "services": ["legal"], "checked": "2026-09-01"}
REGISTER = {
    "name": "Solidarity Group",
    "prefix": "SG",
    "waiting_days": {"urgent": 3},
    "retention_months": {"closed": 36},
}


def schema(kind: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))


def codes(name: str) -> dict[str, dict[str, Any]]:
    return ryaml.loads(LISTS[name].read_text(encoding="utf-8"))["codes"]


def standards() -> dict[str, Any]:
    return ryaml.loads((SCHEMAS / "standards.yaml").read_text(encoding="utf-8"))


def groups() -> dict[str, Any]:
    return ryaml.loads((SCHEMAS / "country_groups.yaml").read_text(encoding="utf-8"))


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a schema that is not the list of an object's properties."""
    if isinstance(tree, list):
        for child in tree:
            yield from nodes(child)
    elif isinstance(tree, dict):
        yield tree
        for key, child in tree.items():
            if key in ("properties", "patternProperties", "$defs"):
                yield from nodes(list(child.values()))
            elif key != "default":
                yield from nodes(child)


def errors(kind: str, record: Any) -> list[ValidationError]:
    return list(Draft202012Validator(schema(kind)).iter_errors(record))


def words(kind: str, record: Any) -> dict[str, str]:
    return {".".join(map(str, error.path)): error.schema["errorMessage"] for error in errors(kind, record)}


@pytest.mark.parametrize("name", LISTS)
def test_every_code_has_its_words_in_three_languages(name):
    assert codes(name)
    for code, entry in codes(name).items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert set(entry) <= {*LANGUAGES, "about", "open", "public", "mission", "leads_to", "positive"}
        assert all(0 < len(entry[language]) <= 40 for language in LANGUAGES), code
        assert re.search(r"[а-яё]", entry["ru"].lower()), code
        assert entry["about"].endswith(".")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_codes_of_a_list_never_share_a_label(name, language):
    labels = [entry[language] for entry in codes(name).values()]
    assert len(labels) == len(set(labels))


def test_a_decision_leads_to_a_status():
    assert {entry["leads_to"] for entry in codes("decision").values()} == {"active", "declined", "received"}
    assert {code for code, entry in codes("decision").items() if entry.get("positive")} == {
        "assist",
        "express-solidarity",
        "refer",
    }
    assert {entry["leads_to"] for entry in codes("decision").values()} <= set(codes("status"))


def test_no_action_gives_money():
    assert set(codes("action-type")) == {
        *("court-observation", "protest-observation", "statement", "joint-statement", "awareness", "media"),
        *("letter-authorities", "letter-support", "institutional-contact", "referral", "information"),
        *("fact-finding", "expert-opinion", "monitoring"),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_valid_draft_2020_12(kind):
    Draft202012Validator.check_schema(schema(kind))
    assert schema(kind)["$id"] == f"urn:solidarity:{kind}:1"


@pytest.mark.parametrize("kind", KINDS)
def test_an_enum_is_its_vocabulary(kind):
    for node in nodes(schema(kind)):
        if "x-vocabulary" in node:
            expected = [code for code in codes(node["x-vocabulary"]) if code not in node.get("x-without", [])]
            assert node["enum"] == expected
        elif "x-standards" in node:
            assert node["enum"] == [provision["id"] for provision in standards()["provisions"]]
        if "x-suggests" in node:
            assert node["examples"] == list(codes(node["x-suggests"]))
        if "enum" in node:
            assert len(node["markdownEnumDescriptions"]) == len(node["enum"])


def test_only_countries_languages_and_how_a_group_works_have_a_list_of_their_own():
    own = {
        tuple(node["enum"])
        for kind in KINDS
        for node in nodes(schema(kind))
        if "enum" in node and not {"x-vocabulary", "x-standards"} & set(node)
    }
    countries = {tuple(schema(kind)["$defs"]["country"]["enum"]) for kind in ("case", "action", "directory")}
    assert len(countries) == 1
    ways = ("gh", "glab", "tea", "push-options", "agit", "none")
    assert own == {*countries, LANGUAGES, ("direct", "review"), ways}


def test_the_generated_parts_are_current():
    script = CHECKOUT / "scripts" / "generate_schemas.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_can_explain_every_property(kind):
    for node in nodes(schema(kind)):
        for name, below in node.get("properties", {}).items():
            assert below.get("description", "").endswith("."), name


@pytest.mark.parametrize("kind", KINDS)
def test_every_constraint_has_its_sentence(kind):
    for node in nodes(schema(kind)):
        if "type" in node:
            assert node.get("errorMessage"), node
        if node.get("type") == "object":
            assert node["additionalProperties"] is False


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("case", CASE),
        ("case", FULL_CASE),
        ("action", ACTION),
        ("directory", ENTRY),
        ("register", REGISTER),
        ("register", {"name": "Solidarity Group", "prefix": "SG"}),
    ],
)
def test_a_good_record_passes(kind, record):
    assert errors(kind, record) == []
    assert jsonschema_rs.validator_for(schema(kind)).is_valid(record)


@pytest.mark.parametrize(
    ("kind", "record"), [("case", FULL_CASE), ("action", ACTION), ("directory", ENTRY), ("register", REGISTER)]
)
def test_an_unknown_field_is_refused(kind, record):
    (error,) = errors(kind, {**record, "surname": "x"})
    assert error.validator == "additionalProperties"
    assert "these fields and no others" in error.schema["errorMessage"]


def test_wrong_values_are_answered_in_a_coordinators_words():
    wrong = {
        **CASE,
        "status": "opened",
        "received": "7 September",
        "subject": {"country": "RUS", "number_of_people": "two"},
        "incidents": [{"id": "x1", "type": "raid", "perpetrators": ["aliens"]}],
        "hearings": [{"id": "h1", "at": "2026-10-21T10:00"}],
        "closure": {"date": "2026-10-30", "outcome": "released", "person_told": "unclear"},
    }
    said = words("case", wrong)
    assert said["status"] == ("status is one of: received, assessing, active, monitoring, closed, declined, duplicate")
    assert said["received"] == 'a date is year, month and day in quotes, such as "2026-10-31"'
    assert said["subject.country"].startswith("a country is two capital letters in quotes")
    assert said["subject.number_of_people"] == "a whole number, 1 or more"
    assert said["incidents.0.id"] == "the id is i and a number, such as i1"
    assert said["incidents.0.type"].startswith("type is one of: killing, ")
    assert said["incidents.0.perpetrators.0"].startswith("each of perpetrators is one of: police, ")
    assert "with its offset" in said["hearings.0.at"]
    assert said["closure.person_told"] == "person_told is one of: yes, no"


def test_a_missing_field_is_named_among_those_needed():
    record = {key: value for key, value in CASE.items() if key != "received"}
    (error,) = errors("case", record)
    assert error.schema["errorMessage"].endswith("needed: schema_version, id, kind, title, status, received, subject")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("received", "2026-13-01"),
        ("received", "2026-10-32"),
        ("received", "2026-10"),
        ("received", "2026-09-07\n"),
        ("received", 2026),
        ("title", ""),
        ("title", " leading space"),
        ("title", "two\nlines"),
        ("title", "one line\n"),
        ("title", "turned \u202e around"),
        ("title", "x" * 201),
        ("id", "SG-2026-K7QX4I"),
        ("id", "SG-2026-K7QX4M\n"),
        ("id", "sg-2026-k7qx4m"),
        ("language", "rus"),
        ("channel", None),
        ("requests", ["money", "money"]),
        ("requests", "money"),
        ("schema_version", 2),
        ("schema_version", True),
        ("deadlines", [{"id": "d1", "date": "2026-1"}]),
        ("deadlines", [{"id": "d1", "date": "2026", "done": "yes"}]),
        ("private", {"notes": {"h1": "x"}}),
        ("private", {"attachments": [{"name": "a", "size": -1}]}),
    ],
)
def test_both_validators_refuse_the_same(field, value):
    record = {**CASE, field: value}
    assert errors("case", record)
    assert not jsonschema_rs.validator_for(schema("case")).is_valid(record)
    own = Schemas(files_in(SCHEMAS))
    assert not own.fits("case", record)
    said = {
        error.schema["errorMessage"]
        for error in errors("case", record)
        if error.validator not in ("format", "additionalProperties")
    }
    assert said <= {fault.message for fault in own.explain("case", record)}


def test_an_action_names_a_case_and_each_once():
    for cases in ([], ["SG-2026-K7QX4M", "SG-2026-K7QX4M"]):
        assert words("action", {**ACTION, "cases": cases}) == {"cases": "cases names at least one case, and each once"}


def test_a_threshold_of_one_hides_nothing_and_is_refused():
    assert words("register", {**REGISTER, "suppression_threshold": 1}) == {
        "suppression_threshold": "a whole number, 3 or more"
    }


def test_fields_named_after_codes_follow_the_vocabulary():
    uses = schema("case")["properties"]["consent"]["items"]["properties"]["uses"]["properties"]
    assert list(uses) == list(codes("consent-use"))
    assert list(schema("register")["properties"]["retention_months"]["properties"]) == list(codes("status"))


def test_every_incident_is_offered_provisions_that_exist():
    known = {provision["id"] for provision in standards()["provisions"]}
    offers = standards()["offers"]
    assert list(offers) == list(codes("incident"))
    for incident, offered in offers.items():
        assert len(offered) == len(set(offered))
        assert set(offered) <= known, incident
        assert offered or incident in ("other", "unknown")


def test_a_provision_belongs_to_an_instrument_and_has_three_titles():
    provisions, instruments = standards()["provisions"], standards()["instruments"]
    ids = [provision["id"] for provision in provisions]
    assert len(ids) == len(set(ids))
    for provision in provisions:
        assert provision["instrument"] in {instrument["id"] for instrument in instruments}
        assert provision.get("parent", ids[0]) in ids
        assert set(provision["title"]) == set(LANGUAGES)
        assert isinstance(provision["verified"], bool)


def test_country_groups_hold_known_countries_once():
    countries = set(schema("case")["$defs"]["country"]["enum"])
    members = {name: group["members"] for name, group in groups()["groups"].items()}
    assert {name: len(group) for name, group in members.items()} == {"eu": 27, "coe": 46, "osce": 57, "eap": 6}
    for group in members.values():
        assert group == sorted(set(group))
        assert set(group) <= countries
    assert set(members["eu"]) < set(members["coe"]) < set(members["osce"])
    assert set(groups()["special"]) <= countries
