"""`review` mode from the first act to the merged case: branches opened, submitted, merged in any way, and left again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.forge import Group
from tests.support.people import Person
from tests.support.program import Run


def branch_of(one: Person) -> str:
    return one.git("symbolic-ref", "--short", "HEAD")


def test_the_first_act_opens_a_branch_and_the_next_go_on_there(reviewed: Group) -> None:
    anna, *_ = reviewed
    answer = anna.run("--no-input", "new-case", "--name", "Maria Zvontsova")
    assert answer.exit_code == 0, answer
    branch = branch_of(anna)
    case = branch.removeprefix("case/")
    assert branch in answer.err
    assert "solidarity submit" in answer.err
    anna.does("note", case, "seen")
    assert branch_of(anna) == branch
    assert anna.git("rev-list", "--count", f"main..{branch}") == "2"
    assert "Maria" not in branch


def test_an_action_of_several_cases_has_a_branch_of_its_own(reviewed: Group) -> None:
    anna, *_ = reviewed
    cases = []
    for _ in range(2):
        cases.append(anna.does("-q", "new-case", "--membership", "member", "--incident", "search"))
        anna.does("assess", cases[-1], "--decision", "assist", "--reason", "within the mandate", "--basis", "un-hrd-12")
        anna.git("switch", "-q", "main")
        anna.git("merge", "-q", f"case/{cases[-1]}")
    anna.does("sync")
    action = anna.does("-q", "link-action", *cases, "--type", "information", "--date", "2026-10-30")
    assert branch_of(anna) == f"action/{action}"


def test_in_direct_mode_nothing_is_opened(group: Group) -> None:
    anna, *_ = group
    anna.does("new-case", "--name", "Maria Zvontsova")
    assert branch_of(anna) == "main"


def test_a_dry_run_and_a_refused_act_open_nothing(reviewed: Group) -> None:
    anna, *_ = reviewed
    anna.does("new-case", "--name", "Maria Zvontsova", "-n")
    hook = anna.clone / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    answer = anna.run("--no-input", "new-case", "--name", "Maria Zvontsova")
    assert answer.exit_code == 3
    assert branch_of(anna) == "main"
    assert anna.git("for-each-ref", "--format=%(refname:short)", "refs/heads") == "main"
    assert anna.git("status", "--porcelain") == ""


def test_what_waits_already_is_not_begun_a_second_time(reviewed: Group) -> None:
    anna, *_ = reviewed
    anna.git("switch", "-q", "main")
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.git("switch", "-q", "main")
    anna.git("merge", "-q", f"case/{case}")
    anna.does("edit", case, "--set", "channel=email")
    assert branch_of(anna) == "main" or branch_of(anna) == f"case/{case}"
    anna.git("switch", "-q", "main")
    answer = anna.run("--no-input", "edit", case, "--set", "channel=phone")
    assert answer.exit_code == 1
    assert f"solidarity switch {case}" in answer.err
    assert anna.git("status", "--porcelain") == ""


@pytest.mark.parametrize("way", ["merge", "squash", "rebase"])
def test_after_the_merge_sync_brings_the_person_home(reviewed: Group, merged_by: Callable[..., str], way: str) -> None:
    anna, boris, _ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    branch = branch_of(anna)
    anna.does("assess", case, "--decision", "decline", "--reason", "outside the mandate")
    answer = anna.run("--no-input", "submit")
    assert answer.exit_code == 0, answer
    assert branch in answer.out
    assert anna.run("sync").exit_code == 0
    assert branch_of(anna) == branch, "not merged yet"
    boris.does("new-case", "--name", "Ivan Sokolov")
    boris.does("submit")
    merged_by(way, branch)
    answer = anna.run("sync")
    assert answer.exit_code == 0, answer
    assert branch_of(anna) == "main"
    assert f"review of {branch} is over" in answer.err
    assert anna.git("for-each-ref", "--format=%(refname:short)", "refs/heads") == "main"
    assert "Maria Zvontsova" in anna.does("show", case)
    assert anna.git("status", "--porcelain") == ""
    merged_by(way, branch_of(boris))
    boris.does("sync")
    anna.does("sync")
    assert branch_of(boris) == "main"
    assert anna.git("rev-parse", "HEAD") == boris.git("rev-parse", "HEAD")
    assert "Maria Zvontsova" in boris.does("show", case)


@pytest.mark.parametrize("way", ["merge", "squash", "rebase"])
def test_acts_after_the_merge_are_not_lost_with_the_branch(
    reviewed: Group, merged_by: Callable[..., str], way: str
) -> None:
    anna, *_ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    branch = branch_of(anna)
    anna.does("submit")
    merged_by(way, branch)
    anna.does("edit", case, "--set", "channel=email")
    anna.does("sync")
    assert branch_of(anna) == branch
    assert json.loads(anna.does("show", case, "--json"))["case"]["channel"] == "email"
    anna.does("submit")
    merged_by(way, branch)
    anna.does("sync")
    assert branch_of(anna) == "main"
    assert json.loads(anna.does("show", case, "--json"))["case"]["channel"] == "email"


def test_a_squash_that_others_have_built_on_since_is_known_again(
    reviewed: Group, merged_by: Callable[..., str]
) -> None:
    anna, boris, _ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova", "--set", "channel=email")
    branch = branch_of(anna)
    anna.does("submit")
    merged_by("squash", branch)
    boris.does("sync")
    boris.does("edit", case, "--set", "channel=phone")
    other = branch_of(boris)
    boris.does("submit")
    merged_by("squash", other)
    boris.does("sync")
    answer = anna.run("sync")
    assert answer.exit_code == 0, answer
    assert branch_of(anna) == "main"
    assert json.loads(anna.does("show", case, "--json"))["case"]["channel"] == "phone"


def test_acts_that_took_each_other_back_stay_until_their_commits_are_in(reviewed: Group) -> None:
    anna, *_ = reviewed
    anna.git("switch", "-q", "main")
    case = anna.does("-q", "new-case", "--set", "channel=email")
    anna.git("switch", "-q", "main")
    anna.git("merge", "-q", f"case/{case}")
    anna.does("sync")
    anna.does("edit", case, "--set", "channel=phone")
    anna.does("edit", case, "--set", "channel=email")
    anna.does("sync")
    assert branch_of(anna) == f"case/{case}"
    assert anna.git("rev-list", "--count", "main..HEAD") == "2"


def test_an_erasure_does_not_wait_for_review(reviewed: Group, merged_by: Callable[..., str]) -> None:
    anna, *_ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    branch = branch_of(anna)
    anna.does("submit")
    merged_by("merge", branch)
    anna.does("sync")
    anna.does("erase", case, "--reason", "the person asked for it", "--confirm", case)
    assert branch_of(anna) == "main"


def test_uncommitted_words_keep_a_person_on_the_branch(reviewed: Group, merged_by: Callable[..., str]) -> None:
    anna, *_ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    branch = branch_of(anna)
    anna.does("submit")
    merged_by("squash", branch)
    file = next(anna.clone.glob(f"cases/*/{case}.yaml"))
    (anna.clone / "README.md").write_text("mine\n")
    file.write_text(file.read_text() + "# mine\n")
    answer = anna.run("sync")
    assert answer.exit_code in (0, 3), answer
    assert file.read_text().endswith("# mine\n")
    assert (anna.clone / "README.md").read_text() == "mine\n"
    assert "# mine" not in anna.git("show", f"HEAD:cases/2026/{case}.yaml")


def test_the_main_branch_may_have_another_name(person: Callable[[str], Person]) -> None:
    anna = person("anna")
    anna.does("init", "register")
    anna.git("branch", "-m", "trunk")
    anna.git("config", "init.defaultBranch", "nonsense")
    charter = anna.clone / "register.yaml"
    charter.write_text(charter.read_text().replace("mode: direct", "mode: review"))
    anna.git("commit", "-qam", "acts wait for review")
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    assert branch_of(anna) == f"case/{case}"


def test_submit_says_what_is_not_so(run: Run, new_case: Callable[..., str], register: Path) -> None:
    answer = run("submit")
    assert answer.exit_code == 1
    assert "mode: review" in answer.err
    file = register / "register.yaml"
    file.write_text(file.read_text().replace("mode: direct", "mode: review"))
    answer = run("submit")
    assert answer.exit_code == 1
    assert "nothing waits" in answer.err
    new_case("--country", "RU")
    answer = run("submit")
    assert answer.exit_code == 3
    assert "git remote add origin" in answer.err


def test_a_reviewer_goes_to_a_review_and_back_without_git(reviewed: Group, merged_by: Callable[..., str]) -> None:
    anna, boris, _ = reviewed
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova", "--membership", "member")
    anna.does("assess", case, "--decision", "decline", "--reason", "outside the mandate")
    anna.does("submit")
    boris.does("sync")
    desk = boris.run().out
    assert case in desk
    answer = boris.run("--no-input", "switch", case[-4:])
    assert answer.exit_code == 0, answer
    assert answer.out.strip() == f"case/{case}" == branch_of(boris)
    assert f"solidarity approve {case}" in answer.err
    assert "Maria Zvontsova" in boris.does("show", case)
    boris.does("approve", case)
    boris.does("submit")
    assert boris.does("switch") == "main" == branch_of(boris)
    assert boris.run("show", case).exit_code == 1
    anna.does("switch", case)
    assert "boris@forum.example" in anna.does("show", case, "--json"), "what was newer at the remote is here"
    merged_by("merge", f"case/{case}")
    anna.does("sync")
    assert branch_of(anna) == "main"
    boris.does("sync")
    assert boris.git("for-each-ref", "--format=%(refname:short)", "refs/heads") == "main"


def test_switching_says_what_is_not_so(reviewed: Group, server: str) -> None:
    anna, boris, _ = reviewed
    answer = boris.run("--no-input", "switch", "K7QX")
    assert (answer.exit_code, answer.out) == (1, "")
    assert "nothing waits for review" in answer.err
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("submit")
    boris.does("switch", case)
    boris.git("remote", "set-url", "origin", "git://127.0.0.1:9/nowhere.git")
    answer = boris.run("--no-input", "switch", case)
    assert answer.exit_code == 0
    assert "as it was last seen here" in answer.err
    other = boris.run("--no-input", "switch", "Zvontsova")
    assert other.exit_code == 1
    assert "Zvontsova" not in other.err
    assert f"what waits: {case}" in other.err
    file = next(boris.clone.glob(f"cases/*/{case}.yaml"))
    file.write_text(file.read_text().replace("title:", "title:  "))
    kept = boris.run("--no-input", "switch")
    assert kept.exit_code == 3
    assert "in no commit" in kept.err
    assert branch_of(boris) == f"case/{case}"
