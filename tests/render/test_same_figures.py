"""The same figures in all seven formats: each is read back from its file and set beside the others."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import ryaml

from tests.support.program import run_at
from tests.support.reading_back import Rows, as_number, from_html, from_markdown, from_pdf, from_xlsx, tidy
from tests.support.rendering import ROOT, Make

AUDIENCES = ["internal", "public"]
DIMENSIONS = {
    "membership": "membership",
    "incident": "incident",
    "subject": "subject-kind",
    "urgency": "urgency",
    "decision": "decision",
    "type": "action-type",
    "state": "referral-state",
    "outcome": "outcome",
    "status": "status",
}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_format_for_people_has_the_same_tables(made: Make, audience: str) -> None:
    rows = _tidied(from_markdown(made("md", audience).read_bytes()))
    assert len(rows) > (70 if audience == "internal" else 20)
    assert _tidied(from_html(made("html", audience).read_bytes())) == rows
    assert _tidied(from_pdf(made("pdf", audience).read_bytes())) == rows
    assert _tidied(from_xlsx(made("xlsx", audience).read_bytes(), as_number)) == rows


@pytest.mark.parametrize("language", ["ru", "de"])
def test_the_pdf_says_the_same_in_other_alphabets(made: Make, language: str) -> None:
    asked = ("internal", language)
    assert _tidied(from_pdf(made("pdf", *asked).read_bytes())) == _tidied(
        from_markdown(made("md", *asked).read_bytes())
    )


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_screen_has_the_same_tables_and_bars_beside_them(
    made: Make, sample: Path, audience: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    shown = run_at(sample, "report", "--month", "2026-10", "--audience", audience, "--format", "screen").out
    lines = {
        tuple(cell for cell in re.split(r"\s{2,}", line.strip()) if not re.match("[█▒]", cell))
        for line in shown.splitlines()
    }
    for row in _tidied(from_markdown(made("md", audience).read_bytes()))[1:]:
        assert row in lines or any(cell.endswith((" █", " ▒")) for line in lines for cell in line if line[0] == row[0])
    assert "█" in shown


@pytest.mark.parametrize("audience", AUDIENCES)
def test_csv_holds_what_json_holds(made: Make, audience: str) -> None:
    figures = json.loads(made("json", audience).read_text(encoding="utf-8"))
    with made("csv", audience).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["section", "measure", "category", "value", "previous"]
    found = {(row["section"], row["measure"], row["category"]): (row["value"], row["previous"]) for row in rows}
    assert len(found) == len(rows)
    commit = figures["as_of"]["commit"]
    again = f"solidarity report --month 2026-10 --audience {audience} --as-of {commit}"
    assert found["report", "again", ""][0] == figures["again"] == again
    assert (found["report", "commit", ""][0], len(commit)) == (commit, 40)
    for section in ("received", "decided", "actions", "closed", "open"):
        now, before = figures[section], figures["previous"].get(section, {})
        nothing = "–" if audience == "public" else ""
        assert found[section, "total", ""] == (_text(now["total"], nothing), _text(before.get("total"), nothing))
        for dimension, cells in now["by"].items():
            for code, number in cells.items():
                # The Group's tables are whole: what one does not list is none.
                missing = None if audience == "public" else 0
                earlier = before.get("by", {}).get(dimension, {}).get(code, missing)
                assert found[section, dimension, code] == (_text(number, nothing), _text(earlier, nothing))
    assert found["year_before", "received", ""] == (_text(figures["year_before"]["received"]["total"], "–"), "")
    for month in (figures["trends"] or {"months": []})["months"]:
        assert found["trends", "closed", month["month"]] == (str(month["closed"]), "")


COUNTS = {
    "Appeals received": ("received", "total"),
    "Decisions": ("decided", "total"),
    "Actions done": ("actions", "total"),
    "Solidarity missions": ("missions", "total"),
    "Hearings attended": ("missions", "hearings"),
    "Referrals": ("referrals", "total"),
    "Cases closed": ("closed", "total"),
    "Open cases at the end": ("open", "total"),
}
"""The rows of the first table, and where they stand in CSV."""


@pytest.mark.parametrize("audience", AUDIENCES)
def test_none_and_nothing_said_are_the_same_two_marks_in_every_format(
    made: Make, sample: Path, audience: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    shown = run_at(sample, "report", "--month", "2026-10", "--audience", audience, "--format", "screen").out
    pages = {
        "md": _tidied(from_markdown(made("md", audience).read_bytes())),
        "html": _tidied(from_html(made("html", audience).read_bytes())),
        "pdf": _tidied(from_pdf(made("pdf", audience).read_bytes())),
        "xlsx": _tidied(from_xlsx(made("xlsx", audience).read_bytes(), as_number)),
        "screen": [tuple(re.split(r"\s{2,}", line.strip())) for line in shown.splitlines()],
    }
    with made("csv", audience).open(encoding="utf-8", newline="") as lines:
        table = {(row["section"], row["measure"], row["category"]): row for row in csv.DictReader(lines)}
    marks = {"0": 0, "–": 0}
    for name, (section, measure) in COUNTS.items():
        row = table[section, measure, ""]
        for form, rows in pages.items():
            printed = next(cells for cells in rows if cells[0] == name)
            for said, value in zip(printed[1:3], (row["value"], row["previous"]), strict=True):
                assert said.removesuffix(" or more") == value, (form, name)
                marks[value] = marks.get(value, 0) + 1
    for (section, dimension, code), row in table.items():
        if section in ("received", "decided", "actions", "referrals", "closed", "open") and dimension in DIMENSIONS:
            for form, rows in pages.items():
                label, numbers = _label(DIMENSIONS[dimension], code), (row["value"], row["previous"])
                if audience == "internal":
                    assert any(cells[:3] == (label, *numbers) for cells in rows), (form, label)
                elif row["value"] in ("0", "–"):
                    assert any(cells[:2] == (label, row["value"]) for cells in rows), (form, label)
                marks[row["value"]] = marks.get(row["value"], 0) + 1
                marks[row["previous"]] = marks.get(row["previous"], 0) + 1
    assert "" not in marks, "a count is never an empty cell"
    assert marks["0" if audience == "internal" else "–"] > 5


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_page_says_what_json_holds(made: Make, audience: str) -> None:
    figures = json.loads(made("json", audience).read_text(encoding="utf-8"))
    rows = set(_tidied(from_pdf(made("pdf", audience).read_bytes())))
    overview = next(row for row in rows if row[0] == "Appeals received")
    totals = [figures["received"], figures["previous"]["received"], figures["year_before"]["received"]]
    assert overview[1:] == tuple(_said(one["total"], one.get("rounded_down_to")) for one in totals)
    checked = 0
    for section in ("received", "decided", "actions", "referrals", "closed", "open"):
        for dimension, cells in figures[section]["by"].items():
            for code, number in cells.items():
                if dimension in DIMENSIONS and isinstance(number, int):
                    wanted = (
                        _label(DIMENSIONS[dimension], code),
                        _said(number, figures[section].get("rounded_down_to")),
                    )
                    assert any(row[:2] == wanted for row in rows), wanted
                    checked += 1
    assert checked > (2 if audience == "public" else 30)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_json_is_as_its_schema_says(made: Make, audience: str) -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    figures = json.loads(made("json", audience).read_text(encoding="utf-8"))
    jsonschema.validate(figures, schema, jsonschema.Draft202012Validator)
    assert set(figures) <= set(schema["properties"])
    broken = {**figures, "received": {"total": "four", "by": {}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema, jsonschema.Draft202012Validator)


def _tidied(rows: Rows) -> Rows:
    return [tuple("" if tidy(cell) == " " else tidy(cell) for cell in row) for row in rows]


def _text(value: Any, nothing: str) -> str:
    return nothing if value is None else str(value)


def _said(number: Any, rounded_to: int | None) -> str:
    return f"{number} or more" if rounded_to and isinstance(number, int) and number else str(number)


def _label(name: str, code: str) -> str:
    with (ROOT / "schemas" / "vocabulary" / f"{name}.yaml").open(encoding="utf-8") as lines:
        codes = ryaml.load(lines)["codes"]
    return str(codes[code]["en"]) if code in codes else "Not told"
