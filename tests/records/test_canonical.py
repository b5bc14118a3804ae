"""The YAML room: two readers that agree, edits that keep to their lines, a canonical form that is a fixed point."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.edits import Append, Remove, Set, carry_out
from solidarity_cli.records import canonical_fast as writing
from solidarity_cli.records import canonical_roundtrip as tidying
from solidarity_cli.records.canonical import canonical, compose
from solidarity_cli.records.edit import edit
from solidarity_cli.records.position import position
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
from solidarity_cli.records.yaml_nodes import editor
from tests.support.program import CHECKOUT

SHAPE = Schemas(files_in(schema_folder(None))).shape("case")

words = st.text(max_size=60) | st.text("ab 1-.:#'é\n", max_size=40) | st.sampled_from(
    ["yes", "no", "NO", "on", "null", "~", "2026-10-03", "+375291234567", "0x1F", "1e3", "010", "- a", "a: b", "# x",
     "", " ", "a\n", "a\n\nb", " a\nb", "a \nb", "a\tb", "«Верболист»", "'", '"', "\\", "{}", "[a]", "&a", "*a", "!a", "|",
     "a\u2028b", "a\x85b", "\x1b[31m", "\u202e", "a\r\nb", "\ufeff", "…\n…\n"]
)  # fmt: skip
values: Any = st.recursive(
    words | st.integers(-(10**9), 10**9) | st.booleans(),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z][a-z_-]{0,8}", fullmatch=True), below, max_size=3)
    ),
    max_leaves=8,
)
records = st.dictionaries(
    st.sampled_from(["title", "status", "subject", "incidents", "notes", "private", "requests", "region", "links"]),
    values,
    min_size=1,
)


def _surrogates(value: Any) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in repr(value))


@settings(max_examples=150, deadline=None)
@given(records)
def test_what_is_composed_is_read_alike_by_both_readers_and_is_canonical(record: dict[str, Any]) -> None:
    text = compose(record, "case", SHAPE)
    assert read(text.encode()) == record
    assert _plain(editor().load(text)) == record
    assert canonical(text.encode(), "case", SHAPE) == text


@settings(max_examples=100, deadline=None)
@given(records, words)
def test_an_edit_does_what_it_says_and_leaves_other_fields_lines_alone(record: dict[str, Any], value: str) -> None:
    record = {"id": "SG-2026-AAAAAA", **record, "urgency": "high"}
    text = compose(record, "case", SHAPE).replace("urgency: high", "urgency: high  # asked twice")
    edited = edit(text, [Set("region", value)], SHAPE)
    wanted = {**record, "region": value}
    assert read(edited.encode()) == wanted
    kept = [line for line in edited.splitlines() if "asked twice" in line]
    assert kept == ["urgency: high  # asked twice"]
    others = compose({key: field for key, field in record.items() if key not in ("region", "urgency")}, "case", SHAPE)
    assert others.splitlines() == [line for line in others.splitlines() if line in edited.splitlines()]


@settings(max_examples=150, deadline=None)
@given(records)
def test_both_writers_write_the_same(record: dict[str, Any]) -> None:
    careful = tidying.text_of(record, SHAPE)
    assert writing.text_of(record, SHAPE) in (None, careful)
    assert tidying.canonical_text(careful, SHAPE).lstrip("\n") == careful


LONG = ["a list of texts that does not fit", "on one line of the file", "for it has more than", "a hundred characters"]
RICH: dict[str, Any] = {
    "id": "SG-2026-AAAAAA",
    "title": 'A "title" with \\ and\ttab, and no end  ',
    "subject": {"kind": "individual", "country": "NO", "tags": LONG, "in-groups": []},
    "incidents": [{"id": "i1", "type": "search", "dates": ["2026", "2026-10"]}, {"id": "i2", "more": {"deep": 1}}, {}],
    "links": [{"by": {"a": "first", "b": 2}, "c": True}],
    "source": {"channel": "mail"},
    "private": {"narrative": "Первая\n\n  вторая\n", "notes": {"n1": "one\ntwo"}, "none": {}, "odd": " a\n"},
}


def test_the_fast_writer_knows_what_records_are_made_of() -> None:
    assert writing.text_of(RICH, SHAPE) == tidying.text_of(RICH, SHAPE)
    assert canonical(compose(RICH, "case", SHAPE).encode(), "case", SHAPE) == compose(RICH, "case", SHAPE)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


CASE = """\
# yaml-language-server: $schema=../../schemas/case.schema.json
schema_version: 1
id: "SG-2026-AAAAAA"
# where it stands
status: received   # since today
notes:
  - id: n1
    date: "2026-10-01"
    by: coordinator@forum.example
