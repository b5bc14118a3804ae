"""Several people, each with a clone and an identity of their own, and a real git server on the loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.program import Answer, run_at


@dataclass(frozen=True)
class Person:
    """Somebody at a machine of their own: `anna.run("list")` acts in their clone, with their identities."""

    name: str
    home: Path

    @property
    def clone(self) -> Path:
        return self.home / "register"

    @property
    def identities(self) -> Path:
        return self.home / "identities"

    @property
    def address(self) -> str:
        return f"{self.name}@forum.example"

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOLIDARITY_IDENTITIES", str(self.identities))
            patch.setenv("GIT_AUTHOR_NAME", self.name)
            patch.setenv("GIT_COMMITTER_NAME", self.name)
            patch.setenv("GIT_AUTHOR_EMAIL", self.address)
            patch.setenv("GIT_COMMITTER_EMAIL", self.address)
            yield

    def world(self) -> dict[str, str]:
        """The environment of a process that they start."""
        with self.at_work():
            return dict(os.environ)

    def run(self, *arguments: str, given: bytes = b"") -> Answer:
        with self.at_work():
            return run_at(self.clone if self.clone.exists() else self.home, *arguments, given=given)

    def does(self, *arguments: str) -> str:
        """Like `run`, and it has to succeed; what it answered."""
        answer = self.run("--no-input", *arguments)
        assert answer.exit_code == 0, (self.name, arguments, answer)
        return answer.out.strip()

    def git(self, *arguments: str) -> str:
        with self.at_work():
            return subprocess.run(
                ["git", *arguments], cwd=self.clone, check=True, capture_output=True, text=True
            ).stdout.strip()

    def public_key(self) -> str:
        return self.does("-q", "keys", "init").split()[-1]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a git server that takes pushes; its repository is `tmp_path/"server"/"register.git"`."""
    base = tmp_path / "server"
    base.mkdir()
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(base / "register.git")], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["git", "daemon", "--reuseaddr", "--export-all", "--enable=receive-pack", f"--base-path={base}"]
    daemon = subprocess.Popen([*command, "--listen=127.0.0.1", f"--port={port}", str(base)], stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_listens(daemon, port)
        yield f"git://127.0.0.1:{port}/register.git"
    finally:
        daemon.terminate()
        daemon.wait()


def _wait_until_it_listens(daemon: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end and daemon.poll() is None:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    pytest.fail("git daemon does not listen")


@pytest.fixture
def person(tmp_path: Path) -> Callable[[str], Person]:
    """`person("anna")`: with a home, without a clone yet."""

    def made(name: str) -> Person:
        home = tmp_path / name
        home.mkdir()
        return Person(name, home)

    return made


_GROUP = ("anna", "boris", "clara")


@pytest.fixture(scope="session")
def _made_group(tmp_path_factory: pytest.TempPathFactory, _fixed_world: None) -> Path:
    """The homes of a group and what stands at their server, made once by the verbs; each test has a copy."""
    made = tmp_path_factory.mktemp("group")
    bare = made / "register.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    anna, boris, clara = (Person(name, made / name) for name in _GROUP)
    for one in (anna, boris, clara):
        one.home.mkdir()
    anna.does("init", "register", "--name", "Test Register")
    anna.git("remote", "add", "origin", str(bare))
    anna.does("sync")
    for other in (boris, clara):
        subprocess.run(["git", "clone", "-q", str(bare), str(other.clone)], check=True)
        anna.does("keys", "add", other.address, other.public_key())
    anna.does("sync")
    for other in (boris, clara):
        other.does("sync")
    return made


@pytest.fixture(scope="session")
def _made_reviewed(_made_group: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same group in `review` mode, made once."""
    made = tmp_path_factory.mktemp("reviewed")
    group = copy_group(_made_group, made, made / "register.git", str(made / "register.git"))
    anna = group[0]
    charter = anna.clone / "register.yaml"
    charter.write_text(charter.read_text().replace("mode: direct", "mode: review"))
    anna.git("commit", "-qam", "acts wait for review")
    for one in group:
        one.does("sync")
    return made


def copy_group(made: Path, to: Path, bare: Path, address: str) -> tuple[Person, Person, Person]:
    """Copy the homes of a group to a folder and the repository of its server to `bare`, reached at `address`."""
    shutil.rmtree(bare, ignore_errors=True)
    shutil.copytree(made / "register.git", bare)
    for name in _GROUP:
        shutil.rmtree(to / name, ignore_errors=True)
        shutil.copytree(made / name, to / name, symlinks=True)
    anna, boris, clara = (Person(name, to / name) for name in _GROUP)
    for one in (anna, boris, clara):
        one.git("remote", "set-url", "origin", address)
    return anna, boris, clara


@pytest.fixture
def group(_made_group: Path, tmp_path: Path, server: str) -> tuple[Person, Person, Person]:
    """Anna made the register and pushed it; Boris and Clara have clones, and all three can unseal."""
    return copy_group(_made_group, tmp_path, tmp_path / "server" / "register.git", server)


@pytest.fixture
def reviewed(_made_reviewed: Path, tmp_path: Path, server: str) -> tuple[Person, Person, Person]:
    """The group in `review` mode."""
    return copy_group(_made_reviewed, tmp_path, tmp_path / "server" / "register.git", server)


def every_object(repository: Path) -> Iterator[bytes]:
    """The bytes of all objects, reachable or not."""
    ask = ["git", "--no-replace-objects", "cat-file", "--batch-all-objects", "--unordered", "--batch", "--buffer"]
    told = subprocess.run(ask, cwd=repository, check=True, capture_output=True, env=os.environ).stdout
    position = 0
    while position < len(told):
        end = told.index(b"\n", position)
        length = int(told[position:end].rsplit(b" ", 1)[1])
        yield told[end + 1 : end + 1 + length]
        position = end + length + 2
