"""Eight clones of one sealed register, a process each, at one HTTP server: all end equal, and no act is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.http_server import http_server
from tests.support.people import Person

_CLONES = ("ada", "bo", "cy", "di", "ed", "fay", "gus", "hal")
_ACTS = int(os.environ.get("SOLIDARITY_SIMULATED_CHANGES", "6"))
"""How many changes each of them makes; `make simulate` asks for a hundred."""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """The address of an empty repository behind git's own HTTP server."""
    base = tmp_path / "server"
    base.mkdir()
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(base / "register.git")], check=True)
    with http_server(base) as address:
        yield f"{address}/register.git"


@pytest.fixture
def clones(person: Callable[[str], Person], web: str) -> list[Person]:
    """Eight people who can all unseal."""
    first, *others = (person(name) for name in _CLONES)
    first.does("init", "register", "--name", "Test Register")
    first.git("remote", "add", "origin", web)
    first.does("sync")
    for other in others:
        subprocess.run(["git", "clone", "-q", web, str(other.clone)], check=True)
        first.does("keys", "add", other.address, other.public_key())
    first.does("sync")
    for other in others:
        other.does("sync")
    return [first, *others]


def _at_once(clones: list[Person], acts: int) -> dict[str, list[str]]:
    """Name -> the commits that each of them made, all at the same time."""
    made = {}
    with ExitStack() as stack:
        at_work = []
        for seed, one in enumerate(clones):
            with one.at_work():
                command = [sys.executable, "-m", "tests.support.simulated_person", str(one.clone), str(seed), str(acts)]
                process = subprocess.Popen(
                    command, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
                )
            at_work.append((one, stack.enter_context(process)))
        for one, process in at_work:
            said, trouble = process.communicate()
            assert process.returncode == 0, (one.name, trouble)
            made[one.name] = json.loads(said)
    return made


def test_changes_made_at_once_are_all_there_and_all_clones_equal(clones: list[Person]) -> None:
    made = _at_once(clones, _ACTS)
    assert [len(set(commits)) for commits in made.values()] == [_ACTS] * len(_CLONES)
    for one in (*clones, *clones):
        one.does("sync")
    assert len({one.git("rev-parse", "HEAD") for one in clones}) == 1
    assert len({one.git("rev-parse", "HEAD^{tree}") for one in clones}) == 1
    assert all(one.git("status", "--porcelain") == "" for one in clones)
    last = clones[-1]
    reached = set(last.git("rev-list", "HEAD").splitlines())
    assert all(commit in reached for commits in made.values() for commit in commits)
    validated = last.run("validate", "--format", "json")
    assert validated.exit_code == 0, validated
    audited = last.run("audit", "--json")
    assert audited.exit_code == 0, audited
    assert [one for one in json.loads(audited.out)["findings"] if one["severity"] == "error"] == []
    _nothing_said_is_lost(last, made)


def _nothing_said_is_lost(one: Person, made: dict[str, list[str]]) -> None:
    """What every note and every remark said can be read in the end, by somebody else than who wrote it."""
    written = {}
    for name, commits in made.items():
        subjects = one.git("log", "--no-walk=unsorted", "--format=%s", *commits).splitlines()
        written[name] = sum(subject.split(" ")[0] in ("note", "comment") for subject in subjects)
    cases = [file.stem for file in sorted(one.clone.glob("cases/*/*.yaml"))]
    private = [json.loads(one.does("show", case, "--json"))["case"].get("private", {}) for case in cases]
    said = [words for part in private for words in part.get("notes", {}).values()]
    for name, count in written.items():
        assert len({words for words in said if words.endswith(f" of {name}")}) == count
