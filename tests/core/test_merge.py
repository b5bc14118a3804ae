"""Two versions of a record merged by fields: what one side alone did is kept, what both did is merged as the table says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.changes import changes
from solidarity_cli.core.edits import Append, Edit, Remove, Set, carry_out, next_item_id
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.merge import TABLE, Merged, Why, items_named_by, merge
from solidarity_cli.records.schemas import KINDS, Schemas, files_in, schema_folder

SCHEMAS = Schemas(files_in(schema_folder(None)))
DAY = "2026-10-31"
CASE: dict[str, Any] = {
    "schema_version": 1,
    "id": "SG-2026-K7QX4M",
    "kind": "appeal",
    "title": "Search, individual, RU",
    "status": "assessing",
    "received": "2026-10-01",
    "urgency": "high",
    "subject": {"kind": "individual", "membership": "member", "country": "RU"},
    "incidents": [{"id": "i1", "type": "search", "perpetrators": ["police"]}, {"id": "i2", "type": "arrest"}],
    "requests": ["advice", "statement", "money"],
    "hearings": [{"id": "h1", "at": DAY, "state": "announced"}],
    "deadlines": [{"id": "d1", "date": DAY}],
    "consent": [{"id": "c1", "given": DAY, "uses": {"record": "granted"}, "share_with": ["other"]}],
    "assessments": [{"id": "a1", "date": DAY, "by": "assessor", "decision": "assist", "basis": ["un-hrd-12.2"]}],
    "notes": [{"id": "n1", "date": DAY, "by": "coordinator"}],
    "private": {"subject_name": "Invented Name", "notes": {"n1": "first words"}},
}
WORDS = st.sampled_from(["one", "two", "three"])
VALUES: Mapping[str, list[Any]] = {
    "title": ["Search, individual, RU", "Arrest, individual, RU", "Search, individual, BY"],
    "status": ["received", "assessing", "active"],
    "urgency": ["urgent", "high", "low"],
    "channel": ["email", "phone"],
    "subject.country": ["RU", "BY", "XX"],
    "subject.region": ["north", "south"],
    "subject.number_of_people": [1, 2],
    "source.capacity": ["victim", "relative"],
    "incidents.i1.type": ["search", "arrest", "threat"],
    "incidents.i1.verification": ["verified", "disputed"],
    "hearings.h1.state": ["postponed", "held", "cancelled"],
    "deadlines.d1.done": [True, False],
    "consent.c1.embargo_until": ["2026-11-01", "2026-12-01"],
    "consent.c1.uses.share": ["granted", "refused"],
    "private.subject_name": ["Invented Name", "Other Name"],
    "private.contact": ["by post", "by phone"],
    "closure.person_told": ["yes", "no"],
    "retention.review": ["2027-01-01", "2028-01-01"],
}
SETS: Mapping[str, list[str]] = {
    "requests": ["advice", "statement", "money", "letter"],
    "assessments.a1.basis": ["un-hrd-12.2", "un-hrd-6", "odihr-hrd-i"],
    "assessments.a1.forms": ["statement", "referral"],
    "incidents.i1.perpetrators": ["police", "prison", "crowd"],
    "consent.c1.share_with": ["other", "old-harbour-trust"],
    "private.other_names": ["A. N.", "B. N."],
}
CLOSURE = {"date": DAY, "outcome": "released", "reason": "free"}


def at(record: Any, field: str) -> Any:
    """The value at a dotted field, items by id; None where there is none."""
    for part in field.split("."):
        if isinstance(record, list):
            record = next((item for item in record if item.get("id") == part), None)
        else:
            record = record.get(part) if isinstance(record, Mapping) else None
    return record


@st.composite
def acts(draw: st.DrawFn, record: dict[str, Any]) -> list[Edit]:
    """One thing that a person does to a record, as edits that fit it."""
    match draw(
        st.sampled_from(["put", "put", "unset", "set", "item", "item", "take", "note", "note", "approve", "close"])
    ):
        case "put":
            field = draw(st.sampled_from(sorted(VALUES)))
            parent = field.split(".")[0]
            if field.count(".") and parent not in ("source", "private", "retention") and parent not in record:
                return []
            if field.count(".") == 2 and at(record, field.rpartition(".")[0]) is None and ".uses." not in field:
                return []
            return [Set(field, draw(st.sampled_from(VALUES[field])))]
        case "unset":
            field = draw(
                st.sampled_from(["urgency", "channel", "private.contact", "subject.region", "private", "closure"])
            )
            return [Remove(field)] if at(record, field) is not None else []
        case "set":
            field = draw(st.sampled_from(sorted(SETS)))
            if at(record, field.rpartition(".")[0] or "subject") is None:
                return []
            chosen = draw(st.lists(st.sampled_from(SETS[field]), unique=True, min_size=1))
            return [Set(field, chosen)]
        case "item":
            name, item = draw(
                st.sampled_from(
                    [
                        ("incidents", {"type": "search"}),
                        ("incidents", {"type": "threat", "country": "BY"}),
                        ("hearings", {"at": "2026-11-05"}),
                        ("deadlines", {"date": "2026-11-06"}),
                        ("deadlines", {"date": "2026-11-07"}),
                        ("consent", {"given": DAY, "uses": {"statistics": "refused"}}),
                        ("assessments", {"date": DAY, "by": "assessor", "decision": "refer"}),
                    ]
                )
            )
            return [Append(name, {"id": next_item_id(name[0], record.get(name, [])), **item})]
        case "take":
            field = draw(st.sampled_from(["incidents.i1", "incidents.i2", "hearings.h1", "deadlines.d1"]))
            return [Remove(field)] if at(record, field) else []
        case "note":
            name = next_item_id("n", record["notes"])
            words, sealed = draw(WORDS), draw(st.booleans())
            text = f"sealed:1:private.notes.{name}:{words}" if sealed else words
            return [Append("notes", {"id": name, "date": DAY, "by": "coordinator"}), Set(f"private.notes.{name}", text)]
        case "approve":
            return [Append("assessments.a1.approvals", {"by": draw(WORDS), "date": DAY})]
        case _:
            return [Set("closure", {**CLOSURE, "outcome": draw(st.sampled_from(["released", "acquitted"]))})]


@st.composite
def versions(draw: st.DrawFn, base: dict[str, Any]) -> dict[str, Any]:
    """A record after a few acts."""
    record = deepcopy(base)
    for _ in range(draw(st.integers(0, 4))):
        carry_out(deepcopy(draw(acts(record))), record)
    return record


@st.composite
def threes(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A version, and two that began from it."""
    base = draw(versions(CASE))
    return base, draw(versions(base)), draw(versions(base))


