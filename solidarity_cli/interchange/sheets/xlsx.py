"""XLSX read: text, numbers and days as they are; a formula, an error and a merged cell are no values.

A workbook is a zip of XML from somebody's machine. Before it is read it is looked through once, in pieces: how large it
gets when unpacked, how far its cells reach, and that no XML in it declares a document type, by which entities come.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.tabular.formula_guard import unguard
from solidarity_cli.interchange.sheets.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    Table,
    check_size,
    letter_of,
    too_large,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_UNPACKED = 200_000_000
_MOST_CELLS = 1_000_000
_MOST_ELEMENTS = 10_000_000
_PIECE = 1 << 16
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_FORMULA = "a formula stands here, and formulas are not carried out: put its value in its place"
_ERROR = "an error of the spreadsheet stands here"
_MERGED = "this cell is merged with one above or beside it: split it, and fill in what holds of this row"
_CLOCK = "a time of day without its day stands here"


def read_workbook(data: bytes, *, sheet: str = "") -> Table:
    """The rows of one sheet, the first unless it is named.

    Raises Refused for what is no workbook or a dangerous one, ExternalError where the package is missing that reads it.
    """
    _check_archive(data)
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.datetime import CALENDAR_MAC_1904
    except ModuleNotFoundError:
        raise ExternalError(
            "the package openpyxl is not installed, which reads XLSX files",
            hint="pip install 'solidarity-register[spreadsheets]'; or save the sheet as CSV",
        ) from None
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that no value depends on
            book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except Exception:  # whatever a library says of a broken file quotes it
        raise _unreadable_workbook() from None
    sheets = {worksheet.title: worksheet for worksheet in book.worksheets}
    selected = sheets.get(sheet) if sheet else next(iter(sheets.values()), None)
    if selected is None:
        raise Refused("the workbook has no such sheet", hint="sheet: its name, in the mapping")
    since_1904 = book.epoch == CALENDAR_MAC_1904
    return Table(check_size(_rows(selected)), epoch=date(1904, 1, 1) if since_1904 else date(1899, 12, 30))


def _rows(sheet: Worksheet) -> Iterator[Row]:
    covered = {
        (row, column)
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, merged.max_row + 1)
        for column in range(merged.min_col, merged.max_col + 1)
        if (row, column) != (merged.min_row, merged.min_col)
    }
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells, faults = {}, {}
        for index, cell in enumerate(row):
            letter, value = letter_of(index), cell.value
            if (number, index + 1) in covered:
                faults[letter] = _MERGED
            elif cell.data_type == "f":
                faults[letter] = _FORMULA
            elif cell.data_type == "e":
                faults[letter] = _ERROR
            elif isinstance(value, time | timedelta):
                faults[letter] = _CLOCK
            elif value is not None and (text := _cell_text(value)).strip():
                cells[letter] = text
        # A row that holds nothing but the rest of a merged title is empty.
        yield Row(number, cells, faults if cells or set(faults.values()) - {_MERGED} else {})


def _cell_text(value: Any) -> str:
    """A cell as text: a day as a day, a whole number without its point."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            is_day = value.time() == time()
            return value.date().isoformat() if is_day else value.isoformat(timespec="minutes")
        case float() if value.is_integer():
            return str(int(value))
    # A carriage return, which XML cannot hold, comes in this spelling from files that were made on Windows.
    return unguard(str(value).replace("_x000D_", ""))


def _check_archive(data: bytes) -> None:
    """Raises Refused unless a workbook is of a size and a form that can be read without harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            # A member never gives more than it declares here: what lies is cut off.
            if sum(member.file_size for member in members) > _MOST_UNPACKED or len(members) > 10_000:
                raise too_large()
            reach = _Reach()
            for member in members:
                with archive.open(member) as stream:
                    _parse(stream, reach)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        raise _unreadable_workbook() from None


def _parse(stream: IO[bytes], reach: _Reach) -> None:
    """Look through one part. What a part is called says nothing about what is read from it; a picture is no XML."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = reach.add_element
    reach.begin()
    try:
        while piece := stream.read(_PIECE):
            parser.Parse(piece)
    except expat.ExpatError:
        return  # whoever reads it as XML stops at the same place


def _refuse_document_type(*_: Any) -> None:
    raise Refused("the workbook declares a document type, as no spreadsheet does", hint="save it anew, or as CSV")


class _Reach:
    """How far the cells of each sheet reach, and how much there is in all."""

    def __init__(self) -> None:
        self._elements = self._merged = 0
        self.begin()

    def begin(self) -> None:
        """Another part of the workbook."""
        self._row = self._column = self._far_row = self._far_column = 0

    def add_element(self, name: str, attributes: dict[str, str]) -> None:
        """One element; raises Refused as soon as it is too much."""
        self._elements += 1
        match name.rpartition(":")[2]:
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
                self._reach(self._row, 0)
            case "c":
                # A cell says by itself where it is, whatever its row says.
                self._row, self._column = (
                    _parse_reference(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
                )
                self._reach(self._row, self._column)
            case "mergeCell":
                corners = [_parse_reference(corner) for corner in attributes.get("ref", "A1").split(":")]
                (top, left), (bottom, right) = corners[0], corners[-1]
                self._merged += (bottom - top + 1) * (right - left + 1)
                self._reach(bottom, right)
        if self._elements > _MOST_ELEMENTS or self._merged > _MOST_CELLS:
            raise too_large()

    def _reach(self, row: int, column: int) -> None:
        self._far_row, self._far_column = max(self._far_row, row), max(self._far_column, column)
        is_far = self._far_row > MOST_ROWS or self._far_column > MOST_COLUMNS
        if is_far or self._far_row * self._far_column > _MOST_CELLS:
            raise too_large()


def _parse_reference(reference: str) -> tuple[int, int]:
    """Row and column of `B3`, from 1. Raises ValueError for what is no place."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError("no place in a sheet")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _unreadable_workbook() -> Refused:
    return Refused(
        "the file cannot be read as a workbook: it is broken, locked with a password, or something else",
        hint="open it in a spreadsheet and save it as XLSX, or as CSV",
    )
