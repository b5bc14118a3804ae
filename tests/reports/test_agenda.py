"""What has a date, in order."""

from __future__ import annotations

import json
from datetime import date

import pytest

from solidarity_cli.core.model import Action, Case, Organisation
from solidarity_cli.reports.agenda import agenda
from solidarity_cli.reports.agenda import as_plain as agenda_as_plain
from solidarity_cli.reports.case_row import next_date, row
from tests.support.figure_records import a_case, an_action, decided, facts_of

TODAY = date(2026, 10, 10)
RELIEF = Organisation(id="example-relief", name="Example Relief", response_days=7)


def kinds(cases: list[Case], actions: list[Action] | None = None, days: int = 30) -> list[tuple[str, str, bool]]:
    found = agenda(facts_of(cases, actions or [], today=TODAY, directory=[RELIEF]), days)
    return [(item.date, item.kind, item.overdue) for item in found]


def test_the_agenda_holds_every_kind_of_date_in_order() -> None:
    case = a_case(
        status="active",
        hearings=[
            {"id": "h1", "at": "2026-10-20T10:00+03:00", "kind": "merits"},
            {"id": "h2", "at": "2026-10-12", "state": "postponed", "postponed_to": "2026-10-25"},
            {"id": "h3", "at": "2026-10-21", "state": "cancelled"},
            {"id": "h4", "at": "2026-10-22", "state": "postponed"},
        ],
        deadlines=[{"id": "d1", "date": "2026-10-01"}, {"id": "d2", "date": "2026-10-02", "done": True}],
        assessments=[decided("assist", "2026-09-01", risk_level="high", risk_review="2026-10-09")],
        retention={"review": "2026-11-09"},
        consent=[
            {"id": "c1", "given": "2026-09-01", "uses": {}, "embargo_until": "2026-10-11"},
            {"id": "c2", "given": "2026-09-01", "uses": {}, "embargo_until": "2026-09-11"},
        ],
    )
    history = [{"state": "sent", "date": "2026-10-01"}]
    sent = an_action(type="referral", referral={"organisation": RELIEF.id, "state": "sent", "history": history})
    assert kinds([case], [sent]) == [
        ("2026-10-01", "deadline", True),
        ("2026-10-08", "referral-answer", True),
        ("2026-10-09", "risk-review", True),
        ("2026-10-11", "embargo-ends", False),
        ("2026-10-20T10:00+03:00", "hearing", False),
        ("2026-10-25", "hearing", False),
        ("2026-11-09", "retention-review", False),
    ]


def test_a_closed_case_has_only_its_retention_review() -> None:
    closed = a_case(status="closed", deadlines=[{"id": "d1", "date": "2026-10-12"}], retention={"review": "2026-10-13"})
    assert kinds([closed]) == [("2026-10-13", "retention-review", False)]


@pytest.mark.parametrize(("day", "overdue"), [("2026-10", False), ("2026-09", True), ("2026", False)])
def test_a_partial_date_is_overdue_after_its_last_day(day: str, overdue: bool) -> None:
    assert kinds([a_case(deadlines=[{"id": "d1", "date": day}])]) == [(day, "deadline", overdue)]


def test_the_agenda_ends_with_its_days() -> None:
    case = a_case(deadlines=[{"id": "d1", "date": "2026-10-17"}, {"id": "d2", "date": "2026-10-18"}])
    assert [day for day, _, _ in kinds([case], days=7)] == ["2026-10-17"]


def test_an_answered_referral_is_not_awaited() -> None:
    done = an_action(type="referral", referral={"organisation": RELIEF.id, "state": "accepted"})
    unknown = an_action(2, type="referral", referral={"organisation": "nobody", "state": "sent"})
    assert kinds([a_case()], [done, unknown]) == []


def test_plain_agenda() -> None:
    items = agenda(facts_of([a_case(deadlines=[{"id": "d1", "date": "2026-10-12"}])], today=TODAY), 7)
    assert json.loads(json.dumps(agenda_as_plain(items)))[0]["case"] == "SG-2026-000001"


def test_a_row_says_what_the_list_shows_whatever_the_day() -> None:
    case = a_case(
        status="active",
        incidents=[{"id": "i1", "type": "search"}, {"id": "i2", "type": "arrest"}, {"id": "i3", "type": "search"}],
        assessments=[decided("assist", "2026-09-01", risk_level="high", risk_review="2026-11")],
        hearings=[{"id": "h1", "at": "2026-10-20T10:00+03:00"}],
        deadlines=[{"id": "d1", "date": "2026-10-01"}],
    )
    shown = row(case)
    assert (shown.incidents, shown.decision, shown.risk_level) == (("search", "arrest"), "assist", "high")
    assert shown.dates == ("2026-10-01", "2026-10-20T10:00+03:00", "2026-11")
    assert next_date(shown.dates, TODAY) == "2026-10-20T10:00+03:00"
    assert next_date(shown.dates, date(2026, 11, 30)) == "2026-11"
    assert next_date(shown.dates, date(2026, 12, 1)) == ""


def test_a_row_takes_nothing_from_the_private_part() -> None:
    assert "Zorkov" not in repr(row(a_case(private={"subject_name": "Zorkov"})))
