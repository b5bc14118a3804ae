"""Whatever happened to a register, audited act by act or all at once, the result is the same."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.program import CALM, Run, run_at
from tests.support.signers import Hand

CASE = """schema_version: 1
id: "{id}"
kind: appeal
title: "Appeal, RU"
status: {status}
received: "2026-10-01"
subject:
  country: "{country}"
notes:
  - id: n1
    date: "2026-10-02"
    by: "{by}"
private:
  notes:
    n1: "{text}"
"""
IDS = ("SG-2026-AAAAA1", "SG-2026-BBBBB2")

ACTS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(IDS), st.sampled_from(["RU", "BY"]), st.sampled_from(["received", "assessing", "closed"]), st.sampled_from(["one", "two"])),
    st.tuples(st.just("break"), st.sampled_from(IDS)),
    st.tuples(st.just("delete"), st.sampled_from(IDS)),
    st.tuples(st.just("list"), st.sampled_from(["anna", "boris", "both", "none"])),
    st.tuples(st.just("who"), st.sampled_from(["anna", "boris", "nobody"]), st.sampled_from(["anna", "boris"])),
    st.tuples(st.just("branch")),
    st.tuples(st.just("merge")),
    st.tuples(st.just("audit")),
    st.tuples(st.just("back-date")),
    st.tuples(st.just("undo"), st.sampled_from(["HEAD", "HEAD~1"])),
)  # fmt: skip


class World:
    """A register in which things happen to files and commits, as git lets them."""

    def __init__(self, root: Path, hand: Callable[[str], Hand]) -> None:
        self.root, self.hand = root, hand
        self.seconds, self.key, self.who = 1_793_000_000, "nobody", "anna"
        self.other = ""

    def git(self, *arguments: str, check: bool = False) -> str:
        date = f"{self.seconds} +0000"
        world = {**os.environ, "GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
        signing = (
            []
            if self.key == "nobody"
            else [
                "-c",
                "gpg.format=ssh",
                "-c",
                f"user.signingkey={self.hand(self.key).key}",
                "-c",
                "commit.gpgsign=true",
            ]
        )
        name = ["-c", f"user.name={self.who}", "-c", f"user.email={self.who}@forum.example"]
        done = subprocess.run(
            ["git", *name, *signing, *arguments], cwd=self.root, check=check, capture_output=True, text=True, env=world
        )
        return done.stdout.strip()

    def commit(self, message: str = "edit\n\nAct: edit") -> None:
        self.seconds += 600
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def do(self, act: tuple[str, ...]) -> None:
        match act:
            case ("write", one, country, status, text):
                file = self.root / "cases" / "2026" / f"{one}.yaml"
                file.parent.mkdir(exist_ok=True, parents=True)
                file.write_text(
                    CASE.format(id=one, country=country, status=status, text=text, by=f"{self.who}@forum.example")
                )
            case ("break", one):
                file = self.root / "cases" / "2026" / f"{one}.yaml"
                if file.exists():
                    file.write_text("<<<<<<< x\n")
            case ("delete", one):
                (self.root / "cases" / "2026" / f"{one}.yaml").unlink(missing_ok=True)
            case ("list", "none"):
                (self.root / "allowed_signers").unlink(missing_ok=True)
            case ("list", which):
                hands = [one for one in ("anna", "boris") if which in (one, "both")]
                (self.root / "allowed_signers").write_text("".join(self.hand(one).allowed() for one in hands))
            case ("who", key, who):
                self.key, self.who = key, who
            case ("branch",):
                self.other = self.git("rev-parse", "HEAD")
                self.git("branch", "-f", "other", self.git("rev-parse", "HEAD~1") or "HEAD")
                self.git("checkout", "-q", "other")
                self.git("branch", "-f", "main", self.other)
            case ("merge",):
                if self.other:
                    self.git("merge", "-q", "-X", "ours", "-m", "x", "main")
                    self.git("add", "-A")
            case ("back-date",):
                self.seconds -= 200_000
            case ("undo", which):
                shutil.rmtree(self.root / "cases", ignore_errors=True)
                self.git("checkout", "-q", f"{which}~1", "--", "cases")
                self.commit(f"undo\n\nAct: undo\nUndoes: {self.git('rev-parse', which)}")
        self.commit()


def told(root: Path, *options: str) -> Any:
    answer = run_at(root, "audit", "--json", *options)
    assert answer.exit_code in (0, 1), answer
    return json.loads(answer.out)


BEGUN = [("who", "anna", "anna"), ("list", "both"), ("audit",)]


@example(acts=[*BEGUN, ("who", "nobody", "boris"), ("write", IDS[0], "RU", "received", "one")])
@example(
    acts=[
        *BEGUN,
        ("write", IDS[0], "RU", "received", "one"),
        ("break", IDS[0]),
        ("audit",),
        ("write", IDS[0], "BY", "closed", "two"),
    ]
)
@example(
    acts=[
        ("write", IDS[0], "RU", "received", "one"),
        ("audit",),
        ("branch",),
        ("delete", IDS[0]),
        ("audit",),
        ("merge",),
    ]
)
@example(
    acts=[
        ("write", IDS[0], "RU", "received", "one"),
        ("audit",),
        ("undo", "HEAD"),
        ("audit",),
        ("undo", "HEAD"),
        ("undo", "HEAD~1"),
    ]
)
@settings(max_examples=4, deadline=None, suppress_health_check=[*CALM, HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=2, max_size=8))
def test_act_by_act_or_all_at_once(
    acts: list[tuple[str, ...]],
    _empty_register: Path,  # noqa: PT019
    tmp_path_factory: pytest.TempPathFactory,
    hand: Callable[[str], Hand],
) -> None:
    root = Path(shutil.copytree(_empty_register, tmp_path_factory.mktemp("world") / "register"))
    world = World(root, hand)
    for act in acts:
        world.do(act)
        if act == ("audit",):
            told(root)
    step_by_step = told(root)
    assert told(root) == step_by_step
    assert told(root, "--full") == step_by_step
    histories = [run_at(root, "history", one, "--json") for one in IDS]
    (root / ".git" / "solidarity" / "past.sqlite").unlink()
    assert told(root) == step_by_step
    assert [run_at(root, "history", one, "--json") for one in IDS] == histories
    shutil.rmtree(root)


@pytest.mark.parametrize("state", ["corrupt", "locked", "a folder"])
def test_a_useless_index_changes_no_answer(register: Path, run: Run, new_case: Callable[..., str], state: str) -> None:
    case = new_case("--country", "RU")
    run("note", case, "She called.")
    right = run("history", case, "--json"), run("audit", "--json")
    file = register / ".git" / "solidarity" / "past.sqlite"
    new_case("--country", "BY")
    lock = None
    if state == "corrupt":
        file.write_bytes(b"SQLite format 3\0" + b"garbage" * 4000)
    elif state == "locked":
        lock = sqlite3.connect(file, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    else:
        file.unlink()
        file.mkdir()
    assert run("history", case, "--json") == right[0]
    audited = run("audit", "--json")
    assert audited.exit_code == 0
    assert json.loads(audited.out)["commits"] == json.loads(right[1].out)["commits"] + 1
    if lock:
        lock.close()


def test_what_was_taken_out_of_git_does_not_live_on(
    register: Path, run: Run, git: Callable[..., str], new_case: Callable[..., str]
) -> None:
    case = new_case("--country", "RU", "--title", "Zvezdochka")
    run("history", case)
    file = register / ".git" / "solidarity" / "past.sqlite"
    assert b"Zvezdochka" in file.read_bytes()
    git("reset", "-q", "--hard", "HEAD~1")
    git("reflog", "expire", "--expire=now", "--all")
    git("gc", "-q", "--prune=now")
    run("history", new_case("--country", "BY"))
    assert b"Zvezdochka" not in file.read_bytes()


def test_what_is_no_longer_part_of_the_history_is_told_in_one_order(
    register: Path, git: Callable[..., str], run: Run, new_case: Callable[..., str]
) -> None:
    case = new_case("--country", "RU")
    for number in range(4):
        assert run("note", case, f"call {number}").exit_code == 0
    assert run("audit").exit_code == 0
    git("rebase", "-q", "--onto", "HEAD~3", "HEAD~2")
    git("reset", "-q", "--hard", "HEAD~1")
    assert run("note", case, "another call").exit_code == 0
    found = told(register)
    assert len([one for one in found["findings"] if one["rule"] == "rewritten"]) > 1
    assert told(register, "--full") == found


@pytest.mark.parametrize("which", ["HEAD~1", "HEAD~3"])
def test_an_act_that_is_missing_is_missed_although_it_was_verified(
    register: Path, git: Callable[..., str], run: Run, new_case: Callable[..., str], which: str
) -> None:
    case = new_case("--country", "RU")
    for number in range(4):
        assert run("note", case, f"call {number}").exit_code == 0
    assert run("audit").exit_code == 0
    name = git("rev-parse", which).strip()
    (register / ".git" / "objects" / name[:2] / name[2:]).unlink()
    quick, full = run("audit"), run("audit", "--full")
    assert quick == full
    assert full.exit_code == 1
    assert f"commit {name[:10]} is missing from this clone" in full.err
