"""The card as a comment: people's words stay words on every forge, and it fits."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from solidarity_cli.render.markdown import text
from solidarity_cli.reports.pages.page import Bullets, Heading, Page, Paragraph, Table
from solidarity_cli.sync.forge.comment import LONGEST, MARKER, harmless, page_to_comment
from tests.support.program import Run

HOSTILE = [
    "@all @anna fixes #1, closes !2, see GH-3, forum/register#4, ~label %5 $6 &7 ^alert#8 *iteration:9",
    "![x](https://evil.example/pixel.png) [y](https://evil.example) <img src=https://evil.example/p>",
    "https://evil.example www.evil.example mailto:a@evil.example ftp://evil.example anna@evil.example",
    "<!-- solidarity-review --> </table> <script>alert(1)</script> | a | b |",
    "/close", "`@anna`", "> quote", "# heading", "- [ ] task", "[vulnerability:1] :smile: \\@anna \\#1",
]  # fmt: skip


def _read_back(markdown: str) -> tuple[set[str], str]:
    """(kinds of inline tokens, what a reader sees) of a comment."""
    tokens = MarkdownIt("commonmark", {"linkify": False}).enable("table").parse(markdown)
    below = [child for token in tokens for child in token.children or ()]
    return {child.type for child in below} | {token.type for token in tokens}, "".join(child.content for child in below)


def _calls(seen: str) -> list[str]:
    """References that a forge finds in what is seen, after Markdown is done."""
    found = re.findall(r"@\w|[#!~%$&]\w|\bgh-\d|\w+://|\bmailto:\S|\bwww\.", seen, re.IGNORECASE)
    return [one for one in found if "\u200b" not in one]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_only_speak(words: str) -> None:
    page = Page("Review", "a → b", (Heading(words), Paragraph(words), Bullets((words,)), Table("", ("Field", "After"), (("Reason", words),))), "en")  # fmt: skip
    comment = page_to_comment(page)
    kinds, seen = _read_back(comment.removeprefix(MARKER))
    assert not kinds & {"link_open", "image", "html_inline", "html_block", "code_inline", "fence", "blockquote_open"}
    assert _calls(seen) == []
    assert comment.startswith(f"{MARKER}\n# Review")
    assert comment.count(MARKER) == 1
    assert not any(line.lstrip("-|>* ").startswith("/") for line in comment.splitlines())


@given(st.text(st.sampled_from("@#!~%$&^*[]()<>:/\\`|_- \n.a1wWgGhH") | st.characters(), max_size=60))
def test_no_words_at_all_become_a_reference(words: str) -> None:
    kinds, seen = _read_back(harmless(f"- x {text(words)}"))
    assert not kinds & {"link_open", "image", "html_inline", "html_block", "code_inline"}
    assert _calls(seen) == []


@given(st.text(max_size=80))
def test_a_reader_sees_the_words(words: str) -> None:
    plain = "".join(char for char in words if char.isprintable())
    _, seen = _read_back(harmless(f"- x {text(plain)}"))
    assert re.sub(r"[\s\u200b]", "", seen) == re.sub(r"\s", "", f"x{plain}".replace("\u200b", "")) or "\\" in seen


def test_a_comment_fits_and_says_what_it_left_out() -> None:
    sections = tuple(
        block
        for number in range(400)
        for block in (Heading(f"SG-{number}"), Table("", ("Field", "After"), (("Reason", "Ж" * 300),) * 3))
    )
    first = (Heading("New findings"), Bullets(("error: first",)))
    comment = page_to_comment(Page("Review: 400 cases", "", (*first, *sections), "en"))
    assert len(comment.encode()) <= LONGEST < 65_536
    assert "error: first" in comment
    left_out = int(re.search(r"Left out for length: (\d+) sections", comment)[1])  # type: ignore[index]
    assert left_out + comment.count("## SG-") == 400


def test_one_huge_section_does_not_take_the_others_with_it() -> None:
    huge = (Heading("huge"), Paragraph("x" * 100_000))
    comment = page_to_comment(Page("Review", "", (*huge, Heading("small"), Paragraph("told")), "en"))
    assert "told" in comment
    assert "Left out for length: 1 sections" in comment


def test_a_title_written_by_hand_cannot_break_out(
    run: Run, case: str, register: Path, commit_by_hand: Callable[..., None]
) -> None:
    file = next(register.glob(f"cases/*/{case}.yaml"))
    lines = [line if not line.startswith("title:") else f"title: '{HOSTILE[0]} {HOSTILE[1]}'" for line in file.read_text().splitlines()]  # fmt: skip
    commit_by_hand(str(file.relative_to(register)), "\n".join(lines) + "\n")
    kinds, seen = _read_back(run("review", "--format", "md").out)
    assert not kinds & {"link_open", "image", "html_inline", "code_inline"}
    assert _calls(seen) == []
