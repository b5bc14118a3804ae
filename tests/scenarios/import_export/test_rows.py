"""What one row may do: create, update, add what is append-only; and why it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.program import CALM, Run

Report = Callable[..., dict[str, Any]]
NewCase = Callable[..., str]
SECRET = "Зинаида Морозова"


@pytest.fixture
def case(new_case: NewCase) -> str:
    return new_case("--country", "RU", "--incident", "search", "--received", "2026-10-01", "--name", SECRET)


@pytest.fixture
def lines(tmp_path: Path, report: Report) -> Callable[..., list[dict[str, Any]]]:
    """`lines({...}, {...})`: what becomes of some records in JSON Lines."""

    def told(*records: Any, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        file = tmp_path / "in.jsonl"
        file.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in records))
        answer = report(file, *options)
        assert not [word for word in SECRET.split() if word in json.dumps(answer, ensure_ascii=False)]
        return list(answer["rows"])

    return told


def test_a_row_updates_adds_and_leaves_the_rest_alone(
    case: str, run: Run, git: Callable[..., str], lines: Callable[..., list[dict[str, Any]]]
) -> None:
    before = git("rev-parse", "HEAD").strip()
    updated, created, undated, empty = lines(
        {
            "id": case,
            "urgency": "high",
            "subject": {"country": "BY", "region": None},
            "incidents": [{"id": "i2", "type": "detention", "date": "2026-09"}],
            "notes": [{"id": "n1", "date": "2026-10-02", "by": "coordinator@forum.example"}],
            "consent": [{"id": "c1", "given": "2026-10-02", "uses": {"statistics": "granted"}}],
            "assessments": [
                {"id": "a1", "date": "2026-10-03", "by": "coordinator@forum.example", "decision": "decline",
                 "reason": "Outside the mandate of the Group."}
            ],
            "private": {"notes": {"n1": "rang twice"}, "subject_name": "[sealed]"},
            "status": "declined",
        },
        {"received": "2026-09-01", "kind": "information", "subject": {"country": "KZ"}},
        {"id": "", "subject": {"country": "KZ"}},
        {"id": "", "subject": {}},
    )  # fmt: skip
    assert (updated["what"], updated["id"]) == ("updated", case)
    assert created["what"] == "created"
    assert (undated["what"], undated["field"]) == ("refused", "received")
    assert (empty["what"], empty["id"]) == ("unchanged", "")
    record = json.loads(run("show", case, "--json").out)["case"]
    assert record["title"] == "Office or home search, BY"  # made from codes, and kept true
    assert [one["type"] for one in record["incidents"]] == ["search", "detention"]
    assert (record["status"], record["urgency"]) == ("declined", "high")
    assert record["private"] == {"subject_name": SECRET, "notes": {"n1": "rang twice"}}
    assert json.loads(run("show", created["id"], "--json").out)["case"]["title"] == "Information, KZ"
    assert git("log", "--format=%(trailers:key=Act,valueonly)", f"{before}..").strip() == "import"
    assert f"import {case} {created['id']}" in git("log", "-1", "--format=%s")
    assert run("validate").exit_code == 0
    assert json.loads(run("history", case, "--json").out)[-1]["act"] == "import"


def test_what_is_append_only_or_has_a_verb_of_its_own_is_refused(
    case: str, run: Run, git: Callable[..., str], lines: Callable[..., list[dict[str, Any]]]
) -> None:
    assert run("note", case, "first").exit_code == 0
    assert run("consent", case, "--use", "share", "--answer", "refused").exit_code == 0
    head = git("rev-parse", "HEAD")
    asked: list[tuple[dict[str, Any], str, str]] = [
        ({"status": "closed"}, "status", "set-status"),
        ({"notes": [{"id": "n1", "date": "2020-01-01"}]}, "notes.n1.date", "solidarity note"),
        ({"private": {"notes": {"n1": "second"}}}, "private.notes.n1", "solidarity note"),
        ({"consent": [{"id": "c1", "uses": {"share": "granted"}}]}, "consent.c1.uses.share", "solidarity consent"),
        ({"schema_version": 2}, "schema_version", "the program"),
        ({"erasure": {"date": "2026-10-01"}}, "erasure.date", "cannot be taken back"),
        ({"urgency": SECRET}, "urgency", ""),
        ({"subject": SECRET}, "subject", ""),
        ({"incidents": SECRET}, "incidents", ""),
        ({"incidents": [{"type": "detention"}]}, "incidents", "incidents.i1"),
        ({"incidents": [{"id": "i1", SECRET: 1}]}, "", ""),
        ({SECRET: {"x": 1}}, "", ""),
        ({"subject": {"region": SECRET}}, "subject.region", ""),
        ({"consent": [{"id": "c7", "given": "2027-01-01", "uses": {}}]}, "consent.c7.given", ""),
    ]
    for said, field, hint in asked:
        (row,) = lines({"id": case, **said})
        assert (row["what"], row["field"], row["column"]) == ("refused", field, ""), (said, row)
        assert hint in row["hint"]
        assert row["message"]
    assert git("rev-parse", "HEAD") == head


def test_ids_are_known_and_each_is_there_once(
    case: str, run: Run, git: Callable[..., str], lines: Callable[..., list[dict[str, Any]]]
) -> None:
    rows = lines(
        {"id": case, "urgency": "low"},
        {"id": case, "urgency": "high"},
        {"id": "SG-2026-ZZZZZZ", "urgency": "high"},
        {"id": SECRET, "urgency": "high"},
        {"id": 5, "urgency": "high"},
        {"received": "2026-10-01", "cases": [case], "type": "statement"},
        f'{{"id": "{case}", "urgency": "low", "urgency": "{SECRET}"}}',
        f"[{json.dumps(SECRET)}]",
        SECRET,
    )
    assert [row["what"] for row in rows] == ["updated"] + ["refused"] * 8
    assert rows[1]["message"] == "row 1 is about the same record"
    assert "no record here" in rows[2]["message"]
    assert run("list").out.count("low") == 1
    assert lines({"id": case, "urgency": "high"}, {"id": "x"}, options=("--strict",))[0]["what"] == "updated"
    assert run("list").out.count("low") == 1  # and one refused row stopped it


def test_an_action_is_updated_by_its_id(case: str, run: Run, lines: Callable[..., list[dict[str, Any]]]) -> None:
    made = run("-q", "link-action", case, "--type", "monitoring", "--status", "done", "--date", "2026-10-05")
    assert made.exit_code == 0, made
    action = made.out.strip()
    (row,) = lines({"id": action, "impact": "minor", "cases": [case]})
    assert (row["what"], row["id"]) == ("updated", action)
    assert json.loads(run("show", case, "--json").out)["actions"][0]["impact"] == "minor"
    (row,) = lines({"id": action, "urgency": "high"})
    assert (row["what"], row["message"]) == ("refused", "a record of this kind has no such field")


def test_what_a_spreadsheet_makes_of_an_export(
    case: str, run: Run, report: Report, git: Callable[..., str], tmp_path: Path
) -> None:
    """Somebody edits cells in the export; a typed cell is read as a person means it."""
    import openpyxl

    file = tmp_path / "cases.xlsx"
    assert run("export", "-o", file).exit_code == 0
    book = openpyxl.load_workbook(file)
    page = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    page.cell(2, columns["subject.number_of_people"]).value = 3.0
    page.cell(1, page.max_column + 1).value = "incidents.i1.date"  # a column of their own
    page.cell(2, page.max_column).value = date(2026, 9, 30)
    page.cell(2, columns["requests"]).value = " statement ;court-observation"
    page.cell(2, columns["retention.review"]).value = "2029-10-06 "
    page.append([None, None, "appeal"])
    page.cell(3, columns["received"]).value = date(2026, 10, 30)
    page.cell(3, columns["urgency"]).value = "+urgent"
    book.save(file)
    told = report(file)
    assert [row["what"] for row in told["rows"]] == ["updated", "refused"], told
    assert (told["rows"][1]["field"], told["rows"][1]["row"]) == ("urgency", 3)
    record = json.loads(run("show", case, "--json").out)["case"]
    assert record["subject"]["number_of_people"] == 3
    assert record["incidents"][0]["date"] == "2026-09-30"
    assert record["requests"] == ["statement", "court-observation"]
    assert report(file)["counts"]["unchanged"] == 1
    page.cell(2, columns["subject.number_of_people"]).value = "many"
    page.cell(2, columns["title"]).value = "=1+1"
    book.save(file)
    assert report(file)["rows"][0]["message"].startswith("a formula stands here")


def test_where_acts_wait_for_review_an_import_waits_too(
    run: Run, register: Path, git: Callable[..., str], lines: Callable[..., list[dict[str, Any]]]
) -> None:
    text = (register / "register.yaml").read_text()
    (register / "register.yaml").write_text(text.replace("mode: direct", "mode: review"))
    git("commit", "-qam", "review")
    (row,) = lines({"received": "2026-10-01", "subject": {"country": "KZ"}})
    assert row["what"] == "created"
    assert git("branch", "--show-current").strip() != "main"


_NAMES = st.sampled_from(
    ["id", "kind", "title", "status", "received", "subject", "country", "incidents", "type", "date", "requests", "links",
     "notes", "n1", "i1", "private", "subject_name", "other_names", "attachments", "consent", "uses", "closure", "cases",
     "subject.country", "private.notes.n2", "assessments", "a1", "by", "schema_version", "erasure", SECRET]
)  # fmt: skip
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just(SECRET)
    | st.sampled_from(["RU", "2026-10-01", "appeal", "i1", "[sealed]", "search", "sealed:1:" + "A" * 123]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_NAMES, below, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[*CALM, HealthCheck.function_scoped_fixture])
@given(records=st.lists(st.dictionaries(_NAMES, _VALUES, max_size=8), min_size=1, max_size=12))
def test_whatever_a_line_says_it_is_answered_in_words(
    records: list[dict[str, Any]], case: str, run: Run, git: Callable[..., str], tmp_path: Path
) -> None:
    file, head = tmp_path / "any.jsonl", git("rev-parse", "HEAD")
    records[0] |= {"id": case}
    for record in records[1:]:
        record.update({"id": "", "received": "2026-10-01"})
    file.write_text("\n".join(map(json.dumps, records)))
    answer = run("import", file, "--dry-run")
    assert answer.exit_code in (0, 1), answer
    assert not [word for word in SECRET.split() if word in answer.out + answer.err]
    assert git("rev-parse", "HEAD") == head


DECLINED = {"id": "a1", "date": "2026-10-03", "by": "n@x.example", "decision": "decline", "reason": "not ours"}
ASKED = {"id": "a1", "date": "2026-10-03", "by": "n@x.example", "decision": "more-information", "reason": "who?"}
CLOSED = {"date": "2026-10-04", "outcome": "no-further-action", "reason": "over", "person_told": "yes"}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"assessments": [DECLINED]}, "declined"),
        ({"assessments": [DECLINED], "status": "received"}, "declined"),
        ({"assessments": [ASKED]}, "received"),
        ({"urgency": "high"}, "received"),
    ],
)
def test_a_decision_moves_the_status_as_assess_does(
    case: str, run: Run, lines: Callable[..., list[dict[str, Any]]], said: dict[str, Any], status: str
) -> None:
    updated, created = lines({"id": case, **said}, {"received": "2026-10-01", "kind": "appeal", **said})
    assert (updated["what"], created["what"]) == ("updated", "created"), (updated, created)
    for record in (case, created["id"]):
        assert json.loads(run("show", record, "--json").out)["case"]["status"] == status
    assert run("validate").exit_code == 0


def test_a_new_row_with_a_closure_is_closed_and_one_with_another_status_stands_there(
    run: Run, lines: Callable[..., list[dict[str, Any]]]
) -> None:
    new = {"received": "2026-10-01", "kind": "appeal", "assessments": [DECLINED]}
    closed, reopened = lines({**new, "closure": CLOSED}, {**new, "status": "assessing"})
    for row, status in ((closed, "closed"), (reopened, "assessing")):
        assert json.loads(run("show", row["id"], "--json").out)["case"]["status"] == status


@pytest.mark.parametrize(
    ("field", "cell", "said"),
    [
        ("received", "2026-06-31", "this is no whole day of the calendar"),
        ("received", "2026-06", "this is no whole day of the calendar"),
        ("received", "2026-06-06T14:30", "a time of day stands here"),
        ("incidents.i1.date", "2026-06-31", "this is no day, month or year of the calendar"),
        ("incidents.i1.date", "6 June", "this is no day, month or year of the calendar"),
        ("incidents.i1.date", "2026-06-06T14:30:00", "a time of day stands here"),
        ("hearings.h1.at", "2026-06-06T14:30", "a time needs its offset from UTC"),
        ("hearings.h1.at", "2026-13", "this is no day, month or year of the calendar"),
        ("subject.country", "Atlantis", "a country is two capital letters, such as"),
        ("urgency", "Festnahme", "under values, in a mapping"),
    ],
)
def test_a_cell_is_refused_in_the_words_of_somebody_with_a_sheet(
    tmp_path: Path, report: Report, field: str, cell: str, said: str
) -> None:
    file = tmp_path / "in.csv"
    filled = {"received": "2026-06-01", "incidents.i1.type": "search", field: cell}
    file.write_text(",".join(filled) + "\n" + ",".join(filled.values()) + "\n")
    (row,) = report(file)["rows"]
    assert (row["what"], row["field"]) == ("refused", field), row
    assert said in f"{row['message']}; {row['hint']}"
    assert "quotes" not in row["message"]
    assert cell not in row["message"] + row["hint"]
