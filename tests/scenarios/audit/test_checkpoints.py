"""Checkpoints by the front door: signed by real keys, mailed, and held against histories that somebody has changed."""

from __future__ import annotations

import json
import os
import quopri
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.history.checkpoints.register import extension, make_checkpoint
from tests.support.program import CHECKOUT, Answer, Run, run_at
from tests.support.signers import Hand

Verify = Callable[..., Answer]
Git = Callable[..., str]
DOCS = CHECKOUT / "docs" / "security" / "checkpoints.md"


def _told(answer: Answer) -> dict[str, object]:
    return json.loads(answer.out)


# What it is


def test_a_checkpoint_is_small_plain_text_that_names_no_case(taken: Path, acts: list[str], git: Git) -> None:
    text = taken.read_text("ascii")
    lines = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    assert lines["register"] == "Test Register"
    assert lines["count"] == "6"
    assert lines["head"] == git("rev-parse", "HEAD").strip()
    assert lines["begun"] == git("rev-list", "--max-parents=0", "HEAD").strip()
    assert lines["time"].startswith("2026-10-31T")
    assert not any(case in text for case in acts)
    assert all(len(line) <= 72 for line in text.splitlines())


def test_today_extends_what_was_taken_before(taken: Path, verify: Verify, new_case: Callable[..., str]) -> None:
    assert "0 acts came since" in verify(taken).out
    new_case("--country", "DE", "--incident", "search")
    answer = verify(taken)
    assert answer.exit_code == 0
    assert "holds: today's history extends it; 1 act came since" in answer.out


def test_a_checkpoint_changes_nothing_in_the_register(taken: Path, git: Git, verify: Verify) -> None:
    assert git("status", "--porcelain") == ""
    assert "6" in git("rev-list", "--count", "HEAD")
    assert verify(taken).exit_code == 0
    assert git("for-each-ref", "--format=%(refname)").split() == ["refs/heads/main"]


def test_without_o_the_text_goes_to_stdout_and_can_be_read_from_there(
    run: Run, anna: Hand, acts: list[str], verify: Verify
) -> None:
    answer = run("audit", "checkpoint", "--key", str(anna.key))
    assert answer.out.startswith("solidarity checkpoint 1\n")
    assert verify("-", given=answer.out.encode()).exit_code == 0


# Whose it is


def _sign_with(git: Git, key: str) -> None:
    git("config", "gpg.format", "ssh")
    git("config", "user.signingkey", key)


def test_the_key_is_the_one_git_signs_with(run: Run, anna: Hand, acts: list[str], git: Git) -> None:
    _sign_with(git, str(anna.key) + ".pub")
    assert run("audit", "checkpoint").out.count("BEGIN SSH SIGNATURE") == 1


def test_an_agent_may_hold_the_private_half(
    run: Run, anna: Hand, acts: list[str], git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sign_with(git, f"key::{anna.public}")
    without = run("audit", "checkpoint")
    assert without.exit_code == 1
    assert "ssh-add" in without.err
    said = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True).stdout
    for name, value in re.findall(r"(SSH_\w+)=([^;]+);", said):
        monkeypatch.setenv(name, value)
    try:
        subprocess.run(["ssh-add", "-q", str(anna.key)], check=True, capture_output=True)
        assert run("audit", "checkpoint").exit_code == 0
    finally:
        subprocess.run(["ssh-agent", "-k"], check=True, capture_output=True)


def test_without_a_key_it_says_how_to_have_one(run: Run, acts: list[str], git: Git) -> None:
    answer = run("audit", "checkpoint")
    assert answer.exit_code == 1
    assert "gpg.format ssh" in answer.err
    git("config", "user.signingkey", "0xDEADBEEF")
    assert "another kind of key" in run("audit", "checkpoint").err
    assert run("audit", "checkpoint", "--key", "nowhere").exit_code == 2


def test_a_locked_key_is_not_waited_for_where_nobody_can_be_asked(
    run: Run, acts: list[str], hand: Callable[[str], Hand]
) -> None:
    answer = run("--no-input", "audit", "checkpoint", "--key", str(hand("locked").key))
    assert answer.exit_code == 1
    assert "the key has a passphrase, and nobody can be asked" in answer.err
    assert answer.out == ""


