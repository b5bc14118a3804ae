"""What is kept is never wrong: whatever changed, whoever wrote, the answer is the one without a cache."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.register.cache import BlobFacts, Cache
from tests.support.program import Run

Git = Callable[..., str]


def _cold(run: Run, register: Path, *arguments: str) -> tuple[int, str]:
    kept, aside = register / ".git" / "solidarity", register / ".git" / "aside"
    kept.rename(aside)
    answer = run(*arguments)
    shutil.rmtree(kept, ignore_errors=True)
    aside.rename(kept)
    return answer.exit_code, answer.out


@pytest.fixture
def file(register: Path, new_case: Callable[..., str], git: Git) -> Path:
    """The file of a case."""
    case = new_case("--country", "RU", "--incident", "search", "--name", "Zinaida Morozova")
    return register / "cases" / "2026" / f"{case}.yaml"


def _same(run: Run, register: Path, *arguments: str) -> str:
    """The answer, asked twice and once more without a cache."""
    first = run(*arguments)
    again = run(*arguments)
    assert (first.exit_code, first.out) == (again.exit_code, again.out) == _cold(run, register, *arguments)
    return first.out


def test_findings_follow_the_files_the_day_and_the_index(
    run: Run, register: Path, file: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    validate = ("validate", "--format", "json")
    clean = _same(run, register, *validate)
    monkeypatch.setenv("SOLIDARITY_TODAY", "2027-03-01")
    assert _same(run, register, *validate) != clean
    monkeypatch.setenv("SOLIDARITY_TODAY", "2026-10-31")
    assert _same(run, register, *validate) == clean
    twin = register / "cases" / "2025" / file.name
    twin.parent.mkdir()
    shutil.copyfile(file, twin)
    git("add", ".")
    git("commit", "--quiet", "--no-verify", "-m", "the same file twice")
    assert "the same id is the name of" in _same(run, register, *validate)
    git("rm", "--quiet", str(twin))
    twin.parent.mkdir(exist_ok=True)
    twin.symlink_to(file)
    git("add", ".")
    git("commit", "--quiet", "--no-verify", "-m", "a link")
    assert "this is a link" in _same(run, register, *validate)
    text = (register / "register.yaml").read_text(encoding="utf-8")
    (register / "register.yaml").write_text(text + "colour: red\n", encoding="utf-8")
    git("commit", "--quiet", "--no-verify", "-am", "the charter")
    assert run(*validate).exit_code == _cold(run, register, *validate)[0] == 1


def test_what_was_only_listed_is_judged_when_findings_are_asked_for(run: Run, register: Path, file: Path) -> None:
    shutil.rmtree(register / ".git" / "solidarity")
    file.write_text(file.read_text(encoding="utf-8").replace("Search, ", "1000 EUR for a search, "), encoding="utf-8")
    listed = _same(run, register, "list")
    assert file.stem in listed
    for arguments in (("show", file.stem, "--json"), ("validate", "--format", "json"), ("list", "--json")):
        _same(run, register, *arguments)


def test_a_blob_is_known_apart_for_each_kind_of_record(run: Run, register: Path, file: Path) -> None:
    wrong = register / "actions" / "2026" / file.name
    wrong.parent.mkdir(parents=True, exist_ok=True)
    file.rename(wrong)
    assert file.stem not in _same(run, register, "list")
    wrong.rename(file)
    assert file.stem in _same(run, register, "list")


def test_what_one_process_judged_another_does_not_forget(tmp_path: Path) -> None:
    stores = [Cache(tmp_path / "kept" / "cache-1.sqlite", "1") for _ in range(2)]
    stores[0].keep([BlobFacts("a", "case", faults=(("rule",),), with_rules=True).to_row])
    stores[1].keep([BlobFacts("a", "case").to_row])
    assert stores[1].missing({"a": "case"}, with_rules=True) == []
    assert list(stores[1].faults()) == [("a", "case", [["rule"]])]
    assert stores[1].missing({"a": "action", "b": "case"}) == ["a", "b"]


def test_the_file_used_last_stays(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    for number in (1, 2):
        Cache(folder / f"cache-{number}.sqlite", str(number))
    for number, time in ((1, 1000), (2, 2000)):
        os.utime(folder / f"cache-{number}.sqlite", (time, time))
    Cache(folder / "cache-1.sqlite", "1")
    Cache(folder / "cache-3.sqlite", "3")
    assert {file.name for file in folder.iterdir()} == {"cache-1.sqlite", "cache-3.sqlite"}
