"""Vouches: for one name with one key, by those who unseal; nobody else gets a key, and no clone is talked out of it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pyrage
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.keyring import store as tree
from solidarity_cli.crypto.keyring import trust
from solidarity_cli.crypto.keyring.key_wrapping import unwrap
from solidarity_cli.crypto.keyring.store import GROUP, REF
from solidarity_cli.crypto.vouches import Group
from tests.support.keepers import Keeper, ask_git
from tests.support.keyring import ring, with_passphrase, wrapped


def _stranger() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


def _file(who: Keeper) -> dict[str, list[dict[str, str]]]:
    return dict(yaml.safe_load((who.clone / "recipients.yaml").read_text()))


def _by_hand(who: Keeper, plain: object, *, braces: bool = False) -> None:
    text = json.dumps(plain) if braces else yaml.safe_dump(plain, sort_keys=False)
    (who.clone / "recipients.yaml").write_text(text)
    ask_git(who.clone, "commit", "-qam", "by hand")


def _opened_by(who: Keeper, identity: object, record: str) -> bool:
    return unwrap(wrapped(who.clone, record), record, [identity]) is not None


@given(st.text(), st.text(), st.text(), st.text())
def test_a_vouch_is_for_one_name_with_one_key_under_one_key_of_the_group(a: str, b: str, c: str, d: str) -> None:
    group, other = Group((b"g" * 32,)), Group((b"h" * 32, b"g" * 32))
    vouch = group.vouch(a, b)
    assert (group.vouch(c, d) == vouch) == ((a, b) == (c, d))
    assert group.vouches_for(Recipient(a, b, "", vouch))
    assert not other.vouches_for(Recipient(a, b, "", vouch))
    assert Group.of(other.data) == other
    assert group.id in other.ids
    assert not any(group.vouches_for(Recipient(a, b, "", forged)) for forged in ("", c, "0" * 64, vouch[:-1]))


def test_the_first_recipient_is_vouched_for_and_so_is_everybody_after(anna: Keeper, tmp_path: Path) -> None:
    assert anna.listed()["recipients"][0]["vouched"] is True
    assert anna.listed()["keys"] == {"records": 0, "open": 0, "stale": 0}
    anna.does("keys", "add", "boris", _stranger())
    anna.does("keys", "recovery", "split", "-o", str(tmp_path / "one"))
    anna.does("keys", "rotate")
    anna.does("keys", "recovery", "split", "-o", str(tmp_path / "two"))
    anna.does("keys", "remove", "boris")
    with anna.at_work():
        found = trust.recall(anna.clone)
        assert found
        assert {key for _, key in found.people} == {one["key"] for one in _file(anna)["recipients"]}
        assert stat.S_IMODE(trust.file(anna.clone).stat().st_mode) == 0o600
        (identity,) = (identities.open_identity(one) for one in identities.public_keys())
    group = unwrap(wrapped(anna.clone, GROUP), GROUP, [identity])
    assert group
    for one in _file(anna)["recipients"]:
        assert Group.of(group.key).vouches_for(Recipient(**one))
    assert len(Group.of(group.key).keys) == 3  # of the first day, after the second split, after boris
    assert not any(line.startswith("?") for line in ask_git(anna.clone, "status", "--porcelain").splitlines())


@pytest.mark.parametrize("braces", [False, True])
def test_an_entry_made_by_hand_gets_nothing_until_somebody_adds_it(anna: Keeper, braces: bool) -> None:
    before, eva = anna.case(), pyrage.x25519.Identity.generate()
    plain = _file(anna)
    plain["recipients"].append({"name": "eva", "key": str(eva.to_public()), "since": "2026-10-31"})
    _by_hand(anna, plain, braces=braces)
    after = anna.case()
    answer = anna.run("keys", "list")
    assert "not vouched for: nothing is sealed for them" in answer.out
    assert "eva stands in recipients.yaml and nobody who can unseal has let them in" in answer.err
    anna.does("keys", "rotate")
    assert not any(_opened_by(anna, eva, one) for one in (before, after, GROUP))
    assert anna.listed()["keys"]["stale"] == 0  # type: ignore[call-overload]
    anna.does("keys", "add", "eva", str(eva.to_public()))
    assert all(_opened_by(anna, eva, one) for one in (before, after, GROUP))
    assert "not vouched" not in anna.does("keys", "list")


def test_who_was_never_let_in_is_removed_like_anybody(anna: Keeper) -> None:
    plain = _file(anna)
    plain["recipients"].append({"name": "eva", "key": _stranger(), "since": "2026-10-31", "vouch": "0" * 64})
    _by_hand(anna, plain)
    anna.does("keys", "remove", "eva")
    assert len(anna.names()) == 1


def test_a_clone_without_an_identity_seals_for_those_who_stood_there_when_it_first_looked(
    anna: Keeper, boris: Keeper
) -> None:
    boris.takes(anna)
    first = boris.case()
    plain, eva = _file(boris), pyrage.x25519.Identity.generate()
    plain["recipients"].append({"name": "eva", "key": str(eva.to_public()), "since": "2026-10-31", "vouch": "0" * 64})
    _by_hand(boris, plain)
    second = boris.case()
    assert "this clone has no key to tell whether they were let in" in boris.run("keys", "list").err
    assert not any(_opened_by(boris, eva, one) for one in (first, second))
    anna.takes(boris)
    assert anna.opens(first)
    assert anna.opens(second)
    # Nobody is left whom it knew: it seals for nobody, rather than for somebody it cannot know.
    del plain["recipients"][0]
    _by_hand(boris, plain)
    boris.refused("new-case", "--name", "Nora", code=3, words="cannot tell who of recipients.yaml was let in")


def test_what_a_clone_saw_before_it_could_verify_counts_no_more_when_it_can(anna: Keeper, boris: Keeper) -> None:
    plain, eva = _file(anna), pyrage.x25519.Identity.generate()
    plain["recipients"].append({"name": "eva", "key": str(eva.to_public()), "since": "2026-10-31", "vouch": "0" * 64})
    _by_hand(anna, plain)
    boris.takes(anna)
    boris.case()  # wrapped for eva as well: nobody here can tell
    anna.takes(boris)
    anna.does("keys", "add", "boris", boris.does("keys", "init"))
    boris.takes(anna)
    case = boris.case()
    assert not _opened_by(boris, eva, case)
    assert [one["vouched"] for one in boris.listed()["recipients"]] == [True, False, True]


def test_with_an_identity_and_before_the_keys_are_here_nothing_is_sealed(anna: Keeper, boris: Keeper) -> None:
    anna.does("keys", "add", "boris", boris.does("keys", "init"))
    ask_git(boris.clone, "pull", "--quiet", "--ff-only", str(anna.clone), "main")
    answer = boris.run("new-case", "--name", "Nora")
    assert answer.exit_code == 3
    assert "solidarity sync" in answer.err
    boris.takes(anna)
    boris.case()


def test_a_closed_identity_seals_for_those_it_verified_when_it_was_open(anna: Keeper) -> None:
    anna.does("keys", "add", "boris", _stranger())
    (public,) = anna.held()
    file = anna.identities / public
    secret = file.read_bytes()
    file.write_bytes(with_passphrase(secret, "right"))
    plain, eva = _file(anna), pyrage.x25519.Identity.generate()
    plain["recipients"].append({"name": "eva", "key": str(eva.to_public()), "since": "2026-10-31"})
    _by_hand(anna, plain)
    case = anna.case()
    assert not _opened_by(anna, eva, case)
    anna.refused("keys", "add", "eva", str(eva.to_public()), code=3, words="cannot be opened")
    file.write_bytes(secret)
    assert anna.opens(case)
    assert anna.listed()["keys"]["stale"] == 0  # type: ignore[call-overload]


def test_a_register_made_by_hand_begins_with_the_first_change(anna: Keeper) -> None:
    plain = _file(anna)
    for one in plain["recipients"]:
        one.pop("vouch", "")
    plain["recipients"].append({"name": "eva", "key": _stranger(), "since": "2026-10-31"})
    _by_hand(anna, plain)
    ask_git(anna.clone, "update-ref", "-d", REF)
    trust.file(anna.clone).unlink()
    case = anna.case()
    anna.does("keys", "add", "boris", _stranger())
    assert [one["vouched"] for one in anna.listed()["recipients"]] == [True, True, True]
    assert all("vouch" in one for one in _file(anna)["recipients"])
    assert anna.opens(case)
    # And never again: a vouch taken away later is no beginning.
    plain = _file(anna)
    for one in plain["recipients"]:
        del one["vouch"]
    plain["recipients"].append({"name": "dora", "key": _stranger(), "since": "2026-10-31"})
    _by_hand(anna, plain)
    ask_git(anna.clone, "update-ref", "-d", REF)
    answer = anna.run("keys", "add", "olga", _stranger())
    assert answer.exit_code == 3
    assert "nobody can be vouched for" in answer.err


def test_an_identity_of_another_register_is_never_touched(anna: Keeper) -> None:
    case = anna.case()
    with anna.at_work():
        other, another = identities.make(), identities.make()
    plain = _file(anna)
    plain["recipients"].insert(0, {"name": "me", "key": other, "since": "2026-10-31", "vouch": "0" * 64})
    plain["retired"] = [{"name": "me", "key": another, "until": "2026-10-31", "destroyed": True}]
    _by_hand(anna, plain)
    new = anna.does("keys", "rotate")
    anna.does("keys", "rotate")
    assert {other, another} < anna.held()
    assert new not in anna.held()
    assert anna.opens(case)


def test_no_record_can_take_the_place_of_the_groups_key(register: Path, me: Recipient) -> None:
    keyring = ring(register, me, erased=frozenset([GROUP]))
    with keyring.grouped(Group((b"g" * 32,)), (me,)):
        pass
    assert keyring.key(GROUP) is None
    assert keyring.records() == frozenset()
    keyring.drop([GROUP])
    keyring.merge(keyring.commit(), erased=frozenset([GROUP]))
    assert set(tree.read(register).blobs) == {GROUP}


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, OSError])
def test_a_removal_that_is_cut_leaves_the_old_key_of_the_group(
    anna: Keeper, stopped: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, key = anna.case(), _stranger()
    anna.does("keys", "add", "boris", key)
    before = ask_git(anna.clone, "rev-parse", "HEAD", REF)

    def cut(*_: object, **__: object) -> str:
        raise stopped

    with monkeypatch.context() as patch:
        patch.setattr("solidarity_cli.register.recipients.save", cut)
        assert anna.run("keys", "remove", "boris").exit_code in (3, 130)
    assert ask_git(anna.clone, "rev-parse", "HEAD", REF) == before
    anna.does("keys", "remove", "boris")
    assert anna.opens(case)
    assert [one["vouched"] for one in anna.listed()["recipients"]] == [True]


def test_in_a_register_without_records_a_cut_rotation_keeps_the_groups_key(
    anna: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("solidarity_cli.crypto.keyring.keyring.Keyring.rewrap", cut)
        assert anna.run("keys", "rotate").exit_code == 130
    assert len(anna.held()) == 2
    anna.does("keys", "rotate")
    assert len(anna.held()) == 1
    anna.does("keys", "add", "boris", _stranger())
    assert [one["vouched"] for one in anna.listed()["recipients"]] == [True, True]