@pytest.mark.parametrize(
    ("typed", "code", "said"), [("a passphrase", 0, "written"), ("a mistake", 1, "not that of the key")]
)
def test_at_a_terminal_the_passphrase_is_asked_for_and_not_shown(
    register: Path,
    acts: list[str],
    hand: Callable[[str], Hand],
    program: str,
    tmp_path: Path,
    typed: str,
    code: int,
    said: str,
) -> None:
    pexpect = pytest.importorskip("pexpect")
    file = tmp_path / "signed.txt"
    asked = ["audit", "checkpoint", "--key", str(hand("locked").key), "-o", str(file)]
    talk = pexpect.spawn(program, asked, cwd=str(register), encoding="utf-8", timeout=180)
    talk.expect("passphrase")
    for _ in range(3):
        talk.sendline(typed)
        if talk.expect(["assphrase.*: ", said]) == 1:
            break
    talk.expect(pexpect.EOF)
    talk.close()
    assert talk.exitstatus == code
    assert file.exists() == (code == 0)


def test_what_is_no_private_key_is_refused_in_words(run: Run, acts: list[str], tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("not a key")
    answer = run("audit", "checkpoint", "--key", str(tmp_path / "letter"))
    assert answer.exit_code == 1
    assert answer.err.startswith("error: the key does not sign")


def _allow(register: Path, git: Git, *lines: str) -> None:
    (register / "allowed_signers").write_text("".join(lines))
    git("add", "allowed_signers")
    git("commit", "-qm", "allowed signers")


def test_without_a_list_the_signer_is_said_to_be_unknown(taken: Path, verify: Verify) -> None:
    answer = verify(taken)
    assert answer.exit_code == 0
    assert "good, by a key that is not known here" in answer.out
    assert "not known here" in answer.err


def test_with_a_list_the_signer_is_named(taken: Path, verify: Verify, register: Path, git: Git, anna: Hand) -> None:
    _allow(register, git, anna.allowed())
    assert "signature: good, anna@forum.example, SHA256:" in verify(taken).out


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ('valid-after="20260101",valid-before="20270101"', "good"),
        ('valid-before="20261030"', "not_then"),
        ('valid-after="20261102"', "not_then"),
        ('namespaces="git"', "not_then"),
        ('namespaces="git,solidarity-checkpoint"', "good"),
    ],
)
def test_the_list_says_when_and_for_what(
    taken: Path, verify: Verify, register: Path, git: Git, anna: Hand, options: str, state: str
) -> None:
    _allow(register, git, anna.allowed(options))
    answer = verify(taken, "--json")
    assert [one["state"] for one in _told(answer)["signatures"]] == [state]  # type: ignore[attr-defined]
    assert answer.exit_code == (state != "good")


def test_a_list_that_knows_nobody_who_signed_is_a_reason_to_doubt(
    taken: Path, verify: Verify, register: Path, git: Git, hand: Callable[[str], Hand]
) -> None:
    _allow(register, git, hand("boris").allowed())
    answer = verify(taken)
    assert answer.exit_code == 1
    assert "not to be relied on: nobody who signed it was allowed to" in answer.out


def test_a_list_that_is_not_committed_counts_for_nothing(
    taken: Path, verify: Verify, register: Path, anna: Hand
) -> None:
    (register / "allowed_signers").write_text(anna.allowed())
    assert _told(verify(taken, "--json"))["signatures"][0]["state"] == "unknown"  # type: ignore[index]


def test_one_may_bring_a_list_of_ones_own(
    taken: Path, verify: Verify, register: Path, git: Git, anna: Hand, tmp_path: Path
) -> None:
    mallory = tmp_path / "mallory"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(mallory)], check=True)
    _allow(register, git, Hand("anna", mallory).allowed())
    (tmp_path / "own").write_text(anna.allowed())
    assert verify(taken).exit_code == 1
    assert verify(taken, "--signers", str(tmp_path / "own")).exit_code == 0


def test_several_people_sign_one_checkpoint(
    taken: Path, run: Run, verify: Verify, register: Path, git: Git, anna: Hand, hand: Callable[[str], Hand]
) -> None:
    boris = hand("boris")
    signed = run("audit", "checkpoint", "--countersign", str(taken), "--key", str(boris.key), "-o", str(taken))
    assert signed.exit_code == 0, signed
    _allow(register, git, anna.allowed(), boris.allowed())
    answer = verify(taken)
    assert answer.exit_code == 0
    assert "good, anna@forum.example" in answer.out
    assert "good, boris@forum.example" in answer.out
    again = run("audit", "checkpoint", "--countersign", str(taken), "--key", str(boris.key))
    assert again.exit_code == 1
    assert "signed this checkpoint already" in again.err


def test_nobody_countersigns_what_their_clone_does_not_hold(
    taken: Path, run: Run, git: Git, hand: Callable[[str], Hand]
) -> None:
    git("reset", "-q", "--hard", "HEAD~2")
    answer = run("audit", "checkpoint", "--countersign", str(taken), "--key", str(hand("boris").key))
    assert answer.exit_code == 1
    assert "does not hold here" in answer.err
    assert answer.out == ""


