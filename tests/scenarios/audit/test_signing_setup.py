"""Signing made easy: `init --sign`, what `doctor` says, and that nothing breaks without it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Run, run_at
from tests.support.signers import Hand


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hand: Callable[[str], Hand]) -> Path:
    """A user with an SSH key under its usual name."""
    folder = tmp_path / "home" / ".ssh"
    folder.mkdir(parents=True)
    for suffix in ("", ".pub"):
        shutil.copy(hand("anna").key.with_name(f"anna{suffix}"), folder / f"id_ed25519{suffix}")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def config(root: Path, name: str) -> str:
    return subprocess.run(
        ["git", "config", "--local", "--get", name], cwd=root, check=False, capture_output=True, text=True
    ).stdout.strip()


def audited(root: Path) -> Any:
    return json.loads(run_at(root, "audit", "--json").out)


def about_signing(root: Path) -> list[dict[str, Any]]:
    return [one for one in json.loads(run_at(root, "doctor", "--json").out)["findings"] if one["topic"] == "signing"]


def test_a_register_that_is_signed_from_its_first_act(home: Path, tmp_path: Path) -> None:
    answer = run_at(tmp_path, "init", "new", "--no-sealing", "--sign")
    assert answer.exit_code == 0, answer
    root = tmp_path / "new"
    assert (
        (root / "allowed_signers")
        .read_text()
        .startswith('coordinator@forum.example namespaces="git,solidarity-checkpoint" ssh-ed25519 ')
    )
    assert config(root, "commit.gpgsign") == "true"
    case = run_at(root, "-q", "--no-input", "new-case", "--country", "RU").out.strip()
    told = audited(root)
    assert told["findings"] == []
    assert [one["commits"] for one in told["unproven"]] == [1, 0], "whose key it is, and what a checkpoint proves"
    assert json.loads(run_at(root, "history", case, "--json").out)[0]["signature"] == "good"
    assert about_signing(root) == []


def test_nothing_is_signed_without_a_yes(home: Path, tmp_path: Path) -> None:
    assert run_at(tmp_path, "--no-input", "init", "new", "--no-sealing").exit_code == 0
    root = tmp_path / "new"
    assert not (root / "allowed_signers").exists()
    assert config(root, "commit.gpgsign") == config(root, "gpg.format") == ""
    assert about_signing(root) == []


def test_without_a_key_it_is_refused_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "empty"))
    answer = run_at(tmp_path, "--no-input", "init", "new", "--no-sealing", "--sign")
    assert answer.exit_code == 2
    assert "ssh-keygen -t ed25519" in answer.err
    assert "--no-sign" in answer.err
    assert not (tmp_path / "new").exists()


def test_a_key_that_does_not_sign_leaves_git_as_it_was(home: Path, tmp_path: Path, register: Path) -> None:
    (home / ".ssh" / "id_ed25519").unlink()
    answer = run_at(tmp_path, "--no-input", "init", "new", "--no-sealing", "--sign")
    assert answer.exit_code == 3, answer
    assert not (tmp_path / "new").exists()
    answer = run_at(register, "--no-input", "init", "--sign")
    assert answer.exit_code == 3, answer
    assert config(register, "commit.gpgsign") == ""


@pytest.mark.parametrize("sealing", ["--sealing", "--no-sealing"])
@pytest.mark.parametrize("place", ["new", "deep/down/new", "there"])
def test_a_key_that_is_locked_is_told_and_nothing_is_left(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sealing: str, place: str
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    locked = home / ".ssh" / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "several words", "-f", str(locked)], check=True)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    answer = run_at(tmp_path, "--no-input", "init", place, sealing, "--sign")
    assert answer.exit_code == 3, answer
    assert "the key has a passphrase, and nobody can be asked" in answer.err
    assert "ssh-add the key" in answer.err
    assert sorted(tmp_path.rglob("*")) == before


def test_an_init_that_git_refuses_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.hooksPath")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(hooks))
    (tmp_path / "there").mkdir()
    for place in ("new", "there"):
        assert run_at(tmp_path, "--no-input", "init", place).exit_code == 3
        assert not (tmp_path / "new").exists()
        assert list((tmp_path / "there").iterdir()) == []
        assert list((tmp_path / "identities").iterdir()) == []


def test_signing_begun_later(home: Path, register: Path, run: Run, new_case: Callable[..., str]) -> None:
    new_case("--country", "RU")
    assert run("init", "--sign").exit_code == 0
    new_case("--country", "BY")
    told = audited(register)
    assert told["findings"] == []
    assert [one["commits"] for one in told["unproven"]] == [2, 1, 0]


def test_doctor_says_what_is_missing(
    home: Path, register: Path, run: Run, git: Callable[..., str], hand: Callable[[str], Hand]
) -> None:
    (register / "allowed_signers").write_text(hand("boris").allowed())
    assert [one["hint"] for one in about_signing(register)] == ["solidarity init --sign"]
    assert run("init", "--sign").exit_code == 0
    found = about_signing(register)
    assert len(found) == 1
    assert "does not stand beside your address" in found[0]["message"]
    assert hand("anna").public in found[0]["hint"]
