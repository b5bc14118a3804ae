"""Which period a report is made for, and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core.dates import Period
from tests.support.program import Run
from tests.support.report_figures import figures


def test_a_quarter_beside_the_one_before_and_a_year_ago(run: Run, received: Callable[..., str]) -> None:
    for day in ("2026-07-01", "2026-09-30", "2026-06-30", "2025-07-01", "2025-09-30", "2025-10-01"):
        received(day)
    found = figures(run, "--quarter", "2026-Q3")
    assert found["period"] == {"from": "2026-07-01", "to": "2026-09-30"}
    assert found["previous"]["period"] == {"from": "2026-04-01", "to": "2026-06-30"}
    assert found["year_before"]["period"] == {"from": "2025-07-01", "to": "2025-09-30"}
    totals = [found["received"], found["previous"]["received"], found["year_before"]["received"]]
    assert [one["total"] for one in totals] == [2, 1, 2]
    page = run("report", "--quarter", "2026-q3", "--language", "ru").out
    assert "3-й квартал 2026 года" in page
    assert "solidarity report --quarter 2026-Q3 --audience internal --language ru --as-of" in page
    assert "| Поступившие обращения | 2 | 1 | 2 |" in page


@pytest.mark.parametrize("asked", [["--quarter", "2026"], ["--quarter", "2026-Q5"], ["--quarter", "2026-Q1", "--year", "2026"],
                                   [], ["--month", "0001-01"], ["--year", "9999"], ["--quarter", "0000-Q1"]])  # fmt: skip
def test_a_period_that_is_none_is_told_in_a_sentence(run: Run, asked: list[str]) -> None:
    answer = run("report", *asked)
    assert answer.exit_code == 2
    assert answer.err.count("\n") == 2
    assert "Traceback" not in answer.err


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(0, 500))
def test_a_year_before_is_as_long_and_never_meets_the_period(first: date, days: int) -> None:
    period = Period(first, date.fromordinal(first.toordinal() + days))
    before = period.year_before
    if before is None:
        assert days >= 365 or (days >= 364 and first.month <= 3)
        return
    assert before.last < period.first
    assert 0 <= abs((before.last - before.first).days - days) <= 3
    assert before.whole_months == period.whole_months


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (Period.month("2024-02"), ("2023-02-01", "2023-02-28")),
        (Period.month("2025-02"), ("2024-02-01", "2024-02-29")),
        (Period.year("2026"), ("2025-01-01", "2025-12-31")),
        (Period.between("2026-03-10", "2026-04-09"), ("2025-03-10", "2025-04-09")),
    ],
)
def test_a_year_before_ends_where_the_month_ends(asked: Period, wanted: tuple[str, str]) -> None:
    before = asked.year_before
    assert before is not None
    assert (before.first.isoformat(), before.last.isoformat()) == wanted


def test_a_year_is_not_set_beside_itself_twice(run: Run, received: Callable[..., str]) -> None:
    received("2026-03-03")
    page = run("report", "--year", "2026").out
    assert "A year ago" not in page
    assert figures(run, "--year", "2026")["year_before"]["period"] == {"from": "2025-01-01", "to": "2025-12-31"}
    assert figures(run, "--from", "2025-01-01", "--to", "2026-06-30")["year_before"] is None


def test_the_public_sees_no_year_before_that_shares_days_with_what_it_sees(
    run: Run, received: Callable[..., str]
) -> None:
    received("2026-03-03")
    assert figures(run, "--year", "2025", "--audience", "public")["year_before"] is None
    assert figures(run, "--from", "2025-02-01", "--to", "2025-12-31", "--audience", "public")["year_before"] is None
    shown = figures(run, "--month", "2026-09", "--audience", "public")["year_before"]
    assert shown == {
        "period": {"from": "2025-09-01", "to": "2025-09-30"},
        "received": {"total": "<5", "by": {}, "rounded_down_to": 5},
        "decided": {"total": "<5", "by": {}, "rounded_down_to": 5, "median_days": None},
        "actions": {"total": "<5", "by": {}, "rounded_down_to": 5},
    }


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        (["--from", "2026-07-01", "--to", "2026-09-15"], 2, "a public report is made for whole months"),
        (["--from", "2026-09-10", "--to", "2026-09-20"], 2, "a public report is made for whole months"),
        (["--year", "2026"], 1, "this period is not over"),
        (["--month", "2026-11"], 1, "this period is not over"),
    ],
)
def test_the_public_gets_no_part_of_a_month(run: Run, asked: list[str], code: int, told: str) -> None:
    answer = run("report", *asked, "--audience", "public")
    assert (answer.exit_code, answer.out) == (code, "")
    assert told in answer.err
    assert len(answer.err.splitlines()) == 2
    assert run("report", *asked, "--audience", "internal").exit_code == 0


def test_a_public_quarter_adds_up_what_its_months_show(
    run: Run, received: Callable[..., str], granted: Callable[..., None]
) -> None:
    granted(7, "2026-07-05")
    granted(6, "2026-08-05")
    granted(1, "2026-09-05")
    found = figures(run, "--quarter", "2026-Q3", "--audience", "public")
    assert found["received"]["total"] == 10  # 7 and 6, rounded down; the one of September is in no number
    assert found["received"]["by"]["country"] == {"RU": 10}
    assert found["pressure"]["total"] is None  # no row for members: the membership of these was not told
    page = run("report", "--quarter", "2026-Q3", "--audience", "public").out
    assert "| Appeals received | 10 or more | – | – |" in page
    assert "Referrals: nothing can be shown here without giving small numbers away." in page
