"""How long a case is kept: what falls due, what holds it back, and that proposing destroys nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Case, Charter
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.retention import QUIET_DAYS, newest, review_day, reviews_due
from tests.support.program import Run

TODAY = date(2026, 10, 31)


def facts(*, months: int = 12, **fields: object) -> Facts:
    plain = {
        "id": "SG-2025-K7QX4M",
        "kind": "appeal",
        "title": "Office search, organisation, RU",
        "status": "closed",
        "received": "2025-01-10",
        "closure": {"date": "2025-06-30", "outcome": "threat-ended", "reason": "over"},
        **fields,
    }
    words = Vocabulary(lists={}, provisions={}, instruments={}, offers={}, groups={})
    charter = Charter("Test", retention_months={"closed": months})
    return Facts(charter, TODAY, words, {plain["id"]: Case.from_plain(plain)})


def only(given_facts: Facts) -> Case:
    return next(iter(given_facts.cases.values()))


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, [""]),
        ({"status": "active"}, []),
        ({"status": "active", "retention": {"review": "2026-10-01"}}, ["reopened"]),
        ({"status": "active", "closure": None, "retention": {"review": "2026-10"}}, ["open"]),
        ({"retention": {"review": "2027-01-01"}}, []),
        ({"retention": {"review": "2026-10-01"}, "notes": [{"id": "n1", "date": "2026-10-02"}]}, ["new-content"]),
        ({"retention": {"review": "2026-10-01"}, "notes": [{"id": "n1", "date": "2026-10-01"}]}, [""]),
        ({"notes": [{"id": "n1", "date": "2026-01-15"}]}, []),
        ({"erasure": {"date": "2026-09-01", "ground": "asked", "by": "a@forum.example"}}, []),
    ],
)
def test_what_is_due_and_what_holds_it_back(fields: dict[str, object], kept: list[str]) -> None:
    assert [one.kept for one in reviews_due(facts(**fields))] == kept


@given(days=st.integers(0, 700), months=st.integers(1, 24))
def test_a_case_is_due_exactly_when_its_months_have_passed(days: int, months: int) -> None:
    last = TODAY - timedelta(days=days)
    told = facts(months=months, received="2020-01-01", closure={"date": last.isoformat(), "outcome": "died"})
    assert newest(only(told), told) == last.isoformat()
    due = review_day(only(told), told)
    assert due > last.isoformat()
    assert bool(reviews_due(told)) == (due <= TODAY.isoformat())
    assert all(bool(one.kept) == (days < QUIET_DAYS) for one in reviews_due(told))


def test_it_is_proposed_listed_and_destroys_nothing(run: Run, register: Path, new_case: Callable[..., str]) -> None:
    charter = register / "register.yaml"
    charter.write_text(charter.read_text() + "retention_months:\n  closed: 6\n")
    case = new_case("--received", "2025-01-10", "--country", "RU", "--name", "Maria Zvontsova", "--title", "Search, RU")
    run("assess", case, "--date", "2025-01-12", "--decision", "decline", "--reason", "outside the mandate")
    fields = (
        "status: declined",
        'status: closed\nclosure:\n  date: "2025-02-01"\n  outcome: threat-ended\n  reason: over',
    )
    file = next(register.glob(f"cases/*/{case}.yaml"))
    file.write_text(file.read_text().replace(*fields))
    answer = run("erase", "--due", "--dry-run")
    assert answer.exit_code == 0
    assert case in answer.out
    assert f"solidarity erase {case}" in answer.err
    assert "Zvontsova" not in answer.out + answer.err
    assert "Zvontsova" in file.read_text()
    listed = json.loads(run("agenda", "--days", "1", "--json").out)
    assert [one["kind"] for one in listed if one["case"] == case] == ["retention-review"]
    assert "solidarity erase --due --dry-run" in run().out
    assert run("erase", "--due").exit_code == 2
    assert run("erase", case, "--due", "--dry-run").exit_code == 2
