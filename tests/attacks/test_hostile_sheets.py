"""Files that are no sheets, or dangerous ones: refused in words, quickly, and nothing happens."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.support.program import Run

SECRET = "Зинаида Морозова"


def _book(*rows: list[object]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _with(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for one in before.namelist():
            part = before.read(one)
            after.writestr(one, change(part) if one == name else part)
    return out.getvalue()


GOOD = _book(["received", "subject.country"], ["2026-10-01", "RU"])
SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'

BAD = {
    "empty.csv": (b" \n", "the file is empty"),
    "old.xls": (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old kind"),
    "cut.xlsx": (GOOD[:900], "cannot be read as a workbook"),
    "other.xlsx": (_with(GOOD, "[Content_Types].xml", lambda _: b"<x/>"), "cannot be read as a workbook"),
    "entities.xlsx": (_with(GOOD, SHEET, lambda _: ENTITIES), "declares a document type"),
    "far.xlsx": (_with(GOOD, SHEET, lambda part: part.replace(b'r="B2"', b'r="XFD2"')), "larger than"),
    "deep.xlsx": (_with(GOOD, SHEET, lambda part: part.replace(b'row r="2"', b'row r="1048576"')), "larger than"),
    "merged.xlsx": (
        _with(GOOD, SHEET, lambda part: part.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
        "larger than",
    ),
    "small.xlsx": (_with(GOOD, SHEET, lambda part: part.replace(b'r="B2"', b'r="xfd2"')), "larger than"),
    "lying.xlsx": (_with(GOOD, SHEET, lambda part: part.replace(b'r="B2"', b'r="B1048576"')), "larger than"),
    "often.xlsx": (
        _with(GOOD, SHEET, lambda part: part.replace(b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:J9000"/>' * 20 + b"</mergeCells>")),
        "larger than",
    ),
    "hidden.xlsx": (_with(GOOD, "docProps/core.xml", lambda _: ENTITIES.decode().encode("utf-16")), "declares a document type"),
    "bomb.xlsx": (_with(GOOD, "docProps/app.xml", lambda _: b" " * 210_000_000), "larger than"),
    "numbers.xlsx": (_with(GOOD, SHEET, lambda part: part.replace(b'row r="2"', b'row r="two"')), "cannot be read"),
    "quote.csv": (b'received,title\n2026-10-01,"never closed\n', "a quote is never closed"),
    "wide.csv": (b"received," + b"x," * 600 + b"\n", "larger than"),
    "long.csv": (b"received\n" + b"2026-10-01\n" * 20_001, "larger than"),
    "strange.csv": (f"{SECRET},{SECRET}\n1,2\n".encode(), "no row holds headers"),
    "unknown.csv": (f"received,{SECRET},title\n2026-10-01,x,y\n".encode(), "column B is no field of ours"),
    "unnamed.csv": (b"received,,title\n2026-10-01,x,y\n", "column B is no field of ours"),
    "twice.csv": (b"received,received\n2026-10-01,2026-10-02\n", "columns A and B are both received"),
    "latin.jsonl": (f'{{"a": "{SECRET}"}}'.encode("cp1251"), "not written in UTF-8"),
}  # fmt: skip


@pytest.fixture
def refused(run: Run, git: Callable[..., str], tmp_path: Path) -> Callable[..., str]:
    """`refused(file)`: why nothing at all is imported, without a word of the file."""

    def told(file: Path, *options: str) -> str:
        answer = run("import", file, *options)
        assert answer.exit_code in (1, 2), answer
        assert answer.out == ""
        assert not [word for word in SECRET.split() if word in answer.err]
        assert "made a mistake" not in answer.err
        assert git("status", "--porcelain") == ""
        return answer.err

    return told


def test_what_is_no_sheet_is_refused_in_words(refused: Callable[..., str], tmp_path: Path) -> None:
    for name, (data, says) in BAD.items():
        file = tmp_path / name
        file.write_bytes(data)
        assert says in refused(file), name
    for nothing in (tmp_path / SECRET, tmp_path, Path(os.devnull)):
        assert "no file that can be read" in refused(nothing)
    (tmp_path / "good.jsonl").write_text("{}")
    assert "a mapping is for sheets" in refused(tmp_path / "good.jsonl", "--map-template")


def test_foreign_columns_are_passed_over_when_asked(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "unknown.csv"
    file.write_bytes(f"received,{SECRET},subject.country\n2026-10-01,x,KZ\n".encode())
    assert run("import", file, "--ignore-unknown").exit_code == 0
    assert run("list").out.count("KZ") == 2


def test_a_register_that_cannot_be_written_stays_as_it_was(
    run: Run, register: Path, git: Callable[..., str], tmp_path: Path
) -> None:
    file = tmp_path / "good.xlsx"
    file.write_bytes(GOOD)
    (register / ".git" / "index.lock").touch()
    answer = run("import", file)
    assert answer.exit_code == 3
    (register / ".git" / "index.lock").unlink()
    assert (git("status", "--porcelain"), list(register.glob("cases/*/*.yaml"))) == ("", [])


def test_an_export_is_whole_or_not_there(run: Run, register: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    for place, code in ((tmp_path / "no" / "x.csv", 2), (tmp_path, 2), (Path("-"), 2)):
        assert run("export", "-o", place).exit_code == code, place
    assert run("export", "--format", "pdf").exit_code == 2
    assert run("export", "-o", tmp_path / "empty.csv").exit_code == 0
    assert run("import", tmp_path / "empty.csv").exit_code == 0
