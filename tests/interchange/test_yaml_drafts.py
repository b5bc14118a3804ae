"""Drafts in YAML: read strictly, judged elsewhere, and never quoted in a complaint."""

from __future__ import annotations

import pytest

from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.model.draft import Draft
from tests.support.mails import taken


def refusal(data: bytes | str) -> str:
    with pytest.raises(UsageError) as trouble:
        taken(data.encode() if isinstance(data, str) else data, "d.yaml")
    assert trouble.value.hint
    return trouble.value.message


def test_a_draft_is_taken_as_it_is():
    data = "kind: appeal\nsubject:\n  country: NO\n"
    data += "private:\n  narrative: |\n    Eins.\n    Zwei.\nunknown_field: [1, yes]\n"
    assert taken(data.encode(), "d.yaml") == Draft(
        record={
            "kind": "appeal",
            "subject": {"country": "NO"},
            "private": {"narrative": "Eins.\nZwei.\n"},
            "unknown_field": [1, "yes"],
        }
    )


def test_a_mark_at_the_beginning_and_windows_lines_do_no_harm():
    assert taken(b"\xef\xbb\xbfkind: appeal\r\nreceived: 2026-02-11\r\n", "d.yml").record == {
        "kind": "appeal",
        "received": "2026-02-11",
    }


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a: 1\nb: [2\n", "the draft is not valid YAML (line 3)"),
        ("a: 1\n\tb: 2\n", "the draft is not valid YAML (line 2)"),
        ("Orla: 1\nx: 2\nOrla: 3\n", "the draft has the same field twice (line 3)"),
        ("a:\n  Orla: 1\nb:\n  Orla: 1\n  Orla: 2\n", "the draft has the same field twice (line 5)"),
        ("l:\n  - Orla: 1\n  - Orla: 1\n    Orla: 2\n", "the draft has the same field twice (line 4)"),
        ("{Orla: 1, Orla: 2}\n", "the draft has the same field twice"),
        ("a: 1\n---\nb: 2\n", "the draft holds more than one document (line 2)"),
        ("- Orla\n", "the draft holds no fields"),
        ("Orla\n", "the draft holds no fields"),
        ("# only a comment\n", "the draft holds no fields"),
        ("1: Orla\n", "the draft has a field whose name is no word"),
        ("[" * 5000, "the draft is nested too deeply"),
        ("? [Orla]\n: 1\n", "the draft is not valid YAML"),
        ("a: 99999999999999999999999\n", "the draft is not valid YAML (line 1)"),
        (b"a: b\nc: \xff\n", "the draft is not written in UTF-8 (line 2)"),
        ("a: &x 1\n" + "b: x\n" * 900_000, "the draft is larger than 4 MB: no case record is"),
    ],
)
def test_a_broken_draft_is_told_with_its_line_and_without_its_words(data, message):
    assert refusal(data) == message


def test_many_words_for_one_do_not_grow():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert refusal("\n".join(lines)).startswith("the draft is not valid YAML")
