"""`resolve`: two values told in words, taken by side or typed anew, the merge finished by one commit, or nothing done."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.forge import Group
from tests.support.people import Person, copy_group

_APART: dict[tuple[object, ...], tuple[Path, str]] = {}
"""Fields and their values -> a copy of a group and its server that differ in them, and the id of the case."""


def apart(group: Group, **fields: tuple[str, str]) -> tuple[Person, Person, str]:
    """Anna's value of each field is at the remote, Boris's in his clone; who they are, and the case.

    The verbs that lead there are run once for the same fields; another test has a copy of what they made.
    """
    anna, boris, _ = group
    here, known = anna.home.parent, tuple(fields.items())
    if known not in _APART:
        case = _drift_apart(group, fields)
        there = Path(tempfile.mkdtemp(prefix="apart-", dir=here.parent))
        shutil.copytree(here / "server" / "register.git", there / "register.git")
        for person in group:
            shutil.copytree(person.home, there / person.name, symlinks=True)
        _APART[known] = there, case
    else:
        there, case = _APART[known]
        copy_group(there, here, here / "server" / "register.git", anna.git("remote", "get-url", "origin"))
    return anna, boris, case


def _drift_apart(group: Group, fields: dict[str, tuple[str, str]]) -> str:
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("sync")
    boris.does("sync")
    for person, side in ((anna, 0), (boris, 1)):
        sets = [f"{name.replace('__', '.')}={values[side]}" for name, values in fields.items()]
        if sets:
            person.does("edit", case, *(part for field in sets for part in ("--set", field)))
    anna.does("sync")
    boris.run("--no-input", "sync")
    return case


def case_of(one: Person, case: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(one.does("show", case, "--json"))["case"]
    return found


def test_sync_leads_to_resolve_which_says_who_wrote_what(group: Group) -> None:
    anna, boris, case = apart(group, channel=("phone", "email"))
    answer = boris.run("--no-input", "sync")
    assert answer.exit_code == 1
    assert "solidarity resolve" in answer.err
    before = boris.git("rev-parse", "HEAD")
    answer = boris.run("--no-input", "resolve")
    assert answer.exit_code == 1
    assert f"{case}: channel" in answer.out
    assert "yours:  email" in answer.out
    assert f"(by {boris.address}, 2026-10-31)" in answer.out
    assert "theirs: phone" in answer.out
    assert f"(by {anna.address}, 2026-10-31)" in answer.out
    assert boris.git("rev-parse", "HEAD") == before
    assert boris.git("status", "--porcelain") == ""
    told = json.loads(boris.run("--no-input", "resolve", "--json").out)
    assert [(one["record"], one["field"], one["may_choose"]) for one in told] == [(case, "channel", True)]


@pytest.mark.parametrize(("side", "value"), [("ours", "email"), ("theirs", "phone")])
def test_a_side_is_taken_and_everybody_comes_to_it(group: Group, side: str, value: str) -> None:
    anna, boris, case = apart(group, channel=("phone", "email"), language=("ru", "ru"))
    answer = boris.run("--no-input", "resolve", "--take", side, "channel")
    assert answer.exit_code == 0, answer
    assert boris.git("status", "--porcelain") == ""
    assert len(boris.git("rev-list", "--parents", "-1", "HEAD").split()) == 3, "one merge commit"
    boris.does("sync")
    anna.does("sync")
    for one in (anna, boris):
        assert case_of(one, case)["channel"] == value
    assert anna.git("rev-parse", "HEAD") == boris.git("rev-parse", "HEAD")


def test_every_open_field_has_to_be_taken_before_anything_happens(group: Group) -> None:
    _, boris, case = apart(group, channel=("phone", "email"), urgency=("urgent", "high"))
    before = boris.git("rev-parse", "HEAD")
    answer = boris.run("--no-input", "resolve", "--take", "ours", "channel")
    assert answer.exit_code == 1, answer
    assert "urgency" in answer.out
    assert boris.git("rev-parse", "HEAD") == before
    answer = boris.run("--no-input", "resolve", case, "--take", "ours", "channel", "--take", "theirs", "urgency")
    assert answer.exit_code == 0, answer
    assert case_of(boris, case)["urgency"] == "urgent"
    assert case_of(boris, case)["channel"] == "email"


def test_a_field_alone_never_takes_what_nobody_disputes(group: Group) -> None:
    anna, boris, _ = group
    first, second = (anna.does("-q", "new-case", "--name", "Maria Zvontsova", "--set", "channel=post") for _ in "ab")
    anna.does("sync")
    boris.does("sync")
    anna.does("edit", first, "--set", "channel=phone")
    anna.does("note", second, "anna was there")
    anna.does("sync")
    boris.does("edit", first, "--set", "channel=email")
    boris.does("edit", second, "--set", "channel=email")
    assert boris.run("--no-input", "sync").exit_code == 1
    answer = boris.run("--no-input", "resolve", "--take", "theirs", "channel")
    assert answer.exit_code == 0, answer
    assert case_of(boris, first)["channel"] == "phone"
    assert case_of(boris, second)["channel"] == "email", "only boris changed it"


def test_private_values_are_opened_for_who_has_the_key_and_for_nobody_else(group: Group, tmp_path: Path) -> None:
    _, boris, _ = apart(group, private__contact=("anna@secret.example", "boris@secret.example"))
    answer = boris.run("--no-input", "resolve")
    assert "yours:  boris@secret.example" in answer.out
    assert "theirs: anna@secret.example" in answer.out
    assert "secret.example" not in answer.err
    for file in boris.identities.rglob("*"):
        if file.is_file():
            file.rename(tmp_path / file.name)
    answer = boris.run("--no-input", "resolve")
    assert "secret.example" not in answer.out + answer.err
    assert answer.out.count("[sealed]") == 2
    assert boris.run("--no-input", "resolve", "--take", "theirs", "private.contact").exit_code == 0


def test_a_wrong_take_is_told(group: Group) -> None:
    _, boris, _ = apart(group, channel=("phone", "email"))
    for arguments in (
        ("--take", "mine", "channel"),
        ("--take", "ours"),
        ("--take", "ours", "channel", "--take", "ours", "language"),
    ):
        answer = boris.run("--no-input", "resolve", *arguments)
        assert answer.exit_code == 2, (arguments, answer)
        assert boris.git("status", "--porcelain") == ""


def test_nothing_to_decide(group: Group) -> None:
    anna, *_ = group
    assert "nothing is left to decide" in anna.run("--no-input", "resolve").out


def test_a_note_whose_text_is_sealed_is_not_taken_by_side_without_the_key(group: Group, tmp_path: Path) -> None:
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("sync")
    boris.does("sync")
    anna.does("note", case, "anna was there")
    boris.does("note", case, "boris was there")
    anna.does("sync")
    kept = [(file, tmp_path / file.name) for file in boris.identities.rglob("*") if file.is_file()]
    for file, aside in kept:
        file.rename(aside)
    answer = boris.run("--no-input", "sync")
    assert answer.exit_code == 1
    assert "key" in answer.err
    answer = boris.run("--no-input", "resolve", "--take", "ours", "notes.n1", "--take", "ours", "private.notes.n1")
    assert answer.exit_code in (1, 2), answer
    for file, aside in kept:
        aside.rename(file)
    boris.does("sync")
    shown = boris.does("show", case)
    assert "anna was there" in shown
    assert "boris was there" in shown


def wrong_together(group: Group) -> tuple[Person, Person, str]:
    """Anna withdraws the consent that Boris's action rests on."""
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova", "--membership", "member", "--incident", "search")
    anna.does("assess", case, "--decision", "assist", "--reason", "within the mandate", "--basis", "un-hrd-12")
    anna.does("consent", case, "--use", "publicity-organisation", "--answer", "granted")
    anna.does("sync")
    boris.does("sync")
    anna.does("consent", case, "--use", "publicity-organisation", "--answer", "refused")
    boris.does("link-action", case, "--type", "statement", "--date", "2026-10-30", "--status", "planned")
    anna.does("sync")
    return anna, boris, case


