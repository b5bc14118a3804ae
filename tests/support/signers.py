"""People with SSH keys, and checkpoints of a register with some acts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Answer, Run, run_at

Git = Callable[..., str]
Audit = Callable[..., list[dict[str, Any]]]


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


@pytest.fixture(scope="session")
def _made_acts(
    _empty_register: Path, _keys: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[str]]:
    """A register with five cases and a checkpoint of it beside it, made once; each test has a copy."""
    register = Path(shutil.copytree(_empty_register, tmp_path_factory.mktemp("acts") / "register"))
    cases = []
    for _ in range(5):
        answer = run_at(register, "-q", "--no-input", "new-case", "--country", "RU", "--incident", "search")
        assert answer.exit_code == 0, answer
        cases.append(answer.out.strip())
    checkpoint = ("--key", str(_keys("anna")), "-o", str(register.with_name("checkpoint.txt")))
    answer = run_at(register, "audit", "checkpoint", *checkpoint)
    assert answer.exit_code == 0, answer
    return register, cases


@pytest.fixture
def acts(register: Path, _made_acts: tuple[Path, list[str]]) -> list[str]:
    """Five cases, one act each, on top of the act that made the register."""
    made, cases = _made_acts
    shutil.rmtree(register)
    shutil.copytree(made, register)
    return list(cases)


@pytest.fixture
def taken(acts: list[str], _made_acts: tuple[Path, list[str]], tmp_path: Path) -> Path:
    """A checkpoint of six acts, signed by Anna."""
    return Path(shutil.copyfile(_made_acts[0].with_name("checkpoint.txt"), tmp_path / "checkpoint.txt"))


@pytest.fixture
def verify(run: Run) -> Callable[..., Answer]:
    """`verify(file)`: `audit --checkpoint` in the register."""
    return lambda file, *options, **more: run("audit", "--checkpoint", str(file), *options, **more)


@pytest.fixture
def audit(run: Run) -> Audit:
    """The findings of an audit; the same when all is verified anew, and never with a fault of the program."""

    def found(*options: str) -> list[dict[str, Any]]:
        answer = run("audit", "--json", *options)
        assert answer.exit_code in (0, 1), answer
        told = json.loads(answer.out)
        assert answer.exit_code == int(any(one["severity"] == "error" for one in told["findings"]))
        assert told == json.loads(run("audit", "--json", "--full").out)
        findings: list[dict[str, Any]] = told["findings"]
        return findings

    return found


def rules(findings: list[dict[str, Any]], severity: str = "error") -> list[str]:
    return [one["rule"] for one in findings if one["severity"] == severity]


def edited(register: Path, record: str, old: str, new: str) -> Path:
    file = next(register.glob(f"*/*/{record}.yaml"))
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    return file


def commit(
    register: Path, *options: str, who: str = "coordinator", date: str = "2026-10-31T12:00:00+00:00", **env: str
) -> str:
    world = {**os.environ, "GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date, **env}
    name = ["-c", f"user.name={who}", "-c", f"user.email={who}@forum.example"]
    subprocess.run(
        ["git", *name, "commit", "-qam", "x", *options], cwd=register, check=True, env=world, capture_output=True
    )
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=register, check=True, capture_output=True, text=True
    ).stdout.strip()


def sign_with(git: Git, hand: Hand) -> None:
    git("config", "gpg.format", "ssh")
    git("config", "user.signingkey", str(hand.key))
    git("config", "commit.gpgsign", "true")
    git("config", "user.email", f"{hand.name}@forum.example")


@pytest.fixture
def signed(register: Path, git: Git, hand: Callable[[str], Hand]) -> Path:
    """A register with a list of two allowed signers, in which Anna signs."""
    (register / "allowed_signers").write_text(hand("anna").allowed() + hand("boris").allowed())
    git("add", "allowed_signers")
    sign_with(git, hand("anna"))
    git("commit", "-qm", "the list")
    return register
