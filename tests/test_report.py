"""`report` through the front door: periods, formats and where they go, and what has changed since one was made."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pexpect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core.dates import Period
from tests.conftest import Run

GRANTED = ("--use", "statistics", "--answer", "granted", "--given-by", "self")


@pytest.fixture
def received(run: Run, new_case: Callable[..., str]) -> Callable[..., str]:
    """`received("2026-09-03", "RU")`: a case of that day."""

    def case(day: str, country: str = "RU") -> str:
        return new_case(
            "--country", country, "--incident", "search", "--received", day, "--subject-kind", "organisation"
        )

    return case


def figures(run: Run, *arguments: str) -> dict[str, Any]:
    answer = run("report", *arguments, "--format", "json")
    assert answer.exit_code == 0, answer.err
    return dict(json.loads(answer.out))


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


# Changed since


@pytest.fixture
def september(run: Run, received: Callable[..., str], git: Callable[..., str]) -> tuple[str, list[str]]:
    """The commit that September's report was made from, and its two cases."""
    cases = [received("2026-09-03"), received("2026-09-20", "BY")]
    return git("rev-parse", "HEAD").strip(), cases


def test_nothing_has_changed(run: Run, september: tuple[str, list[str]], received: Callable[..., str]) -> None:
    received("2026-10-05")  # another month's
    page = run("report", "--month", "2026-09", "--against", september[0]).out
    assert f"Nothing has changed since the report was made from commit {september[0]}." in page
    assert figures(run, "--month", "2026-09", "--against", september[0])["changed"] == {
        "against": september[0],
        "figures": [],
        "records": [],
    }


def test_a_late_entry_is_listed_with_the_figures_it_alters(
    run: Run, september: tuple[str, list[str]], received: Callable[..., str]
) -> None:
    commit, (first, _) = september
    late = received("2026-09-28", "RU")
    assert run("edit", first, "--set", "urgency=urgent").exit_code == 0
    changed = figures(run, "--month", "2026-09", "--against", commit)["changed"]
    rows = {(one["section"], one["dimension"], one["code"]): (one["then"], one["now"]) for one in changed["figures"]}
    assert rows["received", "", ""] == (2, 3)
    assert rows["received", "country", "RU"] == (1, 2)
    assert rows["received", "urgency", "urgent"] == (0, 1)
    assert ("received", "country", "BY") not in rows
    assert sorted((one["id"], one["how"]) for one in changed["records"]) == sorted([(first, "changed"), (late, "new")])
    page = run("report", "--month", "2026-09", "--against", commit).out
    assert "| Appeals received | – | 2 | 3 |" in page
    assert f"--against {commit}" in page
    assert late in page


def test_an_edit_that_counts_nothing_is_not_listed(run: Run, september: tuple[str, list[str]]) -> None:
    commit, (first, _) = september
    assert run("note", first, "nothing that counts").exit_code == 0
    assert figures(run, "--month", "2026-09", "--against", commit)["changed"]["records"] == []


@pytest.fixture
def granted(run: Run, received: Callable[..., str]) -> Callable[..., None]:
    """`granted(5, "2026-09-05")`: so many cases of that day that may be counted in public."""

    def cases(count: int, day: str = "2026-09-05") -> None:
        for _ in range(count):
            answer = run("consent", received(day), *GRANTED)
            assert answer.exit_code == 0, answer.err

    return cases


def test_the_public_sees_a_month_move_by_the_threshold_or_not_at_all(
    run: Run, granted: Callable[..., None], git: Callable[..., str]
) -> None:
    granted(5)
    commit = git("rev-parse", "HEAD").strip()
    asked = ("report", "--month", "2026-09", "--audience", "public", "--against", commit)
    granted(1)
    answer = run(*asked)
    assert (answer.exit_code, answer.err) == (0, "")
    assert "| Appeals received | 5 | <5 | <5 |" in answer.out
    assert f"Since the report made from commit {commit}, no number has moved so far" in answer.out
    assert "| 6 |" not in answer.out
    granted(4)
    answer = run(*asked)
    assert "| Appeals received | – | 5 | 10 |" in answer.out
    assert "| Appeals received | 10 | <5 | <5 |" in answer.out
    assert "SG-" not in answer.out
    assert "Records that count otherwise" not in answer.out


