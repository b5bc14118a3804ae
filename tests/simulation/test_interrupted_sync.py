"""A sync that is killed at any moment, with git and all: what comes after it puts everything right; nothing is lost."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.forge import Group
from tests.support.interruption import CountedGit, kill_when_a_ref_moves
from tests.support.people import Person

_KILLS = 4
"""At how many starts of git a sync is killed, spread from its first to its last."""


def _sync(one: Person, program: str, git: CountedGit) -> int:
    return subprocess.run(
        [program, "-C", str(one.clone), "sync"],
        env=git.environment(one.world()),
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ).returncode


def test_a_sync_killed_at_any_step_leaves_nothing_half_done(group: Group, program: str, tmp_path: Path) -> None:
    anna, boris, _ = group
    for _ in range(3):
        anna.does("new-case", "--name", "Maria Zvontsova", "--country", "RU")
    shared, *_ = cases = anna.does("list", "--ids").split()
    anna.does("sync")
    boris.does("sync")
    anna.does("note", shared, "anna was there")
    for case in cases:
        anna.does("edit", case, "--set", "channel=phone")
    anna.does("sync")
    boris.does("note", shared, "boris was there")
    clone_before = shutil.copytree(boris.clone, tmp_path / "clone-before", symlinks=True)
    server, server_before = tmp_path / "server" / "register.git", tmp_path / "server-before"
    shutil.copytree(server, server_before, symlinks=True)
    git = CountedGit(tmp_path / "counted")
    assert _sync(boris, program, git) == 0
    starts = git.starts
    steps = {max(1, round(starts * number / _KILLS)) for number in range(_KILLS + 1)}
    for step in ("when a ref moves", *sorted(steps)):
        for folder, before in ((boris.clone, clone_before), (server, server_before)):
            shutil.rmtree(folder)
            shutil.copytree(before, folder, symlinks=True)
        git.only_count()
        if isinstance(step, int):
            git.signal_at(step, "KILL")
            _sync(boris, program, git)
        else:
            hook = kill_when_a_ref_moves(boris.clone)
            assert _sync(boris, program, git) < 0
            hook.unlink()
        answer = boris.run("--no-input", "sync")
        assert answer.exit_code == 0, (step, answer)
        assert boris.git("status", "--porcelain") == "", step
        assert not list((boris.clone / ".git").glob("*.lock"))
        shown = boris.does("show", shared)
        assert "anna was there" in shown, step
        assert "boris was there" in shown, step
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
    clara.does("sync")
    clara.does("keys", "rotate")
    anna.does("sync")
    anna.does("keys", "rotate")
    file = anna.clone / "cases" / "2026" / f"{kept}.yaml"
    anna.git("config", "user.useConfigOnly", "false")
    for number in range(20):
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
