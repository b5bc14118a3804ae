"""`--against` at the next report: what has altered the period before since it was told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.program import Run
from tests.support.report_figures import figures


@pytest.fixture
def january(
    run: Run, received: Callable[..., str], git: Callable[..., str], on: Callable[[str], None]
) -> tuple[str, str]:
    """The commit that January's report is made from on 2 February, and its case; then two cases of February come."""
    on("2026-01-20")
    case = received("2026-01-15")
    commit = git("rev-parse", "HEAD").strip()
    for day in ("2026-02-10", "2026-02-20"):
        on(day)
        received(day)
    on("2026-03-02")
    return commit, case


def test_the_next_report_lists_what_altered_the_month_before(
    run: Run, january: tuple[str, str], received: Callable[..., str]
) -> None:
    commit, _ = january
    late = received("2026-01-25")
    found = figures(run, "--month", "2026-02", "--against", commit)
    assert found["changed"]["period"] == {"from": "2026-01-01", "to": "2026-01-31"}
    assert [(one["id"], one["how"]) for one in found["changed"]["records"]] == [(late, "new")]
    rows = {(one["section"], one["code"]): (one["then"], one["now"]) for one in found["changed"]["figures"]}
    assert rows["received", ""] == (1, 2)
    assert found["received"]["total"] == 2  # those of February
    page = run("report", "--month", "2026-02", "--against", commit).out
    assert "## Changed since the report on January 2026" in page
    assert f"Compared with the report on January 2026, made from commit {commit}" in page


@pytest.mark.parametrize(
    ("language", "heading"),
    [("ru", "Что изменилось после отчёта за январь 2026"), ("de", "Geändert seit dem Bericht für Januar 2026")],
)
def test_the_period_compared_is_named_in_every_language(
    run: Run, january: tuple[str, str], language: str, heading: str
) -> None:
    page = run("report", "--month", "2026-02", "--against", january[0], "--language", language).out
    assert heading in page


@pytest.mark.parametrize(
    ("asked", "compared"),
    [
        (["--month", "2026-01"], ("2026-01-01", "2026-01-31")),
        (["--month", "2026-02"], ("2026-01-01", "2026-01-31")),
        (["--from", "2026-02-01", "--to", "2026-02-10"], ("2026-02-01", "2026-02-10")),
        (["--from", "2026-02-11", "--to", "2026-02-20"], ("2026-02-01", "2026-02-10")),
        (["--quarter", "2026-Q1"], ("2025-10-01", "2025-12-31")),
        (["--year", "2026"], ("2025-01-01", "2025-12-31")),
    ],
)
def test_compared_is_what_can_have_been_told_from_that_commit(
    run: Run, january: tuple[str, str], asked: list[str], compared: tuple[str, str]
) -> None:
    """The commit was the newest until 10 February."""
    period = figures(run, *asked, "--against", january[0])["changed"]["period"]
    assert (period["from"], period["to"]) == compared


def test_the_newest_commit_stands_until_today(run: Run, january: tuple[str, str]) -> None:
    assert figures(run, "--month", "2026-02", "--against", "HEAD")["changed"]["period"]["from"] == "2026-02-01"
    assert figures(run, "--month", "2026-03", "--against", "HEAD")["changed"]["period"]["from"] == "2026-02-01"


def test_what_cannot_have_been_told_then_is_refused_in_words(run: Run, january: tuple[str, str]) -> None:
    answer = run("report", "--month", "2026-04", "--against", january[0])
    assert (answer.exit_code, answer.out) == (2, "")
    assert (
        "that commit was the newest until 2026-02-10: neither this period nor the one before was over by then"
        in answer.err
    )
    assert len(answer.err.splitlines()) == 2


def test_a_branch_cut_from_a_commit_did_not_replace_it(
    run: Run, january: tuple[str, str], git: Callable[..., str], on: Callable[[str], None], received: Callable[..., str]
) -> None:
    newest = git("rev-parse", "HEAD").strip()  # of 20 February
    git("switch", "--quiet", "-c", "case/late")
    on("2026-02-22")
    received("2026-02-21")
    git("switch", "--quiet", "main")
    on("2026-03-05")
    git("merge", "--quiet", "--no-ff", "-m", "merge", "case/late")
    assert figures(run, "--month", "2026-02", "--against", newest)["changed"]["period"]["from"] == "2026-02-01"


def test_a_month_that_came_whole_after_the_commit_is_told_to_the_public_as_it_is(
    run: Run, granted: Callable[..., None], git: Callable[..., str], on: Callable[[str], None]
) -> None:
    on("2026-02-02")
    commit = git("rev-parse", "HEAD").strip()
    on("2026-03-02")
    granted(12, "2026-02-05")
    # February can have been told from that commit too, as "<5".
    asked = ("--month", "2026-02", "--audience", "public", "--against", commit)
    assert figures(run, *asked)["received"]["total"] == 12
    page = run("report", *asked).out
    assert "| Appeals received | 12 | – | – |" in page
    assert "| Appeals received | – | <5 | 12 |" in page


def test_a_late_entry_of_the_month_before_shows_nowhere_in_public(
    run: Run, granted: Callable[..., None], git: Callable[..., str], on: Callable[[str], None]
) -> None:
    on("2026-01-20")
    granted(6, "2026-01-15")
    commit = git("rev-parse", "HEAD").strip()
    on("2026-02-05")
    granted(12, "2026-02-05")
    on("2026-03-02")
    asked = ("--month", "2026-02", "--audience", "public", "--against", commit)
    before = figures(run, *asked)
    granted(3, "2026-01-25")
    after = figures(run, *asked)
    assert after["received"]["total"] == 12
    assert after["changed"] == before["changed"]
    assert after["changed"]["figures"] == []
    granted(2, "2026-01-26")
    told = figures(run, *asked)["changed"]
    assert told["period"] == {"from": "2026-01-01", "to": "2026-01-31"}
    assert {(one["then"], one["now"]) for one in told["figures"]} == {(6, 11)}
    assert told["records"] == []
