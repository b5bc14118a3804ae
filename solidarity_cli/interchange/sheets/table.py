"""A sheet as rows of cells, whatever file it came in; how much of one is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.tabular.mapping import EPOCH

LARGEST_FILE = 50_000_000
"""Bytes."""

MOST_ROWS = 20_000
MOST_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a spreadsheet numbers it, from 1. `cells`: letter of a column -> text; empty cells are left out.

    `faults`: letter -> why a cell cannot be read, for those that cannot.
    """

    number: int
    cells: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet that hold anything. `epoch` is the day that its serial numbers count from.

    `remarks` are sentences about how it was read.
    """

    rows: tuple[Row, ...]
    epoch: date = EPOCH
    remarks: tuple[str, ...] = ()


def check_size(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows that hold anything. Raises Refused for a sheet that is too large to look through."""
    filled: list[Row] = []
    for row in rows:
        if row.cells or row.faults:
            filled.append(row)
        if len(filled) > MOST_ROWS:
            raise too_large()
    return tuple(filled)


def too_large() -> Refused:
    """The refusal of a sheet that nobody can look through."""
    return Refused(
        f"the sheet is larger than {MOST_ROWS:,} rows, {MOST_COLUMNS} columns, or a million cells",
        hint="split it into several files; delete rows and columns that are empty and only formatted",
    )


def letter_of(index: int) -> str:
    """The letter of a column counted from 0: A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
