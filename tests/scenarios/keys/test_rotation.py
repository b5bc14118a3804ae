"""A rotation: a new identity, the keys wrapped for it, the old one destroyed; cut anywhere, it loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.model import Recipients
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.identities import AskOnce
from solidarity_cli.crypto.keyring.key_wrapping import unwrap
from solidarity_cli.crypto.keyring.store import REF
from solidarity_cli.register.identity_rotation import Rotation
from solidarity_cli.register.recipients import mine
from solidarity_cli.register.register import Register
from tests.support.keepers import Keeper, ask_git
from tests.support.keyring import with_passphrase, wrapped
from tests.support.program import TODAY

from datetime import date  # isort: skip

DAY = date.fromisoformat(TODAY)


def test_a_rotation(anna: Keeper) -> None:
    case, old = anna.case(), anna.does("keys", "init")
    with anna.at_work():
        kept, identity = wrapped(anna.clone, case), identities.open_identity(old)
    keyring = ask_git(anna.clone, "rev-parse", REF)
    new = anna.does("keys", "rotate")
    assert anna.held() == {new} != {old}
    assert anna.opens(case)
    told = anna.listed()
    assert [one["key"] for one in told["recipients"]] == [new]
    assert told["retired"] == [
        {"name": "coordinator@forum.example", "key": old, "until": TODAY, "destroyed": True, "yours": False}
    ]
    # What a backup kept opens with the old identity alone, which is gone; what is here does not open with it.
    assert unwrap(kept, case, [identity])
    assert unwrap(wrapped(anna.clone, case), case, [identity]) is None
    assert keyring not in ask_git(anna.clone, "cat-file", "--batch-all-objects", "--batch-check")
    assert ask_git(anna.clone, "log", "-1", "--format=%s") == "keys-rotate"
    assert ask_git(anna.clone, "show", "--name-only", "--format=", "HEAD") == "recipients.yaml"


def test_keys_that_do_not_open_here_stay_as_they_are(anna: Keeper, boris: Keeper) -> None:
    closed = anna.case()
    anna.does("keys", "add", "boris", boris.does("keys", "init"))
    boris.takes(anna)
    assert "boris" in boris.names()  # seen, and verified: what is pushed later does not take it back
    with anna.at_work():
        register = Register(anna.clone, DAY)
        register.keyring.rewrap(register.recipients.current[:1])
    before = wrapped(anna.clone, closed)
    boris.takes(anna)
    boris.does("keys", "rotate")
    assert wrapped(boris.clone, closed) == before
    anna.takes(boris)
    assert anna.opens(closed)


STEPS = {
    "the identity": "solidarity_cli.crypto.identities.make",
    "its memory": "solidarity_cli.register.identity_rotation.make_identity",
    "the commit": "solidarity_cli.register.recipients.save",
    "the wrapping": "solidarity_cli.crypto.keyring.keyring.Keyring.rewrap",
    "the purge": "solidarity_cli.crypto.keyring.keyring.Keyring.purge",
    "the destruction": "solidarity_cli.crypto.identities.destroy",
}


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_cut_off_anywhere(
    step: str, after: bool, stopped: type[BaseException], anna: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, old = anna.case(), anna.does("keys", "init")
    _cut(monkeypatch, STEPS[step], stopped, after=after)
    assert anna.run("keys", "rotate").exit_code in (3, 130)
    monkeypatch.undo()

    assert anna.opens(case)
    second = anna.case()
    new = anna.does("keys", "rotate")
    assert old not in anna.held()
    assert new in anna.held()
    assert len(anna.held()) == 1 + ((step, after) == ("the identity", True))  # one that nothing was ever wrapped for
    told = anna.listed()
    assert [one["key"] for one in told["recipients"]] == [new]
    assert all(one["destroyed"] for one in told["retired"])
    assert told["keys"] == {"records": 2, "open": 2, "stale": 0}
    assert anna.opens(case)
    assert anna.opens(second)
    assert not (anna.clone / ".git" / "solidarity" / "keyring-replaced").exists()
    rotations = ask_git(anna.clone, "log", "--format=%s").split().count("keys-rotate")
    assert rotations == 1 + ((step, after) == ("the destruction", True))


def _cut(monkeypatch: pytest.MonkeyPatch, step: str, stopped: type[BaseException], *, after: bool) -> None:
    """The program ends right before, or right after, a step."""
    place, name = step.rsplit(".", 1)
    owner: object = __import__(place, fromlist=["_"]) if not place.endswith("Keyring") else _keyring()
    whole: Callable[..., object] = getattr(owner, name)

    def cut(*arguments: object, **options: object) -> object:
        if after:
            whole(*arguments, **options)
        raise stopped

    monkeypatch.setattr(owner, name, cut)


def _keyring() -> type:
    from solidarity_cli.crypto.keyring.keyring import Keyring

    return Keyring


def test_a_rotation_cut_off_is_finished_by_finish_rotations(anna: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    case, old = anna.case(), anna.does("keys", "init")
    with monkeypatch.context() as patch:
        _cut(patch, STEPS["the wrapping"], KeyboardInterrupt, after=False)
        assert anna.run("keys", "rotate").exit_code == 130
    assert len(anna.held()) == 2
    with anna.at_work():
        register = Register(anna.clone, DAY)
        assert register.finish_rotations() == 1
        assert register.finish_rotations() == 0
    assert old not in anna.held()
    assert anna.opens(case)


def test_a_retired_identity_is_destroyed_and_that_is_written_down(anna: Keeper, boris: Keeper) -> None:
    case, public = anna.case(), boris.does("keys", "init")
    anna.does("keys", "add", "boris", public)
    boris.takes(anna)
    assert "boris" in boris.names()
    anna.does("keys", "remove", "boris")
    with boris.at_work():
        new = identities.make()
    anna.does("keys", "add", "boris", new)
    # A key that boris alone opens is not lost with his identity.
    with boris.at_work():
        here = Register(boris.clone, DAY)
        here.keyring.rewrap((here.recipients.by_name("boris"),))  # type: ignore[arg-type]
    ask_git(boris.clone, "pull", "--quiet", "--ff-only", str(anna.clone), "main")
    with boris.at_work():
        # Nobody vouches for the new identity as far as this clone can tell: what is here stays.
        assert Register(boris.clone, DAY).finish_rotations() == 0
        assert Register(boris.clone, DAY).rotate(DAY) is None
        assert boris.held() == {public, new}
        ask_git(boris.clone, "fetch", "--quiet", str(anna.clone), REF)
        Register(boris.clone, DAY).keyring.merge(ask_git(boris.clone, "rev-parse", "FETCH_HEAD"))
        assert Register(boris.clone, DAY).finish_rotations() == 1
    assert boris.held() == {new}
    anna.takes(boris)
    assert anna.opens(case)
    assert [one["destroyed"] for one in anna.listed()["retired"]] == [True]
    assert ask_git(anna.clone, "log", "-1", "--format=%s") == "keys-destroyed"


def test_nothing_is_destroyed_on_the_word_of_a_file_that_is_in_no_commit(
    anna: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _cut(patch, STEPS["the destruction"], KeyboardInterrupt, after=False)
        assert anna.run("keys", "rotate").exit_code == 130
    file, own = anna.clone / "recipients.yaml", anna.held()
    assert len(own) == 2
    file.write_text(file.read_text() + "# by hand\n")
    with anna.at_work(), pytest.raises(ExternalError, match="holds changes that are in no commit"):
        Register(anna.clone, DAY).finish_rotations()
    assert anna.held() == own


def test_the_passphrase_is_asked_for_once_and_stays(anna: Keeper) -> None:
    case, old = anna.case(), anna.does("keys", "init")
    _protect(anna, old, "right")
    asked: list[int] = []
    with anna.at_work():
        turned = Register(anna.clone, DAY, lambda: asked.append(1) or "right").rotate(DAY)  # type: ignore[func-returns-value]
        assert isinstance(turned, Rotation)
        assert (turned.old, asked, anna.held()) == (old, [1], {turned.new})
        assert identities.is_protected(turned.new)
        register = Register(anna.clone, DAY, lambda: "right")
        assert register.keyring.key(case)


def _protect(who: Keeper, public: str, passphrase: str) -> None:
    file = who.identities / public
    file.write_bytes(with_passphrase(file.read_bytes(), passphrase))


def test_mistyped_three_times_or_nobody_to_ask(anna: Keeper) -> None:
    case, old = anna.case(), anna.does("keys", "init")
    _protect(anna, old, "right")
    before = ask_git(anna.clone, "rev-parse", "HEAD", REF)
    anna.refused("keys", "rotate", code=3, words="asks for its passphrase, and nobody can be asked")
    asked: list[int] = []
    with anna.at_work():
        register = Register(anna.clone, DAY, lambda: asked.append(1) or "wrong")  # type: ignore[func-returns-value]
        with pytest.raises(ExternalError, match=r"^passphrase mistyped three times$"):
            register.rotate(DAY)
    assert len(asked) == 3
    assert ask_git(anna.clone, "rev-parse", "HEAD", REF) == before
    assert anna.held() == {old}
    assert not anna.opens(case)


def test_what_opened_one_identity_is_tried_on_the_next(anna: Keeper, own_identities: Path) -> None:
    said = iter(["one", "two"])
    ask = AskOnce(lambda: next(said))
    for passphrase in ("one", "one", "two"):
        public = identities.make()
        file = own_identities / public
        file.write_bytes(with_passphrase(file.read_bytes(), passphrase))
        assert str(identities.open_identity(public, ask).to_public()) == public
        assert ask.right[public] == passphrase


def test_whose_identity_is_here(anna: Keeper) -> None:
    with anna.at_work():
        recipients = Register(anna.clone, DAY).recipients
        assert mine(recipients) == recipients.current[0]
        assert mine(Recipients()) is None
        (anna.identities / recipients.current[0].key).unlink()
        assert mine(recipients) is None


def test_an_identity_with_a_passphrase_on_a_terminal(boris: Keeper, program: str) -> None:
    import os

    import pexpect

    def answered(*said: str) -> tuple[int, str]:
        child = pexpect.spawn(
            program,
            ["keys", "init", "--passphrase"],
            cwd=str(boris.clone),
            env={**os.environ, "SOLIDARITY_IDENTITIES": str(boris.identities)},
            encoding="utf-8",
            dimensions=(40, 200),
            timeout=180,
        )
        for prompt, words in zip(("new passphrase: ", "once more: "), said, strict=False):
            child.expect_exact(prompt)
            child.sendline(words)
        child.expect(pexpect.EOF)
        child.close()
        return child.exitstatus, child.before

    code, shown = answered("й и ё", "another")
    assert (code, "the two are not the same; no identity was made" in shown) == (1, True)
    assert answered("", "")[0] == 1
    assert boris.held() == set()
    code, shown = answered("й и ё", "й и ё")
    assert code == 0
    assert "й и ё" not in shown
    (public,) = boris.held()
    with boris.at_work():
        assert identities.is_protected(public)
        assert identities.open_identity(public, lambda: "й и ё")


def test_a_passphrase_needs_somebody_to_ask(boris: Keeper) -> None:
    answer = boris.run("keys", "init", "--passphrase")
    assert answer.exit_code == 2
    assert "nobody can be asked" in answer.err
    assert boris.held() == set()


def test_let_in_and_let_go_by_the_register(anna: Keeper) -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())
    with anna.at_work():
        register = Register(anna.clone, DAY)
        commit = register.add_recipient("boris", key, DAY)
        assert ask_git(anna.clone, "rev-parse", "HEAD") == commit
        assert register.recipients.by_name("boris")
        register.remove_recipient("boris", DAY, destroyed=True)
        assert register.recipients.waiting_for([key]) == ()
        with pytest.raises(Refused):
            register.add_recipient("boris", key, DAY)
