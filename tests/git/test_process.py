"""Blobs read in one stream: whatever their size and number, whoever stops listening."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git.process import blobs, start
from solidarity_cli.git.snapshot import at


def stored(root: Path, data: bytes) -> str:
    done = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=root, input=data, check=True, capture_output=True
    )
    return done.stdout.decode().strip()


def test_blobs_come_in_the_order_asked_and_what_is_none_is_none(register: Path) -> None:
    small, empty, lines = stored(register, b"small"), stored(register, b""), stored(register, b"a\n\nb\n")
    large = stored(register, b"x" * 300_000)
    tree = subprocess.run(["git", "rev-parse", "HEAD^{tree}"], cwd=register, check=True, capture_output=True)
    names = [large, small, "0" * 40, empty, tree.stdout.decode().strip(), lines, small]
    found = list(blobs(register, names, at_most=1000))
    wanted = {large: None, small: b"small", "0" * 40: None, empty: b"", names[4]: None, lines: b"a\n\nb\n"}
    assert found == list(wanted.items())
    assert dict(blobs(register, [large], at_most=300_000)) == {large: b"x" * 300_000}
    assert list(blobs(register, [])) == []


def test_more_blobs_than_a_pipe_holds_and_a_reader_who_leaves(register: Path) -> None:
    names = [stored(register, b"%d" % number * 2000) for number in range(60)]
    many = [*names, *(f"{number:040x}" for number in range(5000))]
    assert [data is not None for _, data in blobs(register, many)] == [True] * 60 + [False] * 5000
    reader = blobs(register, many)
    assert next(reader)[0] == names[0]
    reader.close()


def test_why_git_breaks_off_is_told(register: Path, tmp_path: Path) -> None:
    with pytest.raises(ExternalError, match="not a git repository"):
        list(blobs(tmp_path, ["0" * 40]))
    with pytest.raises(ExternalError, match="could not answer"):
        start(register, "cat-file", "-p", "0" * 40)()
    assert start(register, "rev-parse", "--is-inside-work-tree")() == b"true\n"


def test_a_damaged_schema_is_nothing_to_whoever_reads_another_file(register: Path) -> None:
    now = at(register, "HEAD")
    schema = now.blobs["schemas/case.schema.json"]
    file = register / ".git" / "objects" / schema[:2] / schema[2:]
    file.chmod(0o600)
    file.write_bytes(b"no object")
    assert now.text("register.yaml") == (register / "register.yaml").read_bytes()
    with pytest.raises(ExternalError):
        now.text("schemas/case.schema.json")
