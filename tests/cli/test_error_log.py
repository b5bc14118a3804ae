"""An unexpected error: one sentence, exit code 3, and a log without a value that the sentence names."""

from __future__ import annotations

import json
import re
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.cli.error_log import place_of, write_log
from tests.support.program import Run

SECRET = "Maria Zvontsova"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "solidarity"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """`list` fails with an exception whose message and causes hold a name."""

    def fail(*_arguments: object, **_options: object) -> None:
        name = SECRET
        try:
            {}[name]
        except KeyError as error:
            raise TypeError(f"cannot list {name}") from error

    monkeypatch.setattr("solidarity_cli.register.reader.Reader.rows", fail)


def test_the_sentence_names_kind_place_and_log(run: Run, broken: None, state: Path) -> None:
    answer = run("list", SECRET)
    assert answer.exit_code != 0
    answer = run("list", "--search", SECRET)
    assert answer.exit_code == 3
    lines = answer.err.splitlines()
    assert re.fullmatch(r"error: internal error \(TypeError at \w+\.py:\d+\); .*", lines[0])
    assert len(lines) == 2
    log = Path(lines[1].rpartition(": ")[2])
    assert log.parent == state
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    text = log.read_text(encoding="utf-8")
    assert "command: list" in text
    assert re.search(r"^error: builtins\.TypeError$", text, re.M)
    assert re.search(r"^error: builtins\.KeyError$", text, re.M)
    assert re.search(r"solidarity_cli/cli/main\.py:\d+ in main", text)
    assert re.search(r"^git: \d", text, re.M)
    for word in (*SECRET.split(), str(Path.home())):
        assert word not in text + answer.err + answer.out


def test_a_folder_that_cannot_be_written_leaves_the_sentence(
    run: Run, broken: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    answer = run("list")
    assert answer.exit_code == 3
    assert "internal error (TypeError" in answer.err
    assert "bug report" not in answer.err


def test_only_the_newest_ten_logs_stay(state: Path) -> None:
    files = [write_log(ValueError(SECRET), "list") for _ in range(13)]
    assert sorted(state.iterdir()) == sorted(file for file in files[-10:] if file)


def test_an_endless_recursion_is_cut(state: Path) -> None:
    def deeper(level: int) -> int:
        return deeper(level + 1) + 1

    with pytest.raises(RecursionError) as caught:
        deeper(0)
    log = write_log(caught.value, "")
    assert log
    text = log.read_text(encoding="utf-8")
    assert "frames are left out" in text
    assert len(text.splitlines()) < 100
    assert place_of(caught.value).startswith("RecursionError at ")


@pytest.mark.parametrize("verb", ["new-case", "note"])
def test_a_change_is_whole_or_not_there(
    run: Run,
    new_case: Callable[..., str],
    git: Callable[..., str],
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
) -> None:
    case = new_case("--country", "RU")
    before = git("rev-parse", "HEAD")

    def fail(*_arguments: object, **_options: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("solidarity_cli.git.committer.Committer.commit", fail)
    arguments = ("new-case", "--country", "DE") if verb == "new-case" else ("note", case, SECRET)
    answer = run("--no-input", *arguments)
    assert answer.exit_code == 3
    assert SECRET not in answer.err
    assert git("rev-parse", "HEAD") == before
    assert git("status", "--porcelain") == ""
    assert json.loads(run("validate", "--format", "json").out)["findings"] == []


def _raise_from(source: str, file: str) -> BaseException:
    try:
        exec(compile(source, file, "exec"), {"__name__": "letters"})
    except BaseException as error:
        return error
    raise AssertionError(source)


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("def Maria_Zvontsova(): raise ValueError\nMaria_Zvontsova()", "/home/Maria/Zvontsova.py"),
        ("class Zvontsova(Exception): __module__ = 'Maria'\nraise Zvontsova", "<Maria>"),
        ("class E(Exception): pass\nE.__qualname__ = 'Zvontsova\\n\\x1b[2J'\nraise E", "cases/Maria.yaml"),
        ("class E(Exception): pass\nE.__qualname__ = '\\udcff'\nraise E", "Maria\udcff.py"),
        ("class E(Exception):\n def __str__(self): raise KeyError('Maria')\nraise E('Zvontsova')", "Maria"),
        ("raise BaseExceptionGroup('Maria', [ValueError('Zvontsova')])", "Zvontsova"),
    ],
)
def test_a_name_of_foreign_code_is_not_written(source: str, file: str, state: Path) -> None:
    error = _raise_from(source, file)
    log = write_log(error, "list")
    assert log
    text = log.read_text(encoding="ascii") + place_of(error)
    for word in SECRET.split():
        assert word not in text
    assert "\x1b" not in text


def test_a_long_chain_of_causes_is_cut(state: Path) -> None:
    error: BaseException = ValueError()
    for _ in range(500):
        cause, error = error, ValueError()
        error.__cause__ = cause
    log = write_log(error, "")
    assert log
    assert len(log.read_text().splitlines()) < 100


class Panic(BaseException):
    """What a library written in Rust raises when it fails: no Exception."""


def test_a_panic_of_a_library_is_told_like_any_error(run: Run, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise Panic(SECRET)

    monkeypatch.setattr("solidarity_cli.register.reader.Reader.rows", fail)
    answer = run("list")
    assert answer.exit_code == 3
    assert SECRET not in answer.err
    assert "Traceback" not in answer.err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
