"""What a register decided for its files: that private values are sealed, and what a record may say."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Run, run_at
from tests.support.signers import Audit, Git, commit, edited

NAME = "Zinaida Morozova"


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A sealed register with a case, and that case."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    assert run_at(tmp_path, "init", "sealed", "--name", "Sealed").exit_code == 0
    made = run_at(tmp_path / "sealed", "-q", "--no-input", "new-case", "--country", "RU", "--name", NAME)
    return tmp_path / "sealed", made.out.strip()


def by_hand(root: Path) -> str:
    """All that lies there as a commit, past the guard."""
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)
    subprocess.run(["git", "commit", "-q", "--no-verify", "-m", "x"], cwd=root, check=True)
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def found(root: Path) -> list[dict[str, Any]]:
    quick, full = run_at(root, "audit", "--json"), run_at(root, "audit", "--json", "--full")
    assert quick.out == full.out
    assert NAME not in quick.out + quick.err + run_at(root, "audit").out
    told: list[dict[str, Any]] = json.loads(quick.out)["findings"]
    return told


def opened(root: Path, case: str) -> None:
    """The name in the open, in the place of its token."""
    file = next(root.glob(f"cases/*/{case}.yaml"))
    before, token, after = file.read_text().partition("  subject_name: ")
    file.write_text(f'{before}{token}"{NAME}"\n{after.partition(chr(10))[2]}')


def test_a_private_value_in_the_open_is_told_of_the_act_that_opened_it(sealed: tuple[Path, str]) -> None:
    root, case = sealed
    assert found(root) == []
    opened(root, case)
    made = by_hand(root)
    assert run_at(root, "note", case, "after it").exit_code == 0
    told = [one for one in found(root) if one["rule"] == "sealed"]
    assert [(one["commit"], one["record"], one["severity"]) for one in told] == [(made, case, "error")]
    assert told[0]["message"] == f"{case} holds a private value that needs no key"


def test_it_is_asked_by_the_settings_of_the_act(register: Path, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU", "--name", NAME)
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register)
    assert audit() == []
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("sealing: false", "sealing: true"))
    switched = commit(register)
    edited(register, case, 'country: "BY"', 'country: "KZ"')
    made = commit(register)
    assert [(one["rule"], one["commit"]) for one in audit() if one["commit"] in (switched, made)] == [("sealed", made)]


def test_a_merge_takes_the_settings_that_it_keeps(
    register: Path, git: Git, new_case: Callable[..., str], audit: Audit
) -> None:
    first, second = (new_case("--country", "RU", "--name", NAME) for _ in range(2))
    git("checkout", "-qb", "line")
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("sealing: false", "sealing: true"))
    commit(register)
    git("checkout", "-q", "main")
    edited(register, first, 'country: "RU"', 'country: "BY"')
    commit(register)
    git("merge", "-q", "--no-edit", "line")
    edited(register, second, 'country: "RU"', 'country: "BY"')
    made = commit(register)
    assert [(one["rule"], one["commit"]) for one in audit()] == [("sealed", made)]


def test_the_schemas_taken_away(register: Path, git: Git, run: Run, new_case: Callable[..., str], audit: Audit) -> None:
    new_case("--country", "RU")
    git("checkout", "-qb", "line")
    new_case("--country", "RU")
    git("checkout", "-q", "main")
    shutil.rmtree(register / "schemas")
    made = commit(register)
    new_case("--country", "BY")
    git("merge", "-q", "--no-edit", "line")
    assert [(one["rule"], one["commit"], one["severity"]) for one in audit()] == [("schemas-kept", made, "error")]


def test_the_schemas_taken_away_by_a_merge(
    register: Path, git: Git, new_case: Callable[..., str], audit: Audit
) -> None:
    new_case("--country", "RU")
    git("checkout", "-qb", "line")
    new_case("--country", "RU")
    git("checkout", "-q", "main")
    new_case("--country", "BY")
    git("merge", "-q", "--no-commit", "line")
    shutil.rmtree(register / "schemas")
    git("add", "--all")
    made = commit(register)
    assert {(one["rule"], one["commit"]) for one in audit()} == {("schemas-kept", made), ("merge", made)}
