"""A group whose acts wait for review, and what stands between them and the others: a remote."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.people import Person

Group = tuple[Person, Person, Person]


@pytest.fixture
def merged_by(tmp_path: Path, server: str) -> Callable[..., str]:
    """`merged_by("squash", "case/SG-…")`: what a forge does when somebody presses the button; the new commit."""

    def press(way: str, branch: str, *, keep: bool = False) -> str:
        work = tmp_path / "forge"
        if not work.exists():
            subprocess.run(["git", "clone", "-q", server, str(work)], check=True)

        def git(*arguments: str) -> str:
            return subprocess.run(
                ["git", *arguments], cwd=work, check=True, capture_output=True, text=True
            ).stdout.strip()

        git("fetch", "-q", "--prune", "origin")
        git("switch", "-q", "main")
        git("reset", "-q", "--hard", "origin/main")
        if way == "merge":
            git("merge", "-q", "--no-ff", "-m", "Merge pull request #7", f"origin/{branch}")
        elif way == "squash":
            git("merge", "-q", "--squash", f"origin/{branch}")
            git("commit", "-qm", "squashed (#7)")
        else:
            git("switch", "-q", "-c", "rebased", f"origin/{branch}")
            git("rebase", "-q", "--force-rebase", "main")
            git("switch", "-q", "main")
            git("merge", "-q", "--ff-only", "rebased")
            git("branch", "-q", "-D", "rebased")
        git("push", "-q", "origin", "main", *([] if keep else [f":refs/heads/{branch}"]))
        return git("rev-parse", "HEAD")

    return press


def executable(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return tmp_path / "server" / "register.git"


@pytest.fixture
def at_github(tmp_path: Path, bare: Path) -> Callable[[Person], None]:
    """`at_github(anna)`: their remote is at github.com, as far as git can tell."""
    ssh = executable(tmp_path / "tunnel", f'#!/bin/sh\nexec "${{2%% *}}" {bare}\n')

    def moved(one: Person) -> None:
        one.git("remote", "set-url", "origin", "git@github.com:forum/register.git")
        one.git("config", "core.sshCommand", str(ssh))
        one.git("config", "ssh.variant", "simple")

    return moved
