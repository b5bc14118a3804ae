"""Organisations and views in `review` mode: they wait as cases do, on branches named by an id or by the view."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.git.branches import branch_for, is_ours, label
from solidarity_cli.git.committer import Act
from tests.support.forge import Group
from tests.support.people import Person

RELIEF = ("directory", "add", "example-relief", "--name", "Example Relief", "--service", "legal",
          "--channel", "intake@relief.example")  # fmt: skip
SOON = ("list", "--country", "RU", "--ahead", "14", "--save-as", "soon")


def branch_of(one: Person) -> str:
    return one.git("symbolic-ref", "--short", "HEAD")


def branches_of(one: Person) -> list[str]:
    return one.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("directory/example-relief", True),
        ("directory/" + "a" * 80, True),
        ("directory/" + "a" * 81, False),
        ("directory/Example", False),
        ("directory/-x", False),
        ("directory/a--b", False),
        ("directory/a/b", False),
        ("directory/", False),
        ("view/soon", True),
        ("view/h1-", True),
        ("view/1soon", False),
        ("view/" + "a" * 32, False),
        ("view/soon\n", False),
        ("directory/soon\n", False),
        ("case/soon", False),
        ("register/soon", False),
    ],
)
def test_which_names_are_ours(name: str, ours: bool) -> None:
    assert is_ours(name) is ours


def test_which_branch_an_act_gets() -> None:
    assert branch_for(Act("fmt", ("SG-2026-K7QX4M",)), ["relief"], ["soon"]) == "case/SG-2026-K7QX4M"
    assert branch_for(Act("fmt"), ["wide", "relief"]) == "directory/relief"
    assert branch_for(Act("undo"), (), ["soon"]) == "view/soon"
    assert branch_for(Act("fmt"), ["Maria Zvontsova"]) == "", "a file that was named by hand gives no branch its name"
    assert branch_for(Act("keys-add")) == ""
    assert [label(one) for one in ("directory/relief", "view/soon")] == ["relief", "@soon"]


@pytest.mark.parametrize(
    ("act", "branch", "typed", "way"),
    [
        (RELIEF, "directory/example-relief", "relief", "merge"),
        (SOON, "view/soon", "@soon", "squash"),
        (RELIEF, "directory/example-relief", "relief", "rebase"),
    ],
)
def test_from_the_act_to_the_merge(
    reviewed: Group, merged_by: Callable[..., str], way: str, act: tuple[str, ...], branch: str, typed: str
) -> None:
    anna, boris, _ = reviewed
    answer = anna.run("--no-input", *act)
    assert answer.exit_code == 0, answer
    assert f"it waits for review on the branch {branch}" in answer.err
    assert branch_of(anna) == branch
    assert anna.git("rev-list", "--count", f"main..{branch}") == "1"
    anna.does("switch")
    assert f"{label(branch)} waits for review" in anna.run("--no-input", *act).err
    about = branch.replace("directory/", "").replace("view/", "view ")
    shown = anna.does("submit", typed, "-n")
    assert shown == f"{branch} to main\n{about}: {'list-save' if typed == '@soon' else 'directory-add'}\n" + (
        "- list-save" if typed == "@soon" else "- directory-add"
    )
    assert branch in anna.does("submit", typed)
    boris.does("sync")
    lines = {one["kind"]: one["lines"] for one in json.loads(boris.does("--json"))["sections"]}["open-reviews"]
    assert [(one["case"], one["command"]) for one in lines] == [
        (label(branch), f"solidarity review main..origin/{branch}")
    ]
    assert boris.run("review", f"main..origin/{branch}").exit_code == 0
    assert boris.does("switch", typed) == branch == branch_of(boris)
    boris.does("switch")
    merged_by(way, branch)
    answer = anna.run("--no-input", "sync")
    assert f"the review of {branch} is over: you are on the main branch again" in answer.err
    assert branches_of(anna) == ["main"]
    boris.does("sync")
    assert branches_of(boris) == ["main"]
    assert "open-reviews" not in [one["kind"] for one in json.loads(boris.does("--json"))["sections"]]
    found = json.loads(boris.does("audit", "--json"))["findings"]
    assert [one["rule"] for one in found] == (["author"] if way == "rebase" else []), "the forge committed it"


def test_an_undo_waits_where_the_act_did(reviewed: Group, merged_by: Callable[..., str]) -> None:
    anna, *_ = reviewed
    for act, name, branch in (
        (RELIEF, "example-relief", "directory/example-relief"),
        (SOON, "@soon", "view/soon"),
    ):
        anna.does(*act)
        anna.does("submit")
        merged_by("merge", branch)
        anna.does("sync")
        anna.does("undo", name)
        assert branch_of(anna) == branch
        anna.does("submit")
        merged_by("merge", branch)
        anna.does("sync")
        assert branches_of(anna) == ["main"]
    assert json.loads(anna.does("directory", "list", "--json")) == []
    assert anna.does("list", "@") == ""


def test_two_views_at_once(reviewed: Group, merged_by: Callable[..., str]) -> None:
    """Both are added to the end of one file: what git would stumble over `submit` merges by fields."""
    anna, boris, _ = reviewed
    anna.does(*SOON)
    anna.does("submit")
    boris.does("list", "--country", "BY", "--save-as", "minsk")
    boris.does("submit")
    merged_by("merge", "view/soon")
    boris.does("submit")
    merged_by("merge", "view/minsk")
    for one in (anna, boris):
        one.does("sync")
        assert branches_of(one) == ["main"]
        assert set(json.loads(one.does("list", "@", "--json"))) == {"soon", "minsk"}


def test_switching_by_a_part_and_what_is_no_review(reviewed: Group) -> None:
    anna, *_ = reviewed
    anna.does(*RELIEF)
    anna.does("switch")
    anna.does(*SOON)
    anna.does("switch")
    answer = anna.run("--no-input", "switch", "Zvontsova")
    assert answer.exit_code == 1
    assert "what waits: @soon, example-relief" in answer.err
    assert "Zvontsova" not in answer.err
    anna.does(*(one.replace("example-relief", "wide-relief") for one in RELIEF))
    assert "several reviews are meant by that" in anna.run("--no-input", "switch", "relief").err
    anna.does("switch")
    assert "several branches wait here" in anna.run("--no-input", "submit").err
    assert anna.does("switch", "Example-Relief") == "directory/example-relief"


def test_what_is_wrong_with_an_entry_is_not_sent(reviewed: Group, bare: Path) -> None:
    anna, *_ = reviewed
    anna.does(*RELIEF)
    file = anna.clone / "directory" / "example-relief.yaml"
    file.write_text(file.read_text().replace("services: [legal]", "services: []"))
    anna.git("commit", "--no-verify", "-qam", "x")
    answer = anna.run("--no-input", "submit")
    assert answer.exit_code == 1
    assert "example-relief: services" in answer.err
    refs = subprocess.run(["git", "for-each-ref"], cwd=bare, check=True, capture_output=True, text=True).stdout
    assert "refs/heads/directory/" not in refs


def test_a_word_of_a_commit_by_hand_is_no_title(reviewed: Group) -> None:
    anna, *_ = reviewed
    anna.does(*RELIEF)
    anna.git("commit", "--no-verify", "--allow-empty", "-qm", "zvontsova\n\nAct: zvontsova")
    shown = anna.does("submit", "-n").splitlines()
    assert shown[1] == "example-relief: directory-add"
    assert shown[3] == f"- commit {anna.git('rev-parse', '--short', 'HEAD')}"


def test_a_refused_act_opens_nothing(reviewed: Group) -> None:
    anna, *_ = reviewed
    hook = anna.clone / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    for act in (RELIEF, SOON):
        assert anna.run("--no-input", *act).exit_code == 3
        assert (branch_of(anna), branches_of(anna)) == ("main", ["main"])
    assert anna.git("status", "--porcelain") == ""


def test_the_recipients_do_not_wait(reviewed: Group) -> None:
    anna, *_ = reviewed
    before = anna.git("rev-parse", "main")
    anna.does("keys", "rotate")
    assert anna.git("diff", "--name-only", before, "main") == "recipients.yaml"
    assert (branch_of(anna), branches_of(anna)) == ("main", ["main"])
