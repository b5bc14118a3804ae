"""A sync that is killed at any moment, with git and all: what comes after it puts everything right; nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.scenarios.two_clones.test_resolve import _world
from tests.support.forge import Group
from tests.support.people import Person

_RUNS = 20


def _killed_after(one: Person, program: str, seconds: float) -> None:
    process = subprocess.Popen(
        [program, "-C", str(one.clone), "sync"],
        env={**os.environ, **_world(one)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_sync_killed_at_any_moment_leaves_nothing_half_done(group: Group, program: str, tmp_path: Path) -> None:
    anna, boris, _ = group
    for _ in range(8):
        anna.does("new-case", "--name", "Maria Zvontsova", "--country", "RU")
    shared = anna.does("list", "--ids").split()[0]
    anna.does("sync")
    boris.does("sync")
    anna.does("note", shared, "anna was there")
    for one in anna.does("list", "--ids").split():
        anna.does("edit", one, "--set", "channel=phone")
    anna.does("sync")
    boris.does("note", shared, "boris was there")
    began = shutil.copytree(boris.clone, tmp_path / "began", symlinks=True)
    server = shutil.copytree(tmp_path / "server", tmp_path / "server-began")
    start = time.monotonic()
    _killed_after(boris, program, 60)
    whole = time.monotonic() - start
    dice = random.Random(7)
    for number in range(_RUNS):
        for folder, before in ((boris.clone, began), (tmp_path / "server" / "register.git", server / "register.git")):
            shutil.rmtree(folder)
            shutil.copytree(before, folder, symlinks=True)
        _killed_after(boris, program, whole * (number + dice.random()) / _RUNS)
        answer = boris.run("--no-input", "sync")
        assert answer.exit_code == 0, (number, answer)
        assert boris.git("status", "--porcelain") == "", number
        assert not list((boris.clone / ".git").glob("*.lock"))
        shown = boris.does("show", shared)
        assert "anna was there" in shown, number
        assert "boris was there" in shown, number
    assert boris.run("validate").exit_code == 0


@pytest.mark.parametrize("moved", [False, True])
def test_files_cut_off_between_two_commits_are_put_right(group: Group, moved: bool) -> None:
    anna, boris, _ = group
    first, second = (anna.does("-q", "new-case", "--name", "Maria Zvontsova") for _ in "ab")
    anna.does("sync")
    boris.does("sync")
    anna.does("edit", first, "--set", "channel=phone")
    third = anna.does("-q", "new-case", "--name", "Ivan Sokolov")
    anna.does("sync")
    boris.git("fetch", "-q", "origin", "main:refs/remotes/origin/main")
    old, new = boris.git("rev-parse", "HEAD"), boris.git("rev-parse", "origin/main")
    (boris.clone / ".git" / "solidarity-landing").write_text(f"{old} {new}\n")
    (boris.clone / ".git" / "index.lock").write_text("")
    whole = boris.git("show", f"{new}:cases/2026/{third}.yaml")
    (boris.clone / "cases" / "2026" / f"{third}.yaml").write_text(whole[:40])
    (boris.clone / "cases" / "2026" / f"{first}.yaml").unlink()
    if moved:
        boris.git("update-ref", "refs/heads/main", new)
    mine = boris.clone / "README.md"
    mine.write_text("mine\n")
    boris.does("note", second, "boris was there")
    assert boris.git("status", "--porcelain") == "M README.md"
    mine.unlink()
    boris.git("checkout", "-q", "--", "README.md")
    boris.does("sync")
    assert boris.git("status", "--porcelain") == ""
    assert set(boris.does("list", "--ids").split()) == {first, second, third}


def test_a_clone_left_for_months_comes_back(group: Group) -> None:
    anna, boris, clara = group
    erased, kept = (anna.does("-q", "new-case", "--name", name) for name in ("Maria Zvontsova", "Ivan Sokolov"))
    for one in group:
        one.does("sync")
    boris.does("note", erased, "boris wrote this offline")
    boris.does("note", kept, "boris was there")
    anna.does("erase", erased, "--reason", "the person asked for it", "--confirm", erased)
    for _ in range(2):
        clara.does("sync")
        clara.does("keys", "rotate")
        anna.does("sync")
        anna.does("keys", "rotate")
    file = anna.clone / "cases" / "2026" / f"{kept}.yaml"
    anna.git("config", "user.useConfigOnly", "false")
    for number in range(200):
        anna.git("commit", "-q", "--allow-empty", "--no-verify", "-m", f"day {number}")
    assert file.exists()
    anna.does("sync")
    clara.does("sync")
    answer = boris.run("--no-input", "sync")
    assert answer.exit_code == 0, answer
    for _ in range(2):
        for one in group:
            one.does("sync")
    shown = anna.does("show", kept)
    assert "boris was there" in shown
    for one in group:
        assert "boris wrote this offline" not in one.does("show", erased)
        assert "Maria" not in one.does("show", erased)
        assert one.run("validate").exit_code == 0
    assert len({one.git("rev-parse", "HEAD") for one in group}) == 1
