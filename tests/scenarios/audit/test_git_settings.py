"""What somebody has set in git for their own eyes changes nothing that is told, and nothing that is kept."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Answer, Run
from tests.support.signers import Git, Hand, commit, edited, sign_with

FOR_ONES_EYES = {
    "log.showSignature": "true",
    "log.showRoot": "false",
    "log.follow": "true",
    "log.date": "relative",
    "log.decorate": "full",
    "color.ui": "always",
    "color.diff": "always",
    "format.pretty": "oneline",
    "diff.noprefix": "true",
    "diff.renames": "copies",
    "grep.patternType": "fixed",
    "i18n.logOutputEncoding": "latin1",
    "status.branch": "true",
    "status.showUntrackedFiles": "no",
    "core.abbrev": "6",
}


@pytest.fixture
def case(signed: Path, git: Git, hand: Callable[[str], Hand], new_case: Callable[..., str]) -> str:
    """A case with a history: signed acts, one by Борис, and one that was taken back."""
    case = new_case("--country", "RU")
    edited(signed, case, 'country: "RU"', 'country: "BY"')
    commit(signed, who="anna", GIT_AUTHOR_NAME="Борис", GIT_AUTHOR_EMAIL="boris@forum.example")
    sign_with(git, hand("anna"))
    return case


def asked(run: Run, case: str) -> list[Answer]:
    told = [("audit",), ("audit", "--json", "--full"), ("history", case), ("history", case, "--json"), ("blame", case)]
    return [run(*words) for words in (*told, ("list", "--json"), ("list", "--ids", "--as-of", "2026-10"))]


def test_what_is_told_of_the_past(run: Run, git: Git, case: str, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    git("remote", "add", "origin", str(bare))
    assert run("sync").exit_code == 0
    before = asked(run, case)
    assert all(one.exit_code == 0 for one in before)
    for name, value in FOR_ONES_EYES.items():
        git("config", name, value)
    assert asked(run, case) == before


def test_what_came_in(run: Run, register: Path, git: Git, case: str, tmp_path: Path) -> None:
    bare, other = tmp_path / "bare.git", tmp_path / "other"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    git("remote", "add", "origin", str(bare))
    assert run("sync").exit_code == 0
    subprocess.run(["git", "clone", "-q", str(bare), str(other)], check=True)
    for name, value in FOR_ONES_EYES.items():
        git("config", name, value)
    assert run("-q", "--no-input", "note", case, "seen", at=other).exit_code == 0
    assert run("sync", at=other).exit_code == 0
    answer = run("sync")
    assert answer.exit_code == 0
    assert answer.out == "1 act came in, 0 acts went out\n" or "1 act came in" in answer.out + answer.err
    assert f"note {case}" in answer.out + answer.err
    assert "\x1b" not in answer.out + answer.err
