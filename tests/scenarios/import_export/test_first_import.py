"""An existing spreadsheet becomes a register: 300 rows of mixed quality, by a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import sheets
from tests.support.program import Answer, Run

Report = Callable[..., dict[str, Any]]

SAYS = {
    "a day that is none": ("received", "B", "no day in a format"),
    "a country nobody knows": ("subject.country", "C", "a country is two capital letters"),
    "an incident nobody knows": ("incidents.i1.type", "D", "type is one of"),
    "a formula": ("subject.country", "C", "a formula stands here"),
    "an error": ("subject.country", "C", "an error of the spreadsheet"),
    "merged": ("subject.country", "C", "this cell is merged"),
    "no day": ("received", "B", "needs the day"),
    "a day to come": ("received", "B", "still to come"),
    "a name in the open": ("subject.region", "J", "holds a value of"),
}


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    file = tmp_path / "map.yaml"
    file.write_text(sheets.MAP.lstrip())
    return file


def silent(answer: Answer) -> Answer:
    said = answer.out + answer.err
    assert not [piece for piece in sheets.SECRETS if piece in said], said
    return answer


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_workbook_is_taken_over(
    since_1904: bool, run: Run, report: Report, git: Callable[..., str], mapping: Path, tmp_path: Path
) -> None:
    made, file = sheets.sheet(), tmp_path / "обращения Тайного.xlsx"
    sheets.workbook(file, made, since_1904=since_1904)
    before = git("rev-parse", "HEAD")
    strict = silent(run("import", file, "--map", mapping, "--strict"))
    assert strict.exit_code == 1
    assert "nothing was imported" in strict.err
    tried = silent(run("import", file, "--map", mapping, "--dry-run"))
    assert (tried.exit_code, tried.out.count("SG-")) == (1, 0)
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (before, "")
    if since_1904:
        told = {"rows": [], "counts": {"created": int(tried.err.split()[0])}}
    else:
        told = report(file, "--map", mapping)
        _is_as_made(told, made)
        assert git("rev-list", "--count", f"{before.strip()}..HEAD").strip() == "1"
        assert git("status", "--porcelain") == ""
        assert not [piece for piece in sheets.SECRETS if piece in git("log", "-1", "--format=%B")]
        assert git("log", "-1", "--format=%B").count("Case: ") == 300 - 57
        silent(run("validate"))
        assert run("validate").exit_code == 0
        months = Counter(line.split("\t")[2][:7] for line in run("list").out.splitlines())
        assert sum(months.values()) == 243
        assert min(months) == "2026-01"
        assert max(months) == "2026-10"
    assert told["counts"]["created"] == 243


def _is_as_made(told: dict[str, Any], made: sheets.Sheet) -> None:
    assert told["counts"] == {"created": 243, "updated": 0, "unchanged": 0, "refused": 57}
    refused = {row["row"]: row for row in told["rows"] if row["what"] == "refused"}
    assert refused.keys() == made.wrong.keys()
    for number, reason in made.wrong.items():
        field, column, words = SAYS[reason]
        row = refused[number]
        assert (row["field"], row["column"], words in row["message"]) == (field, column, True), (reason, row)
    assert made.count() == Counter(sheets.REASONS)
    last = next(row for row in told["rows"] if row["row"] == max(one["row"] for one in told["rows"]))
    assert last["alike"][0] == f"row {sheets.FIRST + 12}"


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", sheets.BOM), ("cp1251", b""), ("utf-16", b"")])
def test_the_same_comes_from_csv_in_any_encoding(
    encoding: str, mark: bytes, run: Run, report: Report, mapping: Path, tmp_path: Path
) -> None:
    made, file = sheets.sheet(), tmp_path / "cases.csv"
    file.write_bytes(sheets.delimited(made, encoding=encoding, mark=mark))
    answer = silent(run("import", file, "--map", mapping, "--dry-run"))
    only_in_a_workbook = {number for number, reason in made.wrong.items() if reason == "merged"}
    # "=A1" and "#REF!" are no countries; where nothing stands, nothing is merged.
    refused = {int(line.split("\t")[0]) for line in answer.out.splitlines() if "\trefused\t" in line}
    assert refused == made.wrong.keys() - only_in_a_workbook
    assert ("guessed" in answer.err) == (encoding == "cp1251")


def test_a_mapping_is_begun_from_the_sheet_itself(run: Run, report: Report, tmp_path: Path) -> None:
    made, file, begun = sheets.sheet(), tmp_path / "cases.xlsx", tmp_path / "begun.yaml"
    sheets.workbook(file, made, since_1904=False)
    answer = run("import", file, "--map-template")
    assert answer.exit_code == 0, answer
    begun.write_text(answer.out)
    for words in ('- header: "ФИО"  # column G', "field: private.subject_name", '"Россия": "RU"', "field: incidents.i1.type", '#   "Обыск": …',
                  "header_row: 4", "dates: [DD.MM.YYYY]", '#   "Рассия": …'):  # fmt: skip
        assert words in answer.out, words
    told = report(file, "--map", begun, "--dry-run")
    assert told["counts"]["created"] > 60


def test_a_mapping_that_is_none_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    sheet, mapping = tmp_path / "a.csv", tmp_path / "map.yaml"
    sheet.write_text("Дата;Тайно\n01.02.2026;x\n")
    for text, says in (
        ("columns: []", "columns is a list"),
        ('columns: [{header: "Дата", field: received, dates: ["DD.Тайно"]}]', "columns.0: a format of days"),
        ('columns: [{header: "Дата", field: received, values: {"Тайно": 5}}]', "columns.0: "),
        ('columns: [{header: "Дата", field: тайно}]', "columns.0: field is"),
        ('columns: [{header: "Дата", field: received, тайно: 1}]', "columns.0: there is no such field"),
        ("тайно: [", "line 2"),
        (
            'columns: [{header: "Дата", field: subject.tajno}, {header: "Тайно", ignore: true}]',
            "a field that there is not",
        ),
        ('columns: [{header: "Дата", field: received}, {header: "Тайно", field: received}]', "both received"),
        ('columns: [{header: "Дата", field: received}]', "column B is not in the mapping"),
        ('columns: [{header: "Тайность", field: received}]', "no row holds headers"),
        (
            'columns: [{header: "Дата", field: received}, {header: "Тайность", ignore: true}]\nothers: ignore',
            "columns.1 stands nowhere",
        ),
        ('columns: [{column: "A", field: received}, {column: "B", ignore: true}]', "header_row"),
        ('sheet: "Тайно"\ncolumns: [{header: "Дата", field: received}]\nothers: ignore\nencoding: utf-16', "encoding"),
    ):
        mapping.write_text(text)
        answer = silent(run("import", sheet, "--map", mapping))
        assert answer.exit_code == 1, (text, answer)
        assert says in answer.err, (text, answer)
