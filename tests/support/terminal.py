"""A person at a real terminal: the installed program in a pseudo-terminal, asked in both ways."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

ORDER = (
    "Kind", "About", "Name", "Country", "What happened", "Member", "Asked for", "Urgency",
    "Who writes", "Contact", "Reached by", "Safe channel", "Consent known? [y/N]", "Story",
)  # fmt: skip
PASTE = "\x1b[200~{}\x1b[201~"
_LOOK = r"(?:\x1b\[[0-9;]*m| )+"


class Terminal:
    """One run of `solidarity new-case`; `plain` is the way without boxes."""

    def __init__(self, program: str, folder: Path, *arguments: str, plain: bool, **environment: str) -> None:
        import pexpect

        self.plain = plain
        env = {**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", **({"ACCESSIBLE": "1"} if plain else {}), **environment}
        self.child = pexpect.spawn(
            program, list(arguments), cwd=str(folder), env=env, encoding="utf-8", dimensions=(60, 220), timeout=180
        )
        self.child.delaybeforesend = None
        self.child.ptyproc.delayafterclose = 0.01
        self.shown = ""

    def prompt(self, name: str) -> str:
        """Wait until `name` is asked; what was shown before."""
        escaped = re.escape(name)
        self.child.expect(rf"\?{_LOOK}{escaped}|\n{escaped}[^\n]*: ?")
        self.shown += self.child.before
        return str(self.child.before)

    def see(self, text: str) -> None:
        self.child.expect_exact(text)
        self.shown += self.child.before + text

    def send(self, text: str) -> None:
        self.child.send(text)

    def answer(self, name: str, text: str = "") -> str:
        before = self.prompt(name)
        self.send(text + "\r")
        return before

    def talk(self, answers: Mapping[str, str], *, until: str = "") -> None:
        """Answer in order, Enter for what is not named, up to the question `until`."""
        for name in ORDER[: ORDER.index(until)] if until else ORDER:
            self.answer(name, answers.get(name, ""))

    def end(self) -> int:
        """Wait until the program has ended; its exit code."""
        import pexpect

        self.child.expect(pexpect.EOF)
        self.shown += self.child.before
        self.child.close()
        return int(self.child.exitstatus)

    def hang_up(self) -> None:
        """Close the terminal as a window is closed, and wait until the program has ended."""
        os.close(self.child.child_fd)
        self.child.closed = True
        os.waitpid(self.child.pid, 0)


Open = Callable[..., Terminal]


@pytest.fixture(params=[True, False], ids=["plain", "boxes"])
def plain(request: pytest.FixtureRequest) -> bool:
    """Both ways to ask."""
    return bool(request.param)


@pytest.fixture
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where drafts are kept."""
    monkeypatch.setenv("SOLIDARITY_DRAFTS", str(tmp_path / "drafts"))
    return tmp_path / "drafts"


@pytest.fixture
def terminal(program: str, register: Path, drafts: Path) -> Iterator[Open]:
    """`terminal("--from", "x.eml", plain=True)`: `new-case` at a terminal in the register."""
    opened: list[Terminal] = []

    def open_(*arguments: str, plain: bool, **environment: str) -> Terminal:
        opened.append(Terminal(program, register, "new-case", *arguments, plain=plain, **environment))
        return opened[-1]

    yield open_
    for one in opened:
        if not one.child.closed:
            one.child.close(force=True)


@pytest.fixture
def only_draft(drafts: Path) -> Callable[[], Path]:
    """The one draft that is there, kept from others."""

    def found() -> Path:
        (file,) = drafts.iterdir()
        assert stat.S_IMODE(drafts.stat().st_mode) == 0o700
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        return file

    return found


@pytest.fixture
def saved(register: Path) -> Callable[[], dict[str, object]]:
    """The one case of the register."""
    from solidarity_cli.records.read import read

    def found() -> dict[str, object]:
        (file,) = (register / "cases").rglob("*.yaml")
        return read(file.read_bytes())

    return found
