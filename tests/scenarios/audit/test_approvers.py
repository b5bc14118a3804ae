"""Where acts are signed, an approval is that of whoever signed it: a name alone can be written by anybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run
from tests.support.signers import Git, Hand, commit, edited, sign_with


@pytest.fixture
def decided(register: Path, run: Run, git: Git, new_case: Callable[..., str]) -> str:
    """A case with a decision by the coordinator that asks for one approval; nobody signs yet."""
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("quorum: 0", "quorum: 1"))
    git("commit", "-qam", "the Group decides")
    case = new_case("--country", "RU", "--incident", "search@2026-10-01", "--membership", "member")
    said = ("--decision", "assist", "--reason", "a reason", "--basis", "un-hrd-12.2", "--life-at-risk", "no")
    assert run("--no-input", "assess", case, *said).exit_code == 0
    return case


@pytest.fixture
def listed(register: Path, git: Git, hand: Callable[[str], Hand]) -> None:
    """From now on Anna and Boris are on the list of allowed signers; Anna is at the keyboard."""
    (register / "allowed_signers").write_text(hand("anna").allowed() + hand("boris").allowed())
    git("add", "allowed_signers")
    sign_with(git, hand("anna"))
    git("commit", "-qm", "the list")


def waits(run: Run, case: str) -> str:
    """What `validate` says of missing approvals; empty when there are enough."""
    found = json.loads(run("validate", case, "--format", "json").out)["findings"]
    assert json.loads(run("validate", "--format", "json").out)["findings"] == found
    return next((one["message"] for one in found if one["rule"] == "quorum"), "")


def test_without_signatures_the_name_counts(run: Run, decided: str) -> None:
    assert waits(run, decided)
    assert run("approve", decided, "--by", "Boris <boris@forum.example>").exit_code == 0
    assert not waits(run, decided)


def test_a_signed_approval_counts_for_whoever_signed_it(
    run: Run, decided: str, listed: None, git: Git, hand: Callable[[str], Hand]
) -> None:
    sign_with(git, hand("boris"))
    assert run("approve", decided).exit_code == 0
    assert not waits(run, decided)


def test_a_name_that_somebody_else_signed_is_that_of_the_signer(
    run: Run, decided: str, listed: None, register: Path, git: Git, hand: Callable[[str], Hand]
) -> None:
    """The assessor writes down two approvals in the names of others: all three are one person."""
    sign_with(git, hand("anna"))
    said = ("--decision", "assist", "--reason", "another", "--basis", "un-hrd-12.2", "--life-at-risk", "no")
    assert run("--no-input", "assess", decided, *said).exit_code == 0
    assert run("approve", decided, "--by", "boris@forum.example").exit_code == 0
    assert "one counts for whoever signed it" in waits(run, decided)
    sign_with(git, hand("boris"))
    assert run("approve", decided, "--by", "clara@forum.example").exit_code == 0
    assert not waits(run, decided)


def test_unsigned_where_others_sign_it_counts_for_nobody(run: Run, decided: str, listed: None, git: Git) -> None:
    git("config", "commit.gpgsign", "false")
    assert run("approve", decided, "--by", "boris@forum.example").exit_code == 0
    assert "one counts for whoever signed it" in waits(run, decided)


def test_by_a_key_that_is_not_on_the_list_it_counts_for_nobody(
    run: Run, decided: str, listed: None, git: Git, hand: Callable[[str], Hand]
) -> None:
    sign_with(git, hand("clara"))
    assert run("approve", decided).exit_code == 0
    assert "one counts for whoever signed it" in waits(run, decided)


def test_from_before_the_list_the_name_counts(
    register: Path, run: Run, decided: str, git: Git, hand: Callable[[str], Hand]
) -> None:
    assert run("approve", decided, "--by", "boris@forum.example").exit_code == 0
    (register / "allowed_signers").write_text(hand("anna").allowed())
    git("add", "allowed_signers")
    sign_with(git, hand("anna"))
    git("commit", "-qm", "the list")
    assert not waits(run, decided)


def test_one_that_was_taken_back_is_not_brought_back_by_somebody_else(
    register: Path, run: Run, decided: str, listed: None, git: Git, hand: Callable[[str], Hand]
) -> None:
    sign_with(git, hand("boris"))
    assert run("approve", decided).exit_code == 0
    text = next(register.glob(f"cases/*/{decided}.yaml")).read_text()
    git("revert", "--no-edit", "HEAD")
    assert waits(run, decided)
    git("config", "commit.gpgsign", "false")
    next(register.glob(f"cases/*/{decided}.yaml")).write_text(text)
    commit(register, who="mallory")
    assert waits(run, decided)


def test_a_forged_merge_cannot_lend_a_name(
    register: Path, run: Run, decided: str, listed: None, git: Git, hand: Callable[[str], Hand]
) -> None:
    git("switch", "-qc", "beside", "HEAD~1")
    git("commit", "-q", "--allow-empty", "-m", "beside")
    git("switch", "-q", "main")
    git("merge", "-q", "--no-commit", "--no-ff", "beside")
    approval = "    approvals:\n      - {by: boris@forum.example, date: 2026-10-31}\n"
    edited(register, decided, "    by: ", f"{approval}    by: ")
    git("config", "commit.gpgsign", "false")
    commit(register, who="mallory")
    assert "one counts for whoever signed it" in waits(run, decided)


def test_the_card_asks_about_a_name_that_its_owner_did_not_sign(
    register: Path, run: Run, decided: str, listed: None, git: Git
) -> None:
    git("switch", "-qc", f"case/{decided}")
    text = ["-c", "user.name=Boris", "-c", "user.email=boris@forum.example"]
    assert run("approve", decided, "--by", "boris@forum.example").exit_code == 0
    git(*text, "commit", "-q", "--amend", "--no-gpg-sign", "--reset-author", "--no-edit")
    card = json.loads(run("review", f"main..case/{decided}", "--format", "json").out)
    assert [one["is_own"] for record in card["records"] for one in record["approvals"]] == [False]
    assert {"what": "approvals", "record": decided} in card["asks"]
    assert {"what": "decide", "record": decided} in card["asks"]
