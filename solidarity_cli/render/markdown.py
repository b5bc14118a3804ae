"""A page as Markdown (CommonMark, pipe tables). People's words stay words: no link, tag, or heading comes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from solidarity_cli.render.escape import clean
from solidarity_cli.reports.pages.page import (
    Block,
    Bullets,
    Chart,
    Definitions,
    Heading,
    Page,
    PageCell,
    Paragraph,
    Quote,
    Table,
)

NOTHING = "–"
"""A cell with nothing to say."""

_SPECIAL = re.compile(r"[\\`*_\[\]~$#!{}^]|:(?=//)|(?<=[Ww]{3})\.|^[-+=:]")
"""What a backslash turns into itself: emphasis, links, code, headings, addresses, the beginning of a list."""

_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")

_TAG = re.compile(r"<(?!\d)")


def page_to_markdown(page: Page) -> str:
    """The page as Markdown text, a newline at the end."""
    parts = [f"# {text(page.title)}"]
    if page.subtitle:
        parts.append(text(page.subtitle))
    # Markdown has no pictures of its own: the table beside a chart says the same.
    parts.extend(_block(block) for block in page.blocks if not isinstance(block, Chart))
    return "\n\n".join(parts) + "\n"


def text(words: str) -> str:
    """The one place where words become Markdown: every character that Markdown or HTML would act on is escaped.

    "<5" stays readable: a tag never begins with a digit.
    """
    words = _SPECIAL.sub(lambda match: "\\" + match[0], clean(words).strip())
    words = _NUMBERED.sub(r"\1\\\2", words)
    words = words.replace("&", "&amp;").replace(">", "&gt;").replace("|", "&#124;")
    return _TAG.sub("&lt;", words)


def _block(block: Block) -> str:  # noqa: PLR0911 one for each kind of block
    match block:
        case Heading():
            return f"{'#' * block.level} {text(block.text)}"
        case Paragraph():
            return text(block.text)
        case Quote():
            return "\n".join(f"> {text(line)}  ".rstrip() + "  " for line in block.text.splitlines())
        case Bullets():
            return "\n".join(f"- {text(item)}" for item in block.items)
        case Definitions():
            return "\n".join(f"- **{text(term)}:** {text(meaning)}" for term, meaning in block.pairs)
        case Chart():
            return ""
        case Table():
            return "\n".join(_table(block))


def _table(table: Table) -> Iterator[str]:
    yield _row(table.columns)
    yield _row_of(["---:" if index in table.numeric else "---" for index in range(len(table.columns))])
    for row in table.rows:
        yield _row(row)


def _row(cells: tuple[PageCell, ...]) -> str:
    return _row_of([NOTHING if cell is None else text(str(cell)) for cell in cells])


def _row_of(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
