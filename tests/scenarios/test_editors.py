"""What an editor shows in a register: our words at the right line, the codes to choose from, and no copies kept."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.language_server import Server, installed, language_server
from tests.support.program import run_at

_ABOUT = ("--country", "RU", "--incident", "search@2026-10-01", "--membership", "member")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register as `init` makes it, with a case and an action."""
    folder = tmp_path_factory.mktemp("editors")
    assert run_at(folder, "init", "register", "--no-sealing", "--name", "Test Register").exit_code == 0
    register = folder / "register"
    case = run_at(register, "-q", "--no-input", "new-case", *_ABOUT).out
    decided = ("--decision", "assist", "--reason", "a reason", "--basis", "un-hrd-12.2")
    assert (
        run_at(register, "--no-input", "consent", case.strip(), "--use", "record", "--answer", "granted").exit_code == 0
    )
    answer = run_at(register, "--no-input", "assess", case.strip(), *decided, "--life-at-risk", "no")
    assert answer.exit_code == 0, answer
    planned = ("--type", "court-observation", "--date", "2026-11-20")
    answer = run_at(register, "--no-input", "link-action", case.strip(), *planned)
    assert answer.exit_code == 0, answer
    return register


@pytest.fixture(scope="module")
def editor(made: Path) -> Iterator[Server]:
    installed()
    with language_server(made, json.loads((made / ".vscode" / "settings.json").read_text())) as server:
        yield server


def _only(made: Path, pattern: str) -> tuple[str, str]:
    file = next(made.glob(pattern))
    return file.relative_to(made).as_posix(), file.read_text()


def test_init_writes_them_and_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ".editorconfig").write_text("root = false\n")
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path / "mine", check=True)
    assert run_at(tmp_path, "init", "mine", "--no-sealing").exit_code == 0
    assert (tmp_path / "mine" / ".editorconfig").read_text() == "root = false\n"
    listed = subprocess.run(["git", "ls-files"], cwd=tmp_path / "mine", check=True, capture_output=True, text=True)
    assert ".vscode/settings.json" in listed.stdout.split()
    assert ".editorconfig" not in listed.stdout.split()


def test_every_kind_of_record_has_its_schema_and_no_store_is_asked(made: Path) -> None:
    settings = json.loads((made / ".vscode" / "settings.json").read_text())
    assert settings["yaml.schemaStore.enable"] is False
    assert settings["yaml.kubernetesCRDStore.enable"] is False
    schemas = {f"schemas/{file.name}" for file in (made / "schemas").glob("*.schema.json")}
    # A mapping of a foreign sheet is kept beside that sheet, under whatever name.
    assert schemas - {*settings["yaml.schemas"]} <= {"schemas/import-map.schema.json"}
    assert {*settings["yaml.schemas"]} <= schemas
    for pattern in ("cases/*/*.yaml", "actions/*/*.yaml"):
        path, text = _only(made, pattern)
        schema = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert ((made / path).parent / schema).resolve().parent == (made / "schemas").resolve()
    assert "end_of_line = lf" in (made / ".editorconfig").read_text()


@pytest.mark.parametrize("pattern", ["cases/*/*.yaml", "actions/*/*.yaml", "register.yaml"])
def test_what_the_program_wrote_is_not_underlined(made: Path, editor: Server, pattern: str) -> None:
    assert editor.diagnostics(*_only(made, pattern)) == []


@pytest.mark.parametrize("is_mapped", [False, True])
def test_a_wrong_status_is_told_in_our_words_on_its_line(made: Path, editor: Server, is_mapped: bool) -> None:
    """By the line at the top of the file, and without it by the settings."""
    path, text = _only(made, "cases/*/*.yaml")
    lines = text.splitlines()[1:] if is_mapped else text.splitlines()
    line = next(number for number, words in enumerate(lines) if words.startswith("status:"))
    lines[line] = "status: open"
    (found,) = editor.diagnostics(
        path.replace("SG-", f"{'mapped' if is_mapped else 'wrong'}-"), "\n".join(lines) + "\n"
    )
    assert found["message"] == (
        "status is one of: received, assessing, active, monitoring, closed, declined, duplicate"
    )
    assert found["range"]["start"]["line"] == line


def test_completion_offers_the_codes(made: Path, editor: Server) -> None:
    path, text = _only(made, "cases/*/*.yaml")
    path, lines = path.replace("SG-", "begun-"), text.splitlines()
    line = next(number for number, words in enumerate(lines) if words.startswith("status:"))
    lines[line] = "status: "
    editor.diagnostics(path, "\n".join(lines) + "\n")
    offered = editor.completion(path, line, len("status: "))
    assert {"received", "assessing", "active", "monitoring", "closed", "declined", "duplicate"} <= {*offered}


def test_a_token_is_a_value_like_another(made: Path, editor: Server) -> None:
    """A sealed value is no mistake in the eyes of an editor, and the server asks nobody outside about anything."""
    path, _ = _only(made, "cases/*/*.yaml")
    assert run_at(made.parent, "init", "sealed", "--name", "Sealed").exit_code == 0
    sealed = made.parent / "sealed"
    assert run_at(sealed, "--no-input", "new-case", "--country", "RU", "--name", "Maria Zvontsova").exit_code == 0
    stored = next(sealed.glob("cases/*/*.yaml")).read_text()
    assert "Zvontsova" not in stored
    assert editor.diagnostics(path.replace("SG-", "sealed-"), stored) == []
    assert editor.asked_for == []
