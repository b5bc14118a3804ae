"""Git's list of what each act changed: missed only where the history is long, written by `doctor --fix` and `sync`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git import commit_graph as commitgraph
from tests.support.program import Answer

Run = Callable[..., Answer]
Git = Callable[..., str]


def _years(register: Path, acts: int) -> None:
    """So many commits on top of what is there, none of which changes anything."""
    who = "committer Coordinator <coordinator@forum.example>"
    one = "commit refs/heads/main\n{who} {at} +0000\ndata 0\n{start}\n"
    stream = "".join(
        one.format(who=who, at=1_800_000_000 + number, start="" if number else "from refs/heads/main^0\n")
        for number in range(acts)
    )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=register, input=stream.encode(), check=True)


def _graph(register: Path) -> Path:
    return register / ".git" / "objects" / "info"


def test_a_short_history_misses_nothing_and_a_long_one_is_listed_once(run: Run, register: Path, git: Git) -> None:
    assert "list of what" not in run("doctor").out
    _years(register, commitgraph.LONG)
    git("commit-graph", "write", "--reachable")  # as `git gc` does: without the paths
    told = run("doctor").out
    assert f"git has no list of what {int(git('rev-list', '--count', 'HEAD'))} acts changed" in told
    assert "solidarity doctor --fix" in told
    assert "put right: git has no list" in run("doctor", "--fix").out
    assert "list of what" not in run("doctor").out
    assert git("commit-graph", "verify") == ""
    # A few acts more are no reason to say anything, and `git gc` keeps the paths.
    _years(register, 3)
    git("gc", "--quiet")
    assert "list of what" not in run("doctor").out
    # Whoever has switched it off is not told to switch it on.
    for file in _graph(register).glob("commit-graph*"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    assert "list of what" in run("doctor").out
    git("config", "core.commitGraph", "false")
    assert "list of what" not in run("doctor").out


def test_sync_writes_the_list_without_a_word_and_goes_on_where_it_cannot(
    run: Run, register: Path, git: Git, new_case: Callable[..., str], tmp_path: Path
) -> None:
    subprocess.run(["git", "init", "--bare", "--quiet", str(tmp_path / "hub")], check=True)
    git("remote", "add", "origin", str(tmp_path / "hub"))
    new_case("--country", "RU", "--incident", "search")
    told = run("sync")
    assert (told.exit_code, told.err) == (0, "")
    layers = _graph(register) / "commit-graphs"
    assert list(layers.glob("*.graph"))
    new_case("--country", "RU", "--incident", "search")
    (layers / "commit-graph-chain.lock").touch()  # another git is at it, or was cut off
    with pytest.raises(ExternalError):
        commitgraph.write(register)
    told = run("sync")
    assert (told.exit_code, told.err) == (0, "")
    assert "1 act went out" in told.out


def test_a_list_that_is_no_list_counts_as_none(run: Run, register: Path) -> None:
    _graph(register).mkdir(exist_ok=True)
    for text in (b"", b"CGPH", b"CGPH\x01\x01\xff\x00", b"something else altogether, of some length"):
        (_graph(register) / "commit-graph").write_bytes(text)
        assert commitgraph.missing(register) == 0
    _years(register, commitgraph.LONG)
    assert commitgraph.missing(register) > commitgraph.LONG - 1


def _spoilt(register: Path, at: int) -> None:
    """The list with one byte of it turned over."""
    (file,) = [one for one in _graph(register).rglob("*graph") if one.is_file()]
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    file.write_bytes(data)


@pytest.mark.parametrize("at", [0, 7, 28, 98, -60, -40, -30, -1])
@pytest.mark.parametrize("layers", ["--no-changed-paths", "--split"])
def test_a_damaged_list_is_named_and_put_right(
    run: Run, register: Path, git: Git, new_case: Callable[..., str], at: int, layers: str
) -> None:
    case = new_case("--country", "RU", "--incident", "search")
    run("note", case, "one")
    git("commit-graph", "write", "--reachable", layers)
    assert "commit-graph" not in run("doctor").out
    _spoilt(register, at)
    told = run("doctor")
    assert told.exit_code == 1
    assert "the commit-graph, is damaged" in told.out
    assert "put right: git's list of commits" in run("doctor", "--fix").out
    assert git("commit-graph", "verify") == ""
    assert "commit-graph" not in run("doctor").out
    assert run("note", case, "two").exit_code == 0
    assert case in run("list", "--as-of", "2026-10").out
