"""CSV and its relatives: commas, semicolons or tabs; UTF-8 with or without a mark, UTF-16, or an older set."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.record_size import LARGEST_RECORD
from solidarity_cli.core.tabular.formula_guard import unguard
from solidarity_cli.interchange.sheets.table import MOST_COLUMNS, Row, Table, check_size, letter_of, too_large

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 30
"""Rows from which the delimiter is told."""


def read_delimited(data: bytes, *, encoding: str = "", delimiter: str = "") -> Table:
    """The rows of a CSV file. Raises Refused for one that cannot be read as rows."""
    text, remarks = _text(data, encoding)
    csv.field_size_limit(LARGEST_RECORD)
    return Table(check_size(_rows(text, delimiter or _delimiter(text))), remarks=remarks)


def _text(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    if encoding:
        try:
            return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), ()
        except UnicodeError:
            raise Refused(
                "the file is not written in the encoding that the mapping names", hint="encoding: …"
            ) from None
    from solidarity_cli.interchange.email.mime.charset import decode

    decoded = decode(data, None)
    if decoded.guessed:
        remark = "the file is not written in UTF-8; its letters were guessed: look at the names before you go on"
        return decoded.text, (remark,)
    return decoded.text, ()


def _delimiter(text: str) -> str:
    """The sign by which most of the first rows have equally many cells, and then the most: text has such signs too."""

    def agreement(sign: str) -> tuple[int, int]:
        try:
            lengths = Counter(len(cells) for cells, _ in zip(_parse(text, sign), range(_SAMPLE_ROWS), strict=False))
        except csv.Error:
            return 0, 0
        return max(((rows, cells) for cells, rows in lengths.items() if cells > 1), default=(0, 0))

    return max(_DELIMITERS, key=agreement)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    try:
        for number, cells in enumerate(_parse(text, delimiter), start=1):
            if len(cells) > MOST_COLUMNS:
                raise too_large()
            yield Row(number, {letter_of(index): unguard(cell) for index, cell in enumerate(cells) if cell.strip()})
    except csv.Error:
        raise Refused(
            "the file cannot be read as rows of cells: a quote is never closed, or one cell is larger than 1 MB",
            hint="open it in a spreadsheet and save it as XLSX",
        ) from None


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
