"""The keyring among several people and clones: added, found, merged, rotated, and never a key lost in silence."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.keyring import store as tree
from solidarity_cli.crypto.keyring.key_wrapping import unwrap, wrap
from solidarity_cli.crypto.keyring.store import REF
from tests.support.keyring import KEYS, ONE, THREE, TWO, Person, ask_git, fetched, ring, with_passphrase, wrapped

MakePerson = Callable[[str], Person]


@pytest.fixture
def other(register: Path, tmp_path: Path) -> Path:
    """A second clone."""
    return Path(shutil.copytree(register, tmp_path / "other"))


def test_a_register_without_a_keyring(register: Path, me: Recipient) -> None:
    empty = ring(register, me)
    assert (empty.commit(), empty.records(), empty.keys([ONE]), empty.key(ONE)) == ("", frozenset(), {}, None)
    assert empty.why(ONE) == "no-key"
    assert empty.key("../../etc") is None
    assert empty.drop([ONE]) == empty.rewrap((me,)) == empty.add({}) == ""
    assert empty.refresh() == 0
    assert empty.purge() == frozenset()


def test_keys_come_back(register: Path, me: Recipient) -> None:
    first = ring(register, me)
    commit = first.add(KEYS)
    assert first.commit() == commit
    again = ring(register, me)
    assert again.records() == set(KEYS)
    assert again.key(ONE) == KEYS[ONE]
    assert again.keys([*KEYS, "SG-2026-QQQQQQ"]) == KEYS
    assert (again.why(ONE), again.why("SG-2026-QQQQQQ")) == ("", "no-key")
    assert ring(register, me, erased=frozenset([ONE])).keys([ONE, TWO]) == {TWO: KEYS[TWO]}
    assert ring(register, me, erased=frozenset([ONE])).why(ONE) == "erased"


def test_the_commit_tells_nothing(register: Path, me: Recipient) -> None:
    ask_git(register, "config", "core.logAllRefUpdates", "always")
    ring(register, me).add({ONE: KEYS[ONE]})
    ring(register, me).add({THREE: KEYS[THREE]})
    text = ask_git(register, "cat-file", "commit", REF)
    who = "solidarity <keyring@solidarity.invalid> 0 +0000"
    assert text.splitlines()[1:] == [f"author {who}", f"committer {who}", "", "keyring"]
    paths = [f"keys/2025/{THREE}.age", f"keys/2026/{ONE}.age"]
    assert ask_git(register, "ls-tree", "-r", "--name-only", REF).splitlines() == ["README", *paths]
    assert ask_git(register, "for-each-ref", "--format=%(refname)", "refs/solidarity") == REF
    assert not (register / ".git" / "logs" / REF).exists()
    assert KEYS[ONE] not in wrapped(register, ONE)
    ask_git(register, "fsck", "--strict")


def test_a_key_is_never_replaced(register: Path, me: Recipient) -> None:
    ring(register, me).add(KEYS)
    with pytest.raises(ExternalError, match=f"{ONE} has a key already"):
        ring(register, me).add({ONE: b"x" * 32})
    for record, key in ((TWO, b"short"), ("no id", b"x" * 32), ("SG-2026-ERASED", b"x" * 32)):
        with pytest.raises(ExternalError, match="cannot be kept"):
            ring(register, me, erased=frozenset(["SG-2026-ERASED"])).add({record: key})
    with pytest.raises(ExternalError, match="nobody to wrap a key for"):
        ring(register).add({"SG-2026-QQQQQQ": b"x" * 32})
    assert ring(register, me).keys(KEYS) == KEYS


def test_no_identity_and_a_wrong_one(register: Path, person: MakePerson) -> None:
    anna = person("anna").recipient()
    ring(register, anna).add(KEYS)
    without = ring(register, anna)
    assert (without.key(ONE), without.why(ONE), without.why("SG-2026-QQQQQQ")) == (None, "no-identity", "no-key")
    assert without.records() == set(KEYS)
    identities.make()
    assert ring(register, anna).why(ONE) == "no-identity"


def test_the_passphrase_is_asked_for_only_when_it_is_needed(
    register: Path, person: MakePerson, own_identities: Path
) -> None:
    open_one, closed = identities.make(), identities.make()
    (own_identities / closed).write_bytes(with_passphrase((own_identities / closed).read_bytes(), "right"))
    asked: list[int] = []

    def answer(passphrase: str) -> Callable[[], str]:
        return lambda: asked.append(1) or passphrase  # type: ignore[func-returns-value]

    ring(register, Recipient("open", open_one, "2026-10-31")).add({ONE: KEYS[ONE]})
    ring(register, Recipient("closed", closed, "2026-10-31")).add({TWO: KEYS[TWO], THREE: KEYS[THREE]})
    assert ring(register, ask=answer("right")).keys([ONE]) == {ONE: KEYS[ONE]}
    assert not asked
    assert ring(register, ask=answer("right")).keys(KEYS) == KEYS
    assert len(asked) == 1
    assert ring(register).keys(KEYS) == {ONE: KEYS[ONE]}
    with pytest.raises(ExternalError, match="passphrase mistyped three times"):
        ring(register, ask=answer("wrong")).keys(KEYS)
    assert len(asked) == 4


def test_two_clones_that_add_keys_come_to_the_same(register: Path, other: Path, person: MakePerson) -> None:
    anna, boris = person("anna"), person("boris")
    both = (anna.recipient(), boris.recipient())
    with anna.at_work():
        ring(register, *both).add({ONE: KEYS[ONE]})
        fetched(other, register)
    with boris.at_work():
        mine = ring(other, *both)
        mine.merge(ask_git(other, "rev-parse", "FETCH_HEAD"))
        mine.add({TWO: KEYS[TWO]})
    with anna.at_work():
        ring(register, *both).add({THREE: KEYS[THREE]})
        ring(register, *both).merge(fetched(register, other))
        assert ring(register, *both).keys(KEYS) == KEYS
    with boris.at_work():
        assert ring(other, *both).merge(fetched(other, register)) == ring(register, *both).commit()
        assert ring(other, *both).keys(KEYS) == KEYS
        assert ring(other, *both).merge(ring(register, *both).commit()) == ring(register, *both).commit()


def test_two_processes_in_one_clone_lose_nothing(
    register: Path, me: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring(register, me).add({ONE: KEYS[ONE]})
    written, late = tree.written, [TWO]

    def somebody_is_faster(*arguments: object, **options: object) -> str:
        new = written(*arguments, **options)  # type: ignore[arg-type]
        if late:
            ring(register, me).add({late.pop(): KEYS[TWO]})
        return new

    monkeypatch.setattr(tree, "written", somebody_is_faster)
    ring(register, me).add({THREE: KEYS[THREE]})
    assert ring(register, me).keys(KEYS) == KEYS
    monkeypatch.setattr(tree, "swapped", lambda *_: False)
    with pytest.raises(ExternalError, match="replaced by others all the time"):
        ring(register, me).drop([ONE])


def test_four_at_once_all_get_through(register: Path, me: Recipient) -> None:
    new = {f"SG-2026-AAAAA{number}": bytes([number]) * 32 for number in range(4)}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: ring(register, me).add({one: new[one]}), new))
    assert ring(register, me).keys(new) == new


@given(st.integers(0, 400), st.integers(1, 255))
@settings(max_examples=150)
def test_a_spoiled_wrapped_key_is_no_key_and_no_crash(at: int, flip: int) -> None:
    identity = pyrage.x25519.Identity.generate()
    whole = wrap(KEYS[ONE], ONE, [Recipient("me", str(identity.to_public()), "2026-10-31")])
    spoiled = bytearray(whole)
    spoiled[at % len(whole)] ^= flip
    assert unwrap(bytes(spoiled), ONE, [identity]) is None
    assert unwrap(whole[: at % len(whole)], ONE, [identity]) is None
    assert unwrap(whole, TWO, [identity]) is None


def test_the_union_is_without_the_erased(register: Path, other: Path, me: Recipient) -> None:
    ring(register, me).add(KEYS)
    fetched(other, register)
    mine = ring(other, me)
    mine.merge(ask_git(other, "rev-parse", "FETCH_HEAD"), erased=frozenset([ONE]))
    assert (mine.records(), mine.why(ONE)) == ({TWO, THREE}, "erased")
    ring(register, me).merge(fetched(register, other), erased=frozenset([ONE]))
    assert ring(register, me).records() == {TWO, THREE}
    ring(register, me).merge(ring(other, me).commit())
    assert ring(register, me).records() == {TWO, THREE}


def test_after_a_rotation_the_old_identity_opens_nothing(register: Path, other: Path, person: MakePerson) -> None:
    anna, boris, new = person("anna"), person("boris"), person("new-anna")
    before, after = (anna.recipient(), boris.recipient()), (new.recipient(), boris.recipient())
    with anna.at_work():
        ring(register, *before).add({ONE: KEYS[ONE], TWO: KEYS[TWO]})
    with boris.at_work():
        ring(other, *before).merge(fetched(other, register))
        ring(other, *before).add({THREE: KEYS[THREE]})  # not knowing of the rotation
    with anna.at_work():
        ring(register, *before, known=after).rewrap(after)
        assert ring(register, *after).keys(KEYS) == {}
    with boris.at_work():
        commit = ring(other, *after).merge(fetched(other, register))
    assert [wrapped(other, one) == wrapped(register, one) for one in (ONE, TWO)] == [True, True]
    for who, opens in ((new, KEYS), (boris, KEYS), (anna, {})):
        with who.at_work():
            assert ring(other, *after).keys(KEYS) == opens
    with new.at_work():
        assert ring(register, *after).merge(fetched(register, other)) == commit


def test_an_older_keyring_does_not_undo_a_rotation(register: Path, me: Recipient, person: MakePerson) -> None:
    old = ring(register, me).add(KEYS)
    boris = person("boris").recipient()
    new = ring(register, me, known=(boris,)).rewrap((me, boris))
    assert ring(register, me, boris).merge(old) == new


def test_what_is_wrapped_for_former_recipients_is_wrapped_anew(
    register: Path, me: Recipient, person: MakePerson
) -> None:
    boris = person("boris")
    ring(register, me).add({ONE: KEYS[ONE], TWO: KEYS[TWO]})
    ring(register, me, boris.recipient()).add({THREE: KEYS[THREE]})
    assert ring(register, me, boris.recipient()).refresh() == 2
    assert ring(register, me, boris.recipient()).refresh() == 0
    with boris.at_work():
        assert ring(register).keys(KEYS) == KEYS


def test_keys_that_cannot_be_opened_stop_a_rotation(register: Path, me: Recipient, person: MakePerson) -> None:
    ring(register, me).add({ONE: KEYS[ONE]})
    ring(register, person("anna").recipient()).add({TWO: KEYS[TWO]})
    before = ring(register, me).commit()
    with pytest.raises(ExternalError, match="1 of 2 keys cannot be opened"):
        ring(register, me).rewrap((me,))
    assert ring(register, me).commit() == before
    ring(register, me, erased=frozenset([TWO])).rewrap((me,))
    assert ring(register, me).records() == {ONE}


def test_another_key_for_a_record_is_not_taken_in_silence(register: Path, other: Path, me: Recipient) -> None:
    ring(register, me).add({ONE: KEYS[ONE]})
    ring(other, me).add({ONE: b"planted".ljust(32), TWO: KEYS[TWO]})
    with pytest.raises(ExternalError, match=f"1 records have another key on the other side, {ONE} among them"):
        ring(register, me).merge(fetched(register, other))
    assert ring(register, me).keys(KEYS) == {ONE: KEYS[ONE]}


def test_garbage_in_the_place_of_a_key_does_not_win(register: Path, other: Path, me: Recipient) -> None:
    ring(register, me).add({ONE: KEYS[ONE]})
    for spoiled in (b"garbage", wrapped(register, ONE)[:-5], b"age-encryption.org/v1\n" + b"\0" * 90_000):
        theirs = tree.written(other, "", put={ONE: spoiled, TWO: b"garbage"})
        ask_git(other, "update-ref", REF, theirs)
        ring(register, me).merge(fetched(register, other))
        assert ring(register, me).keys(KEYS) == {ONE: KEYS[ONE]}
        assert ring(register, me).records() == {ONE}


def test_a_wrapped_key_renamed_to_another_record_is_not_its_key(register: Path, me: Recipient) -> None:
    ring(register, me).add({ONE: KEYS[ONE]})
    ask_git(register, "update-ref", REF, tree.written(register, "", put={TWO: wrapped(register, ONE)}))
    assert ring(register, me).key(TWO) is None


def test_without_an_identity_theirs_is_taken(register: Path, other: Path, person: MakePerson) -> None:
    anna = person("anna").recipient()
    ring(register, anna).add({ONE: KEYS[ONE]})
    ring(other, anna).merge(fetched(other, register))
    newer = wrap(KEYS[ONE], ONE, [anna, person("boris").recipient()])
    ask_git(register, "update-ref", REF, tree.written(register, "", put={ONE: newer}))
    ring(other, anna).merge(fetched(other, register))
    assert wrapped(other, ONE) == newer


def test_the_number_of_git_processes_does_not_grow(
    register: Path, me: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {f"SG-2026-{number:06d}": b"k" * 32 for number in range(40)}
    ring(register, me).add(many)
    started: list[object] = []
    start = subprocess.Popen.__init__

    def counted(process: subprocess.Popen[bytes], *arguments: object, **options: object) -> None:
        started.append(arguments)
        start(process, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(subprocess.Popen, "__init__", counted)
    counts = []
    for wanted in (["SG-2026-000001"], many):
        assert len(ring(register, me).keys(wanted)) == len(wanted)
        counts.append(len(started))
        started.clear()
    ring(register, me).add({ONE: KEYS[ONE]})
    assert counts[0] == counts[1] <= 4
    assert len(started) <= 4


def test_what_was_read_before_is_not_taken_for_what_another_command_put_there(register: Path, me: Recipient) -> None:
    one, another = ring(register, me), ring(register, me)
    one.add({ONE: KEYS[ONE]})
    assert (one.records(), one.why(TWO)) == ({ONE}, "no-key")
    another.add({TWO: KEYS[TWO]})
    assert one.records() == {ONE, TWO}
    another.drop([ONE])
    assert another.purge() == frozenset()
    assert one.records() == {TWO}
    one.add({ONE: KEYS[ONE]})
    assert another.records() == {ONE, TWO}
    ask_git(register, "update-ref", "-d", REF)
    assert (one.records(), one.commit(), another.commit()) == (frozenset(), "", "")


def test_a_keyring_that_was_read_before_is_read_by_one_process(
    register: Path, me: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring(register, me).add(KEYS)
    known: tree.Known = {}
    whole = tree.read(register, known=known)
    asked: list[str] = []
    ask = tree.ask
    monkeypatch.setattr(
        tree, "ask", lambda root, *said, stdin=None: asked.append(said[1]) or ask(root, *said, stdin=stdin)
    )
    assert tree.read(register, known=known) == tree.read(register, years=["2026"], known=known) == whole
    assert asked == ["--batch-check"] * 2
    commit = tree.written(register, whole.keys, put={}, gone=[ONE])
    assert set(tree.read(register, commit, known=known).blobs) == {*KEYS} - {ONE}
    assert set(tree.read(register, known=known).blobs) == {*KEYS}