def test_a_signature_made_for_something_else_is_none(taken: Path, verify: Verify, anna: Hand, tmp_path: Path) -> None:
    text = taken.read_text().partition("\n\n")[0] + "\n"
    command = ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(anna.key)]
    other = subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout
    (tmp_path / "other.txt").write_text(f"{text}\n{other}")
    answer = verify(tmp_path / "other.txt")
    assert answer.exit_code == 1
    assert "signature: bad" in answer.out


def test_an_unsigned_one_is_nothing_to_rely_on(taken: Path, verify: Verify, tmp_path: Path) -> None:
    (tmp_path / "bare.txt").write_text(taken.read_text().partition("-----")[0])
    answer = verify(tmp_path / "bare.txt")
    assert answer.exit_code == 1
    assert "nobody has signed it" in answer.out


# What the mail does


def _quoted(text: str) -> str:
    return "On Monday Anna wrote:\n" + "".join(f"> {line}\n" for line in text.splitlines()) + "\nThanks!\n-- \nBoard\n"


MAILED: dict[str, Callable[[str], str]] = {
    "line ends": lambda text: text.replace("\n", "\r\n"),
    "quoted": _quoted,
    "quoted twice": lambda text: _quoted(_quoted(text)),
    "wrapped": lambda text: "\n".join(piece for line in text.splitlines() for piece in textwrap.wrap(line, 60) or [""]),
    "indented": lambda text: textwrap.indent(text, "    "),
    "double-spaced": lambda text: text.replace("\n", "\n\n"),
    "spaces at the ends": lambda text: text.replace("\n", "  \n"),
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "everything": lambda text: quopri.encodestring(_quoted(text).encode()).decode().replace("\n", "\r\n"),
    "with a mark before it": lambda text: "\ufeff" + text,
    "no line end at the end": str.strip,
}


@pytest.mark.parametrize("how", MAILED)
@pytest.mark.parametrize(
    "name", ["Test Register", "Ж = a long name \\ of a register that somebody has once given it, with = signs"]
)
def test_what_the_mail_does_is_harmless(
    how: str,
    name: str,
    register: Path,
    run: Run,
    verify: Verify,
    anna: Hand,
    hand: Callable[[str], Hand],
    tmp_path: Path,
) -> None:
    charter = register / "register.yaml"
    charter.write_text(re.sub("^name: .*", lambda _: f"name: '{name}'", charter.read_text(), flags=re.MULTILINE))
    plain = tmp_path / "plain.txt"
    run("audit", "checkpoint", "--key", str(anna.key), "-o", str(plain))
    run("audit", "checkpoint", "--key", str(hand("boris").key), "--countersign", str(plain), "-o", str(plain))
    mailed = tmp_path / "mailed.txt"
    mailed.write_bytes(MAILED[how](plain.read_text()).encode())
    answer = verify(mailed, "--json")
    assert answer.exit_code == 0, answer
    assert [one["state"] for one in _told(answer)["signatures"]] == ["unknown", "unknown"]  # type: ignore[attr-defined]
    assert _told(answer)["checkpoint"]["register"] == name  # type: ignore[index]


EDITED = {
    "count": (r"count: 6", "count: 5"),
    "root": (r"root: ....", "root: 0000"),
    "time": (r"time: 2026-10-31", "time: 2026-10-30"),
    "register": (r"register: Test", "register: Best"),
    "begun": (r"begun: ....", "begun: 0000"),
    "back": (r"back: ....", "back: 0000"),
}


@pytest.mark.parametrize("line", EDITED)
def test_an_edited_one_is_refused(line: str, taken: Path, verify: Verify, tmp_path: Path) -> None:
    edited = tmp_path / "edited.txt"
    edited.write_text(re.sub(*EDITED[line], taken.read_text(), count=1))
    answer = verify(edited)
    assert answer.exit_code == 1
    assert "signature: bad" in answer.out or "cut or edited" in answer.err
    assert "holds: " not in answer.out or line in ("time", "register")


CUT = {
    "nothing": (lambda _: "", "this file holds no checkpoint"),
    "something else": (lambda _: "Dear Board,\n", "this file holds no checkpoint"),
    "half": (lambda text: text[:200], "cut or edited"),
    "half a signature": (lambda text: text[:-60], "the last signature in this file is cut off"),
    "a garbled signature": (lambda text: text.replace("U1NIU0lH", "U1N?U0lH"), "a signature in this file is garbled"),
    "two of them": (lambda text: text + text, "this file holds 2 checkpoints"),
    "a later form": (lambda text: text.replace("checkpoint 1", "checkpoint 2"), "made by a later version"),
    "a line twice": (lambda text: text.replace("count: 6", "count: 6\ncount: 6"), "its line count"),
    "no line": (lambda text: text.replace("count: 6\n", ""), "its line count"),
    "no such day": (lambda text: text.replace("2026-10-31T", "2026-02-31T"), "its line time"),
    "a line back too few": (lambda text: re.sub("back: .*\n", "", text, count=1), "cut or edited"),
    "too much": (lambda text: text + "x" * 2_000_000, "too large"),
    "bytes": (lambda text: "\0\ud800" * 20 + text[:20], "no checkpoint"),
}


