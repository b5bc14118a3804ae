"""`--against`: a period that was told already, told again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.program import Run
from tests.support.report_figures import figures


@pytest.fixture
def september(run: Run, received: Callable[..., str], git: Callable[..., str]) -> tuple[str, list[str]]:
    """The commit that September's report was made from, and its two cases."""
    cases = [received("2026-09-03"), received("2026-09-20", "BY")]
    return git("rev-parse", "HEAD").strip(), cases


def test_nothing_has_changed(run: Run, september: tuple[str, list[str]], received: Callable[..., str]) -> None:
    received("2026-10-05")  # another month's
    page = run("report", "--month", "2026-09", "--against", september[0]).out
    assert f"Nothing has changed since the report on September 2026, made from commit {september[0]}." in page
    assert figures(run, "--month", "2026-09", "--against", september[0])["changed"] == {
        "against": september[0],
        "period": {"from": "2026-09-01", "to": "2026-09-30"},
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


def test_the_public_sees_a_month_move_by_the_threshold_or_not_at_all(
    run: Run, granted: Callable[..., None], git: Callable[..., str]
) -> None:
    granted(5)
    commit = git("rev-parse", "HEAD").strip()
    asked = ("report", "--month", "2026-09", "--audience", "public", "--against", commit)
    granted(1)
    answer = run(*asked)
    assert (answer.exit_code, answer.err) == (0, "")
    assert "| Appeals received | 5 | – | – |" in answer.out
    assert f"Since the report on September 2026, made from commit {commit}, no number has moved so far" in answer.out
    assert "| 6 |" not in answer.out
    granted(4)
    answer = run(*asked)
    assert "| Appeals received | – | 5 | 10 |" in answer.out
    assert "| Appeals received | 10 | – | – |" in answer.out
    assert "SG-" not in answer.out
    assert "Records that count otherwise" not in answer.out


def test_the_public_does_not_see_a_small_number_become_a_large_one(
    run: Run, granted: Callable[..., None], git: Callable[..., str]
) -> None:
    granted(4)
    commit = git("rev-parse", "HEAD").strip()
    granted(1)
    found = figures(run, "--month", "2026-09", "--audience", "public", "--against", commit)
    assert found["received"] == {"total": None, "by": {name: {} for name in found["received"]["by"]}}
    assert found["changed"]["figures"] == []
    granted(8)
    found = figures(run, "--month", "2026-09", "--audience", "public", "--against", commit)
    assert found["received"] == {"total": 13, "by": {name: {} for name in found["received"]["by"]}}
    assert [(one["then"], one["now"]) for one in found["changed"]["figures"] if one["section"] == "received"] == [
        ("<5", 13)
    ]
    page = run("report", "--month", "2026-09", "--audience", "public", "--against", commit).out
    assert "| Appeals received | – | <5 | 13 |" in page
