"""The letter that the fonts of a PDF lack, told by its number and name; and where on the page it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.render.escape import clean
from solidarity_cli.reports.pages.page import Bullets, Chart, Definitions, Heading, Page, Paragraph, Quote, Table

_TYPST_MESSAGE = re.compile(r'the text `"(.+)"` could not be displayed')
"""What the typesetter says of a letter without a glyph; of one that is put together, its first part alone."""

_RECORD = re.compile(r"[A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6}")
_MARKS = ("Mn", "Me", "Mc")
_MOST = 3

_HTML = "make it as HTML, and print that from a browser: --format html"


def lacking(page: Page, message: str) -> ExternalError:
    """The error that names the letter, and the records or the sections of the page in which it stands.

    Never the words around it. `message`: the typesetter's own sentence, which may quote the page.
    """
    match = _TYPST_MESSAGE.search(message)
    letters = _letters(page, match[1]) if match else ""
    if not letters:
        return ExternalError("the fonts of the PDF lack a letter that stands in this page", hint=_HTML)
    where = list(dict.fromkeys(place for place, text in _texts(page) if set(letters) & set(text)))
    # A heading that has the letter in it may hold somebody's words: those of our own have glyphs.
    where = ["a heading" if set(letters) & set(place) else place for place in where]
    more = f" and {len(where) - _MOST} more" if len(where) > _MOST else ""
    record = next((place for place in where if _RECORD.fullmatch(place)), "")
    return ExternalError(
        f"the fonts of the PDF lack {', '.join(map(_letter_name, letters))}, in {', '.join(where[:_MOST])}{more}",
        hint=_HTML + (f"; or take the letter out: solidarity edit {record} --set title=…" if record else ""),
    )


def _letters(page: Page, quoted: str) -> str:
    """The letters that lack a glyph: a plain one has its own, so that its marks are what is missing."""
    if not quoted.isascii():
        return "".join(dict.fromkeys(char for char in quoted if not char.isascii()))
    mark_runs = (
        match[1] for _, text in _texts(page) for match in re.finditer(rf"{re.escape(quoted)}([^\x00-\u036f]+)", text)
    )
    runs = (char for run in mark_runs for char in run[: _length_of_marks(run)])
    return "".join(dict.fromkeys(runs))


def _length_of_marks(run: str) -> int:
    return next((index for index, char in enumerate(run) if unicodedata.category(char) not in _MARKS), len(run))


def _letter_name(letter: str) -> str:
    return f"the letter U+{ord(letter):04X} ({unicodedata.name(letter, 'without a name')})"


def _texts(page: Page) -> Iterator[tuple[str, str]]:
    """(where, text) of everything on the page: where is the id of a record, or a section."""
    yield from (("the title of the page", clean(text)) for text in (page.title, page.subtitle))
    heading = "the head of the page"
    for block in page.blocks:
        if isinstance(block, Heading):
            heading = f"“{clean(block.text)}”"
        for row in _rows(block):
            records = [text for text in row if _RECORD.fullmatch(text)] or [heading]
            yield from ((record, clean(text)) for record in records for text in row)


def _rows(block: object) -> Iterator[tuple[str, ...]]:
    match block:
        case Heading() | Paragraph():
            yield (block.text,)
        case Quote():
            yield (block.text,)
        case Bullets():
            yield from ((item,) for item in block.items)
        case Definitions():
            yield from block.pairs
        case Chart():
            yield (block.title, *block.categories, *(series.name for series in block.series))
        case Table():
            yield (block.caption, *block.columns)
            yield from (tuple(str(cell) for cell in row if cell is not None) for row in block.rows)
