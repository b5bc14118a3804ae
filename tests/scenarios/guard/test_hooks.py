"""Commits made by hand in a sealed register: what would tell of a person is refused by git's hooks, in words."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.guarded import CONTACT, NAME, PHONE, assert_silent
from tests.support.program import Answer, run_at

TypeGit = Callable[..., Answer]
Ask = Callable[..., Answer]

LEAKS = {
    "cyrillic": f"spoke with {NAME}",
    "transliterated": "spoke with Zinaida Morozova",
    "one-word": "Morozova has called",
    "other-ending": "письмо Морозовой",
    "address": f"write to {CONTACT}",
    "number": "call 8 (912) 345 67 89",
    "number-as-told": f"call {PHONE}",
}


def _refused(answer: Answer, *words: str) -> None:
    assert answer.exit_code == 1, answer
    assert_silent(answer.out + answer.err)
    for word in words:
        assert word in answer.out + answer.err, answer


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_a_staged_file_that_tells_of_a_person_is_refused(sealed: Path, case: str, type_git: TypeGit, text: str) -> None:
    (sealed / "minutes.md").write_text(f"# Minutes\n\n{text}\n", encoding="utf-8")
    type_git("add", "minutes.md")
    _refused(type_git("commit", "-m", "minutes"), "minutes.md:3", case, "private-only")
    (sealed / "minutes.md").write_text(f"# Minutes\n\nspoke about {case}\n", encoding="utf-8")
    type_git("add", "minutes.md")
    assert type_git("commit", "-m", "minutes").exit_code == 0


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_a_message_that_tells_of_a_person_is_refused(sealed: Path, case: str, type_git: TypeGit, text: str) -> None:
    (sealed / "minutes.md").write_text("# Minutes\n", encoding="utf-8")
    type_git("add", "minutes.md")
    _refused(type_git("commit", "-m", "minutes", "-m", text), "line 3 of the message", case)
    assert type_git("commit", "-m", f"minutes\n\n{case}").exit_code == 0


def test_what_git_drops_from_a_message_is_not_looked_at(ask: Ask, case: str, tmp_path: Path) -> None:
    scissors = "# ------------------------ >8 ------------------------"
    (tmp_path / "message").write_text(f"minutes\n# of {NAME}\n{scissors}\n+{NAME}\n", encoding="utf-8")
    assert ask("validate", "--message", str(tmp_path / "message")).exit_code == 0


def test_a_path_and_a_branch_that_name_a_person_are_refused_without_their_names(
    sealed: Path, case: str, type_git: TypeGit
) -> None:
    (sealed / "docs").mkdir()
    (sealed / "docs" / "zinaida.md").write_text("# Minutes\n", encoding="utf-8")
    type_git("add", "docs")
    _refused(type_git("commit", "-m", "minutes"), "staged file 1", "path", case)
    type_git("mv", "docs/zinaida.md", "docs/minutes.md")
    type_git("switch", "--quiet", "-c", "morozova")
    _refused(type_git("commit", "-m", "minutes"), "branch", case)
    type_git("branch", "-m", "minutes")
    assert type_git("commit", "-m", "minutes").exit_code == 0


def test_a_readable_private_value_is_no_part_of_a_sealed_register(
    sealed: Path, case: str, type_git: TypeGit, ask: Ask
) -> None:
    file = next(sealed.glob("cases/*/*.yaml"))
    lines = file.read_text(encoding="utf-8").splitlines()
    bare = [f"  subject_name: {NAME}" if line.startswith("  subject_name:") else line for line in lines]
    file.write_text("\n".join(bare) + "\n", encoding="utf-8")
    wrong = ask("validate")
    assert wrong.exit_code == 1
    assert "private.subject_name can be read without a key [sealed]" in wrong.out
    type_git("add", "--all")
    _refused(type_git("commit", "-m", "by hand"), "private.subject_name", "sealed", "git restore", f"{case}.yaml:")
    assert type_git("commit", "--no-verify", "-m", "by hand").exit_code == 0
    assert ask("validate").exit_code == 1
    assert ask("note", case, "sealed again").exit_code == 0
    assert ask("validate").exit_code == 0


@pytest.mark.parametrize("harm", ["cut", "moved"])
def test_a_token_that_was_cut_or_moved_is_found(sealed: Path, case: str, ask: Ask, harm: str) -> None:
    file = next(sealed.glob("cases/*/*.yaml"))
    text = file.read_text(encoding="utf-8")
    name, contact = (text.partition(f"  {field}: ")[2].partition("\n")[0] for field in ("subject_name", "contact"))
    file.write_text(text.replace(name, f'{name[:-9]}"' if harm == "cut" else contact), encoding="utf-8")
    for _ in range(2):  # and again, from what was kept
        wrong = ask("validate")
        assert wrong.exit_code == 1
        assert "private.subject_name" in wrong.out
        assert "[sealed]" in wrong.out
    file.write_text(text, encoding="utf-8")
    assert ask("validate").exit_code == 0


def test_with_the_key_a_record_is_judged_by_what_is_sealed_in_it(
    sealed: Path, case: str, type_git: TypeGit, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = next(sealed.glob("cases/*/*.yaml"))
    assert ask("edit", case, "--set", "subject.region=North").exit_code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("North", "Morozova"), encoding="utf-8")
    with monkeypatch.context() as without:
        without.setenv("SOLIDARITY_IDENTITIES", "/nowhere")
        nothing = run_at(sealed, "validate")
        assert nothing.exit_code == 0, nothing
        assert "nothing private was looked at: 1" in nothing.err
    assert run_at(sealed, "validate").exit_code == 1  # what was not looked at was not kept as clean
    type_git("add", "--all")
    _refused(type_git("commit", "-m", "by hand"), "subject.region", case)


def test_an_action_is_judged_by_what_is_sealed_in_its_cases(sealed: Path, case: str, ask: Ask) -> None:
    made = ask("-q", "link-action", case, "--type", "information", "--url", "https://forum.example/one")
    assert made.exit_code == 0, made
    file = next(sealed.glob("actions/*/*.yaml"))
    file.write_text(file.read_text(encoding="utf-8").replace("example/one", "example/morozova"), encoding="utf-8")
    answer = run_at(sealed, "validate", "--format", "json")
    assert answer.exit_code == 1
    assert f"holds something from the private part of {case}" in answer.out


def test_an_old_leak_does_not_stop_another_commit(sealed: Path, case: str, type_git: TypeGit) -> None:
    (sealed / "minutes.md").write_text(f"{NAME}\n", encoding="utf-8")
    type_git("add", "minutes.md")
    assert type_git("commit", "--no-verify", "-m", "minutes").exit_code == 0
    with (sealed / "minutes.md").open("a", encoding="utf-8") as stream:
        stream.write("and more\n")
    assert type_git("commit", "--all", "-m", "more").exit_code == 0
    assert type_git("rm", "--quiet", "minutes.md").exit_code == 0
    assert type_git("commit", "-m", "gone").exit_code == 0


def test_a_record_that_breaks_a_rule_is_refused_and_one_of_bad_shape_too(
    sealed: Path, case: str, type_git: TypeGit
) -> None:
    file = next(sealed.glob("cases/*/*.yaml"))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("status: received", "status: somewhere"), encoding="utf-8")
    type_git("add", "--all")
    _refused(type_git("commit", "-m", "by hand"), "[schema]", f"{case}.yaml")


@pytest.mark.parametrize("name", ["path", "paths", "branch", "message"])
def test_a_file_of_any_name_is_looked_at(sealed: Path, case: str, type_git: TypeGit, name: str) -> None:
    (sealed / name).write_text(f"{NAME}\n", encoding="utf-8")
    type_git("add", "--all")
    _refused(type_git("commit", "-m", "a file"), f"{name}:1", case)


def test_where_a_link_leads_is_looked_at_and_a_file_too_large_is_named(
    sealed: Path, case: str, type_git: TypeGit, ask: Ask
) -> None:
    (sealed / "link").symlink_to("/home/morozova/minutes.md")
    type_git("add", "--all")
    _refused(type_git("commit", "-m", "a link"), "link:1", case)
    type_git("rm", "--quiet", "--cached", "link")
    (sealed / "link").unlink()
    (sealed / "large.csv").write_text("nothing\n" * 200_000, encoding="utf-8")
    type_git("add", "--all")
    answer = ask("validate", "--staged")
    assert answer.exit_code == 0
    assert "large.csv" in answer.out
    assert "was not looked at" in answer.out


def test_only_what_is_staged_counts(sealed: Path, case: str, type_git: TypeGit) -> None:
    (sealed / "clean.md").write_text("# Minutes\n", encoding="utf-8")
    type_git("add", "clean.md")
    (sealed / "clean.md").write_text(f"{NAME}\n", encoding="utf-8")
    assert type_git("commit", "-m", "minutes").exit_code == 0


def test_the_first_commit_of_a_repository_is_looked_at(tmp_path: Path, type_git: TypeGit, sealed: Path) -> None:
    type_git("checkout", "--quiet", "--orphan", "fresh")
    assert type_git("commit", "-m", "fresh").exit_code == 0


def test_hooks_of_ones_own_stay_and_the_line_to_add_is_told(tmp_path: Path, type_git: TypeGit) -> None:
    root = tmp_path / "own"
    root.mkdir()
    type_git("init", "--quiet", at=root)
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    hook.chmod(0o755)
    answer = run_at(root, "init", "--name", "Own")
    assert answer.exit_code == 0
    assert hook.read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"
    assert "solidarity validate --staged || exit 1" in answer.err
    assert (root / ".git" / "hooks" / "commit-msg").stat().st_mode & stat.S_IXUSR


def test_hooks_shared_with_other_repositories_are_left_alone(tmp_path: Path, type_git: TypeGit) -> None:
    root, shared = tmp_path / "own", tmp_path / "shared-hooks"
    root.mkdir()
    type_git("init", "--quiet", at=root)
    type_git("config", "core.hooksPath", str(shared), at=root)
    answer = run_at(root, "init", "--name", "Own")
    assert answer.exit_code == 0
    assert not shared.exists()
    assert "solidarity validate --staged || exit 1" in answer.err


def test_a_hook_that_finds_no_program_refuses(sealed: Path, type_git: TypeGit, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = sealed / ".git" / "hooks" / "pre-commit"
    text = hook.read_text(encoding="utf-8")
    program = next(line for line in text.splitlines() if line.startswith("program="))
    hook.write_text(text.replace(program, "program=/nowhere/python"), encoding="utf-8")
    (sealed / "a.md").write_text("a\n", encoding="utf-8")
    type_git("add", "a.md")
    monkeypatch.setenv("PATH", os.pathsep.join(["/usr/bin", "/bin"]))
    _refused(type_git("commit", "-m", "a"), "the leak guard cannot run")
    hook.write_text(text, encoding="utf-8")
    assert type_git("commit", "-m", "a").exit_code == 0


def test_our_own_commits_are_known_by_their_tree_and_no_other_passes(
    sealed: Path, case: str, type_git: TypeGit, monkeypatch: pytest.MonkeyPatch, ask: Ask, tmp_path: Path
) -> None:
    # A program that notes each start stands where the hooks look first.
    noted = tmp_path / "bin" / "solidarity"
    noted.parent.mkdir()
    noted.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/started\nexit 1\n', encoding="utf-8")
    noted.chmod(0o755)
    monkeypatch.setenv("PATH", f"{noted.parent}{os.pathsep}{os.environ['PATH']}")
    assert ask("note", case, "checked already").exit_code == 0
    assert not (tmp_path / "started").exists()
    (sealed / "a.md").write_text("a\n", encoding="utf-8")
    type_git("add", "a.md")
    monkeypatch.setenv("SOLIDARITY_CHECKED_TREE", type_git("rev-parse", "HEAD^{tree}").out.strip())
    assert type_git("commit", "-m", "a").exit_code == 1
    assert (tmp_path / "started").read_text(encoding="utf-8") == "validate --staged\n"


def test_the_three_ways_to_validate_do_not_mix(ask: Ask, case: str) -> None:
    for arguments in (("--staged", case), ("--staged", "--message", "x"), ("--staged", "--as-of", "HEAD")):
        assert ask("validate", *arguments).exit_code == 2


def test_the_guard_says_how_many_records_it_could_not_open(
    sealed: Path, case: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", "/nowhere")
    answer = ask("validate", "--staged")
    assert answer.exit_code == 0
    assert "nothing private was looked at: 1" in answer.err
