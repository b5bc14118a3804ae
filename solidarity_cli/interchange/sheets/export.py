"""Records for an export: whole, or their open part; as JSON Lines, or a row each for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.tabular.flatten import ELSEWHERE, cell_of, leaves, places, standing
from solidarity_cli.core.tabular.formula_guard import guard
from solidarity_cli.core.token_format import mask_tokens
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.register.reader import Reader

Plain = Mapping[str, Any]
Cell = str | int

_LONGEST = 32_767
"""Letters in a cell of a workbook, as it counts them: an emoji is two."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
"""Characters that a workbook holds as `_x000B_`, or not at all, and texts that look like one of those."""


def records(
    reader: Reader, kinds: Sequence[str], *, private: bool, only: Collection[str] | None = None
) -> Iterator[dict[str, Any]]:
    """The valid records, kind by kind in the order of their paths; without their private part unless it is asked for.

    `only`: those cases, and the actions that serve one of them. What is sealed to the caller is `[sealed]`.
    """
    parts = {blob: plain for blob, _, plain in reader.cache.open_parts(kinds=tuple(kinds))}
    paths = {
        path: blob
        for kind in kinds
        for path, blob in reader.ordinary()
        if record_kind(path) == kind and blob in parts and name_of(path) == parts[blob]["id"]
    }
    if only is not None:
        paths = {path: blob for path, blob in paths.items() if _is_selected(parts[blob], only)}
    if private:
        yield from _opened_records(reader, paths)
    else:
        yield from ({key: value for key, value in parts[blob].items() if key != "private"} for blob in paths.values())


def _is_selected(plain: Plain, only: Collection[str]) -> bool:
    return plain["id"] in only or any(case in only for case in plain.get("cases", ()))


def _opened_records(reader: Reader, paths: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    from solidarity_cli.crypto.keyring.sealer import Seals
    from solidarity_cli.records.read import read

    seals = Seals(lambda: reader.keyring, ahead=[name_of(path) for path in paths])
    data = dict(reader.snapshot.read(paths.values()))
    for path, blob in paths.items():
        yield mask_tokens(seals.opened(name_of(path), read(data[blob] or b"")))


def rows(records: Iterable[Plain], shape: Plain, *, private: bool) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows, a record each: every field that a record may have once, and what items these records have."""
    flat_records = [{"id": record["id"], **leaves(record)} for record in records]
    names = {name for name in standing(shape) if private or not name.startswith("private.")}
    names -= {name for name in names if name.startswith("erasure.")}
    columns = sorted(names.union(*flat_records), key=lambda name: places(name, shape))
    columns.sort(key=lambda name: name != "id")
    return columns, [[record.get(name) for name in columns] for record in flat_records]


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV with a line of headers, lines as RFC 4180 ends them; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def to_workbook(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, made: date) -> tuple[bytes, int]:
    """Rows as XLSX: text as text, and nothing that acts; and how many cells no workbook can hold.

    Raises ExternalError where the package is missing that writes it.
    """
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError:
        raise ExternalError(
            "the package xlsxwriter is not installed, which makes XLSX files",
            hint="pip install 'solidarity-register[spreadsheets]'; or --format csv",
        ) from None
    out, lost = io.BytesIO(), 0
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        book.set_properties({"created": datetime(made.year, made.month, made.day)})  # noqa: DTZ001 a day has no clock
        sheet = book.add_worksheet("cases")
        bold = book.add_format({"bold": True})
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                cell = _cell(value)
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif _fits(cell):
                    sheet.write_string(number, column, cell) if cell else None
                else:
                    sheet.write_string(number, column, ELSEWHERE)
                    lost += 1
        sheet.freeze_panes(1, 1)
    return out.getvalue(), lost


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    cell = cell_of(value)
    return cell if isinstance(cell, int) else guard(cell)


def _fits(cell: str) -> bool:
    return len(cell.encode("utf-16-le", "surrogatepass")) // 2 <= _LONGEST and not _NOT_IN_XML.search(cell)
