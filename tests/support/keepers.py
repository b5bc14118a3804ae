"""A sealed register, people with clones of it, and what a test of `solidarity keys` asks again and again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from solidarity_cli.crypto.keyring.store import REF
from tests.support.program import Answer, run_at

SECRET = "Nora Beispiel"


def ask_git(root: Path, *arguments: str, given: bytes = b"") -> str:
    """Git, as a person uses it."""
    answer = subprocess.run(["git", *arguments], cwd=root, input=given, check=True, capture_output=True)
    return answer.stdout.decode(errors="replace").strip()


@dataclass(frozen=True)
class Keeper:
    """Somebody with a clone and identities of their own: `anna.does("keys", "list")`."""

    name: str
    home: Path

    @property
    def clone(self) -> Path:
        return self.home / "register"

    @property
    def identities(self) -> Path:
        return self.home / "identities"

    def held(self) -> set[str]:
        return {file.name for file in self.identities.glob("age1*")}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOLIDARITY_IDENTITIES", str(self.identities))
            yield

    def run(self, *arguments: str) -> Answer:
        with self.at_work():
            return run_at(self.clone, "--no-input", *arguments)

    def does(self, *arguments: str) -> str:
        """It has to succeed; what it answered."""
        answer = self.run(*arguments)
        assert answer.exit_code == 0, (self.name, arguments, answer)
        return answer.out.strip()

    def refused(self, *arguments: str, code: int, words: str) -> Answer:
        """It has to fail in one sentence with one next step, and nothing may be committed."""
        before = ask_git(self.clone, "rev-parse", "HEAD"), ask_git(self.clone, "rev-parse", "--verify", "-q", REF)
        answer = self.run(*arguments)
        assert answer.exit_code == code, answer
        assert words in answer.err, answer
        assert answer.err.startswith("error: ")
        assert len(answer.err.splitlines()) == 2
        assert "AGE-SECRET" not in answer.err + answer.out
        assert before == (ask_git(self.clone, "rev-parse", "HEAD"), ask_git(self.clone, "rev-parse", "--verify", REF))
        assert ask_git(self.clone, "status", "--porcelain") == ""
        return answer

    def listed(self) -> dict[str, list[dict[str, object]]]:
        return dict(json.loads(self.does("keys", "list", "--json")))

    def names(self) -> list[object]:
        return [one["name"] for one in self.listed()["recipients"]]

    def opens(self, case: str) -> bool:
        return SECRET in self.does("show", case)

    def takes(self, other: Keeper) -> None:
        """The acts and the keyring of another clone, as they are there."""
        ask_git(self.clone, "pull", "--quiet", "--ff-only", str(other.clone), "main")
        ask_git(self.clone, "fetch", "--quiet", "--force", str(other.clone), f"+{REF}:{REF}")

    def joined(self, other: Path | None = None) -> Keeper:
        """With a clone: a new sealed register, or another's."""
        self.home.mkdir(parents=True)
        if other:
            subprocess.run(["git", "clone", "--quiet", str(other), str(self.clone)], check=True, capture_output=True)
            return self
        with self.at_work():
            answer = run_at(self.home, "init", "register", "--name", "Test Register", "--contact", "s@forum.example")
        assert answer.exit_code == 0, answer
        return self

    def case(self) -> str:
        new = ("-q", "new-case", "--country", "RU", "--incident", "search", "--subject-kind", "individual")
        return self.does(*new, "--name", SECRET)
