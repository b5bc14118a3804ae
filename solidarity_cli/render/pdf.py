"""A page as PDF: tagged and readable by ears (PDF/UA-1), fonts inside, the same bytes on every machine.

Typst sets it from `page.typ`. It gets the page as data, never as markup; no font, file or package of the machine.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.render.chart import chart_to_svg
from solidarity_cli.render.escape import clean
from solidarity_cli.render.missing_glyphs import lacking
from solidarity_cli.reports.pages.page import Block, Bullets, Chart, Definitions, Heading, Page, Paragraph, Quote, Table

NOTHING = "–"
"""A cell with nothing to say."""

_SHORT = 19
"""Letters up to which a column keeps its own width; longer ones share what is left, by their length."""


_FEW = 3
"""Columns up to which a table of short texts is as wide as its neighbours; with more it is as wide as it needs."""


def page_to_pdf(page: Page) -> bytes:
    """The page as a PDF file. Raises ExternalError for a letter that the fonts inside do not have."""
    import typst

    day = page.dated
    try:
        data = typst.compile(
            files("solidarity_cli.render").joinpath("page.typ").read_bytes(),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"page": json.dumps(page_data(page), ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise _typesetting_error(page, error) from None
    return data


def page_data(page: Page) -> dict[str, Any]:
    """What `page.typ` gets: every text cleaned, and none of it markup."""
    return {
        "title": clean(page.title),
        "subtitle": clean(page.subtitle),
        "language": page.language,
        "dated": [page.dated.year, page.dated.month, page.dated.day],
        "blocks": _blocks(page.blocks),
    }


def _typesetting_error(page: Page, error: Exception) -> ExternalError:
    """What typst says, in our words: its own may quote the page."""
    if "could not be displayed" in str(error) or "no glyph" in str(error):
        return lacking(page, str(error))
    return ExternalError(
        "the PDF could not be set", hint="make it as HTML, and print that from a browser: --format html"
    )


def _blocks(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """The blocks as data; a chart and the table of it as one."""
    parts: list[dict[str, Any]] = []
    heading = ""
    for index, block in enumerate(blocks):
        part = _block(block, index, heading)
        if isinstance(block, Heading):
            heading = block.text
        if isinstance(block, Table) and parts and parts[-1]["kind"] == "chart":
            beside = len(block.columns) <= 4 and len(block.rows) <= 20
            part = {"kind": "pair", "chart": parts.pop(), "table": part, "beside": beside}
        parts.append(part)
    return parts


def _block(block: Block, index: int, heading: str) -> dict[str, Any]:  # noqa: PLR0911 one for each kind of block
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": clean(block.text)}
        case Paragraph():
            return {"kind": "paragraph", "text": clean(block.text)}
        case Quote():
            return {"kind": "quote", "lines": [clean(line) for line in block.text.splitlines()]}
        case Bullets():
            return {"kind": "bullets", "items": [clean(item) for item in block.items]}
        case Definitions():
            return {"kind": "definitions", "pairs": [[clean(term), clean(what)] for term, what in block.pairs]}
        case Chart():
            return {
                "kind": "chart",
                "title": clean(block.title),
                "description": clean(block.description),
                "svg": chart_to_svg(block, f"c{index}"),
            }
        case Table():
            return _table(block, heading)


def _table(table: Table, heading: str) -> dict[str, Any]:
    columns = [clean(name) for name in table.columns]
    rows = [[NOTHING if cell is None else clean(str(cell)) for cell in row] for row in table.rows]
    return {
        "kind": "table",
        "caption": clean(table.caption) if table.has_own_caption(heading) else "",
        "columns": columns,
        "rows": rows,
        "numeric": list(table.numeric),
        "widths": _widths(table, list(zip(columns, *rows, strict=True))),
    }


def _widths(table: Table, columns: list[tuple[str, ...]]) -> list[int]:
    """0 for a column as wide as its texts, as numbers are; else its share of the room that is left."""
    longest = [max(map(len, texts)) for texts in columns]
    widths = [
        0 if index in table.numeric or letters <= _SHORT else min(letters, 48) for index, letters in enumerate(longest)
    ]
    if not any(widths) and len(widths) <= _FEW:
        widths[next((index for index in range(len(widths)) if index not in table.numeric), 0)] = 1
    return widths
