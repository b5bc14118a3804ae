"""`fmt` puts right what an editor has turned: line ends, a byte-order mark; committed or not, sealed or not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.program import run_at


@pytest.fixture(params=[True, False], ids=["sealed", "open"])
def turned(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record as Notepad leaves it: the file, in a register where git turns nothing."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    options = [] if request.param else ["--no-sealing"]
    assert run_at(tmp_path, "init", "register", *options).exit_code == 0
    root = tmp_path / "register"
    (root / ".gitattributes").unlink()
    subprocess.run(["git", "commit", "-qam", "no attributes", "--no-verify"], cwd=root, check=True)
    assert run_at(root, "--no-input", "new-case", "--country", "RU", "--name", "Maria Zvontsova").exit_code == 0
    file = next(root.glob("cases/*/*.yaml"))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    return file


def _git(file: Path, *arguments: str) -> str:
    root = file.parents[2]
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def test_a_file_that_only_looks_otherwise_is_put_back_without_an_act(turned: Path) -> None:
    head = _git(turned, "rev-parse", "HEAD")
    assert run_at(turned.parents[2], "validate").exit_code == 1
    answer = run_at(turned.parents[2], "fmt")
    assert answer.exit_code == 0, answer
    assert "put back" in answer.out
    assert _git(turned, "status", "--porcelain") == ""
    assert _git(turned, "rev-parse", "HEAD") == head


def test_one_that_was_committed_so_is_put_right_by_an_act(turned: Path) -> None:
    _git(turned, "commit", "-qam", "from windows", "--no-verify")
    answer = run_at(turned.parents[2], "fmt")
    assert answer.exit_code == 0, answer
    assert b"\r" not in turned.read_bytes()
    assert not turned.read_bytes().startswith(b"\xef")
    assert _git(turned, "log", "-1", "--format=%s").startswith("fmt ")
    assert run_at(turned.parents[2], "validate").exit_code == 0
    assert "Maria Zvontsova" in run_at(turned.parents[2], "show", turned.stem).out


def test_other_words_are_not_thrown_away(turned: Path) -> None:
    turned.write_bytes(turned.read_bytes().replace(b"RU", b"BY"))
    answer = run_at(turned.parents[2], "fmt")
    assert answer.exit_code == 3, answer
    assert "in no commit" in answer.err
    assert b"BY" in turned.read_bytes()
