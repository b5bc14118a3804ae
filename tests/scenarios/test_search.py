"""`list --search` through the front door, in a sealed register: found by whoever has the key, kept and echoed nowhere."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.support.program import Run

_CASES = {
    "ivanov": ("--country", "RU", "--incident", "search", "--name", "Пётр Иванов", "--narrative", "Нашли архив."),
    "ivanova": ("--country", "BY", "--incident", "arrest", "--name", "Hanna Ivanava", "--contact", "+375291234567"),
    "muller": ("--country", "DE", "--incident", "dismissal", "--name", "Jürgen Müller-Lüdenscheidt"),
}


@pytest.fixture
def cases(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Three cases by their names, in a sealed register at `tmp_path / "sealed"`."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    assert run("init", "sealed", at=tmp_path).exit_code == 0
    at = tmp_path / "sealed"
    return {
        name: run("-q", "--no-input", "new-case", *typed, at=at).out.strip() for name, typed in sorted(_CASES.items())
    }


def test_words_are_found_in_any_alphabet_and_kept_nowhere(
    run: Run, cases: dict[str, str], tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, names = tmp_path / "sealed", {one: name for name, one in cases.items()}

    def found(text: str, *more: str) -> list[str]:
        answer = run("list", "--search", text, "--ids", *more, at=at)
        assert (answer.exit_code, answer.err) == (0, "")
        return [names[one] for one in answer.out.split()]

    assert found("IVANOV") == found("иванов") == ["ivanov", "ivanova"]  # the first as typed
    assert found("петр иванов") == found("иванов архив") == ["ivanov"]
    assert found("Иванава") == ["ivanova"]
    assert set(found("Ivanova")) == {"ivanov", "ivanova"}  # nobody's as typed
    assert (found("иванов", "--limit", "1"), found("иванов", "--country", "BY")) == (["ivanov"], ["ivanova"])
    assert found("Ганна") == found("37529 123") == ["ivanova"]
    assert found("muller") == found("Mueller ludenscheidt") == found("Lüdenscheit") == ["muller"]
    assert found("обыск") == found("Durchsuchung") == found("Office search") == found("обысг") == ["ivanov"]
    assert found(cases["muller"][-4:].lower()) == ["muller"]
    assert found("Петрова") == found("иванов увольнение") == []
    assert run("list", "--search", "…", at=at).exit_code == 2

    rows = json.loads(run("list", "--search", "Иванов", "--json", at=at).out)
    assert [row["id"] for row in rows] == [cases["ivanov"], cases["ivanova"]]
    assert _on_a_terminal(program, at, "Иванов").index("also, with a letter or two changed:") > 0
    assert "none as typed; with a letter or two changed:" in _on_a_terminal(program, at, "Ивонов")

    for file in (file for file in tmp_path.rglob("*") if file.is_file()):
        data = file.read_bytes().decode(errors="replace").casefold()
        assert not any(word in data for word in ("ivanov", "иванов", "ivanav", "иванав", "ludensch")), file

    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "nobody"))
    assert found("Иванов") == []
    assert found("обыск") == ["ivanov"]


def _on_a_terminal(program: str, at: Path, text: str) -> str:
    here, there = pty.openpty()
    done = subprocess.run([program, "list", "--search", text], cwd=at, stdout=there, stderr=there, check=True)
    os.close(there)
    said = b""
    while done.returncode == 0:
        try:
            said += os.read(here, 65536)
        except OSError:
            break
    os.close(here)
    return said.decode()
