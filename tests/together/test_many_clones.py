"""Eight clones of one register, edited at once and synced in any order: all end equal, and nothing that was said is lost."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.round.test_resolve import _world
from tests.together.conftest import Person

_CLONES = 8
_ACTS = 5


@pytest.fixture
def clones(person: Callable[[str], Person], server: str) -> list[Person]:
    """Eight people at one unsealed register with two cases."""
    first, *others = (person(name) for name in ("ada", "bo", "cy", "di", "ed", "fay", "gus", "hal"))
    first.does("init", "register", "--no-sealing", "--name", "Test Register")
    first.git("remote", "add", "origin", server)
    for _ in range(2):
        first.does("new-case", "--country", "RU", "--incident", "search@2026-10-01")
    first.does("sync")
    for other in others:
        subprocess.run(["git", "clone", "-q", server, str(other.clone)], check=True)
    return [first, *others]


def _acted(one: Person, program: str, seed: int) -> list[str]:
    """Acts of one person in a process of their own, with syncs between; the notes they wrote."""
    import os

    dice, world = random.Random(seed), {**os.environ, **_world(one)}

    def run(*arguments: str, also: int = 0) -> None:
        asked = [program, "-C", str(one.clone), "--no-input", *arguments]
        done = subprocess.run(asked, env=world, capture_output=True, check=False, text=True)
        assert done.returncode in (0, also), (one.name, arguments, done.stderr)

    cases = sorted(file.stem for file in one.clone.glob("cases/*/*.yaml"))
    said = []
    for number in range(_ACTS):
        case = dice.choice(cases[:2])
        match dice.randrange(4):
            case 0:
                run("new-case", "--country", "BY", "--title", f"{one.name} {number}")
                said.append(f"{one.name} {number}")
            case 1:
                run("hearing", case, "--at", f"2027-{seed % 8 + 1:02}-{number + 1:02}")
                said.append(f"2027-{seed % 8 + 1:02}-{number + 1:02}")
            case _:
                run("note", case, f"note {number} of {one.name}")
                said.append(f"note {number} of {one.name}")
        if dice.random() < 0.4:
            run("sync", also=3)  # overtaken at most, never a conflict
    return said


@pytest.mark.parametrize("seed", [1])
def test_eight_clones_at_once_end_equal_and_keep_every_act(clones: list[Person], program: str, seed: int) -> None:
    with ThreadPoolExecutor(_CLONES) as pool:
        said = list(pool.map(lambda pair: _acted(pair[1], program, seed * 100 + pair[0]), enumerate(clones)))
    order = random.Random(seed).sample(clones, len(clones))
    for one in (*order, *order):
        one.does("sync")
    assert len({one.git("rev-parse", "HEAD^{tree}") for one in clones}) == 1
    assert len({one.git("rev-parse", "HEAD") for one in clones}) == 1
    last = clones[0]
    assert last.run("validate").exit_code == 0
    whole = "".join(_all_of(last.clone))
    for acts in said:
        assert len(acts) == _ACTS
        for words in acts:
            assert words in whole, words
    # Every act is one commit of its own in the history that all share.
    acts = json.loads(json.dumps(last.git("log", "--no-merges", "--format=%s").splitlines()))
    assert len([one for one in acts if one.split(" ")[0] in ("new-case", "note", "hearing")]) == 2 + _CLONES * _ACTS


def _all_of(clone: Path) -> list[Any]:
    return [file.read_text() for file in sorted(clone.glob("cases/*/*.yaml"))]
