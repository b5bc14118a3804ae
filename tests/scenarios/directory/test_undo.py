"""An organisation or a view taken back by `undo`: as it was, by the one who made it, and not while others need it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.organisations import RELIEF
from tests.support.program import Answer, Good, Run

Git = Callable[..., str]


@pytest.fixture
def tree(git: Git) -> Callable[[], str]:
    """What the newest commit holds."""
    return lambda: git("rev-parse", "HEAD^{tree}").strip()


def undone(run: Run, *arguments: str) -> Answer:
    """An undo that has to succeed, after which the whole history stands up to the audit, and all can be read."""
    answer = run("undo", *arguments)
    assert answer.exit_code == 0, answer
    assert json.loads(run("audit", "--json").out)["findings"] == []
    assert run("validate").exit_code == 0
    return answer


def refused(run: Run, git: Git, *arguments: str) -> str:
    before = git("rev-parse", "HEAD"), git("status", "--porcelain")
    answer = run("undo", *arguments)
    assert (answer.exit_code, answer.out) == (1, ""), answer
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == before
    error, hint = answer.err.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("  ")
    return answer.err


def boris(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "boris@forum.example")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "boris@forum.example")


def test_an_entry_goes_and_comes_back_and_goes(run: Run, good: Good, git: Git, tree: Callable[[], str]) -> None:
    without = tree()
    good(*RELIEF)
    given = tree()
    added = git("rev-parse", "HEAD").strip()
    answer = undone(run, "example-relief")
    assert tree() == without
    assert answer.out.startswith(f"example-relief: directory-add of 2026-10-31 ({added[:10]}) undone (")
    assert "your last act on example-relief: directory-add of" in answer.err
    assert "  name: Example Relief\n" in answer.err
    assert "next: to bring it back: solidarity undo example-relief\n" in answer.err
    assert git("log", "-1", "--format=%B").strip() == f"undo\n\nAct: undo\nUndoes: {added}"
    assert good("directory", "list", "--json").out.strip() == "[]"
    undone(run, "Example-Relief")
    assert tree() == given
    undone(run)
    assert tree() == without


def test_a_change_of_an_entry(run: Run, good: Good, listed: None, git: Git, tree: Callable[[], str]) -> None:
    before = tree()
    good("directory", "check", "relief", "--set", "response_days=14")
    answer = undone(run, "-n", "relief")
    assert "+response_days: 5" in answer.out
    assert "nothing was changed" in answer.err
    answer = undone(run, "relief")
    assert "  response_days: 5 -> 14\n" in answer.err
    assert tree() == before
    # What came before stays one's own last act on that entry, whatever was done to others since.
    good("directory", "check", "wide-aid", "--set", "response_days=3")
    assert "undo of 2026-10-31" in undone(run, "example-relief").out


def test_what_is_no_entry_is_said_as_one(run: Run, git: Git, listed: None) -> None:
    said = refused(run, git, "example-releif")
    assert "no organisation of that id in this register" in said
    assert "did you mean example-relief?" in said
    assert "no case" in refused(run, git, "Maria Zvontsova")
    assert "there is no such view in this register" in refused(run, git, "@Zvontsova")
    assert "there is no such view in this register" in refused(run, git, "@")


@pytest.mark.parametrize("who", ["coordinator", "boris"])
def test_an_entry_that_was_changed_since(
    run: Run, good: Good, git: Git, listed: None, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    with monkeypatch.context() as other:
        if who == "boris":
            boris(other)
        good("directory", "check", "example-relief", "--set", "response_days=9")
    if who == "coordinator":
        undone(run, "example-relief")
        undone(run, "example-relief")
        return
    said = refused(run, git, "example-relief")
    assert "example-relief was changed later, by directory-check of 2026-10-31" in said
    assert "solidarity directory check example-relief --set FIELD=VALUE" in said
    boris(monkeypatch)
    undone(run)
    assert "no act on wide-aid on this branch was made by boris@forum.example" in refused(run, git, "wide-aid")


def test_an_entry_that_a_consent_names_stays(run: Run, good: Good, git: Git, listed: None, case: str) -> None:
    said = refused(run, git, "example-relief")
    assert f"cannot be undone: {case} names example-relief, which would go" in said
    assert f"solidarity undo {case}; or put the entry right: solidarity directory check example-relief --set" in said
    undone(run, case)
    undone(run, "example-relief")


@pytest.mark.parametrize("how", ["referral", "letter"])
def test_an_entry_that_an_action_names_stays(run: Run, good: Good, git: Git, listed: None, case: str, how: str) -> None:
    kind = ("referral", "--service", "legal") if how == "referral" else ("letter-authorities",)
    action = good("-q", "link-action", case, "--type", *kind, "--to-organisation", "wide-aid").out.strip()
    assert f"{action} names wide-aid, which would go" in refused(run, git, "wide-aid")
    undone(run, action)
    undone(run, "wide-aid")


def test_a_view_goes_and_comes_back(
    run: Run, good: Good, git: Git, new_case: Callable[..., str], tree: Callable[[], str]
) -> None:
    case = new_case("--country", "RU")
    good("list", "--country", "RU", "--save-as", "mine")
    first = tree()
    good("list", "--country", "BY", "--save-as", "mine")
    good("note", case, "She called.")
    answer = undone(run, "@mine")
    assert answer.out.startswith("@mine: list-save of 2026-10-31")
    assert "  country: RU -> BY\n" in answer.err
    assert json.loads(good("list", "@", "--json").out) == {"mine": {"country": "RU"}}
    assert git("diff", "--name-only", "HEAD~1").split() == ["register.yaml"]
    undone(run, case)
    assert tree() == first
    assert "did you mean: solidarity list @mine?" in refused(run, git, "@mein")


def test_a_first_view_goes_and_comes_back(run: Run, good: Good, tree: Callable[[], str]) -> None:
    before = tree()
    good("list", "--country", "RU", "--save-as", "mine")
    given = tree()
    assert "to bring it back: solidarity undo @mine" in undone(run).err
    assert tree() == before
    undone(run, "@mine")
    assert tree() == given


def test_a_view_beneath_a_later_one_stays(
    run: Run, good: Good, git: Git, register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good("list", "--country", "RU", "--save-as", "mine")
    with monkeypatch.context() as other:
        boris(other)
        good("list", "--country", "BY", "--save-as", "theirs")
    said = refused(run, git, "@mine")
    assert "register.yaml was changed later, by list-save of 2026-10-31" in said
    assert "--save-as NAME" in said
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("quorum: 0", "quorum: 2"))
    git("commit", "-qam", "by hand")
    boris(monkeypatch)
    assert "register.yaml was changed later, by git commit of" in refused(run, git, "@theirs")


def test_what_came_later_of_ones_own_is_named(
    run: Run, good: Good, git: Git, register: Path, tree: Callable[[], str]
) -> None:
    before = tree()
    good("list", "--country", "RU", "--save-as", "first")
    good("list", "--country", "BY", "--save-as", "second")
    assert "undo that first: solidarity undo @second\n" in refused(run, git, "@first")
    undone(run, "@second")
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("quorum: 0", "quorum: 2"))
    git("commit", "-qam", "x")
    by_hand = git("rev-parse", "HEAD")[:10]
    assert f"it was made by hand; git takes it back first: git revert {by_hand}\n" in refused(run, git, "@first")
    git("revert", "--no-edit", by_hand)
    undone(run, "@first")
    assert tree() == before


def test_what_a_person_decided_for_the_whole_register_stays(run: Run, good: Good, git: Git, register: Path) -> None:
    """Whatever act it calls itself: of register.yaml only the views are taken back."""
    charter = register / "register.yaml"
    good("list", "--country", "RU", "--save-as", "mine")
    good_text = charter.read_text()
    for old, new in (
        ("mode: direct", "mode: review"),
        ("sealing: false", "sealing: 0"),
        ('country: "RU"', "country: ["),
    ):
        assert old in good_text
        charter.write_text(good_text.replace(old, new))
        git("commit", "-qam", "x")
        charter.write_text(good_text)
        git("commit", "-qam", "list-save\n\nAct: list-save")
        assert "cannot be undone: it changed more than records and views" in refused(run, git)


def test_a_view_that_says_something_private_by_now_does_not_come_back(
    run: Run, good: Good, git: Git, new_case: Callable[..., str]
) -> None:
    good("list", "--country", "RU", "--save-as", "zvontsova")
    undone(run)
    new_case("--country", "RU", "--name", "Maria Zvontsova")
    said = refused(run, git, "@zvontsova")
    assert "this one is in somebody's private part" in said
