"""The recovery identity: shares that give it back, fewer that give nothing, and none of it kept anywhere."""

from __future__ import annotations

import os
import stat
from itertools import combinations
from pathlib import Path

import pexpect
import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.crypto.recovery.secret_sharing import (
    age_secret,
    join_shares,
    read_share,
    split_identity,
    still_needed,
)
from tests.support.keepers import Keeper, ask_git
from tests.support.keyring import is_in_store


@given(st.data(), st.integers(2, 16))
@settings(max_examples=25, deadline=None)
def test_any_few_that_were_agreed_on_are_enough_and_fewer_are_not(data: st.DataObject, count: int) -> None:
    threshold = data.draw(st.integers(2, count))
    made = split_identity(count, threshold)
    shares = data.draw(st.permutations(made.shares))
    chosen = [read_share(words, 1) for words in shares[: data.draw(st.integers(threshold, count))]]
    assert str(pyrage.x25519.Identity.from_str(join_shares(chosen)).to_public()) == made.public
    few = chosen[: threshold - 1]
    assert still_needed(few) == 1
    for given_ in (few, [*few, few[0], few[0]]):
        with pytest.raises(Refused, match=f"{threshold} different shares are needed, and {threshold - 1} given"):
            join_shares(given_)


@given(st.binary(min_size=32, max_size=32))
def test_an_identity_is_written_as_age_writes_it(secret: bytes) -> None:
    assert str(pyrage.x25519.Identity.from_str(age_secret(secret))) == age_secret(secret)


def test_one_share_less_fits_every_secret_alike() -> None:
    """A share says nothing about the whole: with another second share it belongs to another secret."""
    one, other = split_identity(2, 2), split_identity(2, 2)
    first = read_share(one.shares[0], 1)
    forged = read_share(other.shares[1], 2)
    assert first.value != forged.value
    with pytest.raises(Refused, match="of different splits"):
        join_shares([first, forged])


@pytest.mark.parametrize(("count", "threshold"), [(1, 1), (5, 1), (2, 3), (17, 2), (0, 0), (5, -1)])
def test_numbers_that_make_no_sense(count: int, threshold: int, anna: Keeper) -> None:
    with pytest.raises(UsageError):
        split_identity(count, threshold)
    anna.case()
    numbers = ("--shares", str(count), "--threshold", str(threshold))
    anna.refused("keys", "recovery", "split", *numbers, code=2, words="two to 16 shares")


def _split(who: Keeper, folder: Path, *more: str) -> list[Path]:
    return [Path(line) for line in who.does("keys", "recovery", "split", "-o", str(folder), *more).splitlines()]


def _restore(who: Keeper, *files: Path) -> str:
    return who.does("keys", "recovery", "restore", *(word for file in files for word in ("--share", str(file))))


def test_a_lost_laptop_loses_nothing(anna: Keeper, boris: Keeper, tmp_path: Path) -> None:
    first = anna.case()
    leaves = _split(anna, tmp_path / "shares", "--shares", "3")
    second = anna.case()
    assert anna.names() == ["coordinator@forum.example", "recovery"]
    assert "one laptop" not in anna.run("keys", "list").err
    boris.takes(anna)  # the laptop is gone; a clone that never opened anything, and two keepers, are left
    for file in anna.identities.iterdir():
        file.unlink()
    assert not boris.opens(first)
    public = _restore(boris, leaves[2], leaves[0])
    assert boris.held() == {public}
    assert stat.S_IMODE((boris.identities / public).stat().st_mode) == 0o600
    assert boris.opens(first)
    assert boris.opens(second)

    # The next steps, as they are said: an identity of one's own, new shares, the restored identity gone.
    own = boris.does("keys", "init")
    assert own != public
    boris.does("keys", "add", "boris", own)
    boris.does("keys", "remove", "coordinator@forum.example", "--destroyed")
    newer = _split(boris, tmp_path / "newer", "--shares", "3")
    boris.does("keys", "add", "olga", str(pyrage.x25519.Identity.generate().to_public()))
    assert boris.held() == {own}
    assert boris.opens(first)
    # Only the holders of the shares can say that these are gone.
    assert [(one["name"], one["destroyed"]) for one in boris.listed()["retired"]] == [
        ("coordinator@forum.example", True),
        ("recovery", False),
    ]
    boris.does("keys", "remove", public, "--destroyed")
    assert all(one["destroyed"] for one in boris.listed()["retired"])
    words = ("--share", str(leaves[0]), "--share", str(leaves[1]))
    boris.refused("keys", "recovery", "restore", *words, code=1, words="of an earlier split, which opens nothing")
    mixed = ("--share", str(leaves[0]), "--share", str(newer[1]))
    boris.refused("keys", "recovery", "restore", *mixed, code=1, words="of different splits")


