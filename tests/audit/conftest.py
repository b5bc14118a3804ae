"""People with SSH keys, and checkpoints of a register with some acts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Answer, Run


@dataclass(frozen=True)
class Hand:
    """Somebody who signs: a private key, and what a list of allowed signers says of it."""

    name: str
    key: Path

    @property
    def public(self) -> str:
        return " ".join(self.key.with_suffix(".pub").read_text().split()[:2])

    def allowed(self, options: str = "") -> str:
        return f"{self.name}@forum.example {options} {self.public}\n"


@pytest.fixture(scope="session")
def _keys(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("keys")

    def made(name: str) -> Path:
        key = folder / name
        if not key.exists():
            kind = ["-t", "ecdsa"] if name == "boris" else ["-t", "ed25519"]
            secret = "a passphrase" if name == "locked" else ""
            subprocess.run(["ssh-keygen", "-q", *kind, "-N", secret, "-C", name, "-f", str(key)], check=True)
        return key

    return made


@pytest.fixture
def hand(_keys: Callable[[str], Path]) -> Callable[[str], Hand]:
    """`hand("anna")`: the same key however often asked; that of `locked` has a passphrase."""
    return lambda name: Hand(name, _keys(name))


@pytest.fixture
def anna(hand: Callable[[str], Hand]) -> Hand:
    return hand("anna")


@pytest.fixture
def acts(new_case: Callable[..., str]) -> list[str]:
    """Five cases, one act each, on top of the act that made the register."""
    return [new_case("--country", "RU", "--incident", "search") for _ in range(5)]


@pytest.fixture
def taken(run: Run, anna: Hand, acts: list[str], tmp_path: Path) -> Path:
    """A checkpoint of six acts, signed by Anna."""
    file = tmp_path / "checkpoint.txt"
    answer = run("audit", "checkpoint", "--key", str(anna.key), "-o", str(file))
    assert answer.exit_code == 0, answer
    return file


@pytest.fixture
def verify(run: Run) -> Callable[..., Answer]:
    """`verify(file)`: `audit --checkpoint` in the register."""
    return lambda file, *options, **more: run("audit", "--checkpoint", str(file), *options, **more)
