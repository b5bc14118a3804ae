"""A register read by two processes says what it says when one reads it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_CALL = """
import sys
from solidarity_cli.system import parallel
parallel.MANY = int(sys.argv.pop(1))
{more}
from solidarity_cli.cli.main import main
main()
"""
_OTHER_FAILS = """
import marshal, os
here = os.getpid()
honest = marshal.dumps
marshal.dumps = lambda made: honest(made) if os.getpid() == here else 1 / 0
"""


@pytest.mark.parametrize("more", ["", _OTHER_FAILS])
def test_two_hands_learn_what_one_does(more: str, register: Path, new_case: Callable[..., str]) -> None:
    for country in ("RU", "BY", "GE"):
        new_case("--country", country, "--incident", "search")
    (register / "cases" / "2026" / "SG-2026-AAAAAA.yaml").write_text("a: [", encoding="utf-8")

    def told(many: int, *arguments: str) -> tuple[int, bytes]:
        for file in (register / ".git" / "solidarity").glob("cache-*"):
            file.unlink()
        call = [sys.executable, "-c", _CALL.format(more=more), str(many), *arguments]
        done = subprocess.run(call, cwd=register, check=False, capture_output=True)
        assert b"mistake" not in done.stderr
        return done.returncode, done.stdout

    for arguments in (("list", "--sort", "id"), ("validate", "--format", "json")):
        assert told(2, *arguments) == told(1000, *arguments)
