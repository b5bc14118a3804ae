"""What is exported and imported again changes nothing: every record, every format, open and sealed."""

from __future__ import annotations

import io
import json
import re
import stat
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from solidarity_cli.core.tabular.flatten import ELSEWHERE, cell_of, value_of
from solidarity_cli.core.tabular.formula_guard import guard, unguard
from solidarity_cli.interchange.sheets.csv import read_delimited
from solidarity_cli.interchange.sheets.export import to_csv, to_workbook
from solidarity_cli.interchange.sheets.xlsx import read_workbook
from tests.support.program import run_at
from tests.support.sheet_registers import FORMATS

State = Callable[[Path], str]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("private", [(), ("--private",)])
def test_the_open_sample_comes_back_as_it_was(
    form: str, private: tuple[str, ...], sample: Path, state: State, tmp_path: Path
) -> None:
    before, file = state(sample), tmp_path / f"all.{form}"
    assert run_at(sample, "export", *private, "-o", file).exit_code == 0
    answer = run_at(sample, "import", file)
    assert (answer.exit_code, answer.out) == (0, "")
    assert "0 created, 0 updated" in answer.err
    assert "nothing to change" in answer.err
    assert state(sample) == before


@pytest.mark.parametrize("form", FORMATS)
def test_the_sealed_sample_comes_back_as_it_was_with_a_key_and_without(
    form: str, sealed: tuple[Path, Path], state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, identities = sealed
    before = state(register)
    for keys, name in ((identities, "mine"), (tmp_path / "nobody", "theirs")):
        monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(keys))
        file = tmp_path / f"{name}.{form}"
        assert run_at(register, "export", "--private", "-o", file).exit_code == 0
        monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(identities))
        answer = run_at(register, "import", file)
        assert (answer.exit_code, answer.out) == (0, ""), answer
        assert state(register) == before
    text = (tmp_path / "theirs.jsonl").read_text() if form == "jsonl" else ""
    assert form != "jsonl" or ("[sealed]" in text and "sealed:1:" not in text)


def test_silence_is_the_default(sealed: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register, identities = sealed
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(identities))
    for form in FORMATS:
        answer = run_at(register, "export", "-o", tmp_path / f"open.{form}")
        assert answer.exit_code == 0
        assert "private" not in answer.err
    assert "private." not in (tmp_path / "open.csv").read_text()
    assert '"private"' not in (tmp_path / "open.jsonl").read_text()
    book = openpyxl.load_workbook(tmp_path / "open.xlsx")
    assert not any("private." in str(cell.value) for row in book.active.iter_rows() for cell in row)
    to_a_pipe = run_at(register, "export", "--private")
    assert (to_a_pipe.exit_code, to_a_pipe.out) == (2, "")
    inside = run_at(register, "export", "--private", "-o", register / "cases" / "p.csv")
    assert (inside.exit_code, (register / "cases" / "p.csv").exists()) == (1, False)
    private = run_at(register, "export", "--private", "-o", tmp_path / "private.csv")
    assert "readable by you only" in private.err
    assert stat.S_IMODE((tmp_path / "private.csv").stat().st_mode) == 0o600
    again = run_at(register, "export", "-o", tmp_path / "open.csv")
    assert again.exit_code == 2  # nothing is overwritten


def test_an_export_is_of_the_cases_asked_for_and_of_the_day_asked_for(sample: Path) -> None:
    def lines(*asked: str) -> list[dict[str, Any]]:
        answer = run_at(sample, "export", "--format", "jsonl", *asked)
        assert answer.exit_code == 0, answer
        return [json.loads(line) for line in answer.out.splitlines()]

    everything = lines()
    some = lines("--country", "by", "--status", "active")
    cases = {one["id"] for one in some if "cases" not in one}
    assert cases == {
        one["id"] for one in everything if one.get("subject", {}).get("country") == "BY" and one["status"] == "active"
    }
    assert cases
    assert all(set(one["cases"]) & cases for one in some if "cases" in one)
    assert lines("--as-of", "HEAD") == everything
    assert run_at(sample, "export", "--as-of", "1999").exit_code == 1
    assert run_at(sample, "export", "--status", "Иванов").exit_code == 2


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ITEMS = st.lists(TEXT, max_size=4)


