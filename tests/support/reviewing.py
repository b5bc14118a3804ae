"""A register with a branch beside the main one, as a pull request has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Run


@pytest.fixture
def numbers(register: Path, git: Callable[..., str]) -> Callable[..., None]:
    """`numbers(quorum=1)`: what the Group decided, on the branch that is checked out."""

    def decided(**values: object) -> None:
        file = register / "register.yaml"
        lines = [line for line in file.read_text().splitlines() if line.split(":")[0] not in values]
        file.write_text("\n".join([*lines, *(f"{key}: {json.dumps(value)}" for key, value in values.items())]) + "\n")
        git("commit", "--no-verify", "-qam", "numbers")

    return decided


@pytest.fixture
def card(run: Run) -> Callable[..., dict[str, Any]]:
    """`card("main...HEAD")`: the card as data."""

    def told(*arguments: str, code: int = 0) -> dict[str, Any]:
        answer = run("review", *arguments, "--format", "json")
        assert answer.exit_code == code, answer
        found: dict[str, Any] = json.loads(answer.out)
        return found

    return told


ASSESSED = (
    "--decision",
    "assist",
    "--wider-impact",
    "no",
    "--basis",
    "un-hrd-12",
    "--reason",
    "Searched for its work.",
)


@pytest.fixture
def commit_by_hand(register: Path, git: Callable[..., str]) -> Callable[..., None]:
    """`commit_by_hand(path, text)`: what somebody pushes who does not use the program."""

    def committed(path: str, text: str | bytes, by: str = "other@forum.example") -> None:
        file = register / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        git("add", "--force", "--", path)
        git("commit", "--no-verify", "-qm", "by hand", f"--author=Other <{by}>")

    return committed
