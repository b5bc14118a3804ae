"""An edit of a canonical file is composed from its values: the bytes are those of the careful way, which keeps lines."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solidarity_cli.core.edits import Append, Edit, Remove, Set, carry_out
from solidarity_cli.core.errors import Refused
from solidarity_cli.records import edit as editing
from solidarity_cli.records.canonical import canonical, compose
from solidarity_cli.records.edit import edit
from tests.records.test_canonical import LONG, SHAPE, records, values

_FIELDS = st.sampled_from(["title", "status", "region", "subject", "notes", "private", "requests", "links", "source"])
_BELOW = st.sampled_from(["subject.kind", "private.contact", "source.capacity"])
_LISTS = st.sampled_from(["requests", "links", "notes"])
_EDITS = st.builds(Set, _FIELDS | _BELOW, values) | st.builds(Append, _LISTS, values) | st.builds(Remove, _FIELDS)


@settings(max_examples=50, deadline=None)
@given(records, st.lists(_EDITS, min_size=1, max_size=3))
def test_the_quick_way_and_the_careful_way_write_the_same_bytes(record: dict[str, Any], edits: list[Edit]) -> None:
    text = compose({"id": "SG-2026-AAAAAA", **record}, "case", SHAPE)
    quick, careful = _both(text, edits)
    assume(quick is not None)
    assert quick == careful or (_outgrown(careful) and quick == canonical(careful.encode(), "case", SHAPE))


def _both(text: str, edits: list[Edit]) -> tuple[str | None, str]:
    wanted = editing.read(text.encode())
    try:
        carry_out(deepcopy(edits), wanted)
    except Refused:
        assume(False)
    return editing._compose_canonical(text, wanted, SHAPE), editing._edit_lines(text, tuple(edits), wanted, SHAPE)


def _outgrown(careful: str) -> bool:
    """Whether a list stands on one line that is too long for it, or on several and needs only one."""
    return careful != canonical(careful.encode(), "case", SHAPE)


def test_a_list_that_outgrows_its_line_becomes_a_block_so_that_the_file_stays_canonical() -> None:
    text = compose({"id": "SG-2026-AAAAAA", "requests": LONG[:2], "status": "active"}, "case", SHAPE)
    edited = edit(text, [Append("requests", LONG[2]), Append("requests", LONG[3])], SHAPE)
    assert "requests:\n  - " in edited
    assert canonical(edited.encode(), "case", SHAPE) == edited


def _not_canonical() -> Iterator[str]:
    text = compose(
        {"id": "SG-2026-AAAAAA", "status": "active", "subject": {"kind": "person"}, "private": {"place": "Ort"}},
        "case",
        SHAPE,
    )
    yield text.replace("status: active", "status: active  # since Monday")
    yield text + "# the end\n"
    yield text.replace("status: active", "status: 'active'")
    yield text.replace("status: active\n", "\nstatus: active\n")
    yield text.partition("\n")[2]
    yield text.replace("subject:\n  kind: person", "subject: {kind: person}")


@pytest.mark.parametrize("text", tuple(_not_canonical()))
def test_a_file_that_somebody_wrote_in_a_way_of_their_own_keeps_it(text: str) -> None:
    edits: list[Edit] = [Set("region", "Minsk")]
    quick, careful = _both(text, edits)
    assert quick is None
    assert edit(text, edits, SHAPE) == careful
    assert [line for line in careful.splitlines() if "region" not in line] == text.splitlines()
