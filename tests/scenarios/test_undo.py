"""`solidarity undo`: the last own act taken back by a new one, and what cannot be taken back, by the front door."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Answer, Once, Run

Git = Callable[..., str]


@pytest.fixture
def case(new_case: Callable[..., str], once: Once) -> str:

    def build() -> str:
        return new_case("--country", "RU", "--incident", "search", "--name", "Maria Zvontsova")

    return once(build)


@pytest.fixture
def tree(git: Git) -> Callable[[], str]:
    """What the newest commit holds."""
    return lambda: git("rev-parse", "HEAD^{tree}").strip()


def undone(run: Run, *arguments: str) -> Answer:
    """An undo that has to succeed, after which the whole history stands up to the audit."""
    answer = run("undo", *arguments)
    assert answer.exit_code == 0, answer
    told = json.loads(run("audit", "--json").out)
    assert told["findings"] == []
    return answer


def refused(run: Run, git: Git, *arguments: str) -> str:
    """An undo that is refused, names nobody and changes nothing: its sentence and its next step."""
    before = git("rev-parse", "HEAD"), git("status", "--porcelain")
    answer = run("undo", *arguments)
    assert answer.exit_code == 1, answer
    assert answer.out == ""
    error, hint = answer.err.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("  ")
    assert "Zvontsova" not in answer.err
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == before
    return answer.err


def file_of(register: Path, record: str) -> Path:
    return next(register.glob(f"*/*/{record}.yaml"))


def test_a_note_taken_back_and_brought_back_and_taken_back(
    run: Run, git: Git, case: str, tree: Callable[[], str]
) -> None:
    without = tree()
    run("note", case, "She called at night.")
    noted = git("rev-parse", "HEAD").strip()
    given = tree()
    answer = undone(run)
    assert tree() == without
    assert git("status", "--porcelain") == ""
    assert answer.out.startswith(f"{case}: note of 2026-10-31 ({noted[:10]}) undone (")
    assert "notes.n1.by: coordinator@forum.example" in answer.err
    assert "private.notes.n1: added (private)" in answer.err
    assert "called" not in answer.out + answer.err
    assert f"what it said of {case} stays in the history, readable" in answer.err
    message = git("log", "-1", "--format=%B").strip()
    assert message == f"undo {case}\n\nCase: {case}\nAct: undo\nUndoes: {noted}"
    first = git("rev-parse", "HEAD").strip()
    assert undone(run).out.startswith(f"{case}: undo of 2026-10-31 ({first[:10]}) undone (")
    assert tree() == given
    undone(run, case)
    assert tree() == without
    events = json.loads(run("history", case, "--json").out)
    assert [one["act"] for one in events] == ["new-case", "note", "undo", "undo", "undo"]
    assert events[1]["undoes"] is None
    assert events[2]["undoes"] == {"commit": noted, "act": "note", "date": "2026-10-31T12:00:00+00:00"}
    changes = {one["field"]: (one["old"], one["new"]) for one in events[2]["changes"]}
    assert changes["notes.n1.by"] == ("coordinator@forum.example", None)
    assert changes["private.notes.n1"] == ("[private]", None)
    story = run("history", case).out
    assert f"undid note of 2026-10-31 ({noted[:10]})" in story
    assert f"undid undo of 2026-10-31 ({first[:10]})" in story
    assert run("blame", case).exit_code == 0
    assert run("audit", "--json", "--full").out == run("audit", "--json").out


def test_a_new_case_and_everything_about_it(run: Run, git: Git, case: str, tree: Callable[[], str]) -> None:
    given = tree()
    answer = undone(run)
    assert run("list", "--ids").out == ""
    assert run("show", case).exit_code == 1
    assert f"what it said of {case} stays in the history" in answer.err
    assert git("ls-files", "cases").split() == ["cases/.gitkeep"]
    assert "is mistyped" in run("undo", case[:-1]).err or "no case" in run("undo", case[:-1]).err
    brought_back = run("undo", case)
    assert brought_back.exit_code == 0, brought_back
    assert tree() == given
    assert json.loads(run("list", "--json").out)[0]["id"] == case


def test_an_action_goes_from_all_its_cases_in_one_act(
    run: Run, git: Git, case: str, new_case: Callable[..., str], tree: Callable[[], str]
) -> None:
    other = new_case("--country", "BY")
    for one in (case, other):
        run("assess", one, "--decision", "more-information", "--reason", "Too little is known.")
    before = tree()
    action = run("-q", "link-action", case, other, "--type", "monitoring", "--status", "planned").out.strip()
    assert action.startswith("SA-")
    linked = git("rev-parse", "HEAD").strip()
    # Asked about the case, whose own file the act has not touched.
    answer = undone(run, "-n", case)
    assert f'-id: "{action}"' in answer.out
    assert "nothing was changed" in answer.err
    assert git("rev-parse", "HEAD").strip() == linked
    undone(run, case)
    assert tree() == before
    assert set(git("log", "-1", "--format=%(trailers:only)").split("\n")) >= {
        f"Case: {case}", f"Case: {other}", f"Action: {action}", "Act: undo", f"Undoes: {linked}"
    }  # fmt: skip
    undone(run, other)
    assert json.loads(run("show", case, "--json").out)["actions"][0]["id"] == action
    run("update-action", action, "--date", "2026-10-30", "--status", "done")
    told = undone(run, action)
    assert "update-action of 2026-10-31" in told.out
    assert json.loads(run("show", case, "--json").out)["actions"][0]["status"] == "planned"


def test_steps_of_the_status_go_back_as_they_came(register: Path, run: Run, git: Git, case: str) -> None:
    run("assess", case, "--decision", "decline", "--reason", "Outside the mandate.")
    undone(run)
    # Whoever compares two commits sees a status go back by no step, and knows why.
    assert run("validate", "--changed-since", "HEAD~1").exit_code == 0
    card = json.loads(run("review", "HEAD~1..HEAD", "--format", "json").out)
    assert card["findings"] == []
    file = file_of(register, case)
    file.write_text(file.read_text().replace("status: received", "status: closed"))
    assert "lifecycle" in run("validate", "--changed-since", "HEAD").out
    git("checkout", "-q", "--", ".")
    undone(run)
    run("set-status", case, "assessing", "--reason", "New facts.")
    undone(run)
    assert json.loads(run("show", case, "--json").out)["case"]["status"] == "declined"
    run("set-status", case, "assessing", "--reason", "New facts.")
    undone(run)
    assert json.loads(run("show", case, "--json").out)["case"]["status"] == "declined"
    undone(run)
    assert json.loads(run("show", case, "--json").out)["case"]["status"] == "assessing"


def test_what_somebody_built_on_stays(
    run: Run, git: Git, case: str, new_case: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_case("--country", "BY")
    run("note", case, "She called.")
    with monkeypatch.context() as boris:
        boris.setenv("GIT_COMMITTER_EMAIL", "boris@forum.example")
        boris.setenv("GIT_AUTHOR_EMAIL", "boris@forum.example")
        run("hearing", case, "--at", "2026-11-20")
        assert f"no act on {other} on this branch was made by boris@forum.example" in refused(run, git, other)
    newest = git("rev-parse", "HEAD").strip()[:10]
    said = refused(run, git)
    assert f"cannot be undone: {case} was changed later, by hearing of 2026-10-31 ({newest})" in said
    assert "put it right by an act of your own" in said
    undone(run, other)  # another record has nothing to do with it


def test_an_act_over_many_records_goes_whole_or_not_at_all(
    register: Path, run: Run, git: Git, case: str, new_case: Callable[..., str], tree: Callable[[], str]
) -> None:
    other = new_case("--country", "BY")
    for one in (case, other):
        file = file_of(register, one)
        file.write_text("# by hand\n" + file.read_text().replace('"2026-10-31"', "'2026-10-31'"))
    git("commit", "-qam", "x")
    untidy = tree()
    assert run("fmt").exit_code == 0
    assert len(git("show", "--format=", "--name-only", "HEAD").split()) == 2
    tidied = git("rev-parse", "HEAD").strip()
    undone(run, other)
    assert tree() == untidy
    undone(run)
    run("note", case, "She called.")
    said = refused(run, git, other)
    assert f"undo that first: solidarity undo {case}" in said
    undone(run, case)
    assert git("rev-parse", f"{tidied}^{{tree}}").strip() == tree()


def test_what_other_records_rely_on_stays(
    register: Path, run: Run, git: Git, case: str, new_case: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What relies on it is a record of its own, and nobody has touched the file that would go or go back."""
    other = new_case("--country", "BY")
    run("assess", case, "--decision", "more-information", "--reason", "Too little is known.")
    assert run("hearing", case, "--at", "2026-11-20").exit_code == 0
    with monkeypatch.context() as boris:
        boris.setenv("GIT_COMMITTER_EMAIL", "boris@forum.example")
        answer = run("-q", "link-action", case, "--type", "monitoring", "--hearing", "h1")
        assert answer.exit_code == 0, answer
        text = file_of(register, case).read_text()
        third = new_case("--country", "KZ")
        file = file_of(register, third)
        file.write_text(file.read_text() + f'links:\n  - case: "{other}"\n    relation: same-event\n')
        git("commit", "-qam", "x")
    said = refused(run, git, case)
    assert f"for then {answer.out.strip()} attends hearing h1 of {case}, which has no such hearing [links]" in said
    assert file_of(register, case).read_text() == text
    assert f"{third} is linked to what would go" in refused(run, git, other)


