"""What is hidden in a merge, in a list of signers or in a commit's headers is refused by a server in the audit's words."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.git.sshsig import sign
from solidarity_cli.history.signatures import NAMESPACE
from tests.scenarios.server.test_refusals import Ground
from tests.support.served import Pusher, Server


@pytest.fixture(scope="module")
def ground(
    tmp_path_factory: pytest.TempPathFactory, served: Callable[[Path], Server], pusher: Callable[..., Pusher]
) -> Ground:
    server = served(tmp_path_factory.mktemp("server") / "register.git")
    return Ground(pusher("anna", server), pusher("eve", served(tmp_path_factory.mktemp("other") / "r.git")))


def crossed(on: Ground) -> None:
    """Two lines that merged each other and went on, and their merge, not yet committed."""
    anna = on.anna
    anna.git("switch", "-q", "-c", "line")
    anna.does("note", on.other, "one")
    theirs = anna.git("rev-parse", "HEAD")
    anna.git("switch", "-q", "main")
    anna.does("note", on.case, "two")
    ours = anna.git("rev-parse", "HEAD")
    anna.git("merge", "-q", "--no-edit", theirs)
    anna.git("switch", "-q", "line")
    anna.git("merge", "-q", "--no-edit", ours)
    anna.does("note", on.other, "three")
    anna.git("switch", "-q", "main")
    anna.does("note", on.case, "four")
    anna.git("merge", "-q", "--no-commit", "line")
    anna.git("branch", "-q", "-D", "line")


def across_each_other(on: Ground) -> None:
    crossed(on)
    on.anna.edit(on.other, "id: n1", "id: n9")
    on.anna.commit()


def settings_across_each_other(on: Ground) -> None:
    crossed(on)
    charter = on.anna.clone / "register.yaml"
    charter.write_text(charter.read_text().replace("quorum: 0", "quorum: 3"))
    on.anna.commit()


def signers_across_each_other(on: Ground) -> None:
    crossed(on)
    file = on.anna.clone / "allowed_signers"
    file.write_text(file.read_text() + on.stranger.allowed)
    on.anna.commit()


def an_old_note_destroyed(on: Ground) -> None:
    anna = on.anna
    anna.git("switch", "-q", "-c", "line")
    anna.does("note", on.case, "theirs")
    anna.git("switch", "-q", "main")
    anna.does("note", on.case, "ours")
    anna.git("merge", "-q", "--no-commit", "line")
    anna.git("branch", "-q", "-D", "line")
    file = next(anna.clone.glob(f"cases/*/{on.case}.yaml"))
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("    n1: ")))
    anna.commit()


def one_side_twice(on: Ground) -> None:
    head = on.anna.git("rev-parse", "HEAD")
    by_git(on, on.anna.git("rev-parse", "HEAD^{tree}"), (head, head), times=1)


def signed_twice(on: Ground) -> None:
    by_git(on, on.anna.git("rev-parse", "HEAD^{tree}"), (on.anna.git("rev-parse", "HEAD"),), times=2)


def by_git(on: Ground, tree: str, parents: tuple[str, ...], *, times: int) -> None:
    """A commit as an attacker's own program writes it, with Anna's signature so many times."""
    who = f"anna <{on.anna.person.address}> 1793448000 +0000"
    head = f"tree {tree}\n{''.join(f'parent {one}{chr(10)}' for one in parents)}author {who}\ncommitter {who}\n"
    lines = sign(f"{head}\nx\n".encode(), str(on.anna.key), NAMESPACE, asks=False).rstrip("\n").split("\n")
    header = "gpgsig " + "\n ".join(lines) + "\n"
    asked = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    text = f"{head}{header * times}\nx\n".encode()
    made = subprocess.run(asked, cwd=on.anna.clone, check=True, capture_output=True, input=text).stdout.decode()
    on.anna.git("reset", "-q", "--hard", made.strip())


def a_key_of_anybody(on: Ground) -> None:
    file = on.anna.clone / "allowed_signers"
    file.write_text(file.read_text() + on.stranger.allowed.replace("eve@forum.example", "*"))
    on.anna.commit()


def an_authority(on: Ground) -> None:
    file = on.anna.clone / "allowed_signers"
    file.write_text(file.read_text() + on.stranger.allowed.replace(" ", " cert-authority ", 1))
    on.anna.commit()


def schemas_gone(on: Ground) -> None:
    shutil.rmtree(on.anna.clone / "schemas")
    on.anna.commit()


ATTACKS: dict[Callable[[Ground], None], tuple[str, ...]] = {
    across_each_other: ("{other}: notes.n9.date", "is not what the two sides make together", "[merge]"),
    settings_across_each_other: ("register.yaml: its content is not what the two sides make", "[merge]"),
    signers_across_each_other: ("allowed_signers: its content is not what the two sides make", "[merge]"),
    an_old_note_destroyed: ("{case}: private is not what the two sides make together", "[merge]"),
    one_side_twice: ("it merges one side with itself", "[two-sides]"),
    signed_twice: ("its signature is not one of this text", "[signed]"),
    a_key_of_anybody: ("line 2 of the list of allowed signers lets in more than one person", "[one-person]"),
    an_authority: ("line 2 of the list of allowed signers lets in more than one person", "[one-person]"),
    schemas_gone: ("the schemas of the register were taken away", "[schemas-kept]"),
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_it_is_refused_in_words_and_nothing_is_taken(ground: Ground, attack: Callable[[Ground], None]) -> None:
    anna, before = ground.anna, ground.server.state()
    try:
        attack(ground)
        answer = anna.push()
        said = " ".join(line.removeprefix("remote:").strip() for line in answer.err.splitlines() if "remote:" in line)
        assert answer.exit_code, answer
        for words in ATTACKS[attack]:
            assert words.format(case=ground.case, other=ground.other) in said, answer
        assert ground.server.state() == before
        # The same words in the clone that made it.
        told = anna.person.run("audit")
        assert told.exit_code == 1
        assert ATTACKS[attack][-1] in told.out
    finally:
        anna.again()


def test_lines_that_crossed_honestly_pass(ground: Ground) -> None:
    crossed(ground)
    ground.anna.commit()
    assert ground.anna.push().exit_code == 0
    ground.anna.does("audit")
