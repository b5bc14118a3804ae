"""The time of an act is its commit's, in `history`, `blame` and `--as-of` alike; what the author says stands beside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.audit.test_clock import by_hand
from tests.support.program import Run
from tests.support.signers import commit, edited

NOON = 1793448000
"""2026-10-31, 12:00 UTC."""
WHO = "Coordinator <coordinator@forum.example>"


@pytest.fixture
def case(new_case: Callable[..., str]) -> str:
    return new_case("--country", "RU")


def test_an_act_that_says_that_it_is_older(register: Path, run: Run, case: str) -> None:
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register, GIT_AUTHOR_DATE="2020-01-01T00:00:00+02:00")
    line = next(line for line in run("history", case).out.splitlines() if "changed by hand" in line)
    assert line.startswith("2026-10-31 12:00+00:00  changed by hand")
    assert "written on 2020-01-01" in line
    row = next(line for line in run("blame", case).out.splitlines() if "subject.country" in line)
    assert "2026-10-31 12:00+00:00 (written on 2020-01-01)" in row
    event = json.loads(run("history", case, "--json").out)[-1]
    assert (event["date"], event["authored"]) == ("2026-10-31T12:00:00+00:00", "2020-01-01T00:00:00+02:00")
    field = next(one for one in json.loads(run("blame", case, "--json").out) if one["field"] == "subject.country")
    assert field["date"] == "2026-10-31T12:00:00+00:00"


def test_an_act_written_the_day_before_is_no_news(register: Path, run: Run, case: str) -> None:
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register, GIT_AUTHOR_DATE="2026-10-30T13:00:00+00:00")
    assert "written on" not in run("history", case).out + run("blame", case).out


@pytest.mark.parametrize(
    ("times", "said", "authored"),
    [
        (
            f"99999999999999 +0000|{NOON} +0000",
            "written on no day of any calendar (@99999999999999)",
            "@99999999999999",
        ),
        (f"{NOON} +9999|{NOON} +9999", "2026-10-31 12:00+00:00  changed by hand", "2026-10-31T12:00:00+00:00"),
        (f"{NOON} +0000|99999999999999 +0000", "no day of any calendar (@99999999999999)  changed by hand", None),
    ],
)
def test_times_that_no_calendar_has(
    register: Path, run: Run, git: Callable[..., str], case: str, times: str, said: str, authored: str | None
) -> None:
    edited(register, case, 'country: "RU"', 'country: "BY"')
    git("add", "-A")
    author, committer = times.split("|")
    by_hand(register, f"{WHO} {author}", f"{WHO} {committer}", tree=git("write-tree"))
    answer = run("history", case)
    assert answer.exit_code == 0
    assert said in answer.out
    assert "by Coordinator <coordinator@forum.example>" in answer.out.splitlines()[-2]
    event = json.loads(run("history", case, "--json").out)[-1]
    assert event["authored"] == (authored or "2026-10-31T12:00:00+00:00")
    assert run("blame", case).exit_code == 0


def test_a_day_after_the_year_2099(run: Run, case: str) -> None:
    for when in ("2099", "2100", "9999", "9999-12-31"):
        assert run("list", "--ids", "--as-of", when).out.strip() == case
    assert "no commit up to 2019-12-31" in run("list", "--as-of", "2019").err


def test_a_month_where_a_day_is_needed(run: Run) -> None:
    answer = run("--no-input", "new-case", "--country", "RU", "--received", "2026-11")
    assert (answer.exit_code, answer.out) == (2, "")
    assert "--received 2026-11-30" in answer.err