@pytest.mark.parametrize("which", ["init", "by-hand", "keys", "schemas", "sent", "unreadable", "no-utf-8"])
def test_acts_that_stay(register: Path, run: Run, git: Git, which: str, request: pytest.FixtureRequest) -> None:
    if which != "init":
        case = request.getfixturevalue("case")
    if which == "by-hand":
        file = next(register.glob(f"cases/*/{case}.yaml"))
        file.write_text(file.read_text().replace('country: "RU"', 'country: "BY"'))
        git("commit", "-qam", "x")
    elif which == "keys":
        (register / "recipients.yaml").write_text("schema_version: 1\nrecipients: []\n")
        git("add", ".")
        git("commit", "-qm", "keys-add\n\nAct: keys-add")
    elif which == "schemas":
        shape = register / "schemas" / "case.schema.json"
        shape.write_text(shape.read_text() + "\n")
        git("commit", "-qam", "edit\n\nAct: edit")
    elif which == "sent":
        action = run("-q", "link-action", case, "--type", "monitoring").out.strip()
        file = file_of(register, action)
        file.write_text(file.read_text() + "shared_with: []\n")
        git("commit", "-qam", "edit\n\nAct: edit")
    elif which in ("unreadable", "no-utf-8"):
        file = file_of(register, case)
        good = file.read_bytes()
        file.write_bytes(b"<<<<<<< ours\n" if which == "unreadable" else b"\xff" + good)
        git("commit", "-qam", "x")
        file.write_bytes(good)
        git("commit", "-qam", "edit\n\nAct: edit")
    assert {
        "unreadable": "what was there before cannot be read",
        "no-utf-8": "what was there before cannot be read",
        "init": "init of 2026-10-31",
        "by-hand": "made by hand",
        "keys": "it changed who can unseal",
        "schemas": "it changed more than records and views",
        "sent": "what left cannot be called back",
    }[which] in refused(run, git)


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A sealed register, with the guard's hooks."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    assert run("init", "sealed", "--name", "Test Register", "--contact", "s@forum.example", at=tmp_path).exit_code == 0
    return tmp_path / "sealed"


