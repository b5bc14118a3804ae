"""Acts that say they take back another: the true ones are clean to the audit, and every false one is named."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Once, Run
from tests.support.signers import Audit, Git, Hand, commit, edited, rules, sign_with


@pytest.fixture
def case(run: Run, new_case: Callable[..., str], once: Once) -> str:
    """A case with a note."""

    def build() -> str:
        one = new_case("--country", "RU")
        run("note", one, "She called.")
        return one

    return once(build)


def head(git: Git, revision: str = "HEAD") -> str:
    return git("rev-parse", revision).strip()


def forged(git: Git, register: Path, undoes: str, *, who: str = "coordinator", cases: str = "") -> str:
    """What is in the folder, committed as an act that says it takes back another; `cases` come from a revision."""
    if cases:
        git("rm", "-rq", "cases")
        git("checkout", "-q", cases, "--", "cases")
    git("add", "-A")
    return commit(register, "-m", f"undo\n\nAct: undo\nUndoes: {undoes}", who=who)


def said(found: list[dict[str, str]], made: str) -> str:
    """What the rule `undone` says of one act, which is all that it is asked about."""
    told = [one["message"] for one in found if one["rule"] == "undone"]
    assert [one["commit"] for one in found if one["rule"] == "undone"] == [made]
    assert len(told) == 1
    return told[0]


def test_what_is_rightly_taken_back_is_clean(
    register: Path, run: Run, git: Git, case: str, new_case: Callable[..., str], audit: Audit
) -> None:
    run("undo")
    run("undo")
    run("assess", case, "--decision", "decline", "--reason", "Outside the mandate.")
    run("undo")
    new_case("--country", "BY")
    assert run("audit", "--json").exit_code == 0
    run("undo")
    assert audit() == []
    # By hand it is as good, for it is the objects that are asked and not the program.
    noted = head(git, "HEAD~6")
    assert json.loads(run("history", case, "--json").out)[1]["commit"] == noted
    made = forged(git, register, head(git, "HEAD~4"), cases="HEAD~5")
    assert audit() == [], made


@pytest.mark.parametrize("whose", ["coordinator", "boris"])
def test_of_anothers_act(
    register: Path,
    run: Run,
    git: Git,
    case: str,
    audit: Audit,
    whose: str,
) -> None:
    made = forged(git, register, head(git), who=whose, cases="HEAD~1")
    found = audit()
    if whose == "coordinator":
        assert found == []
        return
    assert said(found, made) == "it takes back the act of somebody else"
    assert "append-only" in rules(found)


def test_with_more_than_the_act_did(
    register: Path,
    git: Git,
    case: str,
    new_case: Callable[..., str],
    run: Run,
    audit: Audit,
) -> None:
    other = new_case("--country", "BY")
    run("note", other, "He called.")
    noted = head(git)
    file = next(register.glob(f"cases/*/{other}.yaml"))
    git("checkout", "-q", "HEAD~1", "--", str(file))
    next(register.glob(f"cases/*/{case}.yaml")).unlink()
    made = forged(git, register, noted)
    found = audit()
    assert said(found, made) == "it changes more than the act that it takes back"
    assert {"append-only", "kept"} <= set(rules(found))


def test_under_the_same_name_in_another_folder(
    register: Path,
    git: Git,
    case: str,
    audit: Audit,
) -> None:
    """The index knows a record by its id: a copy elsewhere must not stand for the file itself."""
    file = next(register.glob(f"cases/*/{case}.yaml"))
    before = subprocess.run(
        ["git", "show", f"HEAD~1:{file.relative_to(register)}"], cwd=register, check=True, capture_output=True
    ).stdout
    copy = register / "cases" / "2000" / file.name
    copy.parent.mkdir()
    copy.write_bytes(before)
    file.write_text(file.read_text().replace("She called.", "She never called."))
    made = forged(git, register, head(git))
    assert said(audit(), made) == "it changes more than the act that it takes back"


def test_with_something_else_than_was_there_before(
    register: Path,
    git: Git,
    case: str,
    audit: Audit,
) -> None:
    git("checkout", "-q", "HEAD~1", "--", "cases")
    noted = head(git)
    edited(register, case, 'country: "RU"', 'country: "BY"')
    made = forged(git, register, noted)
    found = audit()
    assert said(found, made).startswith("it does not bring back what was there before")
    assert "append-only" in rules(found)


def test_of_a_part_of_an_act(register: Path, run: Run, git: Git, case: str, audit: Audit) -> None:
    action = run("-q", "link-action", case, "--type", "monitoring").out.strip()
    edited(register, action, "status: planned", "status: done")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    both = commit(register, "-m", "edit\n\nAct: edit")
    edited(register, case, 'country: "BY"', 'country: "RU"')
    made = forged(git, register, both)
    assert said(audit(), made) == "it takes back only a part of an act"


def test_after_others_built_on_it(register: Path, run: Run, git: Git, case: str, audit: Audit) -> None:
    noted = head(git)
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register, who="boris")
    made = forged(git, register, noted, cases=f"{noted}~1")
    found = audit()
    assert said(found, made) == "it takes back an act on which others had built"
    assert "append-only" in rules(found)


@pytest.mark.parametrize("which", ["nowhere", "shortened", "elsewhere", "none", "two", "a-merge"])
def test_of_an_act_that_it_does_not_follow(
    register: Path,
    git: Git,
    case: str,
    audit: Audit,
    which: str,
) -> None:
    noted = taken_back = head(git)
    if which == "elsewhere":
        # A branch did the same, and came in later by a merge.
        git("checkout", "-qb", "other", f"{noted}~1")
        git("checkout", "-q", noted, "--", "cases")
        taken_back = commit(register, "-m", "note\n\nAct: note", date="2026-10-31T13:00:00+00:00")
        git("checkout", "-q", "main")
    elif which == "a-merge":
        git("checkout", "-qb", "other", f"{noted}~1")
        commit(register, "--allow-empty")
        git("checkout", "-q", "main")
        git("merge", "-q", "--no-ff", "-m", "note\n\nAct: note", "other")
        taken_back = head(git)
    names = {"nowhere": "ab" * 20, "shortened": noted[:12], "none": "", "two": f"{noted}\nUndoes: {noted[::-1]}"}
    made = forged(git, register, names.get(which, taken_back), cases=f"{noted}~1")
    if which == "elsewhere":
        git("merge", "-q", "-s", "ours", "-m", "x", "other")
    message = [one["message"] for one in audit() if (one["rule"], one["commit"]) == ("undone", made)]
    if which == "a-merge":
        assert message == ["it takes back an act that is not to be taken back: it brought two lines of acts together"]
    else:
        assert message == ["it says that it takes back an act, and names none of those before it"]


def test_of_what_is_never_taken_back(
    register: Path,
    git: Git,
    case: str,
    audit: Audit,
) -> None:
    file = next(register.glob(f"cases/*/{case}.yaml"))
    good = file.read_text()
    wanted = []
    for verb, change in (
        ("erase", lambda: file.write_text(good + 'erasure:\n  date: "2026-10-31"\n')),
        # Whatever it calls itself: an erasure is known by what it does.
        ("edit", lambda: file.write_text(good + 'erasure:\n  date: "2026-10-31"\n')),
        ("keys-add", lambda: (register / "recipients.yaml").write_text("schema_version: 1\nrecipients: []\n")),
        ("", lambda: edited(register, case, 'country: "RU"', 'country: "BY"')),
    ):
        before = head(git)
        change()
        git("add", "-A")
        did = commit(register, "-m", f"x\n\nAct: {verb}" if verb else "x")
        git("rm", "-q", "--ignore-unmatch", "recipients.yaml")
        git("checkout", "-q", before, "--", "cases")
        wanted.append(forged(git, register, did))
    found = [one for one in audit() if one["rule"] == "undone"]
    assert [one["commit"] for one in found] == wanted
    assert [one["message"].partition(": ")[2] for one in found] == [
        "it destroyed a private part, for good",
        "it destroyed a private part, for good",
        "it changed who can unseal",
        "it was made by hand, and no verb says what it was meant to be",
    ]


def test_signed_by_another_it_is_named_as_that(
    signed: Path,
    run: Run,
    git: Git,
    hand: Callable[[str], Hand],
    audit: Audit,
    new_case: Callable[..., str],
) -> None:
    case = new_case("--country", "RU")
    run("note", case, "She called.")
    run("undo")
    assert audit() == []
    sign_with(git, hand("boris"))
    git("config", "user.email", "anna@forum.example")
    assert run("undo").exit_code == 0
    assert rules(audit()) == ["signer"]


def test_what_is_rightly_taken_back_of_directory_and_views_is_clean(
    register: Path, run: Run, git: Git, audit: Audit
) -> None:
    entry = ("directory", "add", "relief", "--name", "Relief", "--service", "legal", "--channel", "x@relief.example")
    assert run(*entry).exit_code == run("list", "--country", "RU", "--save-as", "mine").exit_code == 0
    added, saved = head(git, "HEAD~1"), head(git)
    assert run("undo", "relief").exit_code == run("undo", "@mine").exit_code == 0
    assert audit() == []
    # By hand it is as good: the entry once more, and taken back once more.
    assert run("undo", "relief").exit_code == 0
    git("rm", "-q", "directory/relief.yaml")
    forged(git, register, head(git))
    assert audit() == []
    # One that is taken back already is not there to be taken back.
    git("checkout", "-q", saved, "--", "directory")
    made = forged(git, register, added)
    assert said(audit(), made) == "it takes back an act on which others had built"


@pytest.mark.parametrize("what", ["mode", "sealing", "quorum", "signers", "beside-a-view", "a-folder-deeper", "whole"])
def test_of_what_holds_for_everybody(register: Path, run: Run, git: Git, audit: Audit, what: str) -> None:
    """An act may call itself as it likes: what it did decides whether it can be taken back."""
    charter, signers = register / "register.yaml", register / "allowed_signers"
    assert run("list", "--country", "RU", "--save-as", "mine").exit_code == 0
    good, before = charter.read_text(), head(git)
    if what == "signers":
        signers.write_text("anna@forum.example ssh-ed25519 AAAA\n")
    elif what == "a-folder-deeper":
        (register / "directory" / "deeper").mkdir()
        (register / "directory" / "deeper" / "relief.yaml").write_text("id: relief\n")
    elif what == "whole":
        charter.unlink()
    else:
        old, new = {
            "mode": ("mode: direct", "mode: review"),
            "sealing": ("sealing: false", "sealing: 0"),
            "quorum": ("quorum: 0", "quorum: 2"),
            "beside-a-view": ("quorum: 0", "quorum: 2"),
        }[what]
        assert old in good
        text = good.replace(old, new)
        charter.write_text(text.replace('"RU"', '"BY"') if what == "beside-a-view" else text)
    git("add", "-A")
    did = commit(register, "-m", "list-save\n\nAct: list-save")
    if what == "whole":
        charter.write_text(good)
    else:
        git("rm", "-rq", "--ignore-unmatch", "allowed_signers", "directory/deeper")
        git("checkout", "-q", before, "--", "register.yaml")
    made = forged(git, register, did)
    told = "it takes back an act that is not to be taken back: it changed more than records and views"
    assert said(audit(), made) == told


@pytest.mark.parametrize("what", ["quorum", "signers"])
def test_of_a_view_with_what_holds_for_everybody(register: Path, run: Run, git: Git, audit: Audit, what: str) -> None:
    """The act that it names is one that may be taken back; what it does is another thing."""
    charter = register / "register.yaml"
    assert run("list", "--country", "RU", "--save-as", "mine").exit_code == 0
    saved = head(git)
    git("checkout", "-q", "HEAD~1", "--", "register.yaml")
    if what == "quorum":
        assert "quorum: 0" in charter.read_text()
        charter.write_text(charter.read_text().replace("quorum: 0", "quorum: 5"))
    else:
        (register / "allowed_signers").write_text("anna@forum.example ssh-ed25519 AAAA\n")
    made = forged(git, register, saved)
    assert (
        said(audit(), made)
        == {
            "quorum": "it does not bring back what was there before the act that it takes back",
            "signers": "it changes more than the act that it takes back",
        }[what]
    )
