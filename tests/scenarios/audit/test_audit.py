"""`solidarity audit`: a history that nobody touched is clean, and each attack on one is named, in real repositories."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Answer, Run
from tests.support.signers import Audit, Git, Hand, commit, edited, rules, sign_with

# A history that nobody touched


def test_a_clean_unsigned_register_says_what_is_not_proven(
    run: Run, new_case: Callable[..., str], audit: Audit
) -> None:
    case = new_case("--country", "RU", "--incident", "search")
    run("note", case, "Called back.")
    run("assess", case, "--decision", "more-information", "--reason", "Too little is known.")
    assert audit() == []
    answer = run("audit")
    assert answer.exit_code == 0
    assert "not proven: who made these acts: they bear no signature" in answer.out
    assert "4 acts verified: 0 errors, 0 warnings" in answer.err
    told = json.loads(run("audit", "--json").out)
    assert told["commits"] == 4
    assert [one["commits"] for one in told["unproven"]] == [4, 0]


def test_a_clean_signed_register(run: Run, signed: Path, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU", "--incident", "search")
    run("note", case, "Called back.")
    assert audit() == []
    told = json.loads(run("audit", "--json").out)
    # The act that made the register, the beginning of the list, and what only a checkpoint proves.
    assert [one["commits"] for one in told["unproven"]] == [1, 1, 0]
    event = json.loads(run("history", case, "--json").out)[-1]
    assert (event["signature"], event["signer"]) == ("good", "anna@forum.example")


# Who


def test_signed_by_one_person_in_anothers_name(
    signed: Path, git: Git, new_case: Callable[..., str], audit: Audit
) -> None:
    case = new_case("--country", "RU")
    edited(signed, case, 'country: "RU"', 'country: "BY"')
    made = commit(signed, who="boris")
    # Git itself takes it.
    git("config", "gpg.ssh.allowedSignersFile", str(signed / "allowed_signers"))
    git("verify-commit", made)
    assert [(one["rule"], one["commit"]) for one in audit()] == [("signer", made)]


def test_an_unsigned_act_between_signed_ones(signed: Path, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU")
    edited(signed, case, 'country: "RU"', 'country: "BY"')
    made = commit(signed, "--no-gpg-sign", who="anna")
    new_case("--country", "RU")
    assert [(one["rule"], one["commit"]) for one in audit()] == [("signed", made)]


def test_a_key_that_nobody_knows(
    signed: Path, git: Git, hand: Callable[[str], Hand], new_case: Callable[..., str], audit: Audit
) -> None:
    sign_with(git, hand("mallory"))
    new_case("--country", "RU")
    assert rules(audit()) == ["signed"]


def test_the_list_changed_and_used_at_once(
    signed: Path, git: Git, hand: Callable[[str], Hand], new_case: Callable[..., str], audit: Audit
) -> None:
    sign_with(git, hand("mallory"))
    with (signed / "allowed_signers").open("a") as file:
        file.write(hand("mallory").allowed())
    first = commit(signed, who="mallory")
    case = new_case("--country", "RU")
    second = git("rev-parse", "HEAD").strip()
    found = {(one["rule"], one["commit"]) for one in audit()}
    assert found == {("signers", first), ("signed", first), ("signed", second)}, case


def test_somebody_allowed_lets_another_in(
    signed: Path, git: Git, hand: Callable[[str], Hand], new_case: Callable[..., str], audit: Audit
) -> None:
    with (signed / "allowed_signers").open("a") as file:
        file.write(hand("clara").allowed())
    commit(signed, who="anna")
    sign_with(git, hand("clara"))
    new_case("--country", "RU")
    assert audit() == []


def test_the_list_taken_away(signed: Path, git: Git, new_case: Callable[..., str], audit: Audit) -> None:
    git("rm", "-q", "allowed_signers")
    commit(signed, who="anna")
    git("config", "commit.gpgsign", "false")
    new_case("--country", "RU")
    assert rules(audit()) == ["signers", "signed"]


def test_back_dated_with_an_expired_key(
    register: Path, git: Git, hand: Callable[[str], Hand], new_case: Callable[..., str], audit: Audit
) -> None:
    case = new_case("--country", "RU")
    (register / "allowed_signers").write_text(
        hand("anna").allowed() + hand("boris").allowed('valid-before="20260801Z"')
    )
    git("add", "allowed_signers")
    sign_with(git, hand("anna"))
    git("commit", "-qm", "the list")
    sign_with(git, hand("boris"))
    edited(register, case, 'country: "RU"', 'country: "BY"')
    late = commit(register, who="boris")
    edited(register, case, 'country: "BY"', 'country: "KZ"')
    back = commit(register, who="boris", date="2026-07-01T12:00:00+00:00")
    found = {(one["rule"], one["commit"]) for one in audit()}
    assert found == {("signed", late), ("clock", back)}


def test_an_author_spoofed(register: Path, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU")
    edited(register, case, 'country: "RU"', 'country: "BY"')
    commit(register, "--author", "Boris <boris@forum.example>")
    assert rules(audit(), "warning") == ["author"]


def test_a_note_in_anothers_name(register: Path, new_case: Callable[..., str], run: Run, audit: Audit) -> None:
    case = new_case("--country", "RU")
    run("note", case, "Called back.")
    file = next(register.glob(f"cases/*/{case}.yaml"))
    text = file.read_text()
    file.write_text(
        text.replace("notes:\n", 'notes:\n  - id: n9\n    date: "2026-10-31"\n    by: boris@forum.example\n')
    )
    commit(register)
    assert rules(audit(), "warning") == ["by"]


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("boris@forum.example", "an approval of assessments.a1 is in the name of somebody who did not make this act"),
        ("boris", "an approval of assessments.a1 names nobody by an address"),
        ("chair", "an approval of assessments.a1 names nobody by an address"),
        ("Coordinator@forum.example", ""),
    ],
)
def test_an_approval_in_anothers_name(
    register: Path, new_case: Callable[..., str], run: Run, audit: Audit, by: str, said: str
) -> None:
    case = new_case("--country", "RU")
    run("assess", case, "--decision", "decline", "--reason", "Outside the mandate.")
    approval = f'    approvals:\n      - by: {by}\n        date: "2026-10-31"\n'
    edited(register, case, "    decision: decline\n", f"    decision: decline\n{approval}")
    commit(register)
    assert [(one["rule"], one["severity"], one["message"]) for one in audit()] == (
        [("by", "warning", f"{case}: {said}")] if said else []
    )


def test_a_mailmap_changes_nothing(
    register: Path, git: Git, new_case: Callable[..., str], run: Run, audit: Audit
) -> None:
    case = new_case("--country", "RU")
    before = run("history", case, "--json").out
    (register / ".mailmap").write_text("Boris <boris@forum.example> Coordinator <coordinator@forum.example>\n")
    git("add", ".mailmap")
    git("commit", "-qm", "x")
    git("config", "log.mailmap", "true")
    assert run("history", case, "--json").out == before
    assert "boris" not in before
    assert audit() == []


# What is there


def refused(answer: Answer, *words: str) -> None:
    assert answer.exit_code == 3, answer
    assert all(word in answer.err for word in words), answer.err
    assert "mistake" not in answer.err


def test_replaced_grafted_and_shallow_histories_are_refused(
    register: Path, git: Git, new_case: Callable[..., str], run: Run, tmp_path: Path
) -> None:
    case = new_case("--country", "RU")
    before = run("history", case, "--json").out
    edited(register, case, 'country: "RU"', 'country: "BY"')
    made = commit(register)
    git("replace", made, "HEAD~1")
    refused(run("audit"), "replaced")
    assert made in run("history", case, "--json").out
    git("replace", "-d", made)
    assert run("audit").exit_code == 0
    grafts = register / ".git" / "info" / "grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{made}\n")
    refused(run("audit"), "grafted")
    (register / ".git" / "solidarity" / "past.sqlite").unlink()
    assert len(json.loads(run("history", case, "--json").out)) == len(json.loads(before)) + 1, "a graft hides nothing"
    grafts.unlink()
    clone = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", register.as_uri(), str(clone)], check=True)
    refused(run("audit", at=clone), "shallow")
    assert run("history", case, at=clone).exit_code == 3


def test_a_second_beginning(register: Path, git: Git, new_case: Callable[..., str], audit: Audit) -> None:
    new_case("--country", "RU")
    git("checkout", "-q", "--orphan", "other")
    git("commit", "-qm", "another beginning", "--allow-empty")
    other = git("rev-parse", "HEAD").strip()
    git("checkout", "-q", "main")
    git("merge", "-q", "--allow-unrelated-histories", "-m", "x", "other")
    assert ("one-root", other) in [(one["rule"], one["commit"]) for one in audit()]


def test_amended_and_force_pushed(
    register: Path, git: Git, run: Run, new_case: Callable[..., str], tmp_path: Path
) -> None:
    new_case("--country", "RU")
    bare, clone = tmp_path / "bare.git", tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--bare", str(register), str(bare)], check=True)
    subprocess.run(["git", "clone", "-q", str(bare), str(clone)], check=True)
    lost = git("rev-parse", "HEAD").strip()
    assert run("audit", at=clone).exit_code == 0
    git("commit", "-q", "--amend", "-m", "another", "--allow-empty")
    git("push", "-q", "--force", str(bare), "main")
    subprocess.run(["git", "fetch", "-q"], cwd=clone, check=True)
    subprocess.run(["git", "reset", "-q", "--hard", "origin/main"], cwd=clone, check=True)
    found = json.loads(run("audit", "--json", at=clone).out)["findings"]
    # The clone's own branch held it, and there that is a warning; that the remote did is an error once it fetched it.
    assert {(one["rule"], one["commit"]) for one in found} == {("rewritten", lost)}


def test_a_damaged_file_is_told(register: Path, git: Git, run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU")
    blob = git("rev-parse", f"HEAD:cases/2026/{case}.yaml").strip()
    file = register / ".git" / "objects" / blob[:2] / blob[2:]
    file.chmod(0o600)
    file.write_bytes(b"damaged")
    made = git("rev-parse", "HEAD").strip()
    answer = run("audit")
    assert answer.exit_code == 1
    assert f"error: {made[:10]} {case}: the file is damaged or missing here" in answer.out


# Records


def test_a_rewritten_note_and_a_deleted_one(
    register: Path, run: Run, new_case: Callable[..., str], audit: Audit
) -> None:
    case = new_case("--country", "RU")
    run("note", case, "She called.")
    run("note", case, "He called.")
    edited(register, case, "She called.", "Nobody called.")
    rewritten = commit(register)
    file = next(register.glob(f"cases/*/{case}.yaml"))
    lines = file.read_text().splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if "id: n1" in line)
    del lines[first : first + 3]
    file.write_text("".join(line for line in lines if "Nobody called" not in line))
    deleted = commit(register)
    found = audit()
    assert [(one["rule"], one["commit"]) for one in found if one["commit"] == rewritten] == [("append-only", rewritten)]
    assert {one["message"] for one in found if one["commit"] == deleted} == {
        f"{case}: notes.n1 was altered or taken out",
        f"{case}: private.notes.n1 was altered or taken out",
    }
    assert "called" not in json.dumps(found)


def test_an_assessment_altered_later(register: Path, run: Run, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU")
    run("assess", case, "--decision", "decline", "--reason", "Outside the mandate.")
    assert audit() == []
    edited(register, case, "Outside the mandate.", "Too late.")
    made = commit(register)
    assert [(one["rule"], one["commit"], one["record"]) for one in audit()] == [("append-only", made, case)]


def test_an_assessment_added_to_later(register: Path, run: Run, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU")
    run("assess", case, "--decision", "decline", "--reason", "Outside the mandate.")
    edited(register, case, "    decision: decline\n", "    decision: decline\n    risk_level: low\n")
    commit(register)
    assert rules(audit()) == ["append-only"]


def test_what_may_come_later(run: Run, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case(
        "--country", "RU", "--incident", "search", "--subject-kind", "organisation", "--membership", "member"
    )
    for words in (
        ("consent", case, "--use", "publicity-organisation", "--answer", "granted"),
        ("consent", case, "--use", "publicity-organisation", "--answer", "granted", "--withdraw"),
        ("assess", case, "--decision", "assist", "--reason", "In the mandate.", "--basis", "un-hrd-5"),
        ("approve", case, "--by", "boris@forum.example"),
        ("set-status", case, "monitoring", "--reason", "Quiet."),
        ("set-status", case, "closed", "--reason", "Over.", "--outcome", "threat-ended"),
        ("edit", case, "--set", "closure.person_told=yes"),
        ("set-status", case, "assessing", "--reason", "New facts."),
    ):
        run(*words)
    assert rules(audit()) == []


def test_a_status_that_is_no_step(register: Path, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU")
    edited(register, case, "status: received", "status: monitoring")
    commit(register)
    assert rules(audit()) == ["steps"]


def test_a_record_deleted_and_added_again(register: Path, git: Git, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU")
    file = next(register.glob(f"cases/*/{case}.yaml"))
    text = file.read_text()
    git("rm", "-q", str(file))
    made = commit(register)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    git("add", ".")
    commit(register)
    assert [(one["rule"], one["commit"]) for one in audit()] == [("kept", made)]


def test_a_case_file_moved_onto_anothers_id(
    register: Path, git: Git, new_case: Callable[..., str], audit: Audit
) -> None:
    first, second = new_case("--country", "RU"), new_case("--country", "BY")
    one, two = (next(register.glob(f"cases/*/{case}.yaml")) for case in (first, second))
    git("mv", "-f", str(one), str(two))
    commit(register)
    found = audit()
    assert [one["record"] for one in found if one["rule"] == "same-id"] == [second]
    assert [one["record"] for one in found if one["rule"] == "kept"] == [first]


def test_a_file_that_could_not_be_read_for_one_act(
    register: Path, run: Run, new_case: Callable[..., str], audit: Audit
) -> None:
    case = new_case("--country", "RU")
    run("note", case, "She called.")
    file = next(register.glob(f"cases/*/{case}.yaml"))
    good = file.read_text()
    file.write_text("<<<<<<< ours\n" + good)
    broken = commit(register)
    file.write_text(good.replace('country: "RU"', 'country: "BY"'))
    commit(register)
    assert [(one["rule"], one["commit"]) for one in audit()] == [("shape", broken)]
    told = json.loads(run("history", case, "--json").out)
    assert told[-2]["unreadable"] == [case]
    assert told[-1]["changes"] == [{"record": case, "field": "subject.country", "old": "RU", "new": "BY"}]


def test_a_schema_is_that_of_its_commit(register: Path, new_case: Callable[..., str], audit: Audit) -> None:
    case = new_case("--country", "RU")
    edited(register, case, "status: received", "status: received\nnickname: none")
    wrong = commit(register)
    schema = register / "schemas" / "case.schema.json"
    shape = json.loads(schema.read_text())
    shape["properties"]["nickname"] = {"type": "string"}
    schema.write_text(json.dumps(shape))
    commit(register)
    edited(register, case, "nickname: none", "nickname: some")
    commit(register)
    found = audit()
    assert [(one["rule"], one["commit"]) for one in found] == [("shape", wrong)]
    assert "nickname" not in found[0]["message"]


def test_a_retired_key_comes_back(register: Path, git: Git, audit: Audit) -> None:
    head = 'schema_version: 1\nrecipients:\n  - name: "anna"\n    key: "age1a"\n    since: "2026-10-01"\n'
    gone = 'retired:\n  - name: "boris"\n    key: "age1b"\n    until: "2026-10-02"\n    destroyed: false\n'
    file = register / "recipients.yaml"
    for text in (head + gone, head, head + '  - name: "boris"\n    key: "age1b"\n    since: "2026-10-03"\n' + gone):
        file.write_text(text)
        git("add", ".")
        commit(register)
    assert rules(audit()) == ["retired-key", "retired-key"]


# Merges


@pytest.fixture
def forked(register: Path, git: Git, new_case: Callable[..., str]) -> tuple[str, str]:
    """Two cases, changed on two branches: the first on both, the second on the other only."""
    first, second = new_case("--country", "RU"), new_case("--country", "BY")
    git("checkout", "-qb", "other")
    edited(register, first, 'country: "RU"', 'country: "RU"\n  region: "south"')
    edited(register, second, 'country: "BY"', 'country: "KZ"')
    commit(register)
    git("checkout", "-q", "main")
    edited(register, first, "status: received", "status: assessing")
    commit(register)
    return first, second


def merged(register: Path, git: Git, change: Callable[[], object]) -> str:
    subprocess.run(["git", "merge", "-q", "--no-commit", "other"], cwd=register, check=True, capture_output=True)
    change()
    git("add", ".")
    return commit(register)


def test_a_merge_by_fields_is_made_again(
    register: Path, git: Git, forked: tuple[str, str], run: Run, audit: Audit
) -> None:
    made = merged(register, git, lambda: None)
    assert audit() == []
    told = json.loads(run("history", forked[0], "--json").out)
    brought_in = [one["brought_in_by"] for one in told]
    # The merge itself, which both sides had changed, tells nothing that they have not told.
    assert sorted(filter(None, brought_in), key=str) == [{"commit": made, "review": ""}]
    assert len(brought_in) == 3


@pytest.mark.parametrize("which", ["brings-in", "takes-back", "drops", "loses-in-both"])
def test_an_evil_merge(register: Path, git: Git, forked: tuple[str, str], audit: Audit, which: str) -> None:
    first, second = forked
    changes = {
        "brings-in": lambda: edited(register, second, 'country: "KZ"', 'country: "TR"'),
        "takes-back": lambda: edited(register, second, 'country: "KZ"', 'country: "BY"'),
        "drops": lambda: next(register.glob(f"cases/*/{second}.yaml")).unlink(),
        "loses-in-both": lambda: edited(register, first, "\n  region: south", ""),
    }
    made = merged(register, git, changes[which])
    found = audit()
    assert [(one["rule"], one["commit"]) for one in found] == [("merge", made)]
    assert found[0]["record"] == (first if which == "loses-in-both" else second)


def test_a_choice_between_two_values_is_no_attack(
    register: Path, git: Git, new_case: Callable[..., str], audit: Audit
) -> None:
    case = new_case("--country", "RU")
    git("checkout", "-qb", "other")
    edited(register, case, 'country: "RU"', 'country: "KZ"')
    commit(register)
    git("checkout", "-q", "main")
    edited(register, case, 'country: "RU"', 'country: "TR"')
    commit(register)
    subprocess.run(["git", "merge", "-q", "other"], cwd=register, check=False, capture_output=True)
    git("checkout", "--theirs", "--", "cases")
    git("add", ".")
    commit(register)
    assert audit() == []


def test_what_somebody_typed_for_a_name_is_not_repeated(
    register: Path, git: Git, run: Run, new_case: Callable[..., str]
) -> None:
    case = new_case("--country", "RU")
    run("note", case, "She called.")
    text = next(register.glob(f"cases/*/{case}.yaml")).read_text()
    file = register / "cases" / "2026" / "Ivan-Petrov.yaml"
    file.write_text(text.replace("n1", "Ivan Petrov"))
    git("add", ".")
    commit(register)
    file.write_text(text.replace("n1", "Ivan Petrov").replace("by: ", "by: Petrov "))
    commit(register)
    file.unlink()
    commit(register)
    answer = run("audit")
    assert answer.exit_code == 1
    assert "a file in cases was deleted [kept]" in answer.out
    assert "Petrov" not in answer.out + answer.err + run("audit", "--json").out