def test_sealed_values_come_back_as_the_tokens_they_were(
    sealed: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(*arguments: str) -> Answer:
        answer = run("--no-input", *arguments, at=sealed)
        assert answer.exit_code == 0, answer
        return answer

    case = here("-q", "new-case", "--country", "RU", "--name", "Maria Zvontsova").out.strip()
    first = file_of(sealed, case).read_bytes()
    here("edit", case, "--set", "private.subject_name=Marina Zvontsova")
    answer = here("undo")
    assert file_of(sealed, case).read_bytes() == first
    assert "private.subject_name: Maria Zvontsova -> Marina Zvontsova" in answer.err
    assert f"to destroy it: solidarity erase {case} --reason …" in answer.err
    assert "Zvontsova" not in here("-q", "undo").err
    # Without a key the same is done, and nothing is told.
    with monkeypatch.context() as stranger:
        stranger.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "nobody"))
        answer = here("undo")
        assert "private.subject_name: changed (private)" in answer.err
        assert "Zvontsova" not in answer.err + here("undo", "-n").out
    assert file_of(sealed, case).read_bytes() == first
    assert '+  subject_name: "Marina Zvontsova"' in here("undo", "-n").out
    # A new case goes whole; its key stays, so that it can come back, and be erased.
    other = here("-q", "new-case", "--country", "BY", "--name", "Pjotr Kusnezow").out.strip()
    assert f"solidarity undo {other}; then: solidarity erase {other}" in here("undo").err
    assert "wrong: 1," in run("doctor", at=sealed).err  # that only one person can open it
    here("undo", other)
    assert json.loads(here("show", other, "--json").out)["case"]["private"]["subject_name"] == "Pjotr Kusnezow"
    here("erase", other, "--reason", "the person asked for it", "--confirm", other)
    refusal = run("undo", other, at=sealed)
    assert refusal.exit_code == 1
    assert "it destroyed a private part, for good" in refusal.err
    assert json.loads(here("audit", "--json").out)["findings"] == []