def test_a_new_split_may_say_that_the_old_shares_are_gone(anna: Keeper, tmp_path: Path) -> None:
    anna.case()
    _split(anna, tmp_path / "one")
    _split(anna, tmp_path / "two")
    assert [one["destroyed"] for one in anna.listed()["retired"]] == [False]
    answer = anna.run("keys", "recovery", "split", "--old-shares-destroyed")
    assert "erasures wait for recovery" not in answer.err
    assert [one["destroyed"] for one in anna.listed()["retired"]] == [True, True]
    assert anna.names().count("recovery") == 1


def test_shares_are_in_files_of_ones_own_or_on_the_screen_and_nowhere_else(anna: Keeper, tmp_path: Path) -> None:
    anna.case()
    folder = tmp_path / "shares"
    answer = anna.run("keys", "recovery", "split", "-o", str(folder))
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [f"share-{number}.txt" for number in range(1, 6)]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    words = [file.read_text().splitlines()[-1] for file in files]
    assert not any(" ".join(one.split()[4:]) in answer.out + answer.err for one in words)
    printed = anna.does("keys", "recovery", "split")
    shown = [line for line in printed.splitlines() if line and not line.startswith("#")]
    assert len(shown) == 5
    assert "# share 5 of 5, made on 2026-10-31; any 2 of them" in printed
    assert "Test Register" not in printed
    secrets = [
        join_shares([read_share(one, 1) for one in pair]) for some in (words, shown) for pair in combinations(some, 2)
    ]
    for secret in {*secrets, *words, *shown}:
        assert not is_in_store(anna.clone, secret.encode())
    assert len(anna.held()) == 1
    assert len(anna.run("-q", "keys", "recovery", "split").out.splitlines()) == 5


def test_where_shares_must_not_go(anna: Keeper, tmp_path: Path) -> None:
    anna.case()
    split_ = ("keys", "recovery", "split", "-o")
    anna.refused(*split_, str(anna.clone / "shares"), code=1, words="do not belong into the register")
    (tmp_path / "link").symlink_to(anna.clone)
    anna.refused(*split_, str(tmp_path / "link" / "deeper"), code=1, words="do not belong into the register")
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "share-2.txt").write_text("mine\n")
    anna.refused(*split_, str(taken), code=1, words="there already")
    assert [file.name for file in taken.iterdir()] == ["share-2.txt"]
    assert (taken / "share-2.txt").read_text() == "mine\n"
    anna.refused(*split_, str(taken / "share-2.txt"), code=1, words="there already")
    (tmp_path / "file").touch()
    anna.refused(*split_, str(tmp_path / "file" / "below"), code=3, words="could not be stored")
    hook = anna.clone / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    anna.refused(*split_, str(tmp_path / "new"), code=3, words="git did not accept the commit")
    assert list((tmp_path / "new").iterdir()) == []
    answer = anna.run("keys", "recovery", "split")
    assert (answer.exit_code, answer.out) == (3, "")


