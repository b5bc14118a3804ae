"""The tables of a report read back from each format, by another hand than the one that wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from markdown_it import MarkdownIt
from openpyxl import load_workbook
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, DictionaryObject, IndirectObject

Row = tuple[str, ...]
Rows = list[Row]


def from_markdown(data: bytes) -> Rows:
    """Every row of every table, headings too."""
    rows: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(data.decode()):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows and token.level >= 4:
            rows[-1].append("".join(child.content for child in token.children or ()))
    return [tuple(row) for row in rows]


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def from_html(data: bytes) -> Rows:
    """Every row of every table, headings too."""
    parser = _Html()
    parser.feed(data.decode())
    return [tuple(row) for row in parser.rows]


def from_xlsx(data: bytes, said: Callable[[object], str]) -> Rows:
    """Every row of every sheet but the first, headings too; `said` turns a value into the page's words."""
    book = load_workbook(BytesIO(data))
    rows: Rows = []
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows(min_row=3, values_only=True):
            assert None not in row, "a cell with nothing to say has a dash"
            rows.append(tuple(said(value) for value in row))
    return rows


def from_pdf(data: bytes) -> Rows:
    """Every row of every table, headings too, by the tags that a screen reader follows."""
    reader = PdfReader(BytesIO(data))
    words = {page.indirect_reference.idnum: _marked(page, reader) for page in reader.pages if page.indirect_reference}
    rows: Rows = []

    def walk(node: Any, page: int) -> str:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            return "".join(walk(child, page) for child in node)
        if not isinstance(node, DictionaryObject):
            return words[page].get(int(node), "") if isinstance(node, int) else ""
        if "/Pg" in node:
            page = node.raw_get("/Pg").idnum
        if "/MCID" in node:
            return words[page].get(int(node["/MCID"]), "")
        if node.get("/S") == "/TR":
            kids = node["/K"] if isinstance(node["/K"], list) else [node["/K"]]
            rows.append(tuple(tidy(walk(kid, page)) for kid in kids))
            return ""
        return walk(node["/K"], page) if "/K" in node else ""

    walk(reader.trailer["/Root"]["/StructTreeRoot"], 0)
    return rows


def _marked(page: PageObject, reader: PdfReader) -> dict[int, str]:
    """The text of each marked piece of a page, by its number."""
    letters = {name: _letters(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    found: dict[int, str] = {}
    font, piece = "", -1
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        match operator:
            case b"BDC":
                piece = operands[1].get("/MCID", -1)
            case b"EMC":
                piece = -1
            case b"Tf":
                font = operands[0]
            case b"TJ" | b"Tj":
                parts = operands[0] if isinstance(operands[0], list) else [operands[0]]
                raw = b"".join(part.original_bytes for part in parts if hasattr(part, "original_bytes"))
                text = "".join(letters[font].get(raw[at : at + 2], "\ufffd") for at in range(0, len(raw), 2))
                found[piece] = found.get(piece, "") + text
    return found


def _letters(font: DictionaryObject) -> dict[bytes, str]:
    """Which letters the codes of a font stand for."""
    table = font["/ToUnicode"].get_data().decode("latin-1")  # type: ignore[attr-defined]
    return {
        bytes.fromhex(code): bytes.fromhex(letters).decode("utf-16-be")
        for code, letters in re.findall(r"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table)
    }


def tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def as_number(value: object) -> str:
    """A value of a workbook as this language writes it (English)."""
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y}"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
