"""Every letter is said, however a terminal or a pipe is set up: a name must not stop an act in the middle."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SETTINGS: dict[str, dict[str, str]] = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin": {"PYTHONIOENCODING": "latin-1"},
    "old": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
}
TITLE = "Обыск в доме 😀"


@pytest.fixture
def case(new_case: Callable[..., str]) -> str:
    return new_case("--country", "RU", "--incident", "search", "--title", TITLE)


def on_a_terminal(register: Path, *command: str, world: dict[str, str]) -> str:
    ours, theirs = pty.openpty()
    os.set_blocking(ours, True)
    with subprocess.Popen(
        command, cwd=register, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env={**os.environ, **world}
    ):
        os.close(theirs)
        heard = b""
        try:
            while piece := os.read(ours, 65_536):
                heard += piece
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    return heard.decode()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_pipe_gets_utf_8(register: Path, program: str, case: str, name: str) -> None:
    for verb in (("list",), ("show", case), ("history", case), ("show", case, "--json")):
        done = subprocess.run(
            [program, *verb], cwd=register, check=False, capture_output=True, env={**os.environ, **SETTINGS[name]}
        )
        assert (done.returncode, done.stderr) == (0, b""), verb
        assert TITLE in done.stdout.decode("utf-8"), verb
    assert TITLE in json.dumps(json.loads(done.stdout), ensure_ascii=False)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_terminal_without_the_letters_shows_their_numbers(register: Path, program: str, case: str, name: str) -> None:
    for verb in (("list",), ("show", case), ("history", case), ()):
        heard = on_a_terminal(register, program, *verb, world=SETTINGS[name])
        assert "\\u041e\\u0431\\u044b\\u0441\\u043a" in heard, verb
        assert "\\u2500" not in heard, "no lines around tables"
        assert "mistake" not in heard, verb


def test_a_terminal_with_the_letters_shows_them(register: Path, program: str, case: str) -> None:
    assert "Обыск" in on_a_terminal(register, program, "list", world={})


def test_an_act_is_done_and_told(register: Path, program: str, case: str) -> None:
    world = {**os.environ, **SETTINGS["ascii"]}
    edit = [program, "edit", case, "--set", "title=Суд", "--dry-run"]
    done = subprocess.run(edit, cwd=register, check=False, capture_output=True, env=world)
    assert done.returncode == 0
    assert "Суд" in done.stdout.decode()


def test_letters_that_were_typed_and_cannot_be_read_are_refused(register: Path, program: str, case: str) -> None:
    world = {**os.environ, **SETTINGS["old"]}
    edit = [program, "edit", case, "--set", "title=Суд"]
    done = subprocess.run(edit, cwd=register, check=False, capture_output=True, env=world)
    assert done.returncode == 2
    assert b"export LC_ALL=C.UTF-8" in done.stderr
