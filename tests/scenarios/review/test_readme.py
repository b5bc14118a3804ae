"""The README's chapter on a review, carried out: what is typed there is typed, and what is answered there is answered."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable

from tests.support.forge import Group
from tests.support.program import CHECKOUT

_README = CHECKOUT / "README.md"
_SHOWN_ID = "SG-2026-K7QX4M"


def _blocks() -> list[list[tuple[str, list[str]]]]:
    """The transcripts of the chapter: (command, lines of its answer)."""
    chapter = _README.read_text().partition("## A review, and no git\n")[2].partition("\n## ")[0]
    blocks = []
    for block in re.findall(r"```console\n(.*?)```", chapter, re.DOTALL):
        typed: list[tuple[str, list[str]]] = []
        for line in block.splitlines():
            if line.startswith("$ "):
                typed.append((line.removeprefix("$ "), []))
            else:
                typed[-1][1].append(line)
        blocks.append(typed)
    return blocks


def test_from_a_new_case_to_a_merged_approved_synced_one(reviewed: Group, merged_by: Callable[..., str]) -> None:
    anna, boris, _ = reviewed
    begun, approved, home = _blocks()
    assert len(begun) + len(home) == 4, "the coordinator types four commands"
    assert all(command.startswith("solidarity ") for command, _ in (*begun, *approved, *home)), "and no git"
    case = ""
    for who, block in ((anna, begun), (boris, approved), (anna, home)):
        if block is home:
            merged_by("merge", f"case/{case}")
        for command, lines in block:
            typed = command.replace(_SHOWN_ID[-6:], case[-6:])
            answer = who.run("--no-input", *shlex.split(typed)[1:])
            assert answer.exit_code == 0, (command, answer)
            case = case or answer.out.split()[0]
            said = (answer.out + answer.err).replace(case, _SHOWN_ID)
            assert lines, command
            assert [line for line in lines if line not in said] == [], (command, said)
    for one in (anna, boris):
        one.does("sync")
        assert one.git("symbolic-ref", "--short", "HEAD") == "main"
        stored = json.loads(one.does("show", case, "--json"))["case"]
        assert [yes["by"] for yes in stored["assessments"][0]["approvals"]] == [boris.address]
        assert stored["status"] == "active"
