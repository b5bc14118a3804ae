"""Servers that die, refuse and hold locks; clones left behind, on other disks, with other line ends: no edit is lost."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.sync import sync as syncing
from tests.support.people import Person

Group = tuple[Person, Person, Person]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return tmp_path / "server" / "register.git"


def _hook(bare: Path, name: str, text: str) -> Path:
    file = bare / "hooks" / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize("when", ["pre-receive", "post-receive"])
def test_the_server_dies_in_the_middle_of_a_push(group: Group, bare: Path, when: str) -> None:
    """Before it has taken the push, and after, without a word: both times the next sync brings all in order."""
    anna, boris, _ = group
    hook = _hook(bare, when, "kill -9 $PPID")
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    made = anna.git("rev-parse", "HEAD")
    answer = anna.run("--no-input", "sync")
    assert answer.exit_code == 3, answer
    assert "your acts are safe" in answer.err or "your acts are saved" in answer.err
    assert anna.git("rev-parse", "HEAD") == made
    assert anna.git("status", "--porcelain") == ""
    hook.unlink()
    boris.does("new-case", "--name", "Ivan Sokolov")
    boris.does("sync")
    anna.does("sync")
    boris.does("sync")
    assert "Maria Zvontsova" in boris.does("show", case)
    assert anna.git("rev-parse", "HEAD") == boris.git("rev-parse", "HEAD")


def test_a_push_that_is_refused_again_and_again_ends(group: Group, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, *_ = group
    waits: list[float] = []
    monkeypatch.setattr(syncing.time, "sleep", waits.append)
    anna.does("new-case", "--name", "Maria Zvontsova")
    made = anna.git("rev-parse", "HEAD")
    lock = bare / "refs" / "heads" / "main.lock"
    lock.touch()
    answer = anna.run("--no-input", "sync")
    assert answer.exit_code == 3, answer
    assert "written to all the time" in answer.err
    assert 3 <= len(waits) <= 10
    assert sum(waits) < 30
    assert len(set(waits)) == len(waits), "two clones must not keep step"
    assert anna.git("rev-parse", "HEAD") == made
    lock.unlink()
    anna.does("sync")


def test_a_branch_left_for_five_hundred_acts_comes_up_to_date(group: Group) -> None:
    """Both sides went on for months; what both did to one case is merged by fields."""
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--country", "RU", "--name", "Maria Zvontsova")
    anna.does("sync")
    boris.does("sync")
    boris.does("note", case, "what boris heard")
    file = next(anna.clone.glob(f"cases/*/{case}.yaml"))
    path, text = file.relative_to(anna.clone).as_posix(), file.read_text()
    head = anna.git("rev-parse", "HEAD")
    stream = []
    for number in range(500):
        said = text.replace("kind: appeal\n", f"kind: appeal\nchannel: {('phone', 'email')[number % 2]}\n")
        assert said != text
        who = f"anna <{anna.address}> {1_793_448_000 + number} +0000"
        message = f"edit {case}\n\nCase: {case}\nAct: edit"
        stream.append(f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(message)}\n{message}\n")
        stream.append(f"from {head}\n" if number == 0 else "")
        stream.append(f"M 100644 inline {path}\ndata {len(said.encode())}\n{said}\n")
    with anna.at_work():
        given = "".join(stream).encode()
        subprocess.run(["git", "fast-import", "--quiet"], cwd=anna.clone, input=given, check=True)
    anna.git("reset", "-q", "--hard")
    anna.does("sync")
    boris.does("sync")
    anna.does("sync")
    shown = anna.does("show", case, "--json")
    assert '"channel": "email"' in shown
    assert "what boris heard" in shown
    assert anna.run("audit").exit_code == 0


@pytest.mark.parametrize("other", ["Cases/2026/{name}", "cases/2026/{lower}", "sta\u0301te.md"])
def test_two_files_that_are_one_on_some_disks_do_not_come_in(group: Group, other: str) -> None:
    """Git takes both; where capital letters do not count, the one that is written last is left."""
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    (anna.clone / "st\u00e1te.md").write_text("one\n")
    anna.git("add", "st\u00e1te.md")
    anna.git("commit", "-qm", "x", "--no-verify")
    anna.does("sync")
    boris.does("sync")
    blob = anna.git("rev-parse", "HEAD:register.yaml")
    twin = other.format(name=f"{case}.yaml", lower=f"{case.lower()}.yaml")
    anna.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{twin}")
    anna.git("commit", "-qm", "twin", "--no-verify")
    anna.git("push", "-q", "origin", "main")
    before = boris.git("rev-parse", "HEAD")
    answer = boris.run("--no-input", "sync")
    assert answer.exit_code == 1, answer
    assert "differ only in capital letters" in answer.err
    assert boris.git("rev-parse", "HEAD") == before
    assert boris.git("status", "--porcelain") == ""


def test_line_ends_of_another_system(group: Group, server: str, person: Callable[[str], Person]) -> None:
    """A clone that turns line ends, and a file that an editor has turned: the register sees the same text."""
    anna, *_ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("sync")
    dora = person("dora")
    turned = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    subprocess.run(["git", "clone", "-q", *turned, server, str(dora.clone)], check=True)
    dora.git("config", "core.autocrlf", "true")
    anna.does("keys", "add", dora.address, dora.public_key())
    anna.does("sync")
    dora.does("sync")
    file = next(dora.clone.glob(f"cases/*/{case}.yaml"))
    assert b"\r" not in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    told = dora.run("validate", case)
    assert (told.exit_code, "Windows line endings" in told.out, "solidarity fmt" in told.out) == (1, True, True)
    dora.does("fmt")
    assert b"\r" not in file.read_bytes()
    assert dora.git("status", "--porcelain") == ""
    dora.does("note", case, "after the editor")
    assert b"\r" not in file.read_bytes()
    assert dora.git("status", "--porcelain") == ""
    dora.does("sync")
    anna.does("sync")
    assert "after the editor" in anna.does("show", case)
    assert b"\r" not in next(anna.clone.glob(f"cases/*/{case}.yaml")).read_bytes()
