"""A real bare repository made by `init --server`, and people with clones, identities and SSH keys who push to it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.people import Person
from tests.support.program import Answer, run_at


@dataclass(frozen=True)
class Server:
    """A folder that takes pushes."""

    folder: Path

    def git(self, *arguments: str) -> str:
        asked = ["git", *arguments]
        return subprocess.run(asked, cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()

    def state(self) -> tuple[str, int]:
        """All refs, and how many objects lie there."""
        objects = sum(1 for file in (self.folder / "objects").rglob("*") if file.is_file() and len(file.name) > 30)
        return self.git("for-each-ref"), objects


@dataclass(frozen=True)
class Pusher:
    """Somebody with a clone of the server's register, and with a key to sign with."""

    person: Person
    server: Server
    key: Path

    @property
    def clone(self) -> Path:
        return self.person.clone

    @property
    def allowed(self) -> str:
        """Their line in a list of allowed signers."""
        return f"{self.person.address} {' '.join(self.key.with_suffix('.pub').read_text().split()[:2])}\n"

    def signs(self, *, on: bool = True) -> None:
        for name, value in (
            ("gpg.format", "ssh"),
            ("user.signingkey", str(self.key)),
            ("commit.gpgsign", str(on).lower()),
        ):
            self.git("config", name, value)

    def git(self, *arguments: str) -> str:
        return self.person.git(*arguments)

    def does(self, *arguments: str) -> str:
        return self.person.does(*arguments)

    def push(self, *refs: str) -> Answer:
        """`git push`, as a person types it."""
        asked = ["git", "push", "--quiet", "origin", *(refs or ("main",))]
        with self.person.at_work():
            done = subprocess.run(asked, cwd=self.clone, check=False, capture_output=True, text=True)
        return Answer(done.returncode, done.stdout, done.stderr)

    def commit(self, *options: str, message: str = "x") -> str:
        """A commit by hand of all that lies there; past the guard, as an attacker would."""
        self.git("add", "--all")
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message, *options)
        return self.git("rev-parse", "HEAD")

    def edit(self, record: str, old: str, new: str) -> None:
        file = next(self.clone.glob(f"*/*/{record}.yaml"))
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def again(self) -> None:
        """Back to what the server has."""
        self.git("reset", "-q", "--hard")
        self.git("switch", "-q", "--discard-changes", "main")
        self.git("reset", "-q", "--hard", "origin/main")
        self.git("clean", "-qfd")


@pytest.fixture(scope="session")
def served() -> Callable[[Path], Server]:
    """`served(folder)`: a bare repository made there by the program."""

    def made(folder: Path) -> Server:
        folder.parent.mkdir(parents=True, exist_ok=True)
        answer = run_at(folder.parent, "-q", "init", "--server", folder.name)
        assert (answer.exit_code, answer.out.strip()) == (0, str(folder)), answer
        return Server(folder)

    return made


@pytest.fixture(scope="session")
def pusher(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Pusher]:
    """`pusher("anna", server)`: with a sealed register of her own; or, with `clone`, with a clone of the server's."""

    templates: dict[str, Path] = {}

    def template(name: str) -> Path:
        """A home with a key to sign with and a sealed register, made once for each name."""
        if name not in templates:
            home = tmp_path_factory.mktemp(f"{name}-template")
            asked = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(home / "key")]
            subprocess.run(asked, check=True)
            Person(name, home).does("init", "register", "--name", "Test Register")
            templates[name] = home
        return templates[name]

    def made(name: str, server: Server, *, clone: bool = False, address: str = "") -> Pusher:
        home = tmp_path_factory.mktemp(name)
        one = Pusher(Person(name, home), server, home / "key")
        shutil.copytree(template(name), home, symlinks=True, dirs_exist_ok=True)
        if clone:
            shutil.rmtree(one.clone)
            shutil.rmtree(one.person.identities)
            subprocess.run(["git", "clone", "-q", address or str(server.folder), str(one.clone)], check=True)
        else:
            one.git("remote", "add", "origin", address or str(server.folder))
        return one

    return made
