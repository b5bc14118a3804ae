"""A month's report made at its end, and made again a year later, is the same bytes, whatever has happened since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run

FORMATS = ("md", "html", "csv", "json", "xlsx", "pdf")


def reports(run: Run, folder: Path, *options: str) -> dict[tuple[str, str], bytes]:
    """The report of October in every format, for both audiences."""
    folder.mkdir()
    made = {}
    for audience in ("internal", "public"):
        for form in FORMATS:
            file = folder / f"{audience}.{form}"
            answer = run(
                "report", "--month", "2026-10", "--audience", audience, "--format", form, "-o", str(file), *options
            )
            assert answer.exit_code == 0, answer
            made[audience, form] = file.read_bytes()
    return made


def test_at_the_end_of_the_month_and_a_year_later(
    register: Path, run: Run, new_case: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        new_case("--country", country, "--incident", "search", "--received", "2026-10-02", "--membership", "member")
        for country in ("RU", "BY")
    )
    run("hearing", first, "--at", "2026-11-20")
    run("assess", first, "--decision", "decline", "--reason", "Outside the mandate.")
    run("note", second, "She called.")
    taken_back_later = run(
        "-q", "link-action", second, "--type", "monitoring", "--status", "done", "--date", "2026-10-20"
    )
    assert taken_back_later.exit_code == 0
    at_the_end = reports(run, tmp_path / "then")
    assert reports(run, tmp_path / "then-as-of", "--as-of", "2026-10") == at_the_end
    monkeypatch.setenv("SOLIDARITY_TODAY", "2027-10-31")
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, "2027-10-31T12:00:00+00:00")
    # An undo of an act of that month, an entry that comes late for it, and what else happens in a year.
    assert run("undo", second).exit_code == 0
    late = new_case("--country", "KZ", "--incident", "search", "--received", "2026-10-30")
    assert run("edit", first, "--set", "subject.country=KZ", "--set", "urgency=high").exit_code == 0
    assert run("set-status", first, "assessing", "--reason", "New facts.").exit_code == 0
    new_case("--country", "TR", "--received", "2027-09-01")
    assert run("note", late, "He called.").exit_code == 0
    again = reports(run, tmp_path / "again", "--as-of", "2026-10")
    assert {one for one in again if again[one] != at_the_end[one]} == set()
    assert again == reports(run, tmp_path / "again-by-day", "--as-of", "2026-10-31")
    # Made without it, the late entry is in: the two are told apart.
    now = reports(run, tmp_path / "now")
    assert {one for one in now if now[one] == at_the_end[one]} == set()
    told = run("report", "--month", "2026-10", "--against", "2026-10", "--format", "json")
    assert told.exit_code == 0
    assert late in told.out