@given(text=TEXT)
def test_a_guarded_cell_never_acts_and_is_read_back(text: str) -> None:
    cell = guard(text)
    assert not re.match(r"\s*[=+\-@＝＋－＠\t\r\n]", cell)
    assert unguard(cell) == text


@given(items=ITEMS)
def test_a_list_is_one_cell_and_is_read_back(items: list[str]) -> None:
    cell = cell_of(items)
    assert value_of(str(cell), {"type": "array", "items": {"type": "string"}}) == items


@settings(max_examples=40)
@example(rows=[["0", "\n"]])
@given(rows=st.lists(st.lists(TEXT, min_size=2, max_size=3), min_size=1, max_size=3))
def test_any_text_comes_back_from_a_file(rows: list[list[str]]) -> None:
    head = ["id", "title", "private.place"]
    csv = read_delimited(to_csv(head, rows).encode())
    book, lost = to_workbook(head, rows, made=date(2026, 10, 31))
    xlsx = read_workbook(book)
    whole = {number: _visible(row) for number, row in enumerate([head, *rows], start=1)}
    # A cell of nothing but spaces and line ends may come back or not, for no eye can tell; and never as another.
    written = dict(enumerate([head, *rows], start=1))
    assert all(text == written[row.number]["ABC".index(at)] for row in csv.rows for at, text in row.cells.items())
    told, found = ({row.number: _seen(row.cells) for row in book.rows} for book in (csv, xlsx))
    assert {number: row for number, row in told.items() if row} == {number: row for number, row in whole.items() if row}
    assert all(found[number].keys() >= row.keys() for number, row in whole.items() if row)
    odd = [text for number, row in found.items() for at, text in row.items() if text != whole[number].get(at)]
    assert odd == [ELSEWHERE] * lost


def _visible(row: list[str]) -> dict[str, str]:
    return _seen(dict(zip("ABC", row, strict=False)))


def _seen(cells: Mapping[str, str]) -> dict[str, str]:
    return {letter: text for letter, text in cells.items() if text.strip()}


def test_no_formula_lives_in_an_export(register: Path, run: Any, new_case: Any, tmp_path: Path) -> None:
    evil = ['=HYPERLINK("http://x.example","y")', "+1+1", "-2", "@SUM(A1)", " =1", "'=1", "=cmd|' /C calc'!A0"]
    for words in evil:
        new_case("--country", "RU", "--incident", "search", "--name", words, "--narrative", f" {words}\n\r\t{words}")
    for form in FORMATS:
        file = tmp_path / f"evil.{form}"
        assert run("export", "--private", "-o", file).exit_code == 0
        answer = run("import", file)
        assert "0 created, 0 updated, 7 unchanged, 0 refused" in answer.err, answer
    for row in openpyxl.load_workbook(tmp_path / "evil.xlsx").active.iter_rows():
        assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for cell in row)
    data = (tmp_path / "evil.csv").read_text(encoding="utf-8-sig")
    import csv as reader

    cells = [cell for row in reader.reader(io.StringIO(data, newline="")) for cell in row]
    assert not [cell for cell in cells if re.match(r"\s*[=+@-]", cell)]


def test_what_no_cell_holds_is_left_out_of_the_workbook_and_stays_in_the_record(
    run: Any, new_case: Any, tmp_path: Path
) -> None:
    new_case("--country", "RU", "--incident", "search", "--narrative", "я" * 40_000)
    answer = run("export", "--private", "-o", tmp_path / "long.xlsx")
    assert "texts that do not fit into a workbook: 1;" in answer.err
    assert "0 updated, 1 unchanged" in run("import", tmp_path / "long.xlsx").err
    assert run("export", "--private", "-o", tmp_path / "long.csv").exit_code == 0
    assert "0 updated, 1 unchanged" in run("import", tmp_path / "long.csv").err