def test_in_review_mode_it_goes_where_the_acts_of_the_case_go(
    register: Path, run: Run, git: Git, case: str, tree: Callable[[], str]
) -> None:
    run("note", case, "She called.")
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("mode: direct", "mode: review"))
    git("commit", "-qam", "x")
    assert run("hearing", case, "--at", "2026-11-20").exit_code == 0
    assert git("branch", "--show-current").strip() == f"case/{case}"
    # On the branch, before anybody looks at it.
    undone(run)
    assert git("diff", "--stat", "main").strip() == ""
    # On the main branch it waits as every act does, and not beside what waits there already.
    git("switch", "-q", "main")
    before = git("rev-parse", "HEAD")
    answer = run("undo", case)
    assert answer.exit_code == 1
    assert f"{case} waits for review with changes that are not on main" in answer.err
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (before, "")
    git("branch", "-qD", f"case/{case}")
    answer = undone(run, case)
    assert "note of" in answer.out
    assert git("branch", "--show-current").strip() == f"case/{case}"
    assert "waits for review" in answer.err
    assert git("rev-parse", "main") == before
    card = json.loads(run("review", f"main..case/{case}", "--format", "json").out)
    assert {(one["field"], one["how"]) for one in card["records"][0]["fields"]} >= {("notes.n1.date", "removed")}
    # What was recorded on another branch is not there to be taken back here.
    git("switch", "-q", "main")
    assert "note of" in run("undo", case, "-n").err


def test_asked_on_a_terminal(register: Path, case: str, program: str, git: Git) -> None:
    """It is shown first, and a no leaves everything as it is."""
    for answered, said in ((b"n\n", "nothing was undone"), (b"y\n", "undone (")):
        here, there = pty.openpty()
        with subprocess.Popen([program, "undo"], cwd=register, stdin=there, stdout=there, stderr=there) as process:
            os.close(there)
            told = b""
            while b"take back" not in told:
                told += os.read(here, 4096)
            assert b"subject.country: RU" in told
            os.write(here, answered)
            with contextlib.suppress(OSError):
                while piece := os.read(here, 4096):
                    told += piece
            assert process.wait() == (0 if answered == b"y\n" else 1)
        os.close(here)
        assert said in told.decode()
        assert bool(git("ls-files", f"cases/*/{case}.yaml")) == (answered == b"n\n")


def test_refused_by_git_it_leaves_everything_as_it_was(register: Path, run: Run, git: Git, case: str) -> None:
    before = git("rev-parse", "HEAD")
    hook = register / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    answer = run("undo")
    assert answer.exit_code == 3
    assert "git did not accept the commit" in answer.err
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (before, "")
    hook.unlink()
    file = file_of(register, case)
    file.write_text(file.read_text() + "# being written\n")
    answer = run("undo")
    assert answer.exit_code == 3
    assert "holds changes that are in no commit" in answer.err
    assert file.read_text().endswith("# being written\n")
