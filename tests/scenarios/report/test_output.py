"""`-o`: formats, names, and what is never written over."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.support.program import Run


@pytest.mark.parametrize(("name", "begins"), [("r.pdf", b"%PDF-"), ("r.xlsx", b"PK"), ("r.html", b"<!DOCTYPE"), ("r.json", b"{"),
                                              ("r.csv", b"section,"), ("r.MD", b"# ")])  # fmt: skip
def test_the_ending_of_the_file_says_the_format(
    run: Run, received: Callable[..., str], tmp_path: Path, name: str, begins: bytes
) -> None:
    received("2026-09-03")
    answer = run("report", "--month", "2026-09", "-o", str(tmp_path / name))
    assert (answer.exit_code, answer.out, answer.err) == (0, "", f"written: {tmp_path / name}\n")
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_a_terminal_gets_a_sentence_and_a_pipe_the_file(program: str, register: Path, form: str) -> None:
    asked = ["report", "--month", "2026-09", "--format", form]
    child = pexpect.spawn(program, asked, cwd=str(register), env=dict(os.environ), encoding="utf-8", timeout=180)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2
    assert (child.before or "").splitlines() == [
        f"error: a terminal cannot show {form.upper()}", f"  name a file: -o report.{form}",
    ]  # fmt: skip
    piped = subprocess.run([program, *asked], cwd=register, capture_output=True, check=True)
    assert piped.stdout.startswith(b"%PDF-" if form == "pdf" else b"PK")
    assert piped.stderr == b""


@pytest.mark.parametrize("name", ["r.docx", "r.txt", "report", ".md", "r.screen"])
def test_a_name_that_says_no_format_is_refused_and_the_formats_are_named(run: Run, tmp_path: Path, name: str) -> None:
    asked = ("report", "--month", "2026-09", "-o", str(tmp_path / name))
    answer = run(*asked)
    assert (answer.exit_code, answer.out) == (2, "")
    assert ".md, .html, .pdf, .xlsx, .csv, .json" in answer.err
    assert len(answer.err.splitlines()) == 2
    assert not (tmp_path / name).exists()
    assert run(*asked, "--format", "md").exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(b"# ")


def test_a_name_may_not_end_with_another_format(run: Run, tmp_path: Path) -> None:
    answer = run("report", "--month", "2026-09", "--format", "html", "-o", str(tmp_path / "r.pdf"))
    assert (answer.exit_code, answer.out) == (2, "")
    assert answer.err.startswith("error: -o ends with .pdf, and --format says html\n")
    assert not (tmp_path / "r.pdf").exists()


def test_a_dash_is_stdout(run: Run, register: Path) -> None:
    answer = run("report", "--month", "2026-09", "-o", "-")
    assert (answer.exit_code, answer.err) == (0, "")
    assert answer.out == run("report", "--month", "2026-09").out
    assert not (register / "-").exists()


@pytest.fixture
def ways(register: Path, received: Callable[..., str], tmp_path: Path) -> Path:
    """A folder with links into a register that has a case."""
    received("2026-09-03")
    (register / "notes.md").write_text("of the Group\n")
    for command in (("add", "notes.md"), ("commit", "--quiet", "-m", "notes"), ("worktree", "add", "-q", "../other")):
        subprocess.run(["git", *command], cwd=register, check=True)
    (tmp_path / "way").symlink_to(register)
    (tmp_path / "room").symlink_to(register / "cases")
    (tmp_path / "file.yaml").symlink_to(register / "register.yaml")
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "register/register.yaml",
        "register/recipients.yaml",
        "register/allowed_signers",
        "register/notes.md",
        "register/.git",
        "register/.git/HEAD",
        "register/.git/new/../r.md",
        "register/cases/r.md",
        "register/cases/2026/../../actions/r.md",
        "register/directory/r.md",
        "register/schemas/r.md",
        "register/templates/r.md",
        "way/register.yaml",
        "room/2026/r.md",
        "other/register.yaml",
        "other/cases/r.md",
        "other/notes.md",
    ],
)
def test_no_report_is_written_over_a_part_of_the_register(
    run: Run, ways: Path, register: Path, git: Callable[..., str], name: str
) -> None:
    (register / ".git" / "new").mkdir()
    for room in ("actions", "templates"):
        (register / room).mkdir(exist_ok=True)
    before = {file: file.read_bytes() for file in ways.rglob("*") if file.is_file()}
    answer = run("report", "--month", "2026-09", "--format", "md", "-o", str(ways / name))
    assert (answer.exit_code, answer.out) == (1, "")
    assert answer.err.startswith("error: -o names a part of the register, and no paper is written over one\n")
    assert len(answer.err.splitlines()) == 2
    assert {file: file.read_bytes() for file in ways.rglob("*") if file.is_file()} == before


def test_a_part_is_known_from_inside_too(run: Run, register: Path, ways: Path) -> None:
    for at, name in ((register / "cases", "../register.yaml"), (register / "cases" / "2026", "r.md")):
        assert run("report", "--month", "2026-09", "--format", "md", "-o", name, at=at).exit_code == 1


def test_a_link_is_not_written_through_and_no_other_thing_is_replaced(run: Run, ways: Path) -> None:
    (ways / "elsewhere.md").write_text("older")
    (ways / "link.md").symlink_to(ways / "elsewhere.md")
    (ways / "nowhere.md").symlink_to(ways / "missing.md")
    os.mkfifo(ways / "pipe.md")
    for name in ("link.md", "nowhere.md", "pipe.md", "file.yaml"):
        answer = run("report", "--month", "2026-09", "--format", "md", "-o", str(ways / name))
        assert (answer.exit_code, answer.out) == (2, "")
        assert answer.err.startswith("error: -o names a link, or what is no file\n")
    assert (ways / "elsewhere.md").read_text() == "older"
    assert not (ways / "missing.md").exists()


def test_another_file_of_the_registers_folder_is_replaced_whole(run: Run, register: Path) -> None:
    for _ in range(2):
        answer = run("report", "--month", "2026-09", "-o", "september.md")
        assert (answer.exit_code, answer.err) == (0, "written: september.md\n")
    assert (register / "september.md").read_bytes().startswith(b"# ")


def test_a_file_that_cannot_be_written_leaves_nothing_half_written(run: Run, tmp_path: Path) -> None:
    for place in (tmp_path / "no" / "r.pdf", tmp_path):
        answer = run("report", "--month", "2026-09", "-o", str(place))
        assert answer.exit_code in (2, 3)
        assert len(answer.err.splitlines()) == 2
    older = tmp_path / "r.pdf"
    older.write_bytes(b"older")
    assert run("report", "--month", "2026-13", "-o", str(older)).exit_code == 2
    assert older.read_bytes() == b"older"
    assert not list(tmp_path.glob(".*.part"))
    assert run("report", "--month", "2026-09", "-o", str(older)).exit_code == 0
    assert older.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("form", ["screen", "md", "html", "pdf", "xlsx", "csv", "json"])
@pytest.mark.parametrize("period", ["1999-01", "2199-12"])
def test_an_empty_register_and_months_out_of_sight_give_a_report(
    run: Run, tmp_path: Path, form: str, period: str
) -> None:
    for audience in ("internal", "public"):
        file = tmp_path / f"{audience}.{form}"
        answer = run("report", "--month", period, "--format", form, "--audience", audience, "-o", str(file))
        if audience == "public" and period == "2199-12":
            assert "not over" in answer.err
            assert not file.exists()
            continue
        assert answer.exit_code == 0, answer.err
        assert file.stat().st_size > 500


def test_what_makes_html_or_markdown_loads_neither_typst_nor_xlsxwriter(program: str, register: Path) -> None:
    code = (
        "import sys; from solidarity_cli.cli.main import main\n"
        "sys.argv = ['solidarity', 'report', '--month', '2026-09', '--format', 'html', '-o', 'out.html']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('typst', 'xlsxwriter', 'rich') if name in sys.modules])"
    )
    python = Path(program).with_name("python")
    told = subprocess.run([python, "-c", code], cwd=register, check=True, capture_output=True, text=True)
    assert told.stdout == "[]\n"
