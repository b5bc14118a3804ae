"""What git asks when both sides changed a record: merged by fields, or marked; never ours in silence."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run


@pytest.fixture
def three(register: Path, new_case: Callable[..., str], tmp_path: Path) -> Callable[[str, str, str], tuple[str, ...]]:
    """`three(base, ours, theirs)`: a case as three files, each with its own value of `channel`, and its path."""
    case = new_case("--country", "RU", "--set", "channel=email")
    path = f"cases/2026/{case}.yaml"
    text = (register / path).read_text()

    def made(*values: str) -> tuple[str, ...]:
        files = []
        for name, value in zip("OAB", values, strict=True):
            file = tmp_path / name
            file.write_text(text.replace("channel: email", value))
            files.append(str(file))
        return (*files, path)

    return made


def test_what_one_side_changed_is_taken(run: Run, three: Callable[..., tuple[str, ...]]) -> None:
    files = three("channel: email", "channel: email\nlanguage: ru", "channel: phone")
    assert run("merge-driver", *files).exit_code == 0
    text = Path(files[1]).read_text()
    assert "channel: phone" in text
    assert "language: ru" in text


@pytest.mark.parametrize(
    "values",
    [
        ("channel: email", "channel: phone", "channel: post"),
        ("channel: email", "channel: phone", "channel: [broken"),
        ("channel: email", "channel: phone", "<<<<<<< one\nchannel: post\n=======\nchannel: signal\n>>>>>>> two"),
    ],
)
def test_what_is_for_a_person_is_marked(
    run: Run, three: Callable[..., tuple[str, ...]], values: tuple[str, str, str]
) -> None:
    files = three(*values)
    assert run("merge-driver", *files).exit_code == 1
    text = Path(files[1]).read_text()
    assert "<<<<<<< ours" in text
    assert "channel: phone" in text
    assert ">>>>>>> theirs" in text


def test_outside_a_register_git_gets_its_marks_too(
    run: Run, three: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    files = three("channel: email", "channel: phone", "channel: post")
    assert run("merge-driver", *files, at=tmp_path).exit_code == 1
    assert "<<<<<<< ours" in Path(files[1]).read_text()


def test_the_help_does_not_name_it(run: Run) -> None:
    assert "merge-driver" not in run("--help").out


def test_doctor_sets_it_up_and_does_not_bear_union(run: Run, register: Path, git: Callable[..., str]) -> None:
    git("config", "--remove-section", "merge.solidarity")
    (register / ".gitattributes").write_text("*.yaml text eol=lf\n")
    assert "line by line" in run("doctor").out
    run("doctor", "--fix")
    assert "line by line" not in run("doctor").out
    assert "merge: solidarity" in git("check-attr", "merge", "--", "cases/2026/X.yaml")
    (register / ".git" / "info" / "attributes").write_text("cases/** merge=union\n")
    assert "merge=union" in run("doctor").out


def test_a_register_with_attributes_of_its_own_keeps_them(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / ".gitattributes").write_text("* text=auto\n")
    assert run("init", "--no-sealing", at=folder).exit_code == 0
    assert (folder / ".gitattributes").read_text() == "* text=auto\n"
    asked = ["git", "check-attr", "merge", "--", "cases/2026/X.yaml"]
    assert "merge: solidarity" in subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_a_comment_is_a_note_that_says_so(run: Run, new_case: Callable[..., str], git: Callable[..., str]) -> None:
    case = new_case("--country", "RU")
    assert run("--no-input", "comment", case, "Boris asks whether the embargo is over").exit_code == 0
    assert "Boris asks" in run("show", case).out
    assert git("log", "-1", "--format=%s").strip() == f"comment {case}"
    assert run("--no-input", "comment", case).exit_code == 2
