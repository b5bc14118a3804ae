"""People's words are data, never markup: in no format do they act."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from solidarity_cli.render.csv import cell, figures_to_csv
from solidarity_cli.render.escape import clean, is_steering
from solidarity_cli.render.json import to_json
from solidarity_cli.render.markdown import page_to_markdown
from solidarity_cli.render.terminal.screen import page_to_text, plain_table
from solidarity_cli.reports.pages.page import Bullets, Definitions, Heading, Page, Paragraph, Table
from solidarity_cli.reports.pages.period import period_page
from solidarity_cli.reports.period.as_json import as_plain
from tests.support.figure_names import Names
from tests.support.figure_records import a_case, facts_of, report, words

NASTY = "[x](http://a.example)|<b>**_`&amp; ~~#1. - + = @a \\ \x1b[31m \u202eevil\u200b\u2028 ![i](u) www.a.example $x$"
WORDS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(list(NASTY))), max_size=30)


def a_page(word: str) -> Page:
    return Page(
        title=f"T {word}",
        subtitle=word,
        blocks=(
            Heading(f"H {word}"),
            Paragraph(word),
            Bullets((word, "two")),
            Definitions(((f"term {word}", word),)),
            Table("caption", ("a", f"b {word}"), ((word, 1), (None, "<5")), numeric=(1,)),
        ),
        language="en",
    )


def _parse(text: str) -> list[Token]:
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
    return parser.parse(text)


INLINE = {"text", "text_special", "softbreak", "strong_open", "strong_close"}
BLOCKS = ("heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td", "inline")


@given(WORDS)
def test_markdown_keeps_words_as_words(word: str) -> None:
    tokens = _parse(page_to_markdown(a_page(word)))
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= set(BLOCKS)
    inline = [token for token in tokens if token.type == "inline"]
    assert {child.type for token in inline for child in token.children or ()} <= INLINE
    texts = ["".join(child.content for child in token.children or ()) for token in inline]
    wanted = clean(word).strip()
    assert texts[0].split("T", 1)[1].strip() == wanted
    assert texts.count(wanted) >= (3 if wanted else 0)  # the subtitle, the paragraph, the bullet
    assert sum(1 for token in tokens if token.type == "td_open") == 4


def test_a_hidden_number_stays_readable_in_markdown() -> None:
    assert "| <5 |" in page_to_markdown(a_page("x"))


@pytest.mark.parametrize("address", ["http://a.example", "HTTPS://a.example", "www.a.example", "javascript://x"])
def test_no_address_becomes_a_link_even_where_bare_ones_do(address: str) -> None:
    shown = page_to_markdown(a_page(address))
    assert address not in shown
    assert re.search(r"\\:|www\\\.", shown)


@given(WORDS)
def test_cleaned_words_hold_nothing_that_acts_unseen(word: str) -> None:
    assert not any(is_steering(char) for char in clean(word))
    assert not any(is_steering(char) and char != "\n" for char in clean(word, newlines=True))
    assert clean(clean(word)) == clean(word)


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\ufeffa\u200db", "\\ufeffa\\u200db"),
        ("a\r\nb", "a\\x0d\\x0ab"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("Ковалёва, Łódź, \u00a0 ئۇيغۇر", "Ковалёва, Łódź, \u00a0 ئۇيغۇر"),
    ],
)
def test_what_acts_unseen_is_shown_as_an_escape(word: str, shown: str) -> None:
    assert clean(word) == shown


def test_line_ends_are_kept_where_asked_for() -> None:
    assert clean("a\r\nb\n\rc", newlines=True) == "a\nb\n\\x0dc"


@given(st.recursive(WORDS | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner)))
def test_json_reads_back_and_steers_nothing(data: object) -> None:
    text = to_json(data)
    assert json.loads(text) == data
    assert not any(is_steering(char) and char != "\n" for char in text)
    assert text.endswith("\n")


@given(WORDS)
def test_no_cell_of_a_spreadsheet_is_a_formula(word: str) -> None:
    shown = cell(word)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert not any(is_steering(char) for char in shown)


@pytest.mark.parametrize("word", ["=1+1", "+375", "-x", "@a", "\t=1", " =1"])
def test_a_formula_is_quoted(word: str) -> None:
    assert cell(word).startswith("'")


def test_csv_is_one_number_a_row() -> None:
    text = figures_to_csv(as_plain(report(facts_of([a_case(), a_case(2, received="2026-09-02")]))))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0] == {
        "section": "report",
        "measure": "from",
        "category": "",
        "value": "2026-10-01",
        "previous": "2026-09-01",
    }
    assert {"section": "received", "measure": "total", "category": "", "value": "1", "previous": "1"} in rows
    assert {"section": "received", "measure": "country", "category": "RU", "value": "1", "previous": "1"} in rows


@given(WORDS, st.integers(20, 120), st.booleans(), st.booleans())
def test_the_screen_shows_words_and_nothing_else_acts(word: str, width: int, color: bool, boxes: bool) -> None:
    text = page_to_text(a_page(word), width, color=color, boxes=boxes)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text) if color else text
    assert not any(is_steering(char) and char != "\n" for char in bare)
    assert "<5" in bare


def test_the_screen_says_the_same_without_colour() -> None:
    page = period_page(report(facts_of([a_case()])), words(), Names(), "en")
    coloured = page_to_text(page, 100, color=True)
    bare = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()) + "\n"
    assert bare == page_to_text(page, 100, color=False)
    assert "\x1b[" in coloured


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    page = period_page(report(facts_of([a_case()])), words(), Names(), "en")
    assert max(len(line) for line in page_to_text(page, width, color=False).splitlines()) <= width


def test_markup_of_the_screen_library_is_text() -> None:
    assert "[/b] [red]x[/red] :smile:" in page_to_text(a_page("[/b] [red]x[/red] :smile:"), 80, color=False)


def test_a_plain_table_is_one_record_a_line() -> None:
    rows = [("SG-2026-000001", "a\tb\r\nc\x1b", None, 3)]
    assert (
        plain_table(("id", "title", "decision", "days"), rows)
        == "id\ttitle\tdecision\tdays\nSG-2026-000001\ta b c\\x1b\t\t3\n"
    )
    assert plain_table((), rows) == "SG-2026-000001\ta b c\\x1b\t\t3\n"


def test_drawing_for_a_pipe_loads_no_screen_library() -> None:
    code = "import sys, solidarity_cli.render.terminal.screen as s; s.plain_table((), []); print('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
