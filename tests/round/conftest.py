"""A group whose acts wait for review, and what stands between them and the others: a remote."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.together.conftest import Person, group, person, server

__all__ = ["group", "person", "server"]

Group = tuple[Person, Person, Person]


@pytest.fixture
def reviewed(group: Group) -> Group:
    """The group in `review` mode."""
    anna, boris, clara = group
    charter = anna.clone / "register.yaml"
    charter.write_text(charter.read_text().replace("mode: direct", "mode: review"))
    anna.git("commit", "-qam", "acts wait for review")
    for one in (anna, boris, clara):
        one.does("sync")
    return group


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
