"""A page as a workbook: a sheet a table, real numbers and days; a first sheet with everything that is no table.

Nothing in it acts: no formula, no link, no macro comes of anybody's words. The same page gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from solidarity_cli.render.escape import clean
from solidarity_cli.reports.pages.page import (
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

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_LONGEST = 32_000
"""A cell of a workbook holds 32,767 letters."""

_WIDEST = 60

NOTHING = "–"
"""A cell with nothing to say: an empty one would be taken for none."""

_NAMES = {"en": "Report", "ru": "Отчёт", "de": "Bericht"}


def page_to_xlsx(page: Page) -> bytes:
    """The page as an XLSX file."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        created = datetime(page.dated.year, page.dated.month, page.dated.day, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": _cut(text(page.title), 250), "created": created})
        formats = _formats(book)
        _front(book.add_worksheet(_NAMES.get(page.language, _NAMES["en"])), page, formats)
        number = 0
        for heading, block in _under_headings(page):
            if isinstance(block, Table):
                number += 1
                _sheet(book.add_worksheet(_name(number, block.caption or heading)), heading, block, formats)
    return out.getvalue()


def text(words: str) -> str:
    """The one place where words become text of a cell; one that is too long for a cell says that it was cut."""
    cleaned = clean(words)
    cut = _cut(cleaned, _LONGEST)
    return cleaned if cut == cleaned else cut + " …"


def _cut(words: str, units: int) -> str:
    """The beginning of `words`, as workbooks count letters: in UTF-16, an emoji is two."""
    return words.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "ignore")


def _formats(book: Workbook) -> dict[str, Any]:
    wrapped = {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 15}),
        "heading": book.add_format({"bold": True, "font_size": 12}),
        "bold": book.add_format({"bold": True, **wrapped}),
        "head": book.add_format({"bold": True, "bottom": 1, **wrapped}),
        "head number": book.add_format({"bold": True, "bottom": 1, "align": "right", **wrapped}),
        "text": book.add_format(wrapped),
        "number": book.add_format({"align": "right", "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
    }


def _under_headings(page: Page) -> Iterator[tuple[str, Any]]:
    heading = ""
    for block in page.blocks:
        if isinstance(block, Heading):
            heading = block.text
        yield heading, block


def _front(sheet: Worksheet, page: Page, formats: dict[str, Any]) -> None:
    """Title, facts and meanings, in the order of the page."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, text(page.title), formats["title"])
    sheet.write_string(1, 0, text(page.subtitle))
    row = 3
    last_heading = ""
    for heading, block in _under_headings(page):
        lines = list(_lines(block))
        if lines and heading != last_heading:
            sheet.write_string(row, 0, text(heading), formats["heading"])
            row, last_heading = row + 1, heading
        for first, second in lines:
            if second is None:
                sheet.merge_range(row, 0, row, 1, "", formats["text"])
                sheet.write_string(row, 0, first, formats["text"])
                sheet.set_row(row, 15 * (1 + len(first) // 115))
            else:
                sheet.write_string(row, 0, first, formats["bold"])
                sheet.write_string(row, 1, second, formats["text"])
            row += 1
        row += 1 if lines else 0


def _lines(block: Any) -> Iterator[tuple[str, str | None]]:
    match block:
        case Paragraph():
            yield text(block.text), None
        case Quote():
            yield from ((text(line), None) for line in block.text.splitlines())
        case Bullets():
            yield from ((text(item), None) for item in block.items)
        case Definitions():
            yield from ((text(term), text(meaning)) for term, meaning in block.pairs)
        case Heading() | Chart() | Table():
            return


def _sheet(sheet: Worksheet, heading: str, table: Table, formats: dict[str, Any]) -> None:
    """Heading and caption, the names of the columns in the third row, then one row each."""
    sheet.write_string(0, 0, text(heading), formats["heading"])
    if table.has_own_caption(heading):
        sheet.write_string(1, 0, text(table.caption))
    for column, name in enumerate(table.columns):
        sheet.write_string(2, column, text(name), formats["head number" if column in table.numeric else "head"])
        longest = max((len(str(row[column])) for row in table.rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(name), 8) + 2, _WIDEST))
    for row, cells in enumerate(table.rows, start=3):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell, formats, is_number=column in table.numeric)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write(
    sheet: Worksheet, row: int, column: int, cell: PageCell, formats: dict[str, Any], *, is_number: bool
) -> None:
    """A number as a number, "1,234" too, a day as a day; "10 or more" is neither, and stays text."""
    value = cell.value if isinstance(cell, DisplayValue) else cell
    match value:
        case None:
            sheet.write_string(row, column, NOTHING, formats["number" if is_number else "text"])
        case date():
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001 a day has no clock
        case float():
            sheet.write_number(row, column, value, formats["number"])
        case int() if re.sub(r"[\s.,]", "", str(cell)) == str(value):
            sheet.write_number(row, column, value, formats["number"])
        case _:
            sheet.write_string(row, column, text(str(cell)), formats["number" if is_number else "text"])


def _name(number: int, caption: str) -> str:
    """The name of a sheet: numbered, so that no two are alike; without what a name may not hold."""
    name = re.sub(r"[\[\]:*?/\\']", " ", clean(caption))
    return _cut(f"{number}. {name}", 31).rstrip()
