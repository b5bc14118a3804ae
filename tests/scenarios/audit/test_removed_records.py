"""What is not in the register any more has its story all the same; who set a field of it last nobody asks."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run
from tests.support.signers import Git, commit, edited


def acts(run: Run, record: str) -> list[str]:
    answer = run("history", record, "--json")
    assert answer.exit_code == 0, answer
    return [one["act"] for one in json.loads(answer.out)]


def test_a_case_and_an_action_that_were_taken_back(run: Run, new_case: Callable[..., str]) -> None:
    kept = new_case("--country", "RU")
    action = run("-q", "link-action", kept, "--type", "information").out.strip()
    assert acts(run, action) == ["link-action"]
    assert run("--no-input", "undo").exit_code == 0
    case = new_case("--country", "KZ")
    assert run("--no-input", "undo").exit_code == 0
    assert acts(run, action) == ["link-action", "undo"]
    assert acts(run, case) == ["new-case", "undo"]
    answer = run("history", case.lower())
    assert answer.err == f"{case} is no longer in this register\n"
    assert "recorded" in answer.out
    for record in (case, action):
        answer = run("blame", record)
        assert (answer.exit_code, answer.out) == (1, "")
        assert answer.err == f"error: {record} is no longer in this register\n  solidarity history {record}\n"


def test_a_case_that_somebody_moved_and_deleted(
    register: Path, run: Run, git: Git, new_case: Callable[..., str]
) -> None:
    case = new_case("--country", "RU")
    (register / "cases" / "2025").mkdir()
    git("mv", f"cases/2026/{case}.yaml", f"cases/2025/{case}.yaml")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register)
    git("rm", "-q", f"cases/2025/{case}.yaml")
    gone = commit(register)
    told = json.loads(run("history", case, "--json").out)
    assert [one["act"] for one in told] == ["new-case", "git commit", "git commit"]
    assert told[-1]["commit"] == gone
    assert {"record": case, "field": "subject.country", "old": "BY", "new": None} in told[-1]["changes"]


@pytest.mark.parametrize("verb", ["history", "blame"])
def test_one_that_never_was(run: Run, verb: str, new_case: Callable[..., str]) -> None:
    new_case("--country", "RU")
    answer = run(verb, "SG-2026-KS08E0")
    assert answer.exit_code == 1
    assert answer.err.startswith("error: no case SG-2026-KS08E0 in this register")


@pytest.mark.parametrize("verb", ["history", "blame"])
def test_a_shallow_clone_is_refused(
    register: Path, run: Run, verb: str, new_case: Callable[..., str], tmp_path: Path
) -> None:
    case = new_case("--country", "RU")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register)
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{register}", str(shallow)], check=True)
    answer = run(verb, case, at=shallow)
    assert (answer.exit_code, answer.out) == (3, "")
    assert "shallow" in answer.err
    assert "git fetch --unshallow" in answer.err
    subprocess.run(["git", "fetch", "-q", "--unshallow"], cwd=shallow, check=True)
    assert run(verb, case, at=shallow).exit_code == 0


def test_a_file_that_git_has_lost_is_not_called_empty(
    register: Path, run: Run, git: Git, new_case: Callable[..., str]
) -> None:
    case = new_case("--country", "RU")
    blob = git("rev-parse", f"HEAD:cases/2026/{case}.yaml").strip()
    stored = register / ".git" / "objects" / blob[:2] / blob[2:]
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes()[:20])
    answer = run("blame", case)
    assert answer.exit_code == 3
    assert "damaged" in answer.err
    assert "git fsck" in answer.err
    assert "empty" not in answer.err
