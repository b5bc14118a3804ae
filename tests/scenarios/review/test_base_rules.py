"""A change is judged by what it changes: it cannot loosen the rules that it is to be held against."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Good, Run
from tests.support.reviewing import ASSESSED

Card = Callable[..., dict[str, Any]]
By = Callable[..., None]


def _file(register: Path, case: str) -> tuple[str, str]:
    file = next(register.glob(f"cases/*/{case}.yaml"))
    return str(file.relative_to(register)), file.read_text()


def test_a_schema_loosened_in_the_same_change_does_not_count(
    run: Run, case: str, register: Path, card: Card, commit_by_hand: By
) -> None:
    schema = (register / "schemas/case.schema.json").read_text()
    commit_by_hand("schemas/case.schema.json", schema.replace('"search",', '"search", "secret-type",'))
    path, text = _file(register, case)
    commit_by_hand(path, text.replace("type: search", "type: secret-type"))
    assert run("validate").exit_code == 0, "by its own rules the change would pass"
    told = card(code=1)
    assert told["announced"] == [{"what": "schemas", "files": 1}]
    assert told["records"][0]["is_odd"]
    assert told["findings"][0]["rule"] == "schema"


def test_a_quorum_lowered_in_the_same_change_does_not_count(
    good: Good, case: str, card: Card, numbers: Callable[..., None], git: Callable[..., str]
) -> None:
    git("switch", "-q", "main")
    numbers(quorum=2)
    git("switch", "-qC", "case/work")
    numbers(quorum=0)
    good("assess", case, *ASSESSED)
    told = card()
    assert told["announced"] == [{"what": "register", "files": 1}]
    assert {"what": "decide", "record": case} in told["asks"]
    assert [one["rule"] for one in told["findings"]] == ["quorum"]


@pytest.mark.parametrize("text", ["{", "prefix: 7\n", ""])
def test_a_broken_register_file_is_announced_and_stops_nothing(
    case: str, card: Card, commit_by_hand: By, text: str
) -> None:
    commit_by_hand("register.yaml", text)
    assert card()["announced"] == [{"what": "register", "files": 1}]


def test_a_register_file_taken_away_is_announced(
    case: str, card: Card, git: Callable[..., str], register: Path
) -> None:
    git("rm", "-q", "-r", "schemas")
    git("commit", "--no-verify", "-qm", "away")
    told = card()
    assert [one["what"] for one in told["announced"]] == ["schemas"]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("schemas/vocabulary/status.yaml", "schemas"),
        ("recipients.yaml", "recipients"),
        ("allowed_signers", "signers"),
        (".gitattributes", "git"),
        ("cases/.gitattributes", "git"),
        (".github/workflows/solidarity.yml", "forge"),
        (".GitHub/workflows/solidarity.yml", "forge"),
        (".gitlab-ci.yml", "forge"),
        (".forgejo/workflows/solidarity.yml", "forge"),
        ("docs/CODEOWNERS", "forge"),
        ("CODEOWNERS", "forge"),
        (".solidarity/program.txt", "program"),
        (".pre-commit-config.yaml", "program"),
        (".vscode/tasks.json", "editor"),
    ],
)
def test_what_the_check_rests_on_is_announced_at_the_top(
    run: Run, case: str, card: Card, commit_by_hand: By, path: str, what: str
) -> None:
    commit_by_hand(path, "x\n")
    told = card()
    assert told["announced"] == [{"what": what, "files": 1}]
    assert told["others"] == 0
    assert told["asks"][0] == {"what": "guarded", "record": ""}
    lines = run("review", "--format", "md").out.splitlines()
    assert next(line for line in lines if line.startswith("## ")) == "## What the check itself rests on is changed"


def test_another_file_is_counted_and_not_named(run: Run, case: str, card: Card, commit_by_hand: By) -> None:
    commit_by_hand("docs/about.md", "x\n")
    told = card()
    assert (told["announced"], told["others"]) == ([], 1)
    assert "about.md" not in run("review").out


def test_turning_sealing_off_does_not_let_plain_text_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    from tests.support.program import run_at

    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    assert run_at(tmp_path, "init", "sealed").exit_code == 0
    register = tmp_path / "sealed"
    case = run_at(register, "-q", "--no-input", "new-case", "--country", "RU", "--incident", "search").out.strip()
    subprocess.run(["git", "switch", "-qc", "case/work"], cwd=register, check=True)
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("sealing: true", "sealing: false"))
    path, text = _file(register, case)
    (register / path).write_text(text + "private:\n  subject_name: Снегирь\n")
    subprocess.run(["git", "commit", "--no-verify", "-qam", "by hand"], cwd=register, check=True)
    answer = run_at(register, "review", "--format", "md")
    assert answer.exit_code == 1
    assert "\\[&#8203;sealed" in answer.out
    assert "Снегирь" not in answer.out
