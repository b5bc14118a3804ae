"""The sample register: this checkout's own fictional cases. Every command has something to show in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ryaml

from solidarity_cli.register.ids import is_mistyped
from solidarity_cli.register.matching.fold import fold
from tests.support.program import CHECKOUT, Answer, run_at, sample_register

ROOT = CHECKOUT
LATER = "2026-11-24"

pytestmark = pytest.mark.skipif(not (ROOT / "register.yaml").exists(), reason="the source archive holds no records")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records of the checkout, in a repository of their own."""
    return sample_register(tmp_path_factory.mktemp("sample") / "register")


@pytest.fixture(scope="module")
def cases(sample: Path) -> list[dict[str, Any]]:
    return [_read(file) for file in sorted(sample.glob("cases/*/*.yaml"))]


@pytest.fixture(scope="module")
def actions(sample: Path) -> list[dict[str, Any]]:
    return [_read(file) for file in sorted(sample.glob("actions/*/*.yaml"))]


@pytest.mark.parametrize("today", ["2026-10-31", LATER, "2028-02-29"])
def test_nothing_is_wrong_whatever_the_day(sample: Path, monkeypatch: pytest.MonkeyPatch, today: str) -> None:
    answer = _on(today, monkeypatch, sample, "validate", "--format", "json")
    assert answer.exit_code == 0
    found = json.loads(answer.out)
    assert {finding["severity"] for finding in found["findings"]} == {"warning"}
    assert found["checked"] >= 24 + 10 + 3


