"""Lists of allowed signers that let in more than they name, and commits with other headers than git writes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solidarity_cli.git.allowed_signers import of_persons, unrestricted_lines
from solidarity_cli.git.sshsig import State, verify
from solidarity_cli.git.sshsig import sign as signed_text
from solidarity_cli.history.signatures import NAMESPACE
from tests.support.program import Run
from tests.support.signers import Audit, Git, Hand, commit, rules, sign_with

OPEN = {
    "anybody": "* {key}",
    "a pattern": "anna@* {key}",
    "a letter": "anna@forum.exampl? {key}",
    "all but one": "!boris@forum.example,*@forum.example {key}",
    "in quotes": '"*@forum.example" namespaces="git" {key}',
    "after blanks": "\t*\t{key}",
    "an authority": "anna@forum.example cert-authority {key}",
    "an authority among options": 'anna@forum.example namespaces="git,ssh- ",Cert-Authority {key}',
    "nothing that ends": "anna@forum.example\0 {key}",
}
CLOSED = (
    "anna@forum.example {key}",
    "anna@forum.example,anna@home.example {key} cert-authority of nothing * ?",
    'boris@forum.example valid-before="20270101Z",namespaces="git" {key}',
    "# * {key}",
    "",
)


@pytest.mark.parametrize("line", OPEN.values(), ids=list(OPEN))
def test_a_line_that_lets_in_others_counts_for_nobody(line: str, hand: Callable[[str], Hand]) -> None:
    listed = "\n".join((CLOSED[0], line, CLOSED[2])).format(key=hand("eve").public).encode()
    assert list(unrestricted_lines(b"", listed)) == [2]
    assert list(unrestricted_lines(listed, listed)) == []
    assert of_persons(listed).count(b"\n") == 1
    signature = signed_text(b"x", str(hand("eve").key), NAMESPACE, asks=False)
    only = f"{line}\n".format(key=hand("eve").public).encode()
    found = verify(b"x", signature, NAMESPACE, allowed=only, at=datetime(2026, 10, 31, tzinfo=UTC))
    assert found.state is State.UNKNOWN


def test_lines_of_persons_count_as_they_are(hand: Callable[[str], Hand]) -> None:
    listed = "\n".join(CLOSED).format(key=hand("anna").public).encode()
    assert of_persons(listed) == listed
    assert list(unrestricted_lines(b"", listed)) == []


def test_a_key_of_anybody_is_told_where_it_comes_in_and_lets_nobody_in(
    signed: Path, git: Git, hand: Callable[[str], Hand], new_case: Callable[..., str], audit: Audit, run: Run
) -> None:
    with (signed / "allowed_signers").open("a") as file:
        file.write(f"* {hand('eve').public}\n")
    opening = commit(signed, who="anna")
    sign_with(git, hand("eve"))
    git("config", "user.email", "anna@forum.example")
    case = new_case("--country", "RU")
    made = git("rev-parse", "HEAD").strip()
    assert {(one["rule"], one["commit"]) for one in audit()} == {("one-person", opening), ("signed", made)}
    assert json.loads(run("history", case, "--json").out)[-1]["signature"] == "good, by a key that is not known here"


# Headers of a commit


def headed(register: Path, git: Git, hand: Hand, *names: str) -> str:
    """An act of Anna's on top of all, with her signature in headers of these names."""
    above, tree = git("rev-parse", "HEAD").strip(), git("rev-parse", "HEAD^{tree}").strip()
    who = "Anna <anna@forum.example> 1793448000 +0000"
    head, message = f"tree {tree}\nparent {above}\nauthor {who}\ncommitter {who}\n", "\nx\n"
    lines = signed_text(f"{head}{message}".encode(), str(hand.key), NAMESPACE, asks=False).rstrip("\n").split("\n")
    headers = "".join(f"{name} " + "\n ".join(lines) + "\n" for name in names)
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"], cwd=register, check=True, capture_output=True,
        input=f"{head}{headers}{message}".encode(),
    ).stdout.decode().strip()  # fmt: skip
    git("reset", "-q", "--hard", made)
    return made


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("gpgsig",), []),
        (("gpgsig", "gpgsig"), ["signed"]),
        (("gpgsig-sha256",), ["signed"]),
        (("gpgsig", "gpgsig-sha256"), ["signed"]),
    ],
)
def test_one_signature_in_its_own_header(
    signed: Path, git: Git, hand: Callable[[str], Hand], audit: Audit, names: tuple[str, ...], found: list[str]
) -> None:
    headed(signed, git, hand("anna"), *names)
    assert rules(audit()) == found
