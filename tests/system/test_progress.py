"""Long work says how far it is, to a person at a terminal and to nobody else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_CALL = """
from solidarity_cli.system import parallel, progress
progress.PATIENCE, parallel._SLICE = 0, 1
from solidarity_cli.cli.main import main
main()
"""


def _seen(register: Path, *arguments: str, stdout: int | None = None, **more: str) -> str:
    """What a person sees on the screen of a call that thinks everything takes long, and reads everything anew."""
    for file in (register / ".git" / "solidarity").glob("*.sqlite"):
        file.unlink()
    ours, theirs = pty.openpty()
    world = {**os.environ, **more}
    call = [sys.executable, "-c", _CALL, *arguments]
    with subprocess.Popen(call, cwd=register, stdout=stdout or theirs, stderr=theirs, env=world) as process:
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 65536):
                said += piece
        except OSError:
            pass  # Linux says so when the other side of a terminal is closed
        finally:
            os.close(ours)
    assert process.returncode == 0
    return said.decode()


@pytest.fixture
def three(register: Path, new_case: Callable[..., str]) -> str:
    """A register of three cases; one of them."""
    first, *_ = [new_case("--country", country, "--incident", "search") for country in ("RU", "BY", "GE")]
    return first


def test_on_a_terminal_a_line_comes_and_goes(register: Path, three: str) -> None:
    for verb, what in ((("list",), "records read: 2 of 3"), (("history", three), "acts read: 3 of 4")):
        said = _seen(register, *verb)
        assert f"\r\x1b[K{what}" in said
        assert said.rindex("\r\x1b[K") > said.rindex(what)  # nothing of it is left on the screen


def test_for_a_screen_reader_it_is_one_line_that_stays(register: Path, three: str) -> None:
    said = _seen(register, "list", ACCESSIBLE="1")
    assert said.count("records read") == 1
    assert "records read: 1 of 3\r\n" in said
    assert "\x1b" not in said


def test_nobody_else_sees_it(register: Path, three: str, tmp_path: Path) -> None:
    assert "records read" not in _seen(register, "-q", "list")
    with (tmp_path / "answer").open("wb") as answer:
        assert _seen(register, "list", "--json", stdout=answer.fileno()) == ""
    assert b"records" not in (tmp_path / "answer").read_bytes()
