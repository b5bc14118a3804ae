"""What the rows of a sheet say, field by field, in the words of the register; and what in them cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.tabular.flatten import MARKS, CellError, cell_of, leaves, value_of
from solidarity_cli.core.tabular.mapping import Column, ImportMap
from solidarity_cli.core.verbs.import_row import shape_at
from solidarity_cli.interchange.sheets.jsonl import Line
from solidarity_cli.interchange.sheets.table import Row, Table

Shape = Mapping[str, Any]

_HEADER_SEARCH_ROWS = 50
"""Rows in which the headers are looked for: a title or a note may stand above them."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be taken. `column` is a letter, and `field` a field of ours: never a word of the sheet."""

    message: str
    field: str = ""
    column: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RowData:
    """One row: the `record` it names, empty for a new case, and what it says.

    `cells`: field -> what stands there, text, or a value where the file has values. `columns`: field -> letter.
    """

    number: int
    record: str = ""
    cells: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    trouble: RowProblem | None = None
    is_text: bool = True

    def values(self, before: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
        """Field -> value of what the row says other than the record `before`. Raises RowError with the place.

        A cell that reads as the record would be written says nothing: so what was exported comes back as it was.
        """
        known = leaves(before)
        changes = {}
        for name, cell in self.cells.items():
            if name in known and (known[name] if not self.is_text else str(cell_of(known[name]))) == cell:
                continue
            try:
                field_shape = shape_at(name, shape)
            except UsageError:
                # In JSON Lines the name is whatever somebody typed: it is not repeated.
                problem = RowProblem("a record of this kind has no such field", name if self.is_text else "")
                raise RowError(problem) from None
            if "id" in field_shape.get("items", {}).get("properties", ()):
                raise self.unfit(name, "the items of this list have ids of their own", f"as in {name}.{name[0]}1.…")
            try:
                value = value_of(cell, field_shape) if self.is_text else cell
            except CellError as error:
                raise self.unfit(name, error.message, error.hint) from None
            if name not in known or known[name] != value:
                changes[name] = value
        return changes

    def unfit(self, name: str, message: str, hint: str = "") -> RowError:
        """The refusal of one of its cells."""
        return RowError(RowProblem(message, name, self.columns.get(name, ""), hint))


class RowError(Exception):
    """A row that cannot be taken, and why."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.message)
        self.trouble = problem


def read_jsonl_rows(lines: Iterable[Line]) -> Iterator[RowData]:
    """The rows of JSON Lines: their fields are ours, their values have kinds."""
    for line in lines:
        if line.record is None:
            yield RowData(line.number, trouble=RowProblem(line.fault))
            continue
        cells = {
            name: value
            for name, value in leaves(line.record).items()
            if name != "id" and value is not None and not (isinstance(value, str) and value in MARKS)
        }
        record_id = line.record.get("id")
        if record_id is not None and not isinstance(record_id, str):
            yield RowData(line.number, trouble=RowProblem("an id is a text", "id"))
        else:
            yield RowData(line.number, record_id or "", cells, is_text=False)


def read_table_rows(
    table: Table, mapping: ImportMap | None, shapes: Iterable[Shape], *, others: bool
) -> Iterator[RowData]:
    """The rows below the headers. `others`: columns that are none of ours are passed over.

    Raises Refused when no headers are found, or a column is neither ours nor in the mapping.
    """
    shapes = tuple(shapes)

    def column_for(letter: str, header: str) -> Column | None:
        if mapping:
            return mapping.column(letter, header)
        return Column(header, letter, header) if is_field(header, shapes) else None

    head, rows = _split_at_header(table, mapping, column_for)
    used = {letter for row in rows for letter in (*row.cells, *row.faults)}
    letters = sorted({*head.cells, *used}, key=lambda letter: (len(letter), letter))
    by_letter = {letter: column_for(letter, head.cells.get(letter, "").strip()) for letter in letters}
    columns = {letter: column for letter, column in by_letter.items() if column and column.field}
    _check_all_present(mapping, by_letter.values())
    if not (others or (mapping and mapping.passes_over_others)):
        _refuse_unknown([letter for letter, column in by_letter.items() if column is None], mapping)
    _check_unique(columns, shapes)
    for row in rows:
        yield _row_data(row, columns, table, mapping)


def is_field(name: str, shapes: Iterable[Shape]) -> bool:
    """Whether a name is a field of one of the kinds of records."""
    for shape in shapes:
        try:
            shape_at(name, shape)
        except UsageError:
            continue
        return True
    return False


def find_header(table: Table, known: Callable[[str, str], Any], row: int = 0) -> tuple[Row, tuple[Row, ...]] | None:
    """The row of headers and those below it: the row named, else the first with most cells that are `known`."""
    rows = table.rows
    if row:
        position = next((index for index, candidate in enumerate(rows) if candidate.number == row), None)
    else:
        match_counts = [
            sum(1 for cell in candidate.cells.items() if known(*cell)) for candidate in rows[:_HEADER_SEARCH_ROWS]
        ]
        position = match_counts.index(max(match_counts)) if any(match_counts) else None
    return None if position is None else (rows[position], rows[position + 1 :])


def _split_at_header(
    table: Table, mapping: ImportMap | None, column: Callable[[str, str], Column | None]
) -> tuple[Row, tuple[Row, ...]]:
    def known(letter: str, header: str) -> bool:
        # A letter stands above every row: it tells nothing about where the headers are.
        return column("" if mapping else letter, header.strip()) is not None

    row = mapping.header_row if mapping else 0
    if header_and_rows := find_header(table, known, row):
        return header_and_rows
    if mapping and not row and all(entry.letter for entry in mapping.columns):
        raise Refused("the mapping names letters only, so nothing tells the headers", hint="header_row: 1")
    raise Refused(
        "no row holds headers that are known",
        hint="begin a mapping of the sheet's own headers: solidarity import FILE --map-template > map.yaml",
    )


def _check_all_present(mapping: ImportMap | None, columns: Collection[Column | None]) -> None:
    """Raises Refused for a column of the mapping that the sheet does not have: it would be missed by nobody."""
    for place, column in enumerate(mapping.columns if mapping else ()):
        if column not in columns:
            raise Refused(f"the mapping: columns.{place} stands nowhere in the sheet", hint="compare its header")


def _refuse_unknown(letters: list[str], mapping: ImportMap | None) -> None:
    if letters:
        names = ", ".join(letters)
        what = "is not in the mapping" if mapping else "is no field of ours"
        hint = "in the mapping: ignore: true, or others: ignore" if mapping else "begin a mapping: --map-template"
        raise Refused(f"column {names} {what}", hint=f"{hint}; or pass over all such: --ignore-unknown")


def _check_unique(columns: Mapping[str, Column], shapes: Iterable[Shape]) -> None:
    fields: dict[str, str] = {}
    for letter, column in columns.items():
        if not is_field(column.field, shapes):
            raise Refused(
                f"the mapping gives column {letter} a field that there is not", hint="solidarity explain fields"
            )
        if column.field in fields:
            raise Refused(
                f"columns {fields[column.field]} and {letter} are both {column.field}",
                hint="name one of them by its letter",
            )
        fields[column.field] = letter


def _row_data(row: Row, columns: Mapping[str, Column], table: Table, mapping: ImportMap | None) -> RowData:
    letters = {column.field: letter for letter, column in columns.items()}
    record = row.cells.get(letters.get("id", ""), "").strip()
    cells = {}
    for letter, column in columns.items():
        if letter in row.faults:
            return RowData(row.number, record, trouble=RowProblem(row.faults[letter], column.field, letter))
        cell = row.cells.get(letter, "")
        if not cell.strip() or cell.strip() in MARKS or column.field == "id":
            continue
        try:
            cells[column.field] = column.translate(cell, table.epoch)
        except CellError as error:
            return RowData(row.number, record, trouble=RowProblem(error.message, column.field, letter, error.hint))
    if mapping and cells and not record:
        cells = {**mapping.constants, **cells}
    return RowData(row.number, record, cells, letters)