def resealed(token: str, old: str, new: str) -> str:
    """A token bound to its field, as ours are: from elsewhere it does not open."""
    assert token.startswith(f"sealed:1:{old}:")
    return token.replace(f":{old}:", f":{new}:")


def merged(base: Any, ours: Any, theirs: Any, kind: str = "case", **options: Any) -> Merged:
    before = deepcopy((base, ours, theirs))
    result = merge(base, ours, theirs, kind, **{"reseal": resealed, "named": frozenset(), **options})
    assert (base, ours, theirs) == before
    return result


def bag(record: Mapping[str, Any]) -> dict[str, list[str]]:
    """A record without order and ids: for each field, and for the notes with their texts, what is said there."""
    texts = record.get("private", {}).get("notes", {})
    said: dict[str, list[str]] = {}
    for field, value in leaves(record):
        said.setdefault(field, []).append(value)
    for note in record.get("notes", []):
        text = texts.get(note["id"], "").replace(f":private.notes.{note['id']}:", ":")
        said.setdefault("noted", []).append(json.dumps([{**note, "id": ""}, text], sort_keys=True))
    return {field: sorted(values) for field, values in sorted(said.items())}


def leaves(node: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """(field without ids, value as text): an item of a list of its own counts whole."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            if (field, name) not in {("", "notes"), ("private", "notes")}:
                yield from leaves(value, f"{field}.{name}".lstrip("."))
    elif isinstance(node, list):
        for item in node:
            yield field, json.dumps(unordered({**item, "id": ""} if isinstance(item, dict) else item), sort_keys=True)
    else:
        yield field, json.dumps(node)


@given(threes())
def test_what_one_side_did_alone_is_the_result(three: tuple[Any, Any, Any]) -> None:
    base, ours, _ = three
    for result in (
        merged(base, ours, deepcopy(base)),
        merged(base, deepcopy(base), ours),
        merged(base, ours, deepcopy(ours)),
    ):
        assert result == Merged(ours)


@settings(max_examples=300, deadline=None)
@given(threes())
def test_a_merge_has_the_shape_of_a_record(three: tuple[Any, Any, Any]) -> None:
    assert all(SCHEMAS.fits("case", one) for one in three)
    for base in (three[0], None):
        value = merged(base, *three[1:]).value
        assert SCHEMAS.fits("case", value), SCHEMAS.explain("case", value)


@settings(max_examples=300, deadline=None)
@given(threes())
def test_both_directions_say_the_same_up_to_order_and_numbers(three: tuple[Any, Any, Any]) -> None:
    base, ours, theirs = three
    one, other = merged(base, ours, theirs), merged(base, theirs, ours)
    assert {clash.field for clash in one.clashes} == {clash.field for clash in other.clashes}
    if not one.clashes:
        assert bag(one.value) == bag(other.value)


@settings(max_examples=300, deadline=None)
@given(threes())
def test_nothing_is_lost_and_nothing_invented(three: tuple[Any, Any, Any]) -> None:
    base, ours, theirs = three
    result = merged(base, ours, theirs)
    said = bag(result.value)
    left = {clash.field for clash in result.clashes}
    for mine, yours in ((ours, theirs), (theirs, ours)):
        untouched = {one.field for one in changes(base, mine)} - {one.field for one in changes(base, yours)}
        for field in untouched:
            if any(field == one or field.startswith(f"{one}.") or one.startswith(f"{field}.") for one in left):
                continue
            if (
                at(base, field) is not None
                and at(mine, field) is not None
                and not isinstance(at(base, field), list | dict)
            ):
                assert at(result.value, field) == at(mine, field), field
        for note in set(bag(mine).get("noted", [])) - set(bag(base).get("noted", [])):
            assert note in said["noted"]
        for name in ("incidents", "hearings", "deadlines", "consent", "assessments"):
            old = {item["id"] for item in base.get(name, [])}
            for item in mine.get(name, []):
                if item["id"] not in old:
                    assert {**item, "id": ""} in [{**one, "id": ""} for one in result.value[name]]
    known = {leaf for side in three for leaf in scalars(side)}
    assert {leaf for leaf in scalars(result.value) if "sealed:1:" not in str(leaf)} <= known


def unordered(node: Any) -> Any:
    """The same without the order of its lists."""
    if isinstance(node, list):
        return sorted((unordered(item) for item in node), key=str)
    return {name: unordered(value) for name, value in node.items()} if isinstance(node, dict) else node


def scalars(node: Any) -> Iterator[Any]:
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name != "id":
                yield from scalars(value)
    elif isinstance(node, list):
        for item in node:
            yield from scalars(item)
    else:
        yield json.dumps(node)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_edits_of_different_fields_never_clash(data: st.DataObject) -> None:
    """Each side has fields of its own, of one item, one group and the private part among them."""
    split = data.draw(st.lists(st.booleans(), min_size=len(VALUES), max_size=len(VALUES)))
    base = {**deepcopy(CASE), "closure": dict(CLOSURE)}
    sides = [deepcopy(base), deepcopy(base)]
    wanted = deepcopy(base)
    for (field, values), side in zip(sorted(VALUES.items()), split, strict=True):
        if data.draw(st.booleans()):
            edit = [Set(field, data.draw(st.sampled_from(values)))]
            carry_out(edit, sides[side])
            carry_out(edit, wanted)
    assert merged(base, *sides) == Merged(wanted)


@settings(max_examples=200, deadline=None)
@given(threes())
def test_ids_stay_apart_and_every_sealed_text_is_in_its_own_place(three: tuple[Any, Any, Any]) -> None:
    value = merged(*three).value
    for name in ("incidents", "hearings", "deadlines", "consent", "assessments", "notes"):
        ids = [item["id"] for item in value.get(name, [])]
        assert len(ids) == len(set(ids))
    for note, text in value.get("private", {}).get("notes", {}).items():
        assert not text.startswith("sealed:") or text.startswith(f"sealed:1:private.notes.{note}:")


# The table


def _schema_fields(shape: Mapping[str, Any], at: str = "") -> Iterator[str]:
    below = {**shape.get("properties", {}), **({"*": {}} if "patternProperties" in shape else {})}
    for name, one in below.items():
        yield f"{at}{name}"
        yield from _schema_fields(one, f"{at}{name}.")
    items = shape.get("items", {})
    if "properties" in items:
        yield from _schema_fields(items, f"{at}*.")


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_schema_has_a_row_and_every_row_a_field(kind: str) -> None:
    fields, rows = set(_schema_fields(SCHEMAS.shape(kind))), TABLE[kind]
    for field in fields:
        whole = [field.rsplit(".", count)[0] for count in range(field.count(".") + 1)]
        is_group = any(other.startswith(f"{field}.") for other in fields)
        assert is_group or any(one in rows or f"{one.rpartition('.')[0]}.*" in rows for one in whole), field
    for row in rows:
        assert row in fields or any(field.startswith(row.removesuffix("*")) for field in fields), row


# What is left for a person


def edited(*edits: Edit, base: Mapping[str, Any] = CASE) -> dict[str, Any]:
    record = deepcopy(dict(base))
    carry_out(deepcopy(edits), record)
    return record


CLOSED = {**CASE, "closure": CLOSURE}


@pytest.mark.parametrize(
    ("base", "mine", "yours", "field", "why"),
    [
        (CASE, Set("urgency", "low"), Set("urgency", "urgent"), "urgency", Why.TWO_VALUES),
        (CASE, Set("channel", "email"), Set("channel", "phone"), "channel", Why.TWO_VALUES),
        (CASE, Set("status", "active"), Set("status", "received"), "status", Why.MOVED),
        (CASE, Set("hearings.h1.state", "held"), Set("hearings.h1.state", "cancelled"), "hearings.h1.state", Why.MOVED),
        (CASE, Remove("urgency"), Set("urgency", "low"), "urgency", Why.DELETED),
        (CASE, Remove("incidents.i1"), Set("incidents.i1.type", "arrest"), "incidents.i1", Why.DELETED),
        (CASE, Remove("notes.n1"), Set("notes.n1.by", "another"), "notes.n1", Why.DELETED),
        (CLOSED, Remove("closure"), Set("closure.person_told", "yes"), "closure", Why.DELETED),
        (CASE, Set("requests", ["advice"]), Set("requests", ["money"]), "requests", Why.TWO_VALUES),
        (CASE, Set("private.other_names", "sealed:1:x"), Set("private.other_names", "sealed:1:y"),
         "private.other_names", Why.TWO_VALUES),
    ],
)  # fmt: skip
def test_left_for_a_person(base: Any, mine: Edit, yours: Edit, field: str, why: Why) -> None:
    ours, theirs = edited(mine, base=base), edited(yours, base=base)
    result, other = merged(base, ours, theirs), merged(base, theirs, ours)
    assert [(clash.field, clash.why) for clash in result.clashes] == [(field, why)]
    assert [(clash.ours, clash.theirs) for clash in result.clashes] == [(at(ours, field), at(theirs, field))]
    assert (result.value, other.value) == (ours, theirs)


def test_a_clash_shows_no_value_where_it_is_printed() -> None:
    result = merged(CASE, edited(Set("private.contact", "secret-1")), edited(Set("private.contact", "secret-2")))
    assert result.clashes
    assert "secret" not in repr(result)


# Two new items of one id


def note(name: str, text: str, by: str = "coordinator") -> tuple[Edit, Edit]:
    return Append("notes", {"id": name, "date": DAY, "by": by}), Set(f"private.notes.{name}", text)


def test_two_new_notes_of_one_id_are_both_kept_each_with_its_text() -> None:
    """The same person on two machines on one day: the open stamps are alike, only the texts differ."""
    ours, theirs = edited(*note("n2", "here"), *note("n3", "more")), edited(*note("n2", "there"))
    result = merged(CASE, ours, theirs)
    assert [one["id"] for one in result.value["notes"]] == ["n1", "n2", "n3", "n4"]
    assert result.value["private"]["notes"] == {"n1": "first words", "n2": "here", "n3": "more", "n4": "there"}
    assert result.renumbered == {"notes.n2": "notes.n4"}
    assert result.clashes == ()


def test_several_new_notes_of_both_sides_never_get_one_id_twice() -> None:
    ours, theirs = (edited(*note("n2", f"{side} 2"), *note("n3", f"{side} 3")) for side in ("here", "there"))
    result = merged(CASE, ours, theirs)
    assert [one["id"] for one in result.value["notes"]] == ["n1", "n2", "n3", "n4", "n5"]
    assert [*result.value["private"]["notes"].values()] == ["first words", "here 2", "here 3", "there 2", "there 3"]


def test_the_same_note_on_both_sides_is_there_once() -> None:
    ours, theirs = edited(*note("n2", "same"), Set("urgency", "low")), edited(*note("n2", "same"))
    assert merged(CASE, ours, theirs) == Merged(ours)


def test_a_sealed_text_moves_with_a_key_only() -> None:
    ours, theirs = (edited(*note("n2", f"sealed:1:private.notes.n2:{side}")) for side in ("here", "there"))
    with_key = merged(CASE, ours, theirs)
    assert with_key.value["private"]["notes"]["n3"] == "sealed:1:private.notes.n3:there"
    assert with_key.clashes == ()
    without = merged(CASE, ours, theirs, reseal=lambda token, old, new: None)
    assert without.value == ours
    assert [(clash.field, clash.why) for clash in without.clashes] == [
        ("notes.n2", Why.LOCKED),
        ("private.notes.n2", Why.LOCKED),
    ]
    assert without.clashes[1].theirs == "sealed:1:private.notes.n2:there"


def test_a_text_without_a_key_never_comes_under_the_stamp_of_another() -> None:
    ours = edited(Append("notes", {"id": "n2", "date": DAY, "by": "one"}))
    theirs = edited(*note("n2", "sealed:1:private.notes.n2:there", by="two"))
    result = merged(CASE, ours, theirs, reseal=lambda token, old, new: None)
    assert result.value == ours
    assert [clash.field for clash in result.clashes] == ["notes.n2", "private.notes.n2"]


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("hearings", {"hearing": {"case": CASE["id"], "id": "h2"}}),
        ("consent", {"shared_with": [{"organisation": "other", "case": CASE["id"], "date": DAY, "consent": "c2"}]}),
    ],
)
def test_what_an_action_names_keeps_its_id(name: str, action: Mapping[str, Any]) -> None:
    item = {"hearings": {"at": "2026-11-0"}, "consent": {"given": "2026-11-0"}}[name]
    field = f"{name}.{name[0]}2"
    key = next(iter(item))
    ours, theirs = (edited(Append(name, {"id": f"{name[0]}2", key: f"{item[key]}{day}"})) for day in (1, 2))
    for named in (None, items_named_by(CASE["id"], [action])):
        result = merged(CASE, ours, theirs, named=named)
        assert [(clash.field, clash.why) for clash in result.clashes] == [(field, Why.NAMED)]
        assert result.value == ours
    free = merged(CASE, ours, theirs, named=items_named_by("SG-2026-AAAAAA", [action]))
    assert [one["id"] for one in free.value[name]] == [f"{name[0]}{number}" for number in (1, 2, 3)]
    assert free.clashes == ()


# Lists, sets, groups


def test_a_set_is_the_union_without_what_either_side_took_out() -> None:
    ours = edited(Set("requests", ["statement", "money", "letter"]))
    theirs = edited(Set("requests", ["advice", "statement", "referral"]))
    assert merged(CASE, ours, theirs) == Merged({**CASE, "requests": ["statement", "letter", "referral"]})


def test_a_state_that_came_back_is_counted_and_not_dropped_as_known() -> None:
    sent, accepted, revoked = ({"state": state, "date": DAY} for state in ("sent", "accepted", "revoked"))
    base = {"id": "SA-2026-P3WD9R", "referral": {"state": "accepted", "history": [sent, accepted]}}
    ours = edited(Append("referral.history", revoked), Append("referral.history", accepted), base=base)
    theirs = edited(Append("referral.history", revoked), Set("url", "https://example.org"), base=base)
    result = merged(base, ours, theirs, "action")
    assert result.value["referral"]["history"] == [sent, accepted, revoked, accepted]
    assert result.clashes == ()


def test_two_approvals_of_one_assessment() -> None:
    ours, theirs = (edited(Append("assessments.a1.approvals", {"by": by, "date": DAY})) for by in ("one", "two"))
    result = merged(CASE, ours, theirs)
    assert [one["by"] for one in result.value["assessments"][0]["approvals"]] == ["one", "two"]
    assert (len(result.value["assessments"]), result.clashes) == (1, ())


@pytest.mark.parametrize("turn", [False, True])
def test_a_group_that_both_sides_emptied_is_gone(turn: bool) -> None:
    base = {**CASE, "source": {"capacity": "victim", "membership": "member"}}
    one = edited(Remove("source"), base=base)
    other = edited(Remove("source.capacity"), Set("urgency", "low"), base=base)
    result = merged(base, *((other, one) if turn else (one, other)))
    assert result == Merged({**CASE, "urgency": "low"})


def test_a_hearing_of_an_action_is_one_value_and_never_half_of_two() -> None:
    base = {"id": "SA-2026-P3WD9R", "hearing": {"case": "SG-2026-AAAAAA", "id": "h1"}}
    ours, theirs = edited(Set("hearing.id", "h2"), base=base), edited(Set("hearing.case", "SG-2026-BBBBBB"), base=base)
    result = merged(base, ours, theirs, "action")
    assert [clash.field for clash in result.clashes] == ["hearing"]
    assert result.value == ours


def test_one_closes_while_the_other_tells_the_person_and_both_closings_differ() -> None:
    ours = edited(Set("status", "closed"), Set("closure", CLOSURE))
    theirs = edited(Set("status", "closed"), Set("closure", {**CLOSURE, "outcome": "acquitted", "person_told": "yes"}))
    result = merged(CASE, ours, theirs)
    assert [clash.field for clash in result.clashes] == ["closure.outcome"]
    assert result.value["closure"] == {**CLOSURE, "person_told": "yes"}


def test_what_the_table_does_not_know_is_kept_and_never_merged_blindly() -> None:
    base = {**CASE, "later": {"one": 1, "two": 2}}
    ours, theirs = edited(Set("later.one", 3), base=base), edited(Set("later.two", 4), Set("more", [1]), base=base)
    assert merged(base, ours, theirs) == Merged({**base, "later": {"one": 3, "two": 4}, "more": [1]})


# Erasure


TOMB = {"date": DAY, "ground": "asked by the person", "by": "one", "keys": ["k1", "k2"]}


@pytest.mark.parametrize("turn", [False, True])
def test_an_erasure_wins_over_whatever_was_written_meanwhile(turn: bool) -> None:
    erased = edited(Remove("private"), Set("erasure", TOMB))
    edit = edited(Set("private.contact", "secret"), *note("n2", "secret"), Set("urgency", "low"))
    result = merged(CASE, *((edit, erased) if turn else (erased, edit)), reseal=None)
    assert result.clashes == ()
    assert (result.value["erasure"], result.value["urgency"]) == (TOMB, "low")
    assert "secret" not in json.dumps(result.value)
    assert "private" not in result.value


def test_an_erasure_is_not_taken_back() -> None:
    base = edited(Remove("private"), Set("erasure", TOMB))
    ours, theirs = (
        edited(Remove("erasure"), Set("private.contact", "x"), base=base),
        edited(Set("urgency", "low"), base=base),
    )
    assert merged(base, ours, theirs).value == merged(base, theirs, ours).value == theirs


def test_of_two_erasures_the_earlier_stands_and_all_confirm() -> None:
    later = {"date": "2026-11-01", "ground": "other", "by": "two", "keys": ["k2", "k3"]}
    ours, theirs = (edited(Remove("private"), Set("erasure", one)) for one in (later, TOMB))
    one, other = merged(CASE, ours, theirs), merged(CASE, theirs, ours)
    assert one.clashes == other.clashes == ()
    for result in (one, other):
        assert {**result.value["erasure"], "keys": sorted(result.value["erasure"]["keys"])} == {
            **TOMB,
            "keys": ["k1", "k2", "k3"],
        }


# Recipients


def people(*names: str, retired: tuple[str, ...] = (), **changed: str) -> dict[str, Any]:
    rows = [{"name": name, "key": f"age1{changed.get(name, name)}", "since": DAY} for name in names]
    gone = [{"name": key, "key": f"age1{key}", "until": DAY, "destroyed": False} for key in retired]
    return {"schema_version": 1, "recipients": rows, **({"retired": gone} if gone else {})}


def test_recipients_who_joined_are_in_and_who_left_is_out() -> None:
    base = people("anna", "boris")
    result = merged(base, people("anna", "boris", "cyril"), people("anna", "dora", retired=("boris",)), "recipients")
    assert result == Merged(people("anna", "cyril", "dora", retired=("boris",)))


@pytest.mark.parametrize("base", [people("anna"), people("anna", "boris", boris="old")])
def test_two_keys_for_one_name_are_for_a_person(base: dict[str, Any]) -> None:
    retired = ("old",) if len(base["recipients"]) > 1 else ()
    ours, theirs = (people("anna", "boris", boris=key, retired=retired) for key in ("new1", "new2"))
    result = merged(base, ours, theirs, "recipients")
    assert [clash.field for clash in result.clashes] == ["recipients.boris"]
    assert result.value == ours


def test_a_renamed_recipient_is_not_there_twice() -> None:
    base = people("anna", "boris")
    ours, theirs = deepcopy(base), people("anna", "boris", "cyril")
    ours["recipients"][1]["name"] = "boris, two"
    result = merged(base, ours, theirs, "recipients")
    assert [one["name"] for one in result.value["recipients"]] == ["anna", "boris, two", "cyril"]
    assert result.clashes == ()


def test_a_register_is_never_left_without_recipients() -> None:
    base = people("anna", "boris")
    ours, theirs = people("anna", retired=("boris",)), people("boris", retired=("anna",))
    result = merged(base, ours, theirs, "recipients")
    assert [clash.field for clash in result.clashes] == ["recipients"]
    assert result.value == ours


def test_what_is_no_recipient_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="no recipient"):
        merged(people("anna"), people("anna", "boris"), {"recipients": ["cyril"]}, "recipients")
