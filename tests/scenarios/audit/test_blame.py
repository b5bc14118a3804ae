"""`solidarity blame`: who gave each field its value."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Run, run_at
from tests.support.signers import commit, edited


def by_field(run: Run, record: str, **options: Any) -> dict[str, dict[str, Any]]:
    answer = run("blame", record, "--json", **options)
    assert answer.exit_code == 0, answer
    return {one["field"]: one for one in json.loads(answer.out)}


def test_each_field_by_who_set_it_last(register: Path, run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU", "--urgency", "low", "--narrative", "She was taken away.")
    run("note", case, "Called back.", "--by", "Boris <boris@forum.example>")
    run("edit", case, "--set", "urgency=high")
    found = by_field(run, case)
    assert found["urgency"]["value"] == "high"
    assert found["urgency"]["act"] == "edit"
    assert found["subject.country"]["act"] == "new-case"
    assert found["notes.n1.by"]["author"] == "Boris <boris@forum.example>"
    assert found["private.notes.n1"]["act"] == "note"
    assert found["private.narrative"]["act"] == "new-case"
    assert len({one["commit"] for one in found.values()}) == 3
    told = run("blame", case).out
    assert (
        f"urgency\thigh\t2026-10-31 12:00+00:00\tCoordinator <coordinator@forum.example>\tedited\t{found['urgency']['commit'][:10]}"
        in told
    )


def test_what_is_in_no_commit_yet(register: Path, run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    found = by_field(run, case)
    assert (found["subject.country"]["value"], found["subject.country"]["commit"]) == ("BY", "")
    assert found["received"]["commit"]
    assert "in no commit yet" in run("blame", case).out


def test_of_two_branches_whose_value_is_there(
    register: Path, run: Run, git: Callable[..., str], new_case: Callable[..., str]
) -> None:
    import subprocess

    case = new_case("--country", "RU")
    git("checkout", "-qb", "other")
    edited(register, case, 'country: "RU"', 'country: "KZ"')
    commit(register, who="boris", date="2026-10-31T14:00:00+00:00")
    git("checkout", "-q", "main")
    edited(register, case, 'country: "RU"', 'country: "TR"')
    own = commit(register, date="2026-10-31T13:00:00+00:00")
    subprocess.run(["git", "merge", "-q", "other"], cwd=register, check=False, capture_output=True)
    git("checkout", "--ours", "--", "cases")
    git("add", ".")
    commit(register)
    assert by_field(run, case)["subject.country"]["commit"] == own


def test_an_action_and_what_is_not_there(run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU")
    action = run("-q", "link-action", case, "--type", "information").out.strip()
    assert by_field(run, action)["cases"]["act"] == "link-action"
    assert run("blame", "SG-2026-000000").exit_code == 1


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    assert run_at(tmp_path, "init", "sealed", "--name", "Sealed").exit_code == 0
    return tmp_path / "sealed"


def test_of_a_private_field_who_and_never_what(sealed: Path) -> None:
    case = run_at(sealed, "-q", "--no-input", "new-case", "--country", "RU", "--name", "Mira Perevoz").out.strip()
    found = {one["field"]: one for one in json.loads(run_at(sealed, "blame", case, "--json").out)}
    assert found["private.subject_name"]["value"] == "[sealed]"
    assert found["private.subject_name"]["act"] == "new-case"


def test_nothing_private_is_in_the_index(sealed: Path) -> None:
    case = run_at(sealed, "-q", "--no-input", "new-case", "--country", "RU", "--name", "Mira Perevoz").out.strip()
    run_at(sealed, "note", case, "Call the blue door.")
    file = next(sealed.glob("cases/*/*.yaml"))
    file.write_text(file.read_text().replace("private:\n", 'private:\n  Ivan_Petrov: "Lives at Lugovaya"\n'))
    commit(sealed, "--no-verify")
    assert "private.notes.n1" in run_at(sealed, "history", case, "--audience", "reviewer").out
    kept = (sealed / ".git" / "solidarity" / "past.sqlite").read_bytes()
    assert case.encode() in kept
    for secret in (b"Mira", b"blue door", b"Lugovaya", b"Ivan_Petrov", b"sealed:1:"):
        assert secret not in kept