# what follows is private

private:
  place: "Кременец"  # not to be told
  notes:
    n1: "one"
"""


def test_appending_does_not_move_the_next_fields_comment() -> None:
    edits = [
        Append("notes", {"id": "n2", "date": "2026-10-02", "by": "x@forum.example"}),
        Set("private.notes.n2", "two"),
    ]
    edited = edit(CASE, edits, SHAPE)
    assert edited == CASE.replace(
        "    by: coordinator@forum.example\n",
        '    by: coordinator@forum.example\n  - id: n2\n    date: "2026-10-02"\n    by: x@forum.example\n',
    ).replace('    n1: "one"\n', '    n1: "one"\n    n2: two\n')


def test_a_new_field_takes_its_place_and_a_removed_one_leaves_no_trace() -> None:
    added = edit(CASE, [Set("received", "2026-10-01")], SHAPE)
    assert added.splitlines()[5:7] == ['received: "2026-10-01"', "notes:"]
    assert edit(added, [Remove("received")], SHAPE) == CASE


def test_canonical_keeps_comments_and_takes_out_what_is_nobodys() -> None:
    windows = b"\xef\xbb\xbf" + CASE.replace("\n", "\r\n").encode()
    assert canonical(windows, "case", SHAPE) == canonical(CASE.encode(), "case", SHAPE)
    assert "# not to be told" in canonical(CASE.encode(), "case", SHAPE)
    assert "# what follows is private" in canonical(CASE.encode(), "case", SHAPE)


def test_positions_of_fields_items_and_parents() -> None:
    assert position(CASE, "status") == (5, 1)
    assert position(CASE, "notes.n1.by") == (9, 5)
    assert position(CASE, "private.place") == (13, 3)
    assert position(CASE, "private.contact") == (12, 1)
    assert position(CASE, "nothing") == (1, 1)


@pytest.mark.parametrize(
    "text",
    [b"a: &x 1", b"a: *x", b"a: !!int 3", b"<<: {a: 1}", b"a: 1\n---\nb: 2", b"%YAML 1.2\n---\na: 1", b"a: 1\na: 2", b"a:\t1",
     b"", b"- 1", b"\xff", b"a: '\x00'", b"{", b"1: 2", b"a: {1: 2}", b"a: [" * 300],
)  # fmt: skip
def test_outside_the_profile_is_refused_in_words(text: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(text)
    assert refused.value.fault.message


@pytest.mark.parametrize(
    "text", ["a: |\n  * one\n  & two\n  ! three\n  << four\n", 'a: "* b"\n', "a: b & c\n", "a: b # *c\n"]
)
def test_what_only_looks_like_an_anchor_is_text(text: str) -> None:
    assert read(text.encode())["a"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except UnreadableError as refused:
        assert refused.fault.message


def test_a_later_edit_may_go_into_an_item_that_an_earlier_one_brought() -> None:
    edits = (Append("incidents", {"id": "i1", "type": "search"}), Set("incidents.i1.date", "2026"))
    record: dict[str, Any] = {}
    carry_out(deepcopy(edits), record)
    assert record == {"incidents": [{"id": "i1", "type": "search", "date": "2026"}]}
    assert read(edit(CASE, edits, SHAPE).encode())["incidents"] == record["incidents"]


def test_the_files_of_this_checkout_are_read_alike_by_both_readers() -> None:
    root = CHECKOUT
    for file in sorted([*root.glob("cases/*/*.yaml"), *root.glob("actions/*/*.yaml"), *root.glob("schemas/**/*.yaml")]):
        assert read(file.read_bytes()) == _plain(editor().load(file.read_text(encoding="utf-8"))), file