def test_a_cut_after_the_commit_gives_the_shares_out_all_the_same(
    anna: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = anna.case()

    def cut(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("solidarity_cli.crypto.keyring.keyring.Keyring.rewrap", cut)
        answer = anna.run("keys", "recovery", "split", "-o", str(tmp_path / "shares"))
    assert answer.exit_code == 130
    assert len(list((tmp_path / "shares").iterdir())) == 5
    assert anna.names() == ["coordinator@forum.example", "recovery"]
    assert anna.listed()["keys"]["stale"] == 1  # type: ignore[call-overload]
    anna.does("keys", "recovery", "split", "--old-shares-destroyed")
    assert anna.listed()["keys"]["stale"] == 0  # type: ignore[call-overload]
    assert anna.opens(case)


def test_shares_that_give_nothing_back(anna: Keeper, tmp_path: Path) -> None:
    anna.case()
    leaves = _split(anna, tmp_path / "shares")
    other = Keeper("olga", tmp_path / "olga").joined()
    foreign = _split(other, tmp_path / "foreign")
    held = anna.held()

    def refused(*files: Path, code: int = 1, words: str) -> None:
        given_ = [word for file in files for word in ("--share", str(file))]
        answer = anna.refused("keys", "recovery", "restore", *given_, code=code, words=words)
        assert str(tmp_path) not in answer.err
        assert anna.held() == held

    refused(leaves[0], words="2 different shares are needed, and 1 given: fewer tell nothing at all")
    refused(leaves[0], leaves[0], words="2 different shares are needed, and 1 given")
    refused(leaves[0], foreign[1], words="of different splits")
    refused(foreign[0], foreign[1], words="no recipient of this register")
    for number, spoilt in enumerate((_swapped(leaves[1]), "", "Нора Примерова", "academic " * 33)):
        file = tmp_path / f"spoilt-{number}"
        file.write_text(spoilt)
        refused(leaves[0], file, words="share 2 is mistyped or cut")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe" * 400)
    refused(tmp_path / "bytes", words="share 1 is mistyped or cut")
    refused(leaves[0], tmp_path / "missing", code=3, words="the file of share 2 cannot be read")
    answer = anna.run("keys", "recovery", "restore")
    assert answer.exit_code == 2
    assert "still missing: --share" in answer.err


def _swapped(file: Path) -> str:
    words = file.read_text().splitlines()[-1].split()
    words[10], words[11] = words[11], words[10] if words[10] != words[11] else "zero"
    return " ".join(words)


def test_shares_of_another_kind_are_told_apart() -> None:
    from shamir_mnemonic import generate_mnemonics

    for groups, secret in (([(2, 2)], b"s" * 16), ([(2, 2), (2, 2)], b"s" * 32)):
        words = generate_mnemonics(1, groups, secret)[0][0]
        with pytest.raises(Refused, match="share 4 is a share of something else"):
            read_share(words, 4)


def test_typed_on_a_terminal_unseen(anna: Keeper, boris: Keeper, program: str, tmp_path: Path) -> None:
    case = anna.case()
    shares = [file.read_text().splitlines()[-1] for file in _split(anna, tmp_path / "shares")]
    boris.takes(anna)

    def typed(*words: str) -> tuple[int, str]:
        child = pexpect.spawn(
            program,
            ["keys", "recovery", "restore"],
            cwd=str(boris.clone),
            env={**os.environ, "SOLIDARITY_IDENTITIES": str(boris.identities)},
            encoding="utf-8",
            dimensions=(40, 200),
            timeout=180,
        )
        shown = ""
        for one in words:
            child.expect(r"words of share \d \(not shown\): ")
            shown += child.before
            child.sendline(one)
        child.expect(pexpect.EOF)
        child.close()
        return child.exitstatus, shown + child.before

    code, shown = typed("mistyped", "and again", "a third time")
    assert (code, boris.held()) == (1, set())
    assert "share 1 is mistyped or cut" in shown
    code, shown = typed(shares[3], "mistyped", f"  {shares[1].upper()} ")
    assert code == 0, shown
    assert len(boris.held()) == 1
    assert shares[3][20:40] not in shown
    assert boris.opens(case)
    assert ask_git(boris.clone, "status", "--porcelain") == ""
