"""What never stands on a card: a private value, sealed or not, and anything of which nobody knows what it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Answer, Run, run_at

SECRETS = ("Арсений Колокольцев", "Колокольцев", "zvontsova.17", "Глафира", "Zavolzhsky")
FORMATS = ("screen", "md", "json", "text", "github", "gitlab")


@pytest.fixture(scope="module")
def made(_fixed_world: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a register of each kind, made once."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        for sealing in ("--sealing", "--no-sealing"):
            place = folder / sealing
            place.mkdir()
            patch.setenv("SOLIDARITY_IDENTITIES", str(place / "identities"))
            asked = ("init", "register", sealing, "--name", "Test Register", "--contact", "role@forum.example")
            assert run_at(place, *asked).exit_code == 0
    return folder


@pytest.fixture
def register(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A register of this test's own, sealed unless the test says otherwise."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    shutil.copytree(made / getattr(request, "param", "--sealing"), tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "register"


def _everything(run: Run, *span: str) -> list[Answer]:
    return [run("review", *span, "--format", form) for form in FORMATS]


def _silent(answers: list[Answer], *more: str) -> None:
    for answer in answers:
        assert answer.exit_code in (0, 1), answer
        for secret in (*SECRETS, *more, "sealed:1:"):
            assert secret not in answer.out + answer.err


@pytest.mark.parametrize("register", ["--sealing", "--no-sealing"], indirect=True)
def test_private_fields_are_told_as_changed_and_never_shown(
    run: Run, new_case: Callable[..., str], good: Callable[..., Answer], git: Callable[..., str]
) -> None:
    git("switch", "-qc", "case/work")
    case = new_case("--country", "RU", "--incident", "search", "--name", SECRETS[0], "--contact", SECRETS[2])
    answers = _everything(run)
    assert "- Private, subject name: added" in answers[1].out
    _silent(answers)
    good("edit", case, "--set", f"private.court={SECRETS[4]} court", "--set", "private.contact=x@y.example")
    good("edit", case, "--unset", "private.subject_name")
    answers = _everything(run, "HEAD~2..HEAD")
    told = answers[1].out
    assert "- Private, court: added" in told
    assert "- Private, contact: changed" in told
    assert "- Private, subject name: removed" in told
    _silent(answers, "x@y.example")
    git("rm", "-q", f"cases/2026/{case}.yaml")
    git("commit", "--no-verify", "-qm", "away")
    _silent(_everything(run, "HEAD~1..HEAD"), "x@y.example")


def test_no_key_is_needed_nor_asked_for(
    run: Run, new_case: Callable[..., str], git: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("switch", "-qc", "case/work")
    new_case("--country", "RU", "--incident", "search", "--name", SECRETS[0])
    with_key = run("review").out
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "nobody"))
    assert run("review").out == with_key


def _as_text(register: Path, case: str) -> tuple[str, str]:
    file = next(register.glob(f"cases/*/{case}.yaml"))
    return str(file.relative_to(register)), file.read_text()


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda text: f"{text}\nКолокольцев: Глафира\n", id="a field of its own"),
        pytest.param(lambda text: text.replace("status: received", "status: Колокольцев"), id="no such code"),
        pytest.param(lambda text: "Глафира: [", id="no YAML"),
        pytest.param(lambda text: "- Глафира\n", id="a list"),
        pytest.param(lambda text: text + "x" * 1_100_000, id="too large"),
        pytest.param(lambda text: b"\xff\xfe\x00", id="bytes"),
        pytest.param(lambda text: text.replace("country:", "страна:"), id="another field"),
        pytest.param(lambda text: text.replace("id: SG-", "id: SX-").replace('id: "SG-', 'id: "SX-'), id="another id"),
    ],
)
def test_a_file_that_is_no_record_is_not_told(
    run: Run, new_case: Callable[..., str], git: Callable[..., str], register: Path, commit_by_hand: Any, broken: Any
) -> None:
    case = new_case("--country", "RU", "--incident", "search", "--name", SECRETS[0])
    git("switch", "-qc", "case/work")
    path, text = _as_text(register, case)
    commit_by_hand(path, broken(text))
    answers = _everything(run)
    assert all(answer.exit_code == 1 for answer in answers)
    assert "no valid record" in answers[1].out
    _silent(answers)


def test_a_repair_of_such_a_file_is_told_whole(
    run: Run, new_case: Callable[..., str], git: Callable[..., str], register: Path, commit_by_hand: Any
) -> None:
    case = new_case("--country", "RU", "--incident", "search", "--name", SECRETS[0])
    path, text = _as_text(register, case)
    commit_by_hand(path, "Глафира: [")
    git("switch", "-qc", "case/work")
    commit_by_hand(path, text)
    answer = run("review", "--format", "md")
    assert answer.exit_code == 0
    assert f"{case}, changed" in answer.out
    _silent(_everything(run))


def test_what_a_link_leads_to_is_not_read(
    run: Run, git: Callable[..., str], register: Path, new_case: Callable[..., str], tmp_path: Path
) -> None:
    case = new_case("--country", "RU", "--incident", "search")
    path, text = _as_text(register, case)
    (tmp_path / "outside.yaml").write_text(text.replace("RU", "BY"))
    git("switch", "-qc", "case/work")
    (register / path).unlink()
    (register / path).symlink_to(tmp_path / "outside.yaml")
    git("add", path)
    git("commit", "--no-verify", "-qm", "link")
    answers = _everything(run)
    assert all(answer.exit_code == 1 for answer in answers)
    assert "BY" not in answers[1].out.replace(case, "")
    assert (register / path).is_symlink()


@pytest.mark.parametrize(
    "path", ["cases/2026/Арсений Колокольцев.yaml", "cases/Колокольцев/note.txt", "docs/Глафира.md"]
)
def test_names_of_files_stay_off_the_card(run: Run, git: Callable[..., str], commit_by_hand: Any, path: str) -> None:
    git("switch", "-qc", "case/work")
    commit_by_hand(path, "x: 1\n")
    for form in ("screen", "md", "json"):
        answer = run("review", "--format", form)
        assert not any(secret in answer.out for secret in SECRETS), form
    assert run("review", "--format", "md").out.count("\n") > 2
