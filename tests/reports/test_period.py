"""What counts in a period, and that it counts the same on every later day."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest

from solidarity_cli.core.dates import Period
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Case
from solidarity_cli.reports.period.as_json import as_plain
from solidarity_cli.reports.period.report import period_figures
from tests.support.figure_records import MADE_FROM, OCTOBER, a_case, an_action, decided, facts_of, report


def plain(facts: Facts, audience: str = "internal", period: Period = OCTOBER) -> dict[str, Any]:
    return as_plain(report(facts, audience, period))


def test_the_shape_that_others_rely_on() -> None:
    case = a_case(
        status="closed",
        assessments=[decided("assist", "2026-10-08")],
        closure={"date": "2026-10-30", "outcome": "released"},
    )
    mission = an_action(type="court-observation", hearing={"case": case.id, "id": "h1"})
    found = plain(facts_of([case], [mission]))
    assert found["period"] == {"from": "2026-10-01", "to": "2026-10-31"}
    assert found["as_of"] == {"commit": MADE_FROM.commit, "program": MADE_FROM.program}
    assert found["received"] == {
        "total": 1,
        "by": {
            "membership": {"member": 1},
            "country": {"RU": 1},
            "incident": {"search": 1},
            "subject": {"organisation": 1},
            "kind": {"appeal": 1},
            "urgency": {"normal": 1},
        },
    }
    assert found["decided"] == {"total": 1, "by": {"decision": {"assist": 1}}, "median_days": 3}
    assert found["actions"] == {"total": 1, "by": {"type": {"court-observation": 1}}}
    assert found["missions"] == {"total": 1, "hearings": 1}
    assert found["closed"] == {"total": 1, "by": {"outcome": {"released": 1}}}
    assert found["open"] == {"total": 0, "by": {"status": {}}}
    assert found["cases"] == [
        {
            "id": case.id,
            "title": case.title,
            "status": "closed",
            "received": "2026-10-05",
            "decision": "assist",
            "closed": "2026-10-30",
        }
    ]
    assert found["previous"]["period"] == {"from": "2026-09-01", "to": "2026-09-30"}
    assert not {"waiting", "ahead", "cases", "previous", "pressure"} & found["previous"].keys()
    json.dumps(found)


def test_one_mission_for_three_cases_counts_once_and_so_does_a_hearing_of_two_missions() -> None:
    cases = [a_case(number) for number in (1, 2, 3)]
    hearing = {"case": cases[0].id, "id": "h1"}
    missions = [
        an_action(n, type="court-observation", cases=[case.id for case in cases], hearing=hearing) for n in (1, 2)
    ]
    planned = an_action(3, type="court-observation", status="planned")
    found = plain(facts_of(cases, [*missions, planned]))
    assert found["missions"] == {"total": 2, "hearings": 1}
    assert found["actions"]["total"] == 2


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2026-09-30", 0), ("2026-10-01", 1), ("2026-10-31", 1), ("2026-11-01", 0), ("2026-10", 1), ("2026", 0)],
)
def test_a_date_counts_by_its_first_possible_day(day: str, counts: int) -> None:
    case = a_case(
        received="2026-01-01",
        status="closed",
        assessments=[decided("assist", day)],
        closure={"date": day, "outcome": "released"},
    )
    found = plain(facts_of([case], [an_action(date=day)]))
    assert [found[name]["total"] for name in ("decided", "actions", "closed")] == [counts] * 3


def test_the_year_holds_what_its_partial_dates_hold() -> None:
    case = a_case(received="2026-01-01", assessments=[decided("assist", "2026")], status="active")
    assert plain(facts_of([case]), period=Period.year("2026"))["decided"]["total"] == 1


def test_decisions_count_each_and_the_median_takes_the_first_answer_of_a_case() -> None:
    twice = a_case(
        1,
        status="active",
        assessments=[decided("more-information", "2026-10-06"), decided("assist", "2026-10-15")],
    )
    quick = a_case(2, status="declined", assessments=[decided("decline", "2026-10-10")])
    again = a_case(
        3,
        received="2026-08-01",
        status="active",
        assessments=[decided("decline", "2026-08-03"), decided("assist", "2026-10-10")],
    )
    found = plain(facts_of([twice, quick, again]))["decided"]
    assert found["total"] == 4
    assert found["median_days"] == 7.5


def test_no_decision_no_median() -> None:
    assert plain(facts_of([a_case()]))["decided"]["median_days"] is None


def test_referrals_count_where_they_moved() -> None:
    def referral(*history: tuple[str, str]) -> dict[str, Any]:
        steps = [{"state": state, "date": day} for state, day in history]
        return {"organisation": "example-relief", "state": history[-1][0], "history": steps}

    moved = an_action(1, type="referral", date="2026-09-20", referral=referral(("accepted", "2026-10-02")))
    still = an_action(2, type="referral", date="2026-09-20", referral=referral(("sent", "2026-09-20")))
    found = plain(facts_of([a_case()], [moved, still]))
    assert found["referrals"] == {"total": 1, "by": {"state": {"accepted": 1}}}
    assert found["previous"]["referrals"] == {"total": 2, "by": {"state": {"accepted": 1, "sent": 1}}}


def _left(number: int, status: str, day: str) -> Case:
    closure = {"date": day, "outcome": "released"} if status == "closed" else None
    made = [decided("decline" if status == "declined" else "assist", "2026-09-20" if closure else day)]
    return a_case(number, status=status, received="2026-09-05", assessments=made, closure=closure)


def test_open_at_the_end_of_the_period() -> None:
    cases = [
        a_case(1),
        a_case(2, received="2026-11-02"),
        a_case(3, status="active", received="2026-09-05", assessments=[decided("assist", "2026-11-05")]),
        a_case(4, status="monitoring", received="2026-09-05", assessments=[decided("assist", "2026-09-15")]),
        _left(5, "closed", "2026-10-31"),
        _left(6, "closed", "2026-11-01"),
        _left(7, "declined", "2026-10-20"),
        _left(8, "declined", "2026-11-03"),
        a_case(9, status="duplicate"),
    ]
    found = plain(facts_of(cases))
    assert found["open"] == {"total": 5, "by": {"status": {"active": 1, "monitoring": 1, "received": 3}}}
    assert found["received"]["total"] == 1


def test_waiting_is_told_as_of_the_last_day() -> None:
    late, urgent, soon = (
        a_case(1, received="2026-10-01"),
        a_case(2, urgency="urgent", received="2026-10-25"),
        a_case(3, received="2026-10-20"),
    )
    answered = a_case(4, received="2026-09-01", status="active", assessments=[decided("assist", "2026-11-02")])
    facts = facts_of([late, urgent, soon, answered])
    waiting = [(item["id"][-1], item["days"]) for item in plain(facts)["waiting"]]
    assert waiting == [("4", 60), ("1", 30), ("2", 6)]


def test_ahead_are_hearings_and_deadlines_of_the_following_month() -> None:
    case = a_case(
        hearings=[
            {"id": "h1", "at": "2026-11-12T10:00+03:00", "kind": "merits", "state": "announced"},
            {"id": "h2", "at": "2026-10-12", "kind": "verdict", "state": "postponed", "postponed_to": "2026-11"},
            {"id": "h3", "at": "2026-11-12", "kind": "merits", "state": "cancelled"},
            {"id": "h4", "at": "2026-12-01", "kind": "merits"},
        ],
        deadlines=[
            {"id": "d1", "date": "2026-11-30", "what": "appeal"},
            {"id": "d2", "date": "2026-11-29", "what": "appeal", "done": True},
        ],
    )
    closed = a_case(
        2,
        status="closed",
        closure={"date": "2026-10-30", "outcome": "released"},
        deadlines=case.deadlines and [{"id": "d1", "date": "2026-11-30"}],
    )
    found = plain(facts_of([case, closed]))["ahead"]
    assert [(item["date"], item["kind"], item["what"], item["state"]) for item in found] == [
        ("2026-11", "hearing", "verdict", "announced"),
        ("2026-11-12T10:00+03:00", "hearing", "merits", "announced"),
        ("2026-11-30", "deadline", "appeal", "open"),
    ]


def test_pressure_looks_back_twelve_months_on_members() -> None:
    cases = [
        a_case(1, received="2025-11-01"),
        a_case(2, received="2025-10-31"),
        a_case(3, subject={"membership": "non-member"}),
        a_case(
            4,
            incidents=[{"id": "i1", "type": "search"}, {"id": "i2", "type": "search"}, {"id": "i3", "type": "arrest"}],
        ),
    ]
    assert plain(facts_of(cases))["pressure"] == {
        "total": 2,
        "by": {"country": {"RU": 2}, "incident": {"arrest": 1, "search": 2}},
    }


def test_a_case_without_an_incident_counts_as_unknown() -> None:
    assert plain(facts_of([a_case(incidents=[])]))["received"]["by"]["incident"] == {"unknown": 1}


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_period_that_is_over_gives_the_same_bytes_ever_after(audience: str) -> None:
    cases = [a_case(number, hearings=[{"id": "h1", "at": "2026-11-12"}]) for number in range(12)]
    first, later = (facts_of(cases, today=day) for day in (date(2026, 10, 31), date(2029, 1, 1)))
    assert json.dumps(plain(first, audience)) == json.dumps(plain(later, audience))


@pytest.mark.parametrize("cases", [[], [a_case()]])
def test_a_month_to_come_and_an_empty_register(cases: list[Case]) -> None:
    facts = facts_of(cases, today=date(2026, 10, 10))
    found = plain(facts, "internal", Period.month("2027-03"))
    assert found["cases"] == []
    assert found["received"] == {"total": None, "by": {}}  # not none: unknown
    assert found["not_over"] == {"on": "2026-10-10", "lies_ahead": True}
    assert plain(facts, "internal", Period.month("2026-10"))["received"]["total"] == len(cases)
    assert plain(facts, "internal", Period.month("2026-09"))["received"]["total"] == 0


def test_another_audience_is_refused() -> None:
    with pytest.raises(ValueError, match="audience"):
        period_figures(facts_of(), OCTOBER, "board", MADE_FROM)


def test_ten_thousand_cases_are_counted_quickly() -> None:
    cases = [
        a_case(
            number,
            status="active",
            received=f"2026-{number % 10 + 1:02d}-11",
            assessments=[decided("assist", "2026-10-20")],
            hearings=[{"id": "h1", "at": "2026-11-12"}],
        )
        for number in range(10_000)
    ]
    facts = facts_of(cases)
    begin = time.process_time()
    report(facts)
    assert time.process_time() - begin < 1.0  # about 0.1 s; the bound only tells a quadratic loop