@pytest.mark.parametrize("how", CUT)
def test_a_cut_or_garbled_one_is_refused_in_words(how: str, taken: Path, verify: Verify, tmp_path: Path) -> None:
    change, said = CUT[how]
    cut = tmp_path / "cut.txt"
    cut.write_bytes(change(taken.read_text()).encode(errors="surrogatepass"))
    answer = verify(cut)
    assert (answer.exit_code, answer.out) == (1, "")
    assert said in answer.err
    assert answer.err.startswith("error: ")


@given(st.binary(max_size=300))
def test_no_file_makes_the_reader_slip(data: bytes) -> None:
    from solidarity_cli.core.errors import Refused
    from solidarity_cli.history.checkpoints.text import read_checkpoint, read_proof

    for start in (b"", b"solidarity checkpoint 1\n", b"solidarity proof 1\n", b"-----BEGIN SSH SIGNATURE-----\n"):
        for read in (read_checkpoint, read_proof):
            with pytest.raises(Refused):
                read(start + data)


def test_a_signature_of_odd_bytes_is_bad_and_nothing_worse(taken: Path, verify: Verify, tmp_path: Path) -> None:
    for raw in ("", "U1NIU0lH", "U1NIU0lHAAAAAf////8=", "AAAA"):
        odd = tmp_path / "odd.txt"
        odd.write_text(f"{taken.read_text()}-----BEGIN SSH SIGNATURE-----\n{raw}\n-----END SSH SIGNATURE-----\n")
        assert verify(odd).exit_code == 1


def test_what_cannot_be_read_or_written_is_said(
    run: Run, verify: Verify, anna: Hand, acts: list[str], tmp_path: Path
) -> None:
    assert verify(tmp_path / "nothing.txt").exit_code == 3
    assert run("audit", "checkpoint", "--key", str(anna.key), "-o", str(tmp_path)).exit_code == 2
    assert run("audit", "checkpoint", "--key", str(anna.key), "-o", str(tmp_path / "no" / "folder.txt")).exit_code == 3


# What somebody does to the history


def _rewrite(git: Git, back: int) -> None:
    """Another author for the act `back` before the newest, and all acts above it made anew."""
    branch = git("rev-parse", f"HEAD~{back}", "HEAD").split()
    git("reset", "-q", "--hard", branch[0])
    git("commit", "-q", "--amend", "--no-edit", "--author=Somebody <else@forum.example>")
    git("cherry-pick", "--allow-empty", f"{branch[0]}..{branch[1]}")


def _forget(git: Git) -> None:
    """As in a fresh clone: nothing of the old history is left."""
    git("reflog", "expire", "--expire=now", "--all")
    git("gc", "-q", "--prune=now")


def test_an_amended_act_is_named_with_the_newest_in_common(taken: Path, verify: Verify, git: Git) -> None:
    before = git("rev-list", "--reverse", "HEAD").split()
    _rewrite(git, 2)
    answer = verify(taken, "--json")
    told = _told(answer)
    assert answer.exit_code == 1
    assert told["missing"] == {"number": 4, "commit": before[3]}
    assert told["common"] == {"number": 3, "commit": before[2]}
    assert "3 acts missing, the first is act 4" in str(told["message"])


def test_where_nothing_of_the_old_history_is_left_the_place_is_told_as_near_as_can_be(
    taken: Path, verify: Verify, git: Git
) -> None:
    before = git("rev-list", "--reverse", "HEAD").split()
    _rewrite(git, 1)
    _forget(git)
    told = _told(verify(taken, "--json"))
    assert told["extends"] is False
    assert told["missing"] == {"number": 5, "commit": before[4]}
    assert told["common"] == {"number": 4, "commit": before[3]}


def test_an_act_dropped_from_the_middle_is_named(taken: Path, verify: Verify, git: Git) -> None:
    before = git("rev-list", "--reverse", "HEAD").split()
    git("rebase", "-q", "--onto", before[2], before[3])
    told = _told(verify(taken, "--json"))
    assert told["missing"] == {"number": 4, "commit": before[3]}


