"""A file that comes in: which kind it is, its mapping, and what its rows say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.tabular.mapping import ImportMap
from solidarity_cli.interchange.sheets.csv import read_delimited
from solidarity_cli.interchange.sheets.jsonl import read_lines
from solidarity_cli.interchange.sheets.row_values import RowData, read_jsonl_rows, read_table_rows
from solidarity_cli.interchange.sheets.table import LARGEST_FILE, Table
from solidarity_cli.register.reader import Reader

_LINES = (".jsonl", ".ndjson", ".json")
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def bytes_of(file: Path) -> bytes:
    """The bytes of a file that a person named.

    Raises UsageError for what is no file, Refused for one that is too large.
    """
    try:
        if not file.is_file():  # a pipe would be waited for
            raise UsageError("FILE is no file that can be read", hint="solidarity import cases.xlsx")
        with file.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"FILE cannot be read: {error.strerror}", hint="solidarity import cases.xlsx") from None
    if len(data) > LARGEST_FILE:
        raise Refused(f"the file is larger than {LARGEST_FILE // 1_000_000} MB", hint="split it")
    if not data.strip():
        raise Refused("the file is empty", hint="solidarity export -o cases.csv makes one to begin with")
    if data.startswith(_OLD_OFFICE):
        raise Refused("this is a workbook of the old kind, or one with a password", hint="save it as XLSX, without one")
    return data


def is_lines(file: Path) -> bool:
    """Whether a file holds JSON Lines, by its name."""
    return file.suffix.lower() in _LINES


def table_of(data: bytes, mapping: ImportMap | None) -> Table:
    """The rows of a workbook or a CSV file, told apart by how they begin."""
    settings = mapping or ImportMap()
    if data.startswith(_ZIP):
        from solidarity_cli.interchange.sheets.xlsx import read_workbook

        return read_workbook(data, sheet=settings.sheet)
    return read_delimited(data, encoding=settings.encoding, delimiter=settings.delimiter)


def mapping_of(file: Path) -> ImportMap:
    """A mapping file. Raises Refused with the place where it is none."""
    from solidarity_cli.records.read import UnreadableError, read
    from solidarity_cli.records.schemas import Schemas, files_in, schema_folder

    try:
        plain = read(bytes_of(file))
    except UnreadableError as error:
        at = f", line {error.fault.line}" if error.fault.line else ""
        raise Refused(f"the mapping{at}: {error.fault.message}", hint=error.fault.hint) from None
    # The program's own schema: a mapping lies on somebody's desk, in no register.
    schemas = Schemas(files_in(schema_folder(None)))
    if not schemas.fits("import-map", plain):
        fault = schemas.explain("import-map", plain)[0]
        # The third part of a field may be a word of the sheet: it is not repeated.
        place = ".".join(fault.field.split(".")[:2]) if fault.field.startswith("columns.") else ""
        raise Refused(
            f"the mapping: {f'{place}: ' if place else ''}{fault.message}", hint="docs/guide/import.md shows one"
        )
    return ImportMap.from_plain(plain)


def read_rows(
    file: Path, reader: Reader, mapping: ImportMap | None, *, others: bool
) -> tuple[tuple[str, ...], Iterator[RowData]]:
    """Remarks on how a file was read, and what its rows say."""
    data = bytes_of(file)
    if is_lines(file):
        if mapping:
            raise UsageError("a mapping is for sheets; JSON Lines has our fields", hint="leave --map out")
        return (), read_jsonl_rows(read_lines(data))
    table = table_of(data, mapping)
    shapes = [reader.schemas.shape(kind) for kind in ("case", "action")]
    return table.remarks, read_table_rows(table, mapping, shapes, others=others)
