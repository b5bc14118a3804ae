"""A clone that is behind its remote has lost nothing; what the remote let go of is told all the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run
from tests.support.signers import Git


@pytest.fixture
def clone(register: Path, run: Run, new_case: Callable[..., str], tmp_path: Path) -> Path:
    """A clone of a server that the register is a clone of, too."""
    new_case("--country", "RU")
    bare, clone = tmp_path / "bare.git", tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--bare", str(register), str(bare)], check=True)
    subprocess.run(["git", "remote", "add", "origin", str(bare)], cwd=register, check=True)
    subprocess.run(["git", "clone", "-q", str(bare), str(clone)], check=True)
    return clone


def fetched(clone: Path, run: Run) -> list[tuple[str, str, str]]:
    subprocess.run(["git", "fetch", "-q"], cwd=clone, check=True)
    found = json.loads(run("audit", "--json", at=clone).out)["findings"]
    return [(one["rule"], one["severity"], one["commit"]) for one in found]


def test_a_clone_that_has_only_fetched(clone: Path, run: Run, git: Git, new_case: Callable[..., str]) -> None:
    for country in ("KZ", "GE"):
        new_case("--country", country)
        git("push", "-q", "origin", "main")
        assert fetched(clone, run) == []
    subprocess.run(["git", "merge", "-q", "--ff-only", "origin/main"], cwd=clone, check=True)
    subprocess.run(["git", "reset", "-q", "--hard", "HEAD~1"], cwd=clone, check=True)
    assert fetched(clone, run) == []


def test_one_that_saw_what_the_remote_let_go_of(clone: Path, run: Run, git: Git, new_case: Callable[..., str]) -> None:
    new_case("--country", "KZ")
    gone = git("rev-parse", "HEAD").strip()
    git("push", "-q", "origin", "main")
    assert fetched(clone, run) == []
    git("reset", "-q", "--hard", "HEAD~1")
    new_case("--country", "GE")
    git("push", "-q", "--force", "origin", "main")
    assert fetched(clone, run) == [("rewritten", "error", gone)]
