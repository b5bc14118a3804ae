"""Templates of a register: what they may do, and how those that want more are refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.errors import Refused
from solidarity_cli.interchange.documents.templates import fill
from tests.support.program import Answer, Run

VALUES = {
    "kind": "statement",
    "group": {"name": "Group *One*", "contact": ""},
    "subject": {"kind": "individual", "name": "N. N."},
    "may_be_published": True,
    "incidents": [{"type": "search", "sentence": f"Number {n}."} for n in range(200)],
    "basis": [],
}


@pytest.fixture
def with_template(run: Run, register: Path, new_case: Callable[..., str]) -> Callable[[str | bytes], Answer]:
    """`with_template("{{ today }}")`: what a draft by it answers."""
    case = new_case(
        "--country", "RU", "--subject-kind", "individual", "--incident", "arrest", "--name", "Somebody Unnamed"
    )
    folder = register / "templates"
    folder.mkdir()

    def made(text: str | bytes) -> Answer:
        (folder / "statement.en.md").write_bytes(text if isinstance(text, bytes) else text.encode())
        return run("draft", case, "--type", "statement", "--language", "en")

    return made


def test_a_template_of_the_register_comes_first(with_template: Callable[[str | bytes], Answer]) -> None:
    text = (
        "# {{ group.name | upper }}\n{# a remark #}\n"
        "{% for one in incidents if one.type == 'arrest' %}\n{{ loop.index }} {{ one.sentence }}\n"
        "{% else %}\nnothing\n{% endfor %}\n{{ 'yes' if basis else 'no' }} {{ incidents | length }} {{ subject.kind }}\n"
    )
    answer = with_template(text)
    assert answer.out == "# TEST REGISTER\n1 Reportedly, an arrest was made.\nno 1 individual\n"
    assert with_template(b"\xef\xbb\xbfa\tb\r\n\x1b[31m").out == "a    b\n\\x1b[31m\n"


HOSTILE = {
    "attributes": "{{ ''.__class__ }}",
    "attributes in a condition": "{% if group.__class__ %}x{% endif %}",
    "attributes by filter": "{{ group | attr('__class__') }}",
    "attributes by key": "{{ group['__class__'] }}",
    "methods": "{{ group.items }}",
    "calls": "{{ group.items() }}",
    "calls of a text": "{{ kind.format(kind) }}",
    "what jinja brings": "{{ lipsum }}",
    "itself": "{{ self }}",
    "a loop over numbers": "{% for a in range(1000000000) %}{% endfor %}",
    "a loop over letters": "{% for a in kind %}{{ a }}{% endfor %}",
    "a loop over names": "{% for a in group %}{{ a }}{% endfor %}",
    "a loop in itself": "{% for a in incidents recursive %}{{ loop(incidents) }}{% endfor %}",
    "calculation": "{{ 'x' * 1000000000 }}",
    "powers": "{{ 9 ** 9 ** 9 ** 9 }}",
    "a number without end": "{{ " + "9" * 15_000 + " }}",
    "much text": "{{ 'x' | center(1000000000) }}",
    "joined text": "{{ kind ~ kind }}",
    "formats": "{{ '%1000000000d' | format(1) }}",
    "unescaped": "{{ kind | safe }}",
    "a macro": "{% macro a() %}x{% endmacro %}{{ a() }}",
    "a macro of itself": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "variables": "{% set a = kind %}{{ a }}",
    "blocks": "{% block a %}{% endblock %}",
    "another file": "{% include '../register.yaml' %}",
    "another template": "{% include 'templates/letter.en.md' %}",
    "a parent": "{% extends '/etc/passwd' %}",
    "an import": "{% import 'templates/letter.en.md' as a %}",
    "a list as text": "{{ incidents }}",
    "a mapping as text": "{{ group }}",
    "yes as text": "{{ may_be_published }}",
    "what there is not": "{{ narrative }}",
    "what there is not below": "{{ subject.contact }}",
    "an id in public": "{{ reference }}",
    "the first of nothing": "{{ basis | first }}",
    "a condition on what there is not": "{% if subject.contact %}{% endif %}",
    "deep brackets": "{{ " + "(" * 3000 + "kind" + ")" * 3000 + " }}",
    "deep nots": "{{ " + "not " * 4000 + "kind }}",
    "deep blocks": "{% if kind %}" * 150 + "{% endif %}" * 150,
    "deep loops": "{% for a in incidents %}" * 30 + "{% endfor %}" * 30,
    "not closed": "{% if kind %}",
    "not jinja": "{{ kind",
    "an unknown word": "{% bake kind %}",
    "an unknown test": "{{ 'y' if kind is bogus else 'n' }}",
    "too large": "x" * 20_001,
    "no utf-8": b"\xff\xfe\xfa",
    "nul": b"{{ \0 }}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_wants_more_is_refused_in_words(with_template: Callable[[str | bytes], Answer], text: str | bytes) -> None:
    answer = with_template(text)
    assert (answer.exit_code, answer.out) == (1, ""), answer
    first, second = answer.err.splitlines()
    assert first.startswith("error: templates/statement.en.md")
    assert second.startswith("  ")
    assert len(first) < 200
    assert "Somebody" not in answer.err


def test_huge_output_is_stopped() -> None:
    loops = "{% for a in incidents %}{% for b in incidents %}" + "x" * 1000 + "{% endfor %}{% endfor %}"
    with pytest.raises(Refused, match="too long"):
        fill("a template", loops, VALUES)
    with pytest.raises(Refused, match="goes on for too long"):
        fill("a template", loops.replace("x", ""), VALUES)
    with pytest.raises(Refused, match="goes on for too long"):
        fill("a template", "{% for a in incidents %}" * 6 + "{% endfor %}" * 6, VALUES)


def test_where_it_went_wrong_is_said() -> None:
    with pytest.raises(Refused, match=r"a template \(line 3\) cannot be read"):
        fill("a template", "a\nb\n{{ }}", VALUES)
    with pytest.raises(Refused, match=r"a template \(line 2\) uses a form"):
        fill("a template", "a\n{{ kind() }}", VALUES)
    with pytest.raises(Refused, match=r"a template \(line 4\) asks for what there is not"):
        fill("a template", "a\n\n\n{{ subject.age }}", VALUES)
    with pytest.raises(Refused, match="asks for what there is not: age"):
        fill("a template", "{{ age }}", VALUES)


@pytest.mark.parametrize("kind", ["link", "folder link", "fifo", "folder"])
def test_what_is_no_ordinary_file_is_not_followed(
    run: Run, register: Path, new_case: Callable[..., str], tmp_path: Path, kind: str
) -> None:
    case = new_case("--country", "RU")
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "statement.en.md").write_text("secret text")
    file = register / "templates" / "statement.en.md"
    if kind == "folder link":
        file.parent.symlink_to(secret)
    else:
        file.parent.mkdir()
        {
            "link": lambda: file.symlink_to(secret / "statement.en.md"),
            "fifo": lambda: os.mkfifo(file),
            "folder": file.mkdir,
        }[kind]()
    answer = run("draft", case, "--type", "statement", "--language", "en")
    assert (answer.exit_code, answer.out) == (1, "")
    assert "no ordinary file" in answer.err


PIECES = st.sampled_from(["{{", "}}", "{%", "%}", "{#", "#}", " ", "if", "for a in incidents", "endfor", "endif", "else", "kind", "group", ".name", ".__class__",
                          "|first", "|length", "(", ")", "[", "]", "'", "*", "loop", ".index", "a", "\n", "not", "==", "1", "basis", "self", "text"])  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_whatever_is_written_there_is_a_text_or_a_refusal(source: str) -> None:
    try:
        text = fill("a template", source, VALUES)
    except Refused as refused:
        assert refused.message.startswith("a template")
    else:
        assert isinstance(text, str)
        assert "<class" not in text
        assert "built-in" not in text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_a_value_is_only_words(words: str) -> None:
    from markdown_it import MarkdownIt

    values = {**VALUES, "kind": words}
    shown = MarkdownIt("commonmark").parse(fill("a template", "a {{ kind }} b", values))
    assert [token.type for token in shown] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in shown[1].children or ()} <= {"text", "text_special"}
