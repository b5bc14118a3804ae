"""What a mapping file says: which foreign column is which field of ours, and what its words mean."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from solidarity_cli.core.tabular.date_formats import read_day
from solidarity_cli.core.tabular.flatten import CellError

EPOCH = date(1899, 12, 30)
"""The day that spreadsheets number 0; those that count from 1904 say so in the file."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a foreign sheet, found by its `header` or its `letter`. Without a `field` it is passed over.

    `values`: the sheet's words, folded -> ours. `dates`: formats, tried in this order. `offset`: of times without one.
    `split`: what stands between the items of a list.
    """

    header: str = ""
    letter: str = ""
    field: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    dates: tuple[str, ...] = ()
    offset: str = ""
    split: str = ""

    def translate(self, cell: str, epoch: date = EPOCH) -> str:
        """A cell in our words; a word that stands in no table stays. Raises CellError for a day in no known format."""
        if self.split:
            parts = [part.strip() for part in cell.split(self.split)]
            return ", ".join(self._word(part) for part in parts if part)
        if self.dates and not is_ours(cell):
            day = read_day(cell, self.dates, epoch=epoch)
            if day is None:
                raise CellError("this is no day in a format that the mapping names", "add its format under dates")
            return day
        if self.offset and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", cell):
            return cell + self.offset
        return self._word(cell)

    def _word(self, cell: str) -> str:
        return self.values.get(_fold_word(cell), cell)


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A mapping file. `header_row` counts from 1, 0 when it is to be found; `sheet` is empty for the first one.

    `constants` are told of every new case, where its row does not say otherwise.
    """

    columns: tuple[Column, ...] = ()
    constants: Mapping[str, str] = dataclasses.field(default_factory=dict)
    sheet: str = ""
    header_row: int = 0
    encoding: str = ""
    delimiter: str = ""
    passes_over_others: bool = False

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ImportMap:
        """A mapping from a plain one of the shape of `schemas/import-map.schema.json`."""
        return cls(
            columns=tuple(_column(column) for column in plain.get("columns", ())),
            constants=dict(plain.get("constants", {})),
            sheet=plain.get("sheet", ""),
            header_row=plain.get("header_row", 0),
            encoding=plain.get("encoding", ""),
            delimiter={"tab": "\t"}.get(plain.get("delimiter", ""), plain.get("delimiter", "")),
            passes_over_others=plain.get("others") == "ignore",
        )

    def column(self, letter: str, header: str) -> Column | None:
        """What it says of one column of a sheet; by the letter before the header. None when it says nothing."""
        by_letter = next(
            (candidate for candidate in self.columns if candidate.letter and candidate.letter == letter), None
        )
        return by_letter or next(
            (candidate for candidate in self.columns if candidate.header and same(candidate.header, header)), None
        )


def _column(plain: Mapping[str, Any]) -> Column:
    return Column(
        header=plain.get("header", ""),
        letter=plain.get("column", ""),
        field=plain.get("field", ""),
        values={_fold_word(word): code for word, code in plain.get("values", {}).items()},
        dates=tuple(plain.get("dates", ())),
        offset=plain.get("offset", ""),
        split=plain.get("split", ""),
    )


def same(header: str, other: str) -> bool:
    """Whether two headers are one, as people read them."""
    return _fold_word(header) == _fold_word(other)


def _fold_word(word: str) -> str:
    """A word as it is compared: capitals and spaces make no difference, nor do two spellings of a letter."""
    return " ".join(word.casefold().replace("ё", "е").split())


def is_ours(cell: str) -> bool:
    """Whether a cell is a day that a workbook gave as a day, or that was written our way."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", cell.strip()) is not None
