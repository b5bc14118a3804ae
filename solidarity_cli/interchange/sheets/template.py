"""The beginning of a mapping for somebody's sheet: its headers, with the field that each seems to be.

It repeats words of the sheet, for it is made for whoever has the sheet, and goes nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.tabular.date_formats import FORMATS, read_day
from solidarity_cli.core.tabular.mapping import EPOCH, is_ours, same
from solidarity_cli.core.verbs.edit import shape_of
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.interchange.sheets.row_values import find_header
from solidarity_cli.interchange.sheets.table import Row, Table

_MOST_WORDS = 60
_LANGUAGES = ("en", "ru", "de")


def template(table: Table, shape: Mapping[str, Any], words: Vocabulary) -> str:
    """A mapping file's text. Raises Refused for a sheet without a row."""
    guesses = _guesses()
    header_and_rows = find_header(table, lambda _, header: _field(header, guesses)) or _first(table)
    if header_and_rows is None:
        raise Refused("the sheet holds no row", hint="solidarity export -o cases.csv makes one to begin with")
    head, rows = header_and_rows
    lines = [
        "# Which column of the sheet is which field here. Look at every line: the fields are guesses by the headers.",
        "# Fields and their codes: solidarity explain fields, solidarity explain incident. More: docs/guide/import.md",
        "# This file repeats words of the sheet: keep it where you keep the sheet.",
        "schema_version: 1",
        f"header_row: {head.number}",
        "columns:",
    ]
    used_fields: set[str] = set()
    for letter, header in head.cells.items():
        field = _field(header, guesses)
        field = "" if field in used_fields else field
        used_fields.add(field)
        lines += _column(
            letter, header, field, [row.cells[letter] for row in rows if letter in row.cells], shape, words
        )
    lines += ["# constants:", "#   channel: other", "#   language: ru"]
    return "\n".join(lines) + "\n"


def _column(
    letter: str, header: str, field: str, cells: list[str], shape: Mapping[str, Any], words: Vocabulary
) -> Iterator[str]:
    yield f"  - header: {_quote(' '.join(header.split()))}  # column {letter}"
    if not field:
        yield "    ignore: true"
        return
    yield f"    field: {field}"
    field_shape = shape_of(field, shape)
    if field_shape.get("format") in ("date", "partial-date", "moment"):
        yield from _dates(cells)
    coded = field_shape.get("items", {}) if field_shape.get("type") == "array" else field_shape
    if field_shape.get("type") == "array":
        yield '    split: ";"'
        cells = [part.strip() for cell in cells for part in cell.split(";")]
    if "enum" in coded:
        yield from _values(cells, field, coded, words)


def _dates(cells: list[str]) -> Iterator[str]:
    """The formats that fit any of the cells; of two that fit the same cell, a person says which is meant."""
    foreign = [cell for cell in cells if not is_ours(cell)]
    fitting = [name for name in FORMATS if any(read_day(cell, [name], epoch=EPOCH) for cell in foreign)]
    if fitting:
        yield f"    dates: [{', '.join(fitting)}]"


def _values(cells: list[str], field: str, coded: Mapping[str, Any], words: Vocabulary) -> Iterator[str]:
    """The words of a column with the code whose label they are; the others to be filled in."""
    column_words = sorted({" ".join(cell.split()) for cell in cells if cell.strip()} - set(coded["enum"]))
    if not column_words:
        return
    labels = _labels(field, coded, words)
    known = [
        (word, code)
        for word in column_words
        if (code := next((label_code for label_code, label in labels if same(label, word)), ""))
    ]
    open_words = [word for word in column_words if word not in dict(known)]
    yield "    values:" if known else "    # values:"
    yield from (f"      {_quote(word)}: {_quote(code)}" for word, code in known)
    if len(column_words) <= _MOST_WORDS:
        yield from (f"    #   {_quote(word)}: …" for word in open_words)
    else:
        yield f"    #   … and {len(open_words)} more words"


def _labels(field: str, coded: Mapping[str, Any], words: Vocabulary) -> list[tuple[str, str]]:
    """(code, what people call it) in every language."""
    if field.endswith("country"):
        from solidarity_cli.render.locale_names import Names

        locales = [Names(language) for language in _LANGUAGES]
        return [(code, locale.country(code)) for code in coded["enum"] for locale in locales]
    name = coded.get("x-vocabulary", "")
    return [(code, words.label(name, code, language)) for code in coded["enum"] for language in _LANGUAGES]


def _field(header: str, guesses: Mapping[str, list[str]]) -> str:
    return next((field for field, words in guesses.items() if any(same(header, word) for word in words)), "")


def _guesses() -> dict[str, list[str]]:
    from solidarity_cli.records.read import read

    return read((resources.files("solidarity_cli.interchange.sheets") / "guesses.yaml").read_bytes())


def _first(table: Table) -> tuple[Row, tuple[Row, ...]] | None:
    """The first row of several cells: one alone is a title."""
    position = next((index for index, row in enumerate(table.rows) if len(row.cells) > 1), None)
    return None if position is None else (table.rows[position], table.rows[position + 1 :])


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
