"""Merges that git alone would hide something in: of more than two sides, across each other, over sealed notes."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Once, Run, run_at
from tests.support.signers import Audit, Git, Hand, commit, edited, rules, sign_with


@pytest.fixture
def case(run: Run, new_case: Callable[..., str], once: Once) -> str:
    """A case with an assessment and a note."""

    def build() -> str:
        made = new_case("--country", "RU", "--incident", "search", "--membership", "member")
        assert run("assess", made, "--decision", "assist", "--reason", "work", "--basis", "un-hrd-5").exit_code == 0
        assert run("note", made, "first").exit_code == 0
        return made

    return once(build)


def about(audit: Audit, made: str) -> list[tuple[str, str]]:
    """Rule and record of the errors in one act."""
    return [(one["rule"], one["record"]) for one in audit() if one["commit"] == made and one["severity"] == "error"]


# More than two sides


def with_parents(register: Path, git: Git, *parents: str) -> str:
    """All that lies there as a commit with these parents, and nothing told of it by git."""
    git("add", "--all")
    tree = git("write-tree").strip()
    sides = "".join(f"parent {one}\n" for one in parents)
    who = "Eve <eve@elsewhere.example> 1793448000 +0000"
    text = f"tree {tree}\n{sides}author {who}\ncommitter {who}\n\nx\n"
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"], cwd=register, check=True, capture_output=True,
        input=text.encode(),
    ).stdout.decode().strip()  # fmt: skip
    git("reset", "-q", "--hard", made)
    return made


@pytest.mark.parametrize("times", [2, 3])
def test_one_side_merged_with_itself(
    register: Path, git: Git, case: str, new_case: Callable[..., str], audit: Audit, times: int
) -> None:
    other = new_case("--country", "BY")
    next(register.glob(f"cases/*/{other}.yaml")).unlink()
    edited(register, case, "reason: work", "reason: never")
    made = with_parents(register, git, *[git("rev-parse", "HEAD").strip()] * times)
    found = about(audit, made)
    assert found[0] == ("two-sides", "")
    told = ("merge", "merge") if times == 2 else ("append-only", "kept")
    assert {one for one in found[1:] if one[0] != "two-sides"} >= {(told[0], case), (told[1], other)}


@pytest.mark.parametrize("file", ["register.yaml", "schemas/case.schema.json", "recipients.yaml", "allowed_signers"])
def test_many_sides_bring_in_no_rules(register: Path, git: Git, case: str, audit: Audit, file: str) -> None:
    sides = [git("rev-parse", one).strip() for one in ("HEAD", "HEAD~1", "HEAD~2")]
    (register / file).write_text((register / file).read_text() + "\n" if (register / file).exists() else "x\n")
    made = with_parents(register, git, *sides)
    assert ("merge", "") in [(rule, "") for rule, _ in about(audit, made)]


# Sides that were merged into each other before


@pytest.fixture
def crossed(register: Path, run: Run, git: Git, case: str, new_case: Callable[..., str]) -> tuple[str, str]:
    """Two lines that have merged each other and went on: the merge of `line` into main has two beginnings."""
    other = new_case("--country", "BY")
    git("checkout", "-qb", "line")
    run("note", other, "one")
    theirs = git("rev-parse", "HEAD").strip()
    git("checkout", "-q", "main")
    run("note", case, "two")
    ours = git("rev-parse", "HEAD").strip()
    git("merge", "-q", "--no-edit", theirs)
    git("checkout", "-q", "line")
    git("merge", "-q", "--no-edit", ours)
    run("note", other, "three")
    run("edit", case, "--set", "urgency=high")
    git("checkout", "-q", "main")
    run("note", case, "four")
    assert len(git("merge-base", "--all", "main", "line").split()) == 2
    return case, other


def merged(register: Path, git: Git, change: Callable[[], object], *, who: str = "coordinator") -> str:
    git("merge", "-q", "--no-commit", "line")
    change()
    git("add", "--all")
    return commit(register, who=who)


def test_an_honest_one_is_clean_and_proven(
    register: Path, git: Git, crossed: tuple[str, str], audit: Audit, run: Run
) -> None:
    merged(register, git, lambda: None)
    assert audit() == []
    told = json.loads(run("audit", "--json").out)["unproven"]
    assert not [one["what"] for one in told if "merges" in one["what"]]


ALTERED: dict[str, tuple[str, str]] = {
    "an assessment": ("reason: work", "reason: never"),
    "a note of both sides": ("first", "second"),
    "a note of one side": ("four", "fifth"),
    "a field of one side": ("urgency: high", "urgency: low"),
    "a status": ("status: assessing", "status: received"),
    "an id": ("id: n3", "id: n7"),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_one_alters_is_an_error(
    register: Path, git: Git, crossed: tuple[str, str], audit: Audit, what: str
) -> None:
    text = next(register.glob(f"cases/*/{crossed[0]}.yaml")).read_text()
    old, new = ALTERED[what]
    if what == "a status":
        old = re.search(r"^status: .*$", text, re.MULTILINE)[0]  # type: ignore[index]
    made = merged(register, git, lambda: edited(register, crossed[0], old, new))
    assert {record for _, record in about(audit, made)} == {crossed[0]}


def test_one_deletes_no_case(register: Path, git: Git, crossed: tuple[str, str], audit: Audit) -> None:
    made = merged(register, git, lambda: next(register.glob(f"cases/*/{crossed[1]}.yaml")).unlink())
    assert [record for _, record in about(audit, made)] == [crossed[1]]


def test_one_changes_neither_settings_nor_signers(
    register: Path, git: Git, crossed: tuple[str, str], audit: Audit, hand: Callable[[str], Hand]
) -> None:
    (register / "allowed_signers").write_text(hand("anna").allowed())
    git("add", "allowed_signers")
    sign_with(git, hand("anna"))
    git("commit", "-qm", "the list")

    def change() -> None:
        charter = register / "register.yaml"
        charter.write_text(charter.read_text().replace("quorum: 0", "quorum: 2"))
        (register / "allowed_signers").write_text(hand("anna").allowed() + hand("mallory").allowed())

    merged(register, git, change, who="anna")
    messages = [one["message"] for one in audit() if one["rule"] == "merge"]
    assert {one.partition(":")[0] for one in messages} == {"register.yaml", "allowed_signers"}
    assert rules(audit()) == ["merge", "merge"]


# What a person chose


def test_a_choice_alters_nothing_that_is_only_added(register: Path, git: Git, case: str, audit: Audit) -> None:
    """Both sides rewrote the same assessment, each an attack of its own; a merge that makes a third of it is one, too."""
    git("checkout", "-qb", "line")
    edited(register, case, "reason: work", "reason: theirs")
    commit(register)
    git("checkout", "-q", "main")
    edited(register, case, "reason: work", "reason: ours")
    commit(register)
    subprocess.run(["git", "merge", "-q", "line"], cwd=register, check=False, capture_output=True)
    git("checkout", "--ours", "--", "cases")
    edited(register, case, "reason: ours", "reason: a third")
    git("add", "--all")
    made = commit(register)
    assert about(audit, made) == [("append-only", case)]


def test_a_line_of_the_list_that_both_sides_have_stays(
    signed: Path, git: Git, audit: Audit, hand: Callable[[str], Hand]
) -> None:
    file = signed / "allowed_signers"
    begun = file.read_text()
    git("checkout", "-qb", "line")
    file.write_text(begun + hand("clara").allowed())
    git("commit", "-qam", "clara")
    git("checkout", "-q", "main")
    file.write_text(begun + hand("dora").allowed())
    git("commit", "-qam", "dora")
    subprocess.run(["git", "merge", "-q", "line"], cwd=signed, check=False, capture_output=True)
    file.write_text(hand("anna").allowed() + hand("clara").allowed() + hand("dora").allowed())
    git("commit", "-qam", "without Boris")
    assert [one["message"] for one in audit() if one["rule"] == "merge"] == [
        "allowed_signers: a line of it is not what the two sides make together"
    ]


# Sealed notes


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str, Path]:
    """A sealed register, and a case with a note, to which two people have added one more each: the second moved on."""
    monkeypatch.setenv("SOLIDARITY_IDENTITIES", str(tmp_path / "identities"))
    assert run_at(tmp_path, "init", "sealed", "--name", "Sealed").exit_code == 0
    root = tmp_path / "sealed"
    case = run_at(root, "-q", "--no-input", "new-case", "--country", "RU").out.strip()
    for branch, note in (("main", "first"), ("line", "theirs"), ("main", "ours")):
        subprocess.run(["git", "checkout", "-q", "-B" if branch == "line" else "-q", branch], cwd=root, check=True)
        assert run_at(root, "note", case, note).exit_code == 0
    subprocess.run(["git", "merge", "-q", "--no-commit", "line"], cwd=root, check=True)
    return root, case, next(root.glob(f"cases/*/{case}.yaml"))


def tokens(file: Path) -> dict[str, str]:
    """Id of a note -> its sealed text."""
    return dict(re.findall(r'^    (n\d+): "?(sealed:[^"\n]+)"?$', file.read_text(), re.MULTILINE))


def end_of(root: Path) -> list[tuple[str, str, str]]:
    subprocess.run(["git", "commit", "-q", "--no-verify", "-am", "merge"], cwd=root, check=True)
    told, full = (json.loads(run_at(root, "audit", "--json", *more).out) for more in ((), ("--full",)))
    assert told == full
    return [(one["rule"], one["severity"], one["record"]) for one in told["findings"]]


def test_a_note_that_got_another_number_is_all_that_is_not_proven(sealed: tuple[Path, str, Path]) -> None:
    root, _, file = sealed
    assert sorted(tokens(file)) == ["n1", "n2", "n3"]
    assert end_of(root) == []
    unproven = json.loads(run_at(root, "audit", "--json").out)["unproven"]
    assert [one["commits"] for one in unproven if "numbered anew" in one["what"]] == [1]


@pytest.mark.parametrize("how", ["removed", "overwritten", "its date", "one more note", "the third removed"])
def test_an_old_note_does_not_change_beside_it(sealed: tuple[Path, str, Path], how: str) -> None:
    root, case, file = sealed
    text, found = file.read_text(), tokens(file)
    first = found["n1"]
    changed = {
        "removed": re.sub(r'^    n1: "?sealed.*\n', "", text, flags=re.MULTILINE),
        "overwritten": text.replace(first, found["n2"]),
        "its date": re.sub(r"(- id: n1\n    date: ).*", r'\1"2026-10-30"', text),
        "one more note": re.sub(r"(  - id: n)1(\n    date: .*\n    by: .*\n)", r"\g<1>9\2\g<0>", text),
        "the third removed": re.sub(
            r"  - id: n3\n    date: .*\n    by: .*\n",
            "",
            re.sub(r'^    n3: "?sealed.*\n', "", text, flags=re.MULTILINE),
        ),
    }[how]
    assert changed != text
    file.write_text(changed)
    assert ("merge", "error", case) in end_of(root)
