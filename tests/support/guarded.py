"""A sealed register with its hooks, as `init` makes it, and git as a person types it there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Answer, run_at

NAME, CONTACT, PHONE = "Зинаида Морозова", "zinaida.m@north-lantern.example", "+7 912 345-67-89"
SAID = (
    *("Зинаид", "Морозов", "Zinaida", "zinaida", "Morozov", "morozov", "north-lantern"),
    *("+7 912", "(912)", "345-67", "345 67"),
)
"""Pieces of the secrets that no answer of any command may hold; none that an id or a hash holds by chance."""


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Identities, drafts and private folders of this test's own; the program on the PATH, where hooks look for it."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    monkeypatch.setenv("SOLIDARITY_DRAFTS", str(tmp_path / "drafts"))
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="session")
def made_sealed(_fixed_world: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a sealed register, the same register with a case, and their identities; and the id of the case."""
    folder = tmp_path_factory.mktemp("sealed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOLIDARITY_IDENTITIES", str(folder / "identities"))
        answer = run_at(folder, "init", "sealed", "--name", "Sealed", "--contact", "solidarity@forum.example")
        assert answer.exit_code == 0, answer
        shutil.copytree(folder / "sealed", folder / "with-a-case", symlinks=True)
        words = ("--country", "RU", "--incident", "search", "--name", NAME, "--contact", f"{CONTACT}, {PHONE}")
        answer = run_at(folder / "with-a-case", "-q", "--no-input", "new-case", *words)
        assert answer.exit_code == 0, answer
    return folder, answer.out.strip()


@pytest.fixture
def sealed(made_sealed: tuple[Path, str], own_folders: None, tmp_path: Path) -> Path:
    """A sealed register, with hooks."""
    shutil.copytree(made_sealed[0] / "identities", tmp_path / "identities")
    return Path(shutil.copytree(made_sealed[0] / "sealed", tmp_path / "sealed", symlinks=True))


@pytest.fixture
def ask(sealed: Path) -> Callable[..., Answer]:
    """`ask("validate")` in the sealed register; no answer may hold a secret."""

    def told(*arguments: str) -> Answer:
        answer = run_at(sealed, *arguments)
        assert_silent(answer.out + answer.err)
        return answer

    return told


@pytest.fixture
def case(sealed: Path, made_sealed: tuple[Path, str]) -> str:
    """The id of a case of a person with a name, an address and a telephone number."""
    shutil.rmtree(sealed)
    shutil.copytree(made_sealed[0] / "with-a-case", sealed, symlinks=True)
    return made_sealed[1]


@pytest.fixture
def type_git(sealed: Path) -> Callable[..., Answer]:
    """`type_git("commit", "-m", "x")`: git by hand, hooks and all."""

    def typed(*arguments: str, at: Path = sealed) -> Answer:
        done = subprocess.run(["git", *arguments], cwd=at, check=False, capture_output=True, text=True)
        return Answer(done.returncode, done.stdout, done.stderr)

    return typed


def assert_silent(text: str) -> None:
    """No piece of a secret stands in an answer."""
    assert not [piece for piece in SAID if piece in text], text