def test_there_are_warnings_to_look_at(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.loads(_on(LATER, monkeypatch, sample, "validate", "--format", "json").out)["findings"]
    assert {finding["rule"] for finding in found} >= {
        "referral-directory", "risk-review", "waiting", "told", "basis-scope", "quorum",
    }  # fmt: skip


def test_the_files_are_in_canonical_form(sample: Path) -> None:
    answer = run_at(sample, "fmt", "--check")
    assert (answer.exit_code, answer.out) == (0, "")


def test_fourteen_months_of_cases_in_every_status(cases: list[dict[str, Any]]) -> None:
    assert len(cases) >= 24
    months = {case["received"][:7] for case in cases}
    assert len(months) >= 14
    assert (min(months), max(months)) == ("2025-09", "2026-10")
    assert {case["status"] for case in cases} == set(_codes("status"))
    assert any(case["status"] == "assessing" and "closure" in case for case in cases), "one was reopened"
    assert {case["subject"].get("country") for case in cases} >= {
        "RU", "BY", "DE", "PL", "HU", "GE", "KZ", "AT", "XX", "XK",
    }  # fmt: skip
    assert len({incident["type"] for case in cases for incident in case["incidents"]}) >= 20


@pytest.mark.parametrize(
    ("name", "field", "least"),
    [
        ("kind", "kind", 2),
        ("subject-kind", "subject.kind", 4),
        ("membership", "subject.membership", 3),
        ("channel", "channel", 7),
        ("urgency", "urgency", 4),
        ("hearing-state", "hearings.state", 4),
        ("consent-answer", "consent.uses.*", 4),
        ("decision", "assessments.decision", 5),
        ("risk-level", "assessments.risk_level", 4),
        ("outcome", "closure.outcome", 6),
        ("relation", "links.relation", 2),
        ("verification", "incidents.verification", 3),
    ],
)
def test_a_choice_of_everything(cases: list[dict[str, Any]], name: str, field: str, least: int) -> None:
    used = Counter(value for case in cases for value in _values(case, field.split(".")))
    assert set(used) <= set(_codes(name))
    assert len(used) >= least, f"{name}: only {sorted(used)}"


def test_actions_of_many_types_and_one_mission_for_three_cases(actions: list[dict[str, Any]]) -> None:
    assert len(actions) >= 10
    assert len({action["type"] for action in actions}) >= 12
    assert {action["status"] for action in actions} == {"planned", "done", "cancelled"}
    assert [len(action["cases"]) for action in actions if action["type"] == "court-observation"].count(3) == 1
    states = {action["referral"]["state"] for action in actions if "referral" in action}
    assert states >= {"sent", "accepted", "no-response", "service-given", "consent-asked"}
    assert {action.get("impact") for action in actions} >= {"strong", "negative"}


def test_ids_are_well_formed(cases: list[dict[str, Any]], actions: list[dict[str, Any]]) -> None:
    assert not [record["id"] for record in (*cases, *actions) if is_mistyped(record["id"])]


def test_every_address_is_an_example(sample: Path) -> None:
    for file in sample.glob("*/**/*.yaml"):
        if file.relative_to(sample).parts[0] != "schemas":
            text = file.read_text(encoding="utf-8")
            assert all(domain.rstrip(".").endswith(".example") for domain in re.findall(r"(?:@|://)([\w.-]+)", text))


def test_one_person_stands_in_two_open_cases_under_two_alphabets(sample: Path, cases: list[dict[str, Any]]) -> None:
    by_name: dict[str, set[str]] = {}
    for case in cases:
        for field in ("subject_name", "contact_name"):
            if name := case["private"].get(field):
                by_name.setdefault(fold(name), set()).add(name)
    assert any(len({name.isascii() for name in spellings}) == 2 for spellings in by_name.values())


@pytest.mark.parametrize("language", ["en", "ru", "de"])
@pytest.mark.parametrize("form", ["md", "csv", "json"])
def test_the_public_report_holds_no_id_and_nothing_private(
    sample: Path, cases: list[dict[str, Any]], actions: list[dict[str, Any]], language: str, form: str
) -> None:
    asked = ("--month", "2026-10", "--audience", "public", "--format", form, "--language", language)
    answer = run_at(sample, "report", *asked)
    assert answer.exit_code == 0, answer.err
    assert not re.search(r"S[AG]-20\d\d", answer.out)
    text = fold(answer.out)
    named = [value for record in (*cases, *actions) for value in _strings(record.get("private", {})) if len(value) > 3]
    assert len(named) > 150
    assert not [value for value in named if fold(value) in text and value not in _codes("special-category")]


def test_the_public_report_shows_something_and_hides_something(sample: Path) -> None:
    asked = ("--month", "2026-10", "--audience", "public", "--format", "json")
    received = json.loads(run_at(sample, "report", *asked).out)["received"]
    assert received["total"] >= 7
    shown = [cell for cells in received["by"].values() for cell in cells.values()]
    assert any(isinstance(cell, int) and cell >= 5 for cell in shown)
    assert "<5" in shown
    assert not [cell for cell in shown if isinstance(cell, int) and 0 < cell < 5]


def test_agenda_desk_and_history_have_something_to_show(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dates = json.loads(_on(LATER, monkeypatch, sample, "agenda", "--days", "60", "--json").out)
    assert {item["kind"] for item in dates} == {
        "hearing", "deadline", "risk-review", "retention-review", "embargo-ends", "referral-answer",
    }  # fmt: skip
    assert any(item["overdue"] for item in dates)
    assert len(_on(LATER, monkeypatch, sample).out.splitlines()) > 12
    some = json.loads(run_at(sample, "list", "--status", "closed", "--json").out)[0]["id"]
    assert "the sample register" not in run_at(sample, "history", some).out


def _on(today: str, monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> Answer:
    with monkeypatch.context() as patch:
        patch.setenv("SOLIDARITY_TODAY", today)
        return run_at(folder, *arguments)


def _read(file: Path) -> dict[str, Any]:
    with file.open(encoding="utf-8") as lines:
        return dict(ryaml.load(lines))


def _codes(name: str) -> list[str]:
    return list(_read(ROOT / "schemas" / "vocabulary" / f"{name}.yaml")["codes"])


def _values(node: Any, path: list[str]) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _values(item, path)
    elif path and isinstance(node, dict):
        below = node.values() if path[0] == "*" else [node[path[0]]] if path[0] in node else []
        for item in below:
            yield from _values(item, path[1:])
    elif not path:
        yield node


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for below in node.values() if isinstance(node, dict) else node:
            yield from _strings(below)