def test_what_only_the_combination_breaks_is_refused_by_sync_too(group: Group) -> None:
    _, boris, _ = wrong_together(group)
    before = boris.git("rev-parse", "HEAD")
    assert boris.run("validate").exit_code == 0
    answer = boris.run("--no-input", "sync")
    assert answer.exit_code == 1, answer
    assert "wrong together" in answer.err
    assert "consent-publicity" in answer.err
    assert boris.git("rev-parse", "HEAD") == before
    assert boris.git("status", "--porcelain") == ""


# Git's own merges


def test_a_merge_of_git_itself_goes_by_fields_where_it_would_have_stopped(group: Group) -> None:
    _, boris, case = apart(group)
    anna = group[0]
    anna.does("edit", case, "--set", "private.subject_name=Maria P. Zvontsova")
    anna.does("note", case, "anna was there")
    anna.does("sync")
    boris.does("sync")
    boris.does("edit", case, "--set", "private.place=Tver")
    boris.does("note", case, "boris was there")
    anna.does("edit", case, "--set", "private.court=Tver court")
    anna.does("note", case, "anna again")
    boris.does("sync")
    anna.git("fetch", "-q")
    plain = subprocess.run(
        ["git", "-c", "merge.solidarity.driver=git merge-file -q %A %O %B", "merge", "-q", "origin/main"],
        cwd=anna.clone, check=False, capture_output=True, env=anna.world(),
    )  # fmt: skip
    assert plain.returncode == 1, "line by line git stops"
    anna.git("merge", "--abort")
    merged = subprocess.run(
        ["git", "merge", "-q", "--no-edit", "origin/main"],
        cwd=anna.clone,
        check=False,
        capture_output=True,
        env=anna.world(),
    )
    assert merged.returncode == 0, merged
    shown = anna.does("show", case)
    for words in ("Tver court", "anna again", "boris was there"):
        assert words in shown
    assert anna.run("validate").exit_code == 0


