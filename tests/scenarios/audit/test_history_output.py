"""`history` as a story: in words, with its times, its reviews, and as it was at any day."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.core import audit
from tests.support.program import CHECKOUT, Run
from tests.support.signers import commit, edited

Git = Callable[..., str]


def test_a_case_and_its_actions_oldest_first(run: Run, new_case: Callable[..., str]) -> None:
    case = new_case(
        "--country", "RU", "--incident", "search", "--subject-kind", "organisation", "--membership", "member"
    )
    run(
        "assess",
        case,
        "--decision",
        "assist",
        "--reason",
        "In the mandate.",
        "--basis",
        "un-hrd-5,odihr-hrd-b",
        "--wider-impact",
        "yes",
        "--impact-reason",
        "Others watch.",
    )
    action = run("-q", "link-action", case, "--type", "information").out.strip()
    told = run("history", case).out
    heads = [line for line in told.splitlines() if not line.startswith(" ")]
    assert [re.split(r"  ", head)[1] for head in heads] == ["recorded", "assessed", "action linked"]
    assert "status: received -> active" in told
    assert "un-hrd-5" in told
    assert f"{action} type: information" in told


def test_local_time_and_utc(register: Path, run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register, date="2026-10-31T15:30:00+03:00")
    assert "2026-10-31 15:30+03:00 (12:30 UTC)  changed by hand" in run("history", case).out
    event = json.loads(run("history", case, "--json").out)[-1]
    assert (event["date"], event["utc"]) == ("2026-10-31T15:30:00+03:00", "2026-10-31T12:30:00Z")


@pytest.mark.parametrize(
    ("message", "review"),
    [("Merge pull request #12 from x/y", "#12"), ("Merge branch 'x'\n\nSee merge request g/p!7", "!7"), ("x", "")],
)
def test_which_review_brought_it_in(
    register: Path, run: Run, git: Git, new_case: Callable[..., str], message: str, review: str
) -> None:
    case = new_case("--country", "RU")
    git("checkout", "-qb", "other")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register)
    git("checkout", "-q", "main")
    new_case("--country", "KZ")
    git("merge", "-q", "-m", message, "other")
    merge = git("rev-parse", "HEAD").strip()
    events = json.loads(run("history", case, "--json").out)
    assert [one["brought_in_by"] for one in events] == [None, {"commit": merge, "review": review}]
    assert f"brought in by {f'review {review}, ' if review else ''}merge {merge[:10]}" in run("history", case).out


def test_a_renamed_file_is_one_story(register: Path, run: Run, git: Git, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU")
    (register / "cases" / "2025").mkdir()
    git("mv", f"cases/2026/{case}.yaml", f"cases/2025/{case}.yaml")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register)
    events = json.loads(run("history", case, "--json").out)
    assert events[-1]["changes"] == [{"record": case, "field": "subject.country", "old": "RU", "new": "BY"}]
    assert json.loads(run("audit", "--json").out)["findings"] == []


def test_as_of_a_date_in_every_verb_that_reads(register: Path, run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU", "--received", "2026-10-02")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register, date="2027-02-01T00:30:00+02:00")  # still January in UTC
    edited(register, case, 'country: "BY"', 'country: "KZ"')
    commit(register, date="2027-03-01T12:00:00+00:00")
    for when, country in (("2026-10", "RU"), ("2027-01-31", "BY"), ("2027-01", "BY"), ("2027", "KZ"), ("HEAD~1", "BY")):
        assert json.loads(run("show", case, "--json", "--as-of", when).out)["case"]["subject"]["country"] == country
        assert json.loads(run("list", "--json", "--as-of", when).out)[0]["country"] == country
        for verb in (("report", "--month", "2026-10"), ("agenda",), ("validate",)):
            assert run(*verb, "--as-of", when).exit_code in (0, 1)
    assert run("list", "--as-of", "2019").exit_code == 1


def test_a_report_made_again_is_the_same_bytes(register: Path, run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU", "--received", "2026-10-02")
    before = run("report", "--month", "2026-10", "--format", "json", "--as-of", "2026-10")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register, date="2027-10-01T12:00:00+00:00")
    assert run("report", "--month", "2026-10", "--format", "json", "--as-of", "2026-10") == before


def test_the_story_on_a_screen(register: Path, new_case: Callable[..., str], program: str) -> None:
    import os
    import pty

    case = new_case("--country", "RU")
    here, there = pty.openpty()
    subprocess.run([program, "history", case], cwd=register, check=True, stdout=there, stdin=there, stderr=there)
    os.close(there)
    told = os.read(here, 65536).decode()
    os.close(here)
    assert "● " in told
    assert "│ " in told
    assert "\x1b[1mrecorded\x1b[0m" in told


def test_every_rule_is_explained(run: Run) -> None:
    page = (CHECKOUT / "docs" / "security" / "audit.md").read_text()
    overview = run("explain", "audit-rules").out
    for rule in audit.RULES:
        assert f"`{rule.id}`" in page
        assert f"{rule.id}: {rule.sentence}" in overview
        told = run("explain", rule.id).out
        assert rule.sentence in told
        assert "What to do:" in told
