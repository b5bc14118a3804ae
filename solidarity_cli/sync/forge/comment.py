"""The reviewer's card as a comment on a pull request: one that stays the only one, and in which words only speak.

A forge reads more into a text than Markdown does, and it does so after Markdown is done: it calls people by `@name`,
links `#1`, `!1`, `~label` and addresses, and GitLab carries out a line that begins with `/close`. A backslash does not
help there. A character without width between the sign and the word does, on all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from solidarity_cli.render.markdown import page_to_markdown
from solidarity_cli.reports.pages.page import Block, Heading, Page, Paragraph

MARKER = "<!-- solidarity-review -->"
"""By which the next run finds its own comment; nothing that a person wrote can become one."""

LONGEST = 64_000
"""Bytes. Under the 65,536 letters that GitHub takes, and under what one variable of a job may hold."""

_ZERO_WIDTH_SPACE = "&#8203;"
_ROOM = 300
"""Bytes kept for the sentence that says what was left out."""

_CALLS = re.compile(r"[@%]|\\[#!~$^*\[]|&amp;")
"""Signs with which some forge begins a reference, as they stand in escaped Markdown."""

_SHORT = re.compile(r"(?i)\bgh-(?=\d)")
_ADDRESS = re.compile(r"(?<=[A-Za-z])\\?:(?=[^\s*|])")
_WORLD = re.compile(r"(?<=[Ww]{3})\\\.")
_QUICK_ACTION = re.compile(r"(?m)^(\s*(?:[->*]\s*)*)/")


def page_to_comment(page: Page) -> str:
    """The page as Markdown below the marker, at most `LONGEST` bytes of UTF-8; what did not fit is counted."""
    head = f"{MARKER}\n{harmless(page_to_markdown(Page(page.title, page.subtitle, (), page.language)))}"
    parts, left_out, size = [head], 0, len(head.encode())
    for section in _sections(page.blocks):
        text = harmless(_markdown(section, page.language))
        length = len(text.encode()) + 1
        if size + length > LONGEST - _ROOM:
            left_out += 1
            continue
        parts.append(text)
        size += length
    if left_out:
        notice = f"Left out for length: {left_out} sections of this card. All of it: solidarity review"
        parts.append(_markdown((Paragraph(notice),), page.language))
    return "\n".join(parts)


def harmless(text: str) -> str:
    """Markdown in which nothing calls, closes, links or orders anything."""
    text = _CALLS.sub(lambda match: match[0] + _ZERO_WIDTH_SPACE, text)
    text = _SHORT.sub(lambda match: match[0][:2] + _ZERO_WIDTH_SPACE + match[0][2:], text)
    text = _ADDRESS.sub(lambda match: match[0] + _ZERO_WIDTH_SPACE, text)
    text = _WORLD.sub(_ZERO_WIDTH_SPACE + r"\.", text)
    return _QUICK_ACTION.sub(lambda match: f"{match[1]}{_ZERO_WIDTH_SPACE}/", text)


def _sections(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """A heading and what stands below it."""
    section: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and section:
            yield tuple(section)
            section = []
        section.append(block)
    if section:
        yield tuple(section)


def _markdown(blocks: tuple[Block, ...], language: str) -> str:
    return page_to_markdown(Page("", "", blocks, language)).partition("\n\n")[2]