def _merge(one: Person) -> int:
    one.git("fetch", "-q")
    asked = ["git", "merge", "-q", "--no-edit", "origin/main"]
    return subprocess.run(asked, cwd=one.clone, check=False, capture_output=True, env=one.world()).returncode


def test_a_conflict_of_git_is_marked_and_finished_by_resolve(group: Group) -> None:
    _, boris, case = apart(group, channel=("phone", "email"))
    boris.run("--no-input", "sync")
    assert _merge(boris) == 1
    text = next(boris.clone.glob(f"cases/*/{case}.yaml")).read_text()
    assert "<<<<<<<" in text
    assert "channel: email" in text
    assert "channel: phone" in text
    answer = boris.run("--no-input", "resolve")
    assert answer.exit_code == 1
    assert "yours:  email" in answer.out
    answer = boris.run("--no-input", "resolve", "--take", "theirs", "channel")
    assert answer.exit_code == 0, answer
    assert not (boris.clone / ".git" / "MERGE_HEAD").exists()
    assert boris.git("status", "--porcelain") == ""
    assert case_of(boris, case)["channel"] == "phone"
    assert boris.git("log", "-1", "--format=%s") == f"resolve {case}"
    boris.does("sync")


def test_what_is_no_record_stays_with_git(group: Group) -> None:
    anna, boris, case = apart(group, channel=("phone", "email"))
    for one in (anna, boris):
        (one.clone / "README.md").write_text(f"{one.name}\n")
        one.git("commit", "-qam", "readme")
    anna.does("sync")
    boris.run("--no-input", "sync")
    assert _merge(boris) == 1
    answer = boris.run("--no-input", "resolve", "--take", "ours", "channel")
    assert answer.exit_code == 1
    assert "README.md" in answer.err
    (boris.clone / "README.md").write_text("both\n")
    boris.git("add", "README.md")
    boris.git("commit", "-q", "--no-edit")
    assert case_of(boris, case)["channel"] == "email"


def test_errors_of_the_combination_keep_a_merge_of_git_open(group: Group) -> None:
    anna, boris, case = wrong_together(group)
    anna.does("edit", case, "--set", "channel=phone")
    anna.does("sync")
    boris.does("edit", case, "--set", "channel=email")
    boris.run("--no-input", "sync")
    assert _merge(boris) == 1
    answer = boris.run("--no-input", "resolve", "--take", "ours", "channel")
    assert answer.exit_code == 1
    assert "wrong together" in answer.err
    assert (boris.clone / ".git" / "MERGE_HEAD").exists()


# On a terminal


@pytest.mark.parametrize(
    ("verb", "keys", "value"),
    [("sync", "2", "email"), ("resolve", "3", "phone"), ("sync", "4\nletter\npost", "post")],
)
def test_on_a_terminal_each_field_is_asked_in_words(
    group: Group, program: str, verb: str, keys: str, value: str
) -> None:
    _, boris, case = apart(group, channel=("phone", "email"))
    boris.run("--no-input", "sync")
    said, code = _typed(boris, program, verb, keys)
    assert code == 0, said
    assert "yours:  email" in said
    assert case_of(boris, case)["channel"] == value


def _typed(one: Person, program: str, verb: str, keys: str) -> tuple[str, int]:
    world = {**one.world(), "ACCESSIBLE": "1"}
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [program, "-C", str(one.clone), verb],
        stdin=child,
        stdout=child,
        stderr=child,
        env=world,
        start_new_session=True,
    )
    os.close(child)
    waiting = [f"{key}\n".encode() for key in keys.split("\n")]
    prompts = [b"[1]", b"The value", b"The value"]
    said, seen, end = b"", 0, time.monotonic() + 300
    while time.monotonic() < end:
        if select.select([parent], [], [], 1)[0]:
            try:
                more = os.read(parent, 65536)
            except OSError:
                break
            if not more:
                break
            said += more
        if waiting and prompts[0] in said[seen:]:
            seen = len(said)
            os.write(parent, waiting.pop(0))
            prompts.pop(0)
    os.close(parent)
    return said.decode(errors="replace"), process.wait(300)


def test_left_for_now_is_left_as_it_was(group: Group, program: str) -> None:
    _, boris, _ = apart(group, channel=("phone", "email"))
    boris.run("--no-input", "sync")
    before = boris.git("rev-parse", "HEAD")
    said, code = _typed(boris, program, "sync", "1")
    assert code == 1, said
    assert boris.git("rev-parse", "HEAD") == before
    assert boris.git("status", "--porcelain") == ""


def test_union_is_never_how_a_record_is_merged(register: Path, git: Callable[..., str]) -> None:
    assert "union" not in (register / ".gitattributes").read_text()
    told = git("check-attr", "merge", "--", "cases/2026/X.yaml", "recipients.yaml", "README.md")
    assert told.splitlines()[0].endswith("merge: solidarity")
    assert told.splitlines()[1].endswith("merge: solidarity")
    assert told.splitlines()[2].endswith("unspecified")