def test_a_shortened_history_is_told_apart(taken: Path, verify: Verify, git: Git) -> None:
    before = git("rev-list", "--reverse", "HEAD").split()
    git("reset", "-q", "--hard", "HEAD~2")
    answer = verify(taken)
    assert answer.exit_code == 1
    assert "today's history ends before it: 2 acts missing" in answer.out
    assert before[4][:10] in answer.out
    assert "solidarity sync" in answer.err


def test_a_clone_that_is_behind_is_told_to_sync(taken: Path, git: Git, tmp_path: Path, register: Path) -> None:
    git("branch", "old", "HEAD~3")
    behind = tmp_path / "behind"
    subprocess.run(["git", "clone", "-q", "--single-branch", "-b", "old", register.as_uri(), behind], check=True)
    answer = run_at(behind, "audit", "--checkpoint", str(taken))
    assert answer.exit_code == 1
    assert "its newest act is not in this clone" in answer.out
    assert "solidarity sync" in answer.err


def test_a_checkpoint_of_another_register_is_refused(taken: Path, run: Run, tmp_path: Path) -> None:
    run("init", "other", "--no-sealing", "--name", "Other", "--contact", "o@forum.example", at=tmp_path)
    subprocess.run(["git", "commit", "-q", "--amend", "-m", "another beginning"], cwd=tmp_path / "other", check=True)
    answer = run_at(tmp_path / "other", "audit", "--checkpoint", str(taken))
    assert answer.exit_code == 1
    assert "of another register, or all was replaced" in answer.out


def test_a_replaced_commit_is_not_believed(taken: Path, verify: Verify, git: Git) -> None:
    victim = git("rev-parse", "HEAD~2").strip()
    text = git("cat-file", "commit", victim).replace("Coordinator", "Somebody")
    other = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"], cwd=git("rev-parse", "--show-toplevel").strip(),
        input=text, check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    git("replace", victim, other)
    assert "Somebody" in git("log", "--format=%an", "HEAD")
    assert verify(taken).exit_code == 0, "the history as it is stored is still whole"
    git("replace", "-d", victim)
    git("replace", "--graft", "HEAD~1", "HEAD~4")
    assert git("rev-list", "--count", "HEAD").strip() == "4"
    assert verify(taken).exit_code == 0


def test_a_replacement_does_not_hide_a_rewritten_history(taken: Path, verify: Verify, git: Git) -> None:
    old = git("rev-parse", "HEAD").strip()
    _rewrite(git, 2)
    git("replace", git("rev-parse", "HEAD").strip(), old)
    assert git("log", "-1", "--format=%an", "HEAD~2").strip() == "Coordinator"
    assert verify(taken).exit_code == 1


def test_a_graft_is_not_believed(taken: Path, verify: Verify, git: Git, register: Path) -> None:
    head, older = git("rev-parse", "HEAD", "HEAD~4").split()
    (register / ".git" / "info" / "grafts").write_text(f"{head} {older}\n")
    assert git("rev-list", "--count", "HEAD").strip() == "3"
    assert verify(taken).exit_code == 0


def test_a_mailmap_changes_nothing(taken: Path, verify: Verify, git: Git, register: Path) -> None:
    (register / ".mailmap").write_text("Somebody <else@forum.example> <coordinator@forum.example>\n")
    assert "Somebody" in git("log", "-1", "--format=%aN")
    assert verify(taken).exit_code == 0


def test_a_shallow_clone_cannot_say(taken: Path, register: Path, tmp_path: Path, anna: Hand) -> None:
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "2", register.as_uri(), str(shallow)], check=True)
    for asked in (["--checkpoint", str(taken)], ["checkpoint", "--key", str(anna.key)]):
        answer = run_at(shallow, "audit", *asked)
        assert (answer.exit_code, answer.out) == (1, "")
        assert "shallow" in answer.err


def test_an_altered_object_is_named(taken: Path, verify: Verify, git: Git, register: Path) -> None:
    import zlib

    victim = git("rev-parse", "HEAD~1").strip()
    text = git("cat-file", "commit", victim).replace("Coordinator", "Mallory____").encode()
    file = register / ".git" / "objects" / victim[:2] / victim[2:]
    file.chmod(0o600)
    file.write_bytes(zlib.compress(b"commit %d\0" % len(text) + text))
    answer = verify(taken)
    assert answer.exit_code == 1
    assert f"commit {victim[:10]} is not what its id says" in answer.err
    file.write_bytes(b"\0\1\2")
    answer = verify(taken)
    assert answer.exit_code in (1, 3)
    assert answer.err.startswith("error: ")


