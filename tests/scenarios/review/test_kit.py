"""The files for a forge: what is added, what is never overwritten, and that the checkers of this trade accept them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import ryaml

from solidarity_cli.sync.forge.templates import KITS
from tests.support.program import CHECKOUT, Run, run_at

TOOLS = Path(sys.executable).parent
REVIEW = {"owners": ["@forum/solidarity"], "keepers": ["@anna", "@forum/board"]}
PLACES = {"github": ".github/CODEOWNERS", "gitlab": ".gitlab/CODEOWNERS", "forgejo": "CODEOWNERS"}


def _tool(name: str) -> str:
    found = TOOLS / name
    if not found.exists():
        pytest.skip(f"{name} is not installed: make setup")
    return str(found)


@pytest.fixture(params=list(KITS))
def forge(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_new_register_has_the_files_in_its_first_commit(tmp_path: Path, forge: str) -> None:
    answer = run_at(tmp_path, "init", "made", "--no-sealing", "--forge", forge, "--contact", "role@forum.example")
    assert answer.exit_code == 0, answer
    listed = subprocess.run(
        ["git", "ls-files"], cwd=tmp_path / "made", check=True, capture_output=True, text=True
    ).stdout
    assert {*KITS[forge], ".solidarity/program.txt"} <= set(listed.splitlines())
    assert (
        subprocess.run(["git", "status", "--porcelain"], cwd=tmp_path / "made", check=True, capture_output=True).stdout
        == b""
    )


def test_an_existing_register_gets_what_is_missing_and_nothing_is_overwritten(
    run: Run, register: Path, git: Callable[..., str], forge: str
) -> None:
    first = next(iter(KITS[forge]))
    (register / first).parent.mkdir(parents=True, exist_ok=True)
    (register / first).write_text("mine\n")
    answer = run("init", "--forge", forge)
    assert answer.exit_code == 0, answer
    assert f"{first} is there already, and stays as it is" in answer.err
    assert (register / first).read_text() == "mine\n"
    assert set(answer.out.splitlines()) == {*KITS[forge], ".solidarity/program.txt"} - {first}
    assert git("log", "-1", "--format=%s").strip() == "init"
    head = git("rev-parse", "HEAD")
    again = run("init", "--forge", forge)
    assert (again.exit_code, again.out) == (0, "")
    assert git("rev-parse", "HEAD") == head


def test_a_link_is_not_followed(run: Run, register: Path, tmp_path: Path) -> None:
    (register / ".solidarity").symlink_to(tmp_path)
    answer = run("init", "--forge", "gitlab")
    assert answer.exit_code == 3
    assert not (tmp_path / "program.txt").exists()
    assert not (register / ".gitlab-ci.yml").exists(), "all of it or nothing"


def test_no_such_forge(run: Run) -> None:
    assert run("init", "--forge", "sourceforge").exit_code == 2


def test_owners_come_from_one_table_in_the_words_of_each_forge(
    run: Run, register: Path, numbers: Callable[..., None], forge: str
) -> None:
    assert "nobody is asked to review" in run("init", "--forge", forge).err
    assert not (register / PLACES[forge]).exists()
    numbers(review=REVIEW)
    assert run("init", "--forge", forge).out.split() == [PLACES[forge]]
    lines = [line for line in (register / PLACES[forge]).read_text().splitlines() if line and line[0] not in "#["]
    found = {path: who for path, *who in (line.split() for line in lines)}
    match forge:
        case "forgejo":
            # Each line is a whole expression there, and a backslash in it is written twice.
            owned = {path.replace("\\\\", "\\"): who for path, who in found.items()}
            by = lambda file: [who for path, who in owned.items() if re.fullmatch(path, file)]  # noqa: E731
        case _:
            by = lambda file: [who for path, who in found.items() if f"/{file}".startswith(path)]  # noqa: E731
    assert by("cases/2026/SG-2026-K7QX4M.yaml") == [["@forum/solidarity"]]
    for kept in (
        "schemas/vocabulary/status.yaml",
        "register.yaml",
        "recipients.yaml",
        "allowed_signers",
        next(iter(KITS[forge])),
    ):
        assert by(kept) == [["@anna", "@forum/board"]], kept
    assert by("registerXyaml") == []
    assert ("[Rules]" in (register / PLACES[forge]).read_text()) == (forge == "gitlab")


@pytest.mark.parametrize(
    "who", ["anna", "@anna @eve", "@anna\n* @eve", "@", "@a/../b", "anna@forum.example", "@-x", "@анна"]
)
def test_an_owner_is_one_name_of_the_forge(run: Run, numbers: Callable[..., None], who: str) -> None:
    numbers(review={"owners": [who]})
    answer = run("init", "--forge", "github")
    assert answer.exit_code == 1
    assert "register.yaml" in answer.err


@pytest.mark.parametrize("contact", ["role@forum.example", 'a "b" `c` <script> {{x}} ${{ secrets.X }} | #1', ""])
def test_the_form_for_an_appeal_says_where_to_write(tmp_path: Path, forge: str, contact: str) -> None:
    more = ("--contact", contact) if contact else ()
    assert run_at(tmp_path, "init", "made", "--no-sealing", "--forge", forge, *more).exit_code == 0
    form = next(path for path in KITS[forge] if "issue_templates" in path or path.endswith("appeal.yml"))
    text = (tmp_path / "made" / form).read_text()
    if forge != "gitlab":
        body = ryaml.loads(text)["body"]
        assert [one["type"] for one in body] == ["markdown", "checkboxes"], "nothing is asked about anybody"
        text = body[0]["attributes"]["value"]
    assert "<script" not in text
    assert "%WHERE%" not in text
    assert ("Write to **role@forum.example** instead." in text) == (contact == "role@forum.example")
    assert ("Ask the people who keep this register" in text) == (contact == "")


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    def one(forge: str) -> Path:
        assert (
            run_at(
                tmp_path, "init", forge, "--no-sealing", "--forge", forge, "--contact", "role@forum.example"
            ).exit_code
            == 0
        )
        return tmp_path / forge

    return one


@pytest.mark.parametrize(("forge", "file"), [("github", ".github/workflows/solidarity.yml"), ("forgejo", ".forgejo/workflows/solidarity.yml")])  # fmt: skip
def test_zizmor_has_nothing_to_say(made: Callable[[str], Path], forge: str, file: str) -> None:
    command = [_tool("zizmor"), "--offline", "--no-progress", "--format", "json"]
    # What is pinned and what is allowed is looked at most strictly where the runner is GitHub's; Forgejo needs an image.
    persona = ["--persona", "auditor"] if forge == "github" else []
    done = subprocess.run([*command, *persona, file], cwd=made(forge), capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == [], done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("forge", "schema", "file"),
    [
        ("github", "github-workflows", ".github/workflows/solidarity.yml"),
        ("github", "github-issue-forms", ".github/ISSUE_TEMPLATE/appeal.yml"),
        ("github", "github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("forgejo", "github-workflows", ".forgejo/workflows/solidarity.yml"),
        ("forgejo", "github-issue-forms", ".forgejo/issue_template/appeal.yml"),
        ("gitlab", "gitlab-ci", ".gitlab-ci.yml"),
    ],
)
def test_the_published_schemas_accept_them(made: Callable[[str], Path], forge: str, schema: str, file: str) -> None:
    command = [_tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", file]
    done = subprocess.run(command, cwd=made(forge), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflows_ask_for_the_least(made: Callable[[str], Path]) -> None:
    for forge, file in (
        ("github", ".github/workflows/solidarity.yml"),
        ("forgejo", ".forgejo/workflows/solidarity.yml"),
    ):
        workflow = ryaml.loads((made(forge) / file).read_text())
        # `on` is read as a word here and as true by older readers of YAML.
        assert list(workflow.get("on", workflow.get(True))) == ["pull_request"]
        assert workflow["permissions"] == {}
        writing = [name for name, job in workflow["jobs"].items() if "write" in job.get("permissions", {}).values()]
        assert writing == (["card"] if forge == "github" else [])
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                assert "uses" not in step, "no action is used; one that is must be pinned by its full hash"
                assert "${{" not in step["run"], "what others write reaches a step by its environment only"
                assert "-m venv" not in step["run"] or "-I -m venv" in step["run"], "nothing of the change is imported"


def test_the_hooks_for_pre_commit_are_commands_that_there_are() -> None:
    hooks = ryaml.loads((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
    assert {hook["id"] for hook in hooks} == {"solidarity-guard", "solidarity-message", "solidarity-fmt"}
    for hook in hooks:
        program, verb, *options = hook["entry"].split()
        told = run_at(Path.cwd(), verb, "--help")
        assert program == "solidarity"
        assert all(option in told.out for option in options)
    assert shutil.which("git")
