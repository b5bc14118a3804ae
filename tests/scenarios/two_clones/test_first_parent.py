"""What the others have seen stays the first-parent line, whoever merges: `--as-of` tells a past day as it stood there."""

from __future__ import annotations

import json

import pytest

from tests.support.people import Person

Group = tuple[Person, Person, Person]


def at(monkeypatch: pytest.MonkeyPatch, day: str, time: str = "12:00:00") -> None:
    monkeypatch.setenv("SOLIDARITY_TODAY", day)
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.setenv(name, f"{day}T{time}+00:00")


def findings(one: Person) -> list[str]:
    return [found["rule"] for found in json.loads(one.run("audit", "--json", "--full").out)["findings"]]


def test_a_report_of_a_past_month_is_the_same_after_somebody_sent_an_older_act(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, boris, _ = group
    at(monkeypatch, "2026-11-29")
    late = anna.does("-q", "new-case", "--country", "DE", "--received", "2026-11-28")
    at(monkeypatch, "2026-11-30")
    sent = boris.does("-q", "new-case", "--country", "GE", "--received", "2026-11-28")
    boris.does("sync")
    report = ("report", "--month", "2026-11", "--format", "json", "--as-of", "2026-11")
    before = boris.does(*report)
    at(monkeypatch, "2026-12-01")
    anna.does("sync")
    boris.does("sync")
    at(monkeypatch, "2027-12-01")
    assert [one.does("list", "--ids", "--as-of", "2026-11") for one in (anna, boris)] == [sent, sent]
    assert boris.does(*report) == before
    assert set(boris.does("list", "--ids", "--as-of", "2026-12").split()) == {late, sent}
    assert findings(boris) == []


def test_who_synced_is_not_told_to_have_brought_in_what_others_sent(group: Group) -> None:
    anna, boris, _ = group
    mine, theirs = (one.does("-q", "new-case", "--country", "DE") for one in (anna, boris))
    boris.does("sync")
    anna.does("sync")
    (own,), (other,) = (json.loads(anna.does("history", case, "--json")) for case in (mine, theirs))
    assert other["brought_in_by"] is None
    assert own["brought_in_by"]["commit"] == anna.git("rev-parse", "HEAD")


def test_both_changed_one_case_and_a_race(group: Group) -> None:
    anna, boris, clara = group
    case = anna.does("-q", "new-case", "--country", "DE", "--name", "Maria Zvontsova")
    for one in group:
        one.does("sync")
    for one in group:
        one.does("note", case, f"{one.name} was there")
        one.does(
            "edit", case, "--set", f"{'language' if one is anna else 'channel'}={'ru' if one is anna else 'email'}"
        )
    line = []
    for one in (boris, clara, anna):
        one.does("sync")
        line.append(one.git("rev-parse", "HEAD"))
    told = anna.git("rev-list", "--first-parent", "HEAD").splitlines()
    assert [one for one in told if one in line] == line[::-1]
    assert findings(anna) == []
    assert "anna was there" in anna.does("show", case).replace("\\", "")


def test_a_merge_by_git_is_put_beside_the_line_of_the_others(group: Group) -> None:
    anna, boris, _ = group
    for one in (anna, boris):
        one.does("-q", "new-case", "--country", "DE")
    boris.does("sync")
    sent = boris.git("rev-parse", "HEAD")
    anna.git("fetch", "-q")
    anna.git("merge", "-q", "--no-edit", "origin/main")
    tree = anna.git("rev-parse", "HEAD^{tree}")
    anna.does("sync")
    assert sent in anna.git("rev-list", "--first-parent", "HEAD").split()
    assert anna.git("rev-parse", "HEAD^{tree}") == tree
    assert anna.git("status", "--porcelain") == ""
    head = anna.git("rev-parse", "HEAD")
    boris.does("sync")
    anna.does("sync")
    assert {one.git("rev-parse", "HEAD") for one in (anna, boris)} == {head}
    assert findings(boris) == []