def test_a_missing_object_is_named(taken: Path, verify: Verify, git: Git, register: Path) -> None:
    victim = git("rev-parse", "HEAD~2").strip()
    (register / ".git" / "objects" / victim[:2] / victim[2:]).unlink()
    answer = verify(taken)
    assert answer.exit_code == 1
    assert f"commit {victim[:10]} is missing from this clone" in answer.err


def test_a_time_still_to_come_and_one_before_the_newest_act(
    run: Run, verify: Verify, anna: Hand, acts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, said in (("2026-12-24", "still to come"), ("2026-10-01", "before its newest act")):
        monkeypatch.setenv("SOLIDARITY_TODAY", day)
        run("audit", "checkpoint", "--key", str(anna.key), "-o", str(tmp_path / "odd.txt"))
        monkeypatch.setenv("SOLIDARITY_TODAY", "2026-10-31")
        answer = verify(tmp_path / "odd.txt")
        assert answer.exit_code == 1
        assert said in answer.out


def test_a_signed_text_that_says_something_else_than_the_acts(
    taken: Path, verify: Verify, anna: Hand, tmp_path: Path
) -> None:
    false = re.sub("root: ....", "root: 0000", taken.read_text().partition("\n\n")[0] + "\n")
    command = ["ssh-keygen", "-Y", "sign", "-n", "solidarity-checkpoint", "-f", str(anna.key)]
    signature = subprocess.run(command, input=false, check=True, capture_output=True, text=True).stdout
    (tmp_path / "false.txt").write_text(f"{false}\n{signature}")
    answer = verify(tmp_path / "false.txt")
    assert answer.exit_code == 1
    assert "says something else than the acts up to its head do" in answer.out


def test_a_register_without_an_act_has_no_checkpoint(register: Path, run: Run, anna: Hand, git: Git) -> None:
    git("update-ref", "-d", "HEAD")
    answer = run("audit", "checkpoint", "--key", str(anna.key))
    assert answer.exit_code == 1
    assert "no act in this register yet" in answer.err


# Across clones


def test_a_checkpoint_holds_after_sync_made_its_head_a_second_parent(
    taken: Path, register: Path, anna: Hand, tmp_path: Path
) -> None:
    server, other = tmp_path / "server.git", tmp_path / "other"
    subprocess.run(["git", "clone", "-q", "--bare", str(register), str(server)], check=True)
    subprocess.run(["git", "clone", "-q", str(server), str(other)], check=True)
    for clone in (register, other):
        made_here = run_at(clone, "-q", "--no-input", "new-case", "--country", "DE", "--incident", "search")
        assert made_here.exit_code == 0
    later = tmp_path / "later.txt"
    assert run_at(other, "audit", "checkpoint", "--key", str(anna.key), "-o", str(later)).exit_code == 0
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=other, check=True, capture_output=True, text=True).stdout
    subprocess.run(["git", "push", "-q", str(server), "HEAD:main"], cwd=register, check=True)
    assert run_at(register, "audit", "--checkpoint", str(later)).exit_code == 1
    assert run_at(other, "sync").exit_code == 0
    parents = subprocess.run(["git", "log", "-1", "--format=%P"], cwd=other, check=True, capture_output=True, text=True)
    assert parents.stdout.split()[1] == head.strip()
    subprocess.run(["git", "pull", "-q", str(server), "main"], cwd=register, check=True)
    for clone in (register, other):
        for file in (taken, later):
            answer = run_at(clone, "audit", "--checkpoint", str(file))
            assert answer.exit_code == 0, answer


