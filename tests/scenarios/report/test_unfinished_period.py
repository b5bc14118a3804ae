"""A period that is not over says so, and what lies ahead is told as no fact."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run
from tests.support.report_figures import figures


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "This period is not over: the figures are as of 10 July 2026."),
        ("de", "Dieser Zeitraum ist noch nicht zu Ende: Die Zahlen haben den Stand vom 10. Juli 2026."),
        ("ru", "Этот период ещё не окончен: числа приведены по состоянию на 10 июля 2026"),
    ],
)
def test_a_period_that_is_not_over_says_so_first(
    run: Run, on: Callable[[str], None], received: Callable[..., str], language: str, told: str
) -> None:
    on("2026-07-10")
    received("2026-07-03")
    for asked in (["--month", "2026-07"], ["--quarter", "2026-Q3"], ["--year", "2026"]):
        lines = run("report", *asked, "--language", language).out.splitlines()
        assert lines[4].startswith(told)
    assert figures(run, "--month", "2026-07")["not_over"] == {"on": "2026-07-10", "lies_ahead": False}
    table = run("report", "--month", "2026-07", "--format", "csv").out
    assert "report,not_over_on,,2026-07-10,\nreport,lies_ahead,,no,\n" in table


@pytest.mark.parametrize("form", ["screen", "md", "html", "pdf", "xlsx", "csv", "json"])
@pytest.mark.parametrize("period", ["2026-07", "2026-12"])
def test_the_command_to_make_it_again_makes_the_same_bytes_on_another_day(
    run: Run,
    on: Callable[[str], None],
    received: Callable[..., str],
    git: Callable[..., str],
    register: Path,
    program: str,
    form: str,
    period: str,
) -> None:
    on("2026-07-10")
    received("2026-06-03")
    commit = git("rev-parse", "HEAD").strip()
    asked = ("--month", period, "--as-of", commit)
    assert run("report", *asked, "--format", form, "-o", f"a.{form}").exit_code == 0
    again = figures(run, *asked)["again"]
    assert again.startswith("env SOLIDARITY_TODAY=2026-07-10 solidarity report ")
    on("2027-03-25")
    line = f"{again} --language en --format {form} -o b.{form}"
    path = f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["sh", "-c", line], cwd=register, env={**os.environ, "PATH": path}, check=True, capture_output=True)
    assert (register / f"b.{form}").read_bytes() == (register / f"a.{form}").read_bytes()


def test_the_command_works_as_it_stands_in_the_source_of_a_markdown_file(
    run: Run, on: Callable[[str], None], register: Path, program: str
) -> None:
    on("2026-07-10")
    page = run("report", "--month", "2026-07").out
    line = next(line for line in page.splitlines() if "To make it again" in line).partition(":** ")[2]
    path = f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}"
    on("2027-03-25")
    world = {**os.environ, "PATH": path}
    again = subprocess.run(["sh", "-c", line], cwd=register, env=world, check=True, capture_output=True, text=True)
    assert again.stdout == page


def test_a_period_that_is_over_depends_on_no_day(
    run: Run, on: Callable[[str], None], received: Callable[..., str], git: Callable[..., str]
) -> None:
    on("2026-07-31")
    received("2026-06-03")
    asked = ("report", "--month", "2026-07", "--as-of", git("rev-parse", "HEAD").strip())
    told = run(*asked).out
    assert "SOLIDARITY_TODAY" not in told
    assert "not over" not in "".join(told.splitlines(keepends=True)[:12])
    on("2027-03-25")
    assert run(*asked).out == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "This period lies ahead: as of 10 July 2026 nothing in it can be counted yet."),
        ("de", "Dieser Zeitraum liegt noch vor uns: Nach dem Stand vom 10. Juli 2026 lässt sich darin nichts zählen."),
        ("ru", "Этот период ещё не начался: по состоянию на 10 июля 2026"),
    ],
)
def test_of_a_period_ahead_nothing_is_told_as_a_fact(
    run: Run, on: Callable[[str], None], received: Callable[..., str], language: str, told: str
) -> None:
    on("2026-07-10")
    waits = received("2026-06-03")
    page = run("report", "--month", "2026-12", "--language", language).out
    assert page.splitlines()[4].startswith(told)
    assert "| 37 |" in page  # the case that waits does so today
    assert waits in page
    if language == "en":
        for fact in (
            "No appeal was received",
            "Open cases at the end",
            "At a glance",
            "No case was received",
            "twelve months",
        ):
            assert fact not in page
    found = figures(run, "--month", "2026-12")
    assert found["not_over"] == {"on": "2026-07-10", "lies_ahead": True}
    for section in ("received", "decided", "actions", "referrals", "closed", "open", "pressure"):
        assert (found[section]["total"], found[section]["by"]) == (None, {})
    assert (found["trends"], found["cases"]) == (None, [])
    assert "open,total,,,\n" in run("report", "--month", "2026-12", "--format", "csv").out


def test_months_that_lie_ahead_stand_in_no_row_of_months(
    run: Run, on: Callable[[str], None], received: Callable[..., str]
) -> None:
    on("2026-07-10")
    received("2026-07-03")
    months = [one["month"] for one in figures(run, "--year", "2026")["trends"]["months"]]
    assert (len(months), months[0], months[-1]) == (13, "2025-07", "2026-07")
