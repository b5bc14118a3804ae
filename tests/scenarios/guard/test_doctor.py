"""`doctor` finds each thing that was planted, says no value of it, and finds nothing where all is well."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.crypto import identities
from tests.support.guarded import NAME, SAID
from tests.support.program import Answer, run_at

TypeGit = Callable[..., Answer]
Ask = Callable[..., Answer]


@pytest.fixture
def well(sealed: Path, case: str, ask: Ask, type_git: TypeGit) -> Path:
    """A register with nothing wrong: a second person can open it."""
    from pyrage import x25519

    friend = str(x25519.Identity.generate().to_public())
    assert ask("keys", "add", "friend", friend).exit_code == 0
    answer = ask("doctor")
    assert (answer.exit_code, answer.out) == (0, ""), answer
    assert "nothing is wrong" in answer.err
    return sealed


def _wrong(ask: Ask, topic: str, words: str, *, hint: str = "") -> None:
    """`doctor` has found it, and says so alike in both of its ways to answer."""
    told = ask("doctor")
    assert told.exit_code == 1
    assert words in told.out, told
    found = json.loads(ask("doctor", "--json").out)["findings"]
    assert [one for one in found if one["topic"] == topic and words in one["message"] and hint in one["hint"]], found


def test_nothing_is_wrong_in_a_clean_register(well: Path, ask: Ask) -> None:
    assert json.loads(ask("doctor", "--json").out) == {"findings": [], "unseen": []}


def test_an_open_register_is_looked_through_too(
    run: Callable[..., Answer], new_case: Callable[..., str], register: Path, git: Callable[..., str]
) -> None:
    case = new_case("--country", "RU", "--incident", "search", "--name", NAME)
    assert run("doctor", "--fix").exit_code == 0
    (register / "minutes.md").write_text(f"{NAME}\n", encoding="utf-8")
    git("add", "minutes.md")
    git("commit", "--quiet", "--no-verify", "-m", "minutes")
    answer = run("doctor")
    assert answer.exit_code == 1
    assert f"something private of {case} stands in the open in the history" in answer.out
    assert not [piece for piece in SAID if piece in answer.out + answer.err]


def test_hooks_that_are_missing_or_changed_are_put_right(well: Path, ask: Ask) -> None:
    hooks = well / ".git" / "hooks"
    (hooks / "pre-commit").unlink()
    _wrong(ask, "hooks", "pre-commit is not installed", hint="doctor --fix")
    with (hooks / "commit-msg").open("a", encoding="utf-8") as stream:
        stream.write("exit 0\n")
    _wrong(ask, "hooks", "commit-msg is not as this version")
    assert ask("doctor", "--fix").exit_code == 0
    (hooks / "pre-commit").chmod(0o644)
    _wrong(ask, "hooks", "pre-commit may not be run")
    assert ask("doctor", "--fix").exit_code == 0
    assert ask("doctor").exit_code == 0


def test_a_clone_has_no_hooks_until_doctor_installs_them(well: Path, tmp_path: Path, type_git: TypeGit) -> None:
    type_git("clone", "--quiet", str(well), str(tmp_path / "clone"))
    type_git("fetch", "--quiet", "origin", "refs/solidarity/*:refs/solidarity/*", at=tmp_path / "clone")
    answer = run_at(tmp_path / "clone", "doctor", "--fix")
    assert "put right: the hook pre-commit is not installed" in answer.out
    assert (tmp_path / "clone" / ".git" / "hooks" / "commit-msg").exists()


def test_a_hook_of_ones_own_is_told_and_not_touched(well: Path, ask: Ask) -> None:
    hook = well / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    assert ask("doctor", "--fix").exit_code == 1
    assert hook.read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"
    _wrong(ask, "hooks", "somebody's own", hint="solidarity validate --staged || exit 1")


def test_a_folder_of_hooks_that_leads_elsewhere_is_told(well: Path, ask: Ask, type_git: TypeGit) -> None:
    type_git("config", "core.hooksPath", "/dev/null")
    _wrong(ask, "hooks", "core.hooksPath leads out of this repository")


def test_git_that_does_not_know_who_asks(well: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    _wrong(ask, "git", "git does not know who you are")


def test_a_register_outside_git(well: Path, ask: Ask) -> None:
    (well / ".git").rename(well.parent / "git-elsewhere")
    _wrong(ask, "git", "not the top of a git repository")


def test_text_that_a_diff_driver_keeps(well: Path, ask: Ask, type_git: TypeGit) -> None:
    type_git("config", "diff.opened.textconv", "cat")
    _wrong(ask, "git", "a diff driver is set up here")
    type_git("config", "--unset", "diff.opened.textconv")
    type_git("notes", "--ref", "textconv/opened", "add", "-m", "kept")
    _wrong(ask, "git", "git keeps text that a diff driver made")
    assert ask("doctor", "--fix", "--yes").exit_code == 0
    assert "textconv" not in type_git("for-each-ref").out


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_identities_that_others_can_read_are_closed(well: Path, ask: Ask) -> None:
    folder, file = identities.folder(), identities.folder() / identities.public_keys()[0]
    folder.chmod(0o755)
    file.chmod(0o644)
    _wrong(ask, "keys", "an identity can be read by others", hint="chmod 600")
    assert ask("doctor", "--fix").exit_code == 0
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_an_identity_that_is_damaged_and_one_that_opens_nothing(well: Path, ask: Ask) -> None:
    file = identities.folder() / identities.public_keys()[0]
    secret = file.read_bytes()
    file.write_bytes(secret[:20])
    _wrong(ask, "keys", "an identity file is damaged")
    file.unlink()
    answer = ask("doctor")
    assert "no identity on this machine opens anything" in answer.out
    assert "1 of 1 records are sealed to you" in answer.err


def test_recipients_that_are_too_few_or_unreadable(sealed: Path, case: str, ask: Ask) -> None:
    _wrong(ask, "keys", "only one person can open this register", hint="keys add")
    (sealed / "recipients.yaml").write_text(f"recipients: {NAME}\n", encoding="utf-8")
    _wrong(ask, "keys", "recipients.yaml names no recipients")


def test_a_retired_identity_goes_when_a_person_says_so(well: Path, ask: Ask) -> None:
    old = identities.make()
    file = well / "recipients.yaml"
    retired = f'retired:\n  - name: me\n    key: {old}\n    until: "2026-10-31"\n    destroyed: false\n'
    file.write_text(file.read_text(encoding="utf-8") + retired, encoding="utf-8")
    _wrong(ask, "keys", "a retired identity is still on this machine")
    assert ask("doctor", "--fix").exit_code == 1
    assert old in identities.public_keys()
    assert ask("doctor", "--fix", "--yes").exit_code == 0
    assert old not in identities.public_keys()


def test_a_keyring_that_is_not_here_and_a_record_without_its_key(
    well: Path, case: str, ask: Ask, type_git: TypeGit
) -> None:
    keyring = type_git("rev-parse", "refs/solidarity/keyring").out.strip()
    other = run_at(well, "-q", "--no-input", "new-case", "--country", "BY", "--name", "Somebody").out.strip()
    type_git("update-ref", "refs/solidarity/keyring", keyring)
    _wrong(ask, "keys", f"1 sealed records have no key in the keyring: {other}", hint="solidarity sync")
    type_git("update-ref", "-d", "refs/solidarity/keyring")
    _wrong(ask, "keys", "the keyring is not here", hint="solidarity sync")


def _bare(well: Path) -> Path:
    """The record of the case with its name readable, on the disk."""
    file = next(well.glob("cases/*/*.yaml"))
    lines = file.read_text(encoding="utf-8").splitlines()
    bare = [f"  subject_name: {NAME}" if line.startswith("  subject_name:") else line for line in lines]
    file.write_text("\n".join(bare) + "\n", encoding="utf-8")
    return file


def test_a_readable_private_part_in_an_old_commit(well: Path, case: str, ask: Ask, type_git: TypeGit) -> None:
    _bare(well)
    type_git("commit", "--quiet", "--no-verify", "--all", "-m", "by hand")
    assert ask("note", case, "sealed again").exit_code == 0
    _wrong(ask, "plaintext", f"the private part of {case} stands readable in the history")


@pytest.mark.parametrize("place", ["staged", "stash", "nothing"])
def test_a_readable_private_part_that_no_commit_holds(
    well: Path, case: str, ask: Ask, type_git: TypeGit, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bare(well)
    type_git("add", "--all")
    if place == "stash":
        type_git("stash")
    if place == "nothing":
        type_git("restore", "--staged", "--worktree", ".")
    words = {"staged": "what is staged", "stash": "a stash", "nothing": "what only a reflog, or nothing, reaches"}
    told = f"the private part of {case} stands readable in {words[place]}"
    _wrong(ask, "plaintext", told)
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", "/nowhere")
    assert told in ask("doctor").out  # it is seen without a key as well


def test_what_nothing_reaches_goes_when_a_person_says_so_and_stashes_stay(
    well: Path, case: str, ask: Ask, type_git: TypeGit
) -> None:
    for number in (1, 2):
        (well / "register.yaml").write_text(f"# {number}\n{(well / 'register.yaml').read_text()}", encoding="utf-8")
        type_git("stash")
    _bare(well)
    type_git("commit", "--quiet", "--no-verify", "--all", "-m", "by hand")
    type_git("reset", "--quiet", "--hard", "HEAD~1")
    type_git("gc", "--quiet")  # into a pack, where pruning alone would leave it
    _wrong(ask, "plaintext", "what only a reflog, or nothing, reaches")
    assert ask("doctor", "--fix").exit_code == 1
    assert ask("doctor", "--fix", "--yes").exit_code == 0
    assert len(type_git("stash", "list").out.splitlines()) == 2
    assert run_at(well, "show", case).exit_code == 0


def test_names_in_the_open(well: Path, case: str, ask: Ask, type_git: TypeGit) -> None:
    type_git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", "call Morozova")
    (well / "zinaida.md").write_text("nothing\n", encoding="utf-8")
    type_git("add", "--all")
    type_git("commit", "--quiet", "--no-verify", "-m", "more")
    type_git("tag", "morozova")
    _wrong(ask, "plaintext", f"something private of {case} stands in the open in the history")
    for words in ("the name of a branch or tag", "a path, in the history", "a line of a reflog"):
        _wrong(ask, "plaintext", f"{words}")


@pytest.mark.parametrize(
    "name", ["minutes.md~", ".minutes.md.swp", "#minutes.md#", "minutes.md.orig", "minutes.md.bak", "4913"]
)
def test_a_copy_that_an_editor_left(well: Path, ask: Ask, name: str) -> None:
    copy = well / name
    copy.write_text(f"{NAME}\n", encoding="utf-8")
    _wrong(ask, "leftovers", "a copy that an editor left behind")
    assert ask("doctor", "--fix").exit_code == 1
    assert copy.exists()
    assert ask("doctor", "--fix", "--yes").exit_code == 0
    assert not copy.exists()


def test_a_copy_named_after_a_person_is_told_without_the_name(well: Path, case: str, ask: Ask) -> None:
    (well / "zinaida.md~").write_text("\n", encoding="utf-8")
    (well / "cases" / "2026" / f"{case}.yaml~").write_text("\n", encoding="utf-8")
    _wrong(ask, "leftovers", "in the work tree", hint="git ls-files --others")
    _wrong(ask, "leftovers", f"cases/2026/{case}.yaml~")


def test_half_written_files_and_old_drafts(well: Path, ask: Ask, tmp_path: Path) -> None:
    part, fresh = well / "cases" / "2026" / ".abc.part", well / "cases" / ".def.part"
    for file in (part, fresh):
        file.write_text(f"{NAME}\n", encoding="utf-8")
    os.utime(part, (time.time() - 7200,) * 2)
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    for day in ("2026-09-01", "2026-10-30"):
        (drafts / f"draft-{day}-abcdef.yaml").write_text(f"private:\n  subject_name: {NAME}\n", encoding="utf-8")
    _wrong(ask, "leftovers", "1 half-written files of this program")
    _wrong(ask, "leftovers", "a talk broken off 60 days ago", hint="solidarity new-case --from")
    assert ask("doctor", "--fix").exit_code == 1
    assert (part.exists(), fresh.exists(), len(list(drafts.iterdir()))) == (False, True, 2)
    assert ask("doctor", "--fix", "--yes").exit_code == 0
    assert [file.name for file in drafts.iterdir()] == ["draft-2026-10-30-abcdef.yaml"]
