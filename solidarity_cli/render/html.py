"""A page as one HTML file that needs nothing else: no address is asked for, no script runs, every word is escaped.

The content security policy in its head says so to the browser too: nothing may be loaded, and of styles only the one
whose fingerprint stands there. It is printable, and readable by ears: language, landmarks, headings in order, captions.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from html import escape
from importlib.resources import files

from solidarity_cli.render.chart import chart_to_svg
from solidarity_cli.render.escape import clean
from solidarity_cli.reports.pages.page import (
    Block,
    Bullets,
    Chart,
    Definitions,
    DisplayValue,
    Heading,
    Page,
    PageCell,
    Paragraph,
    Quote,
    Table,
)

NOTHING = "–"
"""A cell with nothing to say."""

_SKIP = {"en": "Skip to the content", "ru": "Перейти к содержанию", "de": "Zum Inhalt springen"}


def page_to_html(page: Page) -> str:
    """The page as a whole HTML document."""
    style = files("solidarity_cli.render").joinpath("page.css").read_text(encoding="utf-8")
    fingerprint = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"
    subtitle = f'<p class="subtitle">{text(page.subtitle)}</p>\n' if page.subtitle else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{text(page.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(page.title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#content">{_SKIP.get(page.language, _SKIP["en"])}</a>\n'
        f"<header>\n<h1>{text(page.title)}</h1>\n{subtitle}</header>\n"
        f'<main id="content" tabindex="-1">\n{"".join(_sections(page))}</main>\n</body>\n</html>\n'
    )


def text(words: str) -> str:
    """The one place where words become HTML."""
    return escape(clean(words))


def _sections(page: Page) -> Iterator[str]:
    """The blocks in order; what follows a heading of the second level is a section of its own."""
    heading = ""
    chart = ""
    for index, block in enumerate(page.blocks):
        match block:
            case Heading(level=level) if level <= 2:
                yield "</section>\n" if heading else ""
                heading = block.text
                yield f'<section aria-labelledby="h{index}">\n<h2 id="h{index}">{text(heading)}</h2>\n'
            case Chart():
                chart = _chart(block, index)  # waits for the table that stands beside it
            case Table() if chart:
                yield f'<div class="pair">\n{chart}{_table(block, index, heading)}</div>\n'
                chart = ""
            case _:
                yield _block(block, index, heading)
    yield "</section>\n" if heading else ""


def _block(block: Block, index: int, heading: str) -> str:  # noqa: PLR0911 one for each kind of block
    match block:
        case Heading():
            level = min(block.level, 6)
            return f"<h{level}>{text(block.text)}</h{level}>\n"
        case Paragraph():
            return f"<p>{text(block.text)}</p>\n"
        case Quote():
            lines = "<br>\n".join(text(line) for line in block.text.splitlines())
            return f"<blockquote><p>{lines}</p></blockquote>\n"
        case Bullets():
            return _element("ul", (f"<li>{text(item)}</li>\n" for item in block.items))
        case Definitions():
            pairs = (f"<dt>{text(term)}</dt>\n<dd>{text(meaning)}</dd>\n" for term, meaning in block.pairs)
            return _element("dl", pairs)
        case Chart():
            return _chart(block, index)
        case Table():
            return _table(block, index, heading)


def _element(tag: str, parts: Iterable[str]) -> str:
    inner = "".join(parts)
    return f"<{tag}>\n{inner}</{tag}>\n" if inner else ""


def _chart(chart: Chart, index: int) -> str:
    """The figure says its title as text too: what a sighted reader sees, and what is printed."""
    return (
        f'<figure class="chart">\n<figcaption>{text(chart.title)}</figcaption>\n'
        f"{chart_to_svg(chart, f'c{index}')}\n</figure>\n"
    )


def _table(table: Table, index: int, heading: str) -> str:
    """The table in a box of its own that scrolls sideways, by keyboard as well.

    A caption that the eye has just read stays for ears, who jump from table to table.
    """
    name = f'aria-labelledby="t{index}"' if table.caption else f'aria-label="{text(", ".join(table.columns))}"'
    unseen = "" if table.has_own_caption(heading) else ' class="unseen"'
    caption = f'<caption id="t{index}"{unseen}>{text(table.caption)}</caption>\n' if table.caption else ""
    head = "".join(
        f'<th scope="col"{_side(table, column)}>{text(name) or "&nbsp;"}</th>'
        for column, name in enumerate(table.columns)
    )
    rows = "".join(f"<tr>{''.join(_cells(table, row))}</tr>\n" for row in table.rows)
    return (
        f'<div class="scroll" role="group" tabindex="0" {name}>\n<table>\n{caption}'
        f"<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )


def _cells(table: Table, row: tuple[PageCell, ...]) -> Iterator[str]:
    for column, cell in enumerate(row):
        tag = '<th scope="row"' if column == 0 else "<td"
        yield f"{tag}{_side(table, column)}>{_cell(cell)}</{tag[1:3]}>"


def _side(table: Table, column: int) -> str:
    return ' class="number"' if column in table.numeric else ""


def _cell(cell: PageCell) -> str:
    if cell is None:
        return NOTHING
    escaped = text(str(cell))
    if isinstance(cell, DisplayValue) and isinstance(cell.value, date):
        return f'<time datetime="{cell.value.isoformat()}">{escaped}</time>'
    return escaped
