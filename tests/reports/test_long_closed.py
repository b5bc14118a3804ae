"""A report says the same whether the cases that ended long ago are built or passed over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from solidarity_cli.core.dates import Period
from solidarity_cli.reports.counting.long_closed import had_ended, looks_back_to
from solidarity_cli.reports.period.report import period_figures
from tests.support.figure_records import MADE_FROM, a_case, decided, facts_of

_FIRST = date(2023, 6, 1)
DAYS = st.integers(0, 1_300).map(lambda days: (_FIRST + timedelta(days)).isoformat())
DATES = st.one_of(DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))
PERIODS = st.one_of(
    st.integers(1, 10).map(lambda month: Period.month(f"2026-{month:02}")),
    st.sampled_from([Period.year("2025"), Period.quarter("2026-Q1"), Period(date(2024, 2, 10), date(2026, 3, 3))]),
)
CASES = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["received", "assessing", "active", "monitoring", "closed", "declined", "duplicate"]),
        "received": DATES,
        "assessments": st.lists(
            st.builds(decided, st.sampled_from(["assist", "decline", "more-information"]), DATES), max_size=2
        ),
        "closure": st.none() | DATES.map(lambda day: {"date": day, "outcome": "released"}),
        "hearings": DATES.map(lambda day: [{"id": "h1", "at": day, "kind": "merits"}]),
    }
)


@given(st.lists(CASES, max_size=12), PERIODS)
def test_what_had_ended_is_counted_nowhere(plains: list[dict[str, Any]], period: Period) -> None:
    cases = [(a_case(number, **plain), plain) for number, plain in enumerate(plains)]
    first = looks_back_to(period)
    everything = facts_of([case for case, _ in cases])
    rest = facts_of([case for case, plain in cases if not had_ended(plain, first)])
    assert period_figures(rest, period, "internal", MADE_FROM) == period_figures(
        everything, period, "internal", MADE_FROM
    )


def test_an_old_case_is_passed_over_and_one_that_was_reopened_is_not() -> None:
    old = {"status": "closed", "received": "2020-03", "closure": {"date": "2021-01-08"}, "assessments": []}
    first = looks_back_to(Period.month("2026-10"))
    assert first == "2025-10-01"
    assert had_ended(old, first)
    assert not had_ended(old | {"status": "assessing"}, first)
    assert not had_ended(old | {"closure": {"date": "2025-10-01"}}, first)
    assert not had_ended(old | {"assessments": [decided("decline", "2025-11")]}, first)
