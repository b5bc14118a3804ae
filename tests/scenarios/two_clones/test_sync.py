"""`sync` between clones over a real git server: acts, keys, races, refusals; nothing is lost and nothing half done."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.people import Person

Group = tuple[Person, Person, Person]


def test_a_case_travels_sealed_and_opens_for_everybody(group: Group, tmp_path: Path) -> None:
    anna, boris, clara = group
    case = anna.does("-q", "new-case", "--name", "Мария Звонцова", "--country", "RU")
    assert "1 act went out" in anna.does("sync") or anna.does("sync") == "in step with the remote"
    for other in (boris, clara):
        other.does("sync")
        assert "Мария Звонцова" in other.does("show", case)
    assert "Мария".encode() not in b"".join(
        path.read_bytes() for path in (tmp_path / "server").rglob("*") if path.is_file()
    )


def test_different_private_fields_of_one_case_merge_without_a_conflict(group: Group) -> None:
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova", "--contact", "m@example.org")
    anna.does("sync")
    boris.does("sync")
    anna.does("edit", case, "--set", "private.subject_name=Maria P. Zvontsova")
    boris.does("edit", case, "--set", "private.contact=+7 912 000 00 00")
    boris.does("note", case, "boris was there")
    anna.does("note", case, "anna was there")
    anna.does("sync")
    boris.does("sync")
    anna.does("sync")
    shown = anna.does("show", case)
    for words in ("Maria P. Zvontsova", "+7 912 000 00 00", "boris was there", "anna was there"):
        assert words in shown.replace("\\", ""), words
    assert anna.git("rev-parse", "HEAD") == boris.git("rev-parse", "HEAD")
    assert anna.run("validate").exit_code == 0


def test_one_field_set_to_two_values_is_left_to_a_person(group: Group) -> None:
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("sync")
    boris.does("sync")
    anna.does("edit", case, "--set", "channel=phone")
    boris.does("edit", case, "--set", "channel=email")
    anna.does("sync")
    before = boris.git("rev-parse", "HEAD")
    answer = boris.run("sync")
    assert answer.exit_code == 1
    assert "channel" in answer.err
    assert case in answer.err
    assert boris.git("rev-parse", "HEAD") == before
    assert boris.git("status", "--porcelain") == ""


def test_everybody_pushes_at_once_and_everything_arrives(group: Group) -> None:
    cases = [one.does("-q", "new-case", "--name", f"Name of {one.name}") for one in group]
    world = [(one, [str(Path(one.clone))]) for one in group]

    def synced(pair: tuple[Person, list[str]]) -> int:
        one, (clone,) = pair
        env = {"SOLIDARITY_IDENTITIES": str(one.identities)}
        import os
        import sys

        program = Path(sys.executable).with_name("solidarity")
        return subprocess.run([program, "-C", clone, "sync"], env={**os.environ, **env}, check=False).returncode

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(synced, world)) == [0, 0, 0]
    for one in group:
        one.does("sync")
        assert set(one.does("list", "--ids").split()) == set(cases)
        for case, owner in zip(cases, group, strict=True):
            assert f"Name of {owner.name}" in one.does("show", case)


def test_without_a_remote_and_without_a_line(person: Callable[[str], Person], tmp_path: Path) -> None:
    anna = person("anna")
    anna.does("init", "register")
    answer = anna.run("sync")
    assert answer.exit_code == 3
    assert "git remote add origin" in answer.err
    anna.git("remote", "add", "origin", "git://127.0.0.1:1/nowhere.git")
    anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    answer = anna.run("sync")
    assert answer.exit_code == 3
    assert "cannot be reached" in answer.err
    assert "nothing is lost" in answer.err


def test_uncommitted_words_are_never_overwritten(group: Group) -> None:
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("sync")
    boris.does("sync")
    anna.does("edit", case, "--set", "channel=phone")
    anna.does("sync")
    file = next(boris.clone.glob(f"cases/*/{case}.yaml"))
    file.write_text(file.read_text() + "# mine\n")
    answer = boris.run("sync")
    assert answer.exit_code == 3
    assert "in no commit" in answer.err
    assert file.read_text().endswith("# mine\n")


def test_a_hook_of_the_server_that_refuses_is_told_in_words(group: Group, tmp_path: Path) -> None:
    anna, *_ = group
    hook = tmp_path / "server" / "register.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    answer = anna.run("sync")
    assert answer.exit_code == 3
    assert "did not take it" in answer.err


def test_the_keyring_can_have_a_remote_of_its_own(group: Group, tmp_path: Path) -> None:
    anna, boris, _ = group
    keys = tmp_path / "keys.git"
    subprocess.run(["git", "init", "-q", "--bare", str(keys)], check=True)
    charter = anna.clone / "register.yaml"
    charter.write_text(charter.read_text() + f'keyring:\n  remote: "{keys}"\n')
    anna.git("commit", "-qam", "the keyring has a remote of its own")
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("sync")
    boris.does("sync")
    boris.does("sync")
    assert "Maria Zvontsova" in boris.does("show", case)
    listed = subprocess.run(["git", "for-each-ref"], cwd=keys, check=True, capture_output=True, text=True).stdout
    assert "refs/solidarity/keyring" in listed


def test_a_half_done_merge_of_the_user_is_respected(group: Group) -> None:
    anna, *_ = group
    (anna.clone / ".git" / "MERGE_HEAD").write_text(anna.git("rev-parse", "HEAD") + "\n")
    answer = anna.run("sync")
    assert answer.exit_code == 3
    assert "merge" in answer.err


def test_a_hearing_that_an_action_names_is_not_given_another_number_in_silence(group: Group) -> None:
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova", "--membership", "member", "--incident", "search")
    anna.does("assess", case, "--decision", "assist", "--reason", "within the mandate", "--basis", "un-hrd-12")
    anna.does("sync")
    boris.does("sync")
    anna.does("hearing", case, "--at", "2026-11-20")
    boris.does("hearing", case, "--at", "2026-12-04")
    anna.does("sync")
    boris.does("link-action", case, "--type", "court-observation", "--date", "2026-12-04", "--hearing", "h1")
    answer = boris.run("sync")
    assert answer.exit_code == 1
    assert "hearings.h1" in answer.err


def test_a_hearing_that_others_know_by_its_number_keeps_it(group: Group) -> None:
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("sync")
    boris.does("sync")
    anna.does("hearing", case, "--at", "2026-11-20")
    boris.does("hearing", case, "--at", "2026-12-04")
    anna.does("sync")
    boris.does("sync")
    hearings = json.loads(boris.does("show", case, "--json"))["case"]["hearings"]
    assert {one["id"]: one["at"] for one in hearings} == {"h1": "2026-11-20", "h2": "2026-12-04"}
