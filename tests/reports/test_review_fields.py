"""Field by field, whatever stands in a record: no private value, and nothing of which no table says who may see it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core.audience.visibility import CASE
from solidarity_cli.reports.review_fields import visible_changes

OPEN = {"id": "SG-2026-K7QX4M", "kind": "appeal", "title": "Search, RU", "status": "received", "received": "2026-10-01"}
SECRET = "zqxj"

_words = st.text(st.characters(), max_size=5).map(lambda text: f"{text}{SECRET}{text}")
_values = st.recursive(
    _words,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_words, below, max_size=2)
    | st.lists(st.fixed_dictionaries({"id": _words, "name": below}), max_size=2),
    max_leaves=5,
)  # fmt: skip
_private_names = st.sampled_from([name.partition(".")[2] for name in CASE if name.startswith("private.")]) | _words
_records = st.builds(
    lambda private, more: {**OPEN, "private": private, **more},
    st.dictionaries(_private_names, _values, max_size=4) | _values,
    st.dictionaries(_words, _values, max_size=2),
)


@given(_records | st.none(), _records | st.none())
def test_nothing_private_or_unknown_is_told(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> None:
    fields, hidden = visible_changes("case", old, new, on=date(2026, 10, 31))
    said = json.dumps([[one.field, one.how, one.old, one.new] for one in fields], ensure_ascii=False)
    assert SECRET not in said
    assert hidden >= 0
    if old and new and old["private"] != new["private"]:
        assert hidden or any(one.is_private for one in fields), "that something private changed is told"


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_values_of_an_organisation_stay_where_they_are(old: str, new: str) -> None:
    fields, _ = visible_changes(
        "directory", {"name": f"{SECRET}{old}"}, {"name": f"{SECRET}{new}"}, on=date(2026, 10, 31)
    )
    assert [(one.field, one.how) for one in fields] == ([("name", "changed")] if old != new else [])
    assert all(one.old is None and one.new is None for one in fields)
