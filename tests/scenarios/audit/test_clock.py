"""Acts whose times cannot be: still to come, before what they follow, written after they were made."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Once, Run
from tests.support.signers import Audit, Git, commit, edited, rules


@pytest.fixture
def case(new_case: Callable[..., str], once: Once) -> str:

    def build() -> str:
        return new_case("--country", "RU")

    return once(build)


def by_hand(register: Path, author: str, committer: str, *, tree: str = "") -> str:
    """A commit on top, with its lines of author and committer as they are given; of the same tree, or another."""
    same, parent = (
        subprocess.run(["git", "rev-parse", one], cwd=register, check=True, capture_output=True, text=True).stdout
        for one in ("HEAD^{tree}", "HEAD")
    )
    text = f"tree {tree or same}parent {parent}author {author}\ncommitter {committer}\n\nx\n"
    asked = ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"]
    made = subprocess.run(asked, cwd=register, check=True, capture_output=True, text=True, input=text).stdout.strip()
    subprocess.run(["git", "update-ref", "HEAD", made], cwd=register, check=True)
    return made


def test_the_act_that_is_still_to_come_is_at_fault_and_none_after_it(register: Path, case: str, audit: Audit) -> None:
    edited(register, case, 'country: "RU"', 'country: "BY"')
    ahead = commit(register, date="2031-01-01T00:00:00+00:00")
    for country in ("KZ", "GE"):
        commit(register, "--allow-empty")
        edited(register, case, "country: ", f"# {country}\n  country: ")
        commit(register)
    assert [(one["rule"], one["commit"]) for one in audit()] == [("clock", ahead)]
    assert "from now" in audit()[0]["message"]


def test_what_is_set_back_behind_an_act_still_to_come_is_told_too(register: Path, case: str, audit: Audit) -> None:
    ahead = commit(register, "--allow-empty", date="2031-01-01T00:00:00+00:00")
    back = commit(register, "--allow-empty", date="2026-10-20T12:00:00+00:00")
    assert {(one["rule"], one["commit"]) for one in audit()} == {("clock", ahead), ("clock", back)}


def test_its_day_has_come(register: Path, case: str, audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    later = commit(register, "--allow-empty", date="2026-11-20T00:00:00+00:00")
    assert [one["commit"] for one in audit()] == [later]
    monkeypatch.setenv("SOLIDARITY_TODAY", "2026-11-20")
    assert audit() == []


def test_within_a_day_all_clocks_are_right(register: Path, case: str, audit: Audit) -> None:
    commit(register, "--allow-empty", date="2026-10-31T00:10:00+00:00")
    commit(register, "--allow-empty", date="2026-10-30T12:10:00+00:00")
    assert audit() == []


@pytest.mark.parametrize(
    ("author", "said"),
    [
        ("2020-01-01T12:00:00+00:00", "before the register began"),
        ("2026-11-20T12:00:00+00:00", "20 days after it was committed"),
        ("2026-10-31T13:00:00+14:00", ""),
    ],
)
def test_the_authors_date_is_told_where_it_cannot_be(
    register: Path, case: str, audit: Audit, author: str, said: str
) -> None:
    commit(register, "--allow-empty", GIT_AUTHOR_DATE=author)
    found = audit()
    assert rules(found) == []
    assert rules(found, "warning") == (["clock"] if said else [])
    assert all(said in one["message"] for one in found)


def test_work_that_was_carried_over_is_no_fault(
    register: Path, case: str, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLIDARITY_TODAY", "2027-02-01")
    commit(register, "--allow-empty", date="2027-02-01T12:00:00+00:00", GIT_AUTHOR_DATE="2026-11-20T12:00:00+00:00")
    assert audit() == []


@pytest.mark.parametrize("number", ["99999999999999", "9" * 30, "-86400"])
def test_a_time_that_no_calendar_has_is_told_as_it_is(
    register: Path, run: Run, case: str, audit: Audit, number: str
) -> None:
    who = "Coordinator <coordinator@forum.example>"
    made = by_hand(register, f"{who} {number} +0000", f"{who} 1793448000 +0000")
    assert [(one["rule"], one["severity"], one["commit"]) for one in audit()] == [("clock", "warning", made)]


def test_a_committers_time_that_no_calendar_has(register: Path, run: Run, case: str, audit: Audit) -> None:
    who = "Coordinator <coordinator@forum.example>"
    made = by_hand(register, f"{who} 1793448000 +0000", f"{who} 99999999999999 +0000")
    assert [(one["rule"], one["commit"]) for one in audit() if one["severity"] == "error"] == [("clock", made)]
    assert run("history", case).exit_code == 0


def test_sync_sends_nothing_that_is_still_to_come(
    register: Path, run: Run, git: Git, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    git("remote", "add", "origin", str(bare))
    assert run("sync").exit_code == 0
    sent = git("rev-parse", "HEAD")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2031-01-01T00:00:00+00:00")
    assert run("note", case, "from a machine with a wrong clock").exit_code == 0
    ahead = git("rev-parse", "--short=10", "HEAD").strip()
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-10-31T12:00:00+00:00")
    assert run("note", case, "from one with a right clock").exit_code == 0
    answer = run("sync")
    assert (answer.exit_code, answer.out) == (1, "")
    assert f"commit {ahead}" in answer.err
    assert (
        sent.strip()
        in subprocess.run(["git", "for-each-ref"], cwd=bare, check=True, capture_output=True, text=True).stdout
    )
    step = answer.err.rpartition("git rebase ")[2].split()
    world = {**os.environ, "GIT_AUTHOR_DATE": "", "GIT_COMMITTER_DATE": "2026-10-31T12:00:00+00:00"}
    del world["GIT_AUTHOR_DATE"]
    subprocess.run(["git", "rebase", "-q", *step], cwd=register, check=True, env=world)
    assert run("sync").exit_code == 0
    assert json.loads(run("show", case, "--json").out)["case"]["notes"][-1]["id"] == "n2"


def test_an_act_still_to_come_that_is_out_there_stops_nobody(
    register: Path, run: Run, git: Git, case: str, tmp_path: Path
) -> None:
    commit(register, "--allow-empty", date="2031-01-01T00:00:00+00:00")
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(register), str(bare)], check=True)
    git("remote", "add", "origin", str(bare))
    assert run("note", case, "from one with a right clock").exit_code == 0
    assert run("sync").exit_code == 0


@pytest.mark.parametrize(
    ("today", "said"),
    [("2026-10-02", "from now"), ("2026-11-30", ""), ("2030-11-30", "days old")],
)
def test_doctor_asks_about_the_clock(
    run: Run, case: str, today: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLIDARITY_TODAY", today)
    told = [one for one in json.loads(run("doctor", "--json").out)["findings"] if one["topic"] == "clock"]
    assert len(told) == bool(said)
    assert all(said in one["message"] for one in told)
    if said == "days old":
        # The day is given, the time of day is that of the machine.
        assert any(f"{days} days old" in told[0]["message"] for days in (1490, 1491))
