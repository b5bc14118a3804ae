"""`keys seal`: a register that began open is sealed in one act, and says what stays readable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run


@pytest.fixture(autouse=True)
def own_identities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))


def test_an_open_register_is_sealed(
    run: Run, register: Path, new_case: Callable[..., str], git: Callable[..., str]
) -> None:
    one, two = new_case("--name", "Maria Zvontsova", "--contact", "m@example.org"), new_case("--country", "RU")
    before = len(git("log", "--format=%h").split())
    assert run("keys", "seal", "--dry-run").exit_code == 0
    answer = run("keys", "seal")
    assert answer.exit_code == 0, answer
    assert "stays readable in the history" in answer.err
    text = next(register.glob(f"cases/*/{one}.yaml")).read_text()
    assert "Zvontsova" not in text
    assert text.count("sealed:1:") == 2
    assert "sealing: true" in (register / "register.yaml").read_text()
    assert "Maria Zvontsova" in run("show", one).out
    assert run("show", two).exit_code == 0
    assert run("validate").exit_code == 0
    assert len(git("log", "--format=%h").split()) == before + 2
    assert run("keys", "seal").exit_code == 1
    assert run("note", one, "a word").exit_code == 0
    erased = run("--no-input", "erase", one, "--reason", "asked", "--confirm", one)
    assert erased.exit_code == 0
    assert "1 earlier versions were never sealed" in erased.err


def test_erasing_what_was_never_sealed_is_refused(run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--name", "Maria Zvontsova")
    answer = run("--no-input", "erase", case, "--reason", "asked", "--confirm", case)
    assert answer.exit_code == 1
    assert "solidarity keys seal" in answer.err