def test_the_public_does_not_see_a_small_number_become_a_large_one(
    run: Run, granted: Callable[..., None], git: Callable[..., str]
) -> None:
    granted(4)
    commit = git("rev-parse", "HEAD").strip()
    granted(1)
    found = figures(run, "--month", "2026-09", "--audience", "public", "--against", commit)
    assert found["received"]["total"] == "<5"
    assert found["changed"]["figures"] == []


# Where it goes


@pytest.mark.parametrize(("name", "begins"), [("r.pdf", b"%PDF-"), ("r.xlsx", b"PK"), ("r.html", b"<!DOCTYPE"), ("r.json", b"{"),
                                              ("r.csv", b"section,"), ("r.MD", b"# "), ("r.txt", b"# ")])  # fmt: skip
def test_the_ending_of_the_file_says_the_format(
    run: Run, received: Callable[..., str], tmp_path: Path, name: str, begins: bytes
) -> None:
    received("2026-09-03")
    answer = run("report", "--month", "2026-09", "-o", str(tmp_path / name))
    assert (answer.exit_code, answer.out, answer.err) == (0, "", f"written: {tmp_path / name}\n")
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_a_terminal_gets_a_sentence_and_a_pipe_the_file(program: str, register: Path, form: str) -> None:
    asked = ["report", "--month", "2026-09", "--format", form]
    child = pexpect.spawn(program, asked, cwd=str(register), env=dict(os.environ), encoding="utf-8", timeout=30)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2
    assert (child.before or "").splitlines() == [
        f"error: a terminal cannot show {form.upper()}", f"  name a file: -o report.{form}",
    ]  # fmt: skip
    piped = subprocess.run([program, *asked], cwd=register, capture_output=True, check=True)
    assert piped.stdout.startswith(b"%PDF-" if form == "pdf" else b"PK")
    assert piped.stderr == b""


def test_a_file_that_cannot_be_written_leaves_nothing_half_written(run: Run, tmp_path: Path) -> None:
    for place in (tmp_path / "no" / "r.pdf", tmp_path):
        answer = run("report", "--month", "2026-09", "-o", str(place))
        assert answer.exit_code in (2, 3)
        assert len(answer.err.splitlines()) == 2
    older = tmp_path / "r.pdf"
    older.write_bytes(b"older")
    assert run("report", "--month", "2026-13", "-o", str(older)).exit_code == 2
    assert older.read_bytes() == b"older"
    assert not list(tmp_path.glob(".*.part"))
    assert run("report", "--month", "2026-09", "-o", str(older)).exit_code == 0
    assert older.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("form", ["screen", "md", "html", "pdf", "xlsx", "csv", "json"])
@pytest.mark.parametrize("period", ["1999-01", "2199-12"])
def test_an_empty_register_and_months_out_of_sight_give_a_report(
    run: Run, tmp_path: Path, form: str, period: str
) -> None:
    for audience in ("internal", "public"):
        file = tmp_path / f"{audience}.{form}"
        answer = run("report", "--month", period, "--format", form, "--audience", audience, "-o", str(file))
        if audience == "public" and period == "2199-12":
            assert "not over" in answer.err
            assert not file.exists()
            continue
        assert answer.exit_code == 0, answer.err
        assert file.stat().st_size > 500


def test_what_makes_html_or_markdown_loads_neither_typst_nor_xlsxwriter(program: str, register: Path) -> None:
    code = (
        "import sys; from solidarity_cli.cli import main\n"
        "sys.argv = ['solidarity', 'report', '--month', '2026-09', '--format', 'html', '-o', 'out.html']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('typst', 'xlsxwriter', 'rich') if name in sys.modules])"
    )
    python = Path(program).with_name("python")
    told = subprocess.run([python, "-c", code], cwd=register, check=True, capture_output=True, text=True)
    assert told.stdout == "[]\n"