def test_a_branch_that_waits_for_review_may_be_squashed_and_gets_no_checkpoint(
    register: Path, run: Run, anna: Hand, acts: list[str], tmp_path: Path
) -> None:
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("mode: direct", "mode: review"))
    subprocess.run(["git", "commit", "-qam", "acts wait"], cwd=register, check=True)
    assert run("-q", "note", acts[0], "a note").exit_code == 0
    asked = ("audit", "checkpoint", "--key", str(anna.key), "-o", str(tmp_path / "one.txt"))
    answer = run(*asked)
    assert (answer.exit_code, answer.out) == (1, "")
    assert f"case/{acts[0]} is checked out" in answer.err
    assert "solidarity switch" in answer.err
    assert not (tmp_path / "one.txt").exists()
    assert run("switch").exit_code == 0
    assert run(*asked).exit_code == 0


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_every_head_of_a_real_history_is_extended_by_those_above_it_and_no_other(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        parents: list[list[int]] = [[]]
        for number in range(1, data.draw(st.integers(2, 9))):
            parents.append(data.draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=2, unique=True)))
        stream = ""
        for number, above in enumerate(parents):
            stream += f"commit refs/heads/b{number}\nmark :{number + 1}\ncommitter A <a@forum.example> {1000 + number} +0000\ndata 2\nx\n"
            stream += (
                "".join(f"{'from' if not place else 'merge'} :{one + 1}\n" for place, one in enumerate(above)) + "\n"
            )
        subprocess.run(["git", "init", "-q", folder], check=True)
        subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, check=True, input=stream, text=True)
        refs = subprocess.run(
            ["git", "for-each-ref", "--format=%(refname:short) %(objectname)"],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        heads = {int(name[1:]): commit for name, commit in (line.split() for line in refs.stdout.splitlines())}
        reached: list[set[int]] = []
        for number, above in enumerate(parents):
            reached.append({number}.union(*(reached[one] for one in above)))
        now, root = datetime(2026, 10, 31, tzinfo=UTC), Path(folder)
        taken = {number: make_checkpoint(root, "R", heads[number], now) for number in heads}
        for number, checkpoint in taken.items():
            assert checkpoint.count == len(reached[number])
            for other, head in heads.items():
                told = extension(root, checkpoint, head, now)
                assert told.holds == (number in reached[other])
                if not told.holds:
                    assert told.missing
                    assert told.missing.commit in {heads[one] for one in reached[number] - reached[other]}
                    assert told.common


# One act of it


@pytest.fixture
def proven(run: Run, taken: Path, acts: list[str], git: Git, tmp_path: Path) -> Path:
    """The proof of the third case's act by the checkpoint."""
    file = tmp_path / "proof.txt"
    commit = git("log", "--format=%h", "--", f"cases/*/{acts[2]}.yaml").strip()
    answer = run("audit", "prove", acts[2], "--commit", commit, "--checkpoint", str(taken), "-o", str(file))
    assert answer.exit_code == 0, answer
    return file


def test_a_proof_holds_and_says_no_more_than_ids_and_hashes(proven: Path, run: Run, acts: list[str]) -> None:
    answer = run("audit", "--proof", str(proven), "--json")
    told = _told(answer)
    assert answer.exit_code == 0
    assert (told["holds"], told["record"], told["number"]) == (True, acts[2], 4)
    text = proven.read_text("ascii")
    assert "Coordinator" not in text
    assert "coordinator" not in text
    assert not any(case in text for case in acts if case != acts[2])


def test_a_proof_needs_no_register_where_a_list_is_given(proven: Path, anna: Hand, tmp_path: Path) -> None:
    (tmp_path / "signers").write_text(anna.allowed())
    answer = run_at(tmp_path, "audit", "--proof", str(proven), "--signers", str(tmp_path / "signers"))
    assert answer.exit_code == 0, answer
    assert "good, anna@forum.example" in answer.out


def test_a_proof_can_be_made_of_the_newest_state(
    run: Run, acts: list[str], anna: Hand, git: Git, verify: Verify
) -> None:
    answer = run("audit", "prove", acts[4], "--commit", "HEAD", "--key", str(anna.key))
    assert answer.exit_code == 0, answer
    assert run("audit", "--proof", "-", given=answer.out.encode()).exit_code == 0
    assert verify("-", given=answer.out.encode()).exit_code == 0, "the checkpoint inside a proof is one as well"


@pytest.mark.parametrize("how", MAILED)
def test_a_proof_survives_the_mail(how: str, proven: Path, run: Run) -> None:
    answer = run("audit", "--proof", "-", given=MAILED[how](proven.read_text()).encode())
    assert answer.exit_code == 0, answer


@pytest.mark.parametrize("line", ["commit", "object", "path", "number"])
def test_an_edited_proof_does_not_hold(line: str, proven: Path, run: Run) -> None:
    def other(found: re.Match[str]) -> str:
        return f"{line}: {'3' if line == 'number' else found[1][::-1]}"

    text = re.sub(rf"^{line}: (.*)$", other, proven.read_text(), count=1, flags=re.MULTILINE)
    answer = run("audit", "--proof", "-", given=text.encode())
    assert answer.exit_code == 1
    assert "DOES NOT HOLD" in answer.out


@pytest.mark.parametrize("line", ["record", "file", "blob"])
def test_what_the_tree_does_not_prove_is_checked_where_the_act_is(
    line: str, proven: Path, run: Run, acts: list[str], anna: Hand, tmp_path: Path
) -> None:
    told = {"record": acts[0], "file": f"cases/2026/{acts[0]}.yaml", "blob": "1" * 40}[line]
    text = re.sub(rf"^{line}: .*$", f"{line}: {told}", proven.read_text(), count=1, flags=re.MULTILINE)
    assert text != proven.read_text()
    answer = run("audit", "--proof", "-", given=text.encode())
    assert answer.exit_code == 1
    assert f"DOES NOT HOLD: its line {line} is not what commit" in answer.out
    as_data = run("audit", "--proof", "-", "--json", given=text.encode())
    assert (as_data.exit_code, _told(as_data)["holds"]) == (1, False)
    # Whoever has no clone is told that nobody looked.
    (tmp_path / "signers").write_text(anna.allowed())
    outside = run_at(tmp_path, "audit", "--proof", "-", "--signers", str(tmp_path / "signers"), given=text.encode())
    assert outside.exit_code == 0
    assert "record, file and blob are not checked here" in outside.err
    assert "not checked" not in run("audit", "--proof", str(proven)).err


def test_what_cannot_be_proven(run: Run, taken: Path, acts: list[str], new_case: Callable[..., str], git: Git) -> None:
    later = new_case("--country", "DE", "--incident", "search")
    for arguments, code, said in [
        ((later, "--commit", "HEAD"), 1, "is not among the acts of the checkpoint"),
        ((acts[0], "--commit", "HEAD"), 1, f"changed nothing in {acts[0]}"),
        ((acts[0], "--commit", "nowhere"), 2, "--commit names no commit"),
        ((acts[0], "--commit", "--all"), 2, "--commit names no commit"),
        ((acts[0],), 2, "still missing: --commit"),
        (("SG-2026-ZZZZZZ", "--commit", "HEAD"), 1, "in this register"),
    ]:
        answer = run("audit", "prove", *arguments, "--checkpoint", str(taken))
        assert (answer.exit_code, answer.out) == (code, "")
        assert said in answer.err or "mistyped" in answer.err


# The page for people outside


def _blocks() -> tuple[str, str, str]:
    """The lines of docs/security/checkpoints.md that check signatures, a proof, and the text of a commit."""
    found = re.findall(r"^```(sh|python)\n(.*?)^```$", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (_, signatures), (language, proof), (_, act) = found
    assert language == "python"
    return signatures, proof, act


def _outside(folder: Path, *command: str) -> str:
    folder.mkdir(exist_ok=True)
    world = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, env=world).stdout


def test_the_page_is_enough_to_check_who_signed(
    proven: Path, taken: Path, run: Run, anna: Hand, hand: Callable[[str], Hand], tmp_path: Path
) -> None:
    boris = hand("boris")
    run("audit", "checkpoint", "--countersign", str(taken), "--key", str(boris.key), "-o", str(taken))
    (tmp_path / "signers").write_text(anna.allowed() + boris.allowed('namespaces="git,solidarity-checkpoint"'))
    for number, (file, who) in enumerate(((taken, ["anna", "boris"]), (proven, ["anna"]))):
        told = _outside(
            tmp_path / f"board{number}", "sh", "-c", _blocks()[0], "check", str(file), str(tmp_path / "signers")
        )
        assert re.findall(r'Good "solidarity-checkpoint" signature for (\w+)@', told) == who


def test_the_page_is_enough_to_see_that_a_text_was_changed(taken: Path, anna: Hand, tmp_path: Path) -> None:
    taken.write_text(taken.read_text().replace("count: 6", "count: 5"))
    (tmp_path / "signers").write_text(anna.allowed())
    with pytest.raises(subprocess.CalledProcessError):
        _outside(tmp_path / "board", "sh", "-c", _blocks()[0], "check", str(taken), str(tmp_path / "signers"))


def test_the_page_is_enough_to_check_a_proof(proven: Path, tmp_path: Path) -> None:
    _, script, _ = _blocks()
    assert _outside(tmp_path / "board", sys.executable, "-I", "-W", "ignore", "-c", script, str(proven)) == "holds\n"
    for line in ("object", "number"):
        changed = tmp_path / "changed.txt"
        changed.write_text(
            re.sub(
                rf"^{line}: .", f"{line}: {'3' if line == 'number' else 'f'}", proven.read_text(), flags=re.MULTILINE
            )
        )
        if changed.read_text() != proven.read_text():
            assert (
                _outside(tmp_path / "board", sys.executable, "-I", "-W", "ignore", "-c", script, str(changed))
                == "DOES NOT HOLD\n"
            )


def test_the_page_is_enough_to_check_the_text_of_an_act(proven: Path, register: Path, acts: list[str]) -> None:
    world = {**os.environ, "LC_ALL": "C"}
    command = ["sh", "-c", f"cd {register} && {_blocks()[2]}", "check", str(proven)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=world).stdout.split()
    assert told[0] == told[2]
    assert f"Case: {acts[2]}" in (register / "act").read_text()


def test_options_of_audit_itself_do_not_vanish_before_a_verb(run: Run, taken: Path) -> None:
    assert run("audit", "--checkpoint", str(taken), "checkpoint").exit_code == 2
