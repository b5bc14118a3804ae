"""`erase`: for good, on every machine, in every copy; everything else stays, and stays readable."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

from solidarity_cli.crypto.keyring import store as tree
from tests.support.people import Person, every_object

Group = tuple[Person, Person, Person]
SECRETS = ("Мария Звонцова", "+7 912 345 67 89", "ул. Ленина 5, Пермь")
TOKEN = re.compile(rb"sealed:1:([A-Za-z0-9_-]+)")


def new_case(one: Person, name: str, *more: str) -> str:
    return one.does("-q", "new-case", "--name", name, "--country", "RU", *more)


def surviving(group: Iterable[Person]) -> list[object]:
    """Every identity that still exists on any machine."""
    return [
        pyrage.x25519.Identity.from_str(file.read_text().strip())
        for one in group
        for file in one.identities.iterdir()
        if file.is_file()
    ]


def keys_in(repository: Path, identities: list[object]) -> set[bytes]:
    """Every record key that any surviving identity unwraps from any object."""
    keys = set()
    for data in every_object(repository):
        if data.startswith(b"age-encryption.org/v1"):
            for identity in identities:
                try:
                    said = bytes(pyrage.decrypt(data, [identity]))
                except pyrage.DecryptError:
                    continue
                keys.add(bytes.fromhex(said.rsplit(b"\n", 1)[1].decode()))
    return keys


def said_by(repository: Path, keys: set[bytes]) -> Iterator[bytes]:
    """What every key makes of every token in every object: the bare cipher, whatever place the token claims."""
    import base64

    for data in every_object(repository):
        yield data
        for letters in set(TOKEN.findall(data)):
            sealed = base64.urlsafe_b64decode(letters + b"=" * (-len(letters) % 4))
            for key in keys:
                stream = Cipher(ChaCha20(key, b"\x01\x00\x00\x00" + sealed[:12]), mode=None).decryptor()
                yield stream.update(sealed[12:-16])


def test_an_erased_case_is_unreadable_in_every_clone_and_copy_and_all_others_open(group: Group, tmp_path: Path) -> None:
    anna, boris, clara = group
    gone = new_case(anna, SECRETS[0], "--contact", SECRETS[1])
    stays = new_case(boris, "Иван Остающийся")
    anna.does("edit", gone, "--set", f"private.place={SECRETS[2]}")
    for one in (anna, boris, anna, clara):
        one.does("sync")
    first = clara.git("log", "--format=%H", "--reverse", "--", f"cases/2026/{stays}.yaml").split()[0]
    mirror, server = tmp_path / "mirror.git", tmp_path / "server" / "register.git"
    subprocess.run(["git", "clone", "-q", "--mirror", str(server), str(mirror)], check=True)
    clara.git("stash", "list")
    assert SECRETS[0] in clara.does("show", gone)

    answer = anna.run("--no-input", "erase", gone, "--reason", "the person asked for it", "--confirm", gone)
    assert answer.exit_code == 0, answer
    assert f"erasure of {gone} incomplete: waiting for boris@forum.example, clara@forum.example" in answer.err
    told = boris.run("sync")
    assert (told.exit_code, gone in told.err) == (0, True)
    assert "waiting for clara@forum.example" in told.err
    assert "incomplete" not in clara.run("sync").err
    for one in group:
        one.does("sync")

    identities = surviving(group)
    assert len(identities) == 3
    for repository in (*(one.clone for one in group), server, mirror):
        keys = keys_in(repository, identities)
        for said in said_by(repository, keys):
            for secret in SECRETS:
                assert secret.encode() not in said, repository
    for one in group:
        assert "Иван Остающийся" in one.does("show", stays)
        assert "Иван Остающийся" in one.does("show", stays, "--as-of", first)
        assert gone in one.does("list", "--ids").split()
        assert SECRETS[0] not in one.run("show", gone).out
        assert one.run("validate").exit_code == 0
    assert any("Иван Остающийся".encode() in said for said in said_by(server, keys_in(server, identities)))


def test_the_id_is_typed_again_and_erasing_twice_is_refused(group: Group) -> None:
    anna, *_ = group
    case = new_case(anna, SECRETS[0])
    assert anna.run("--no-input", "erase", case, "--reason", "asked").exit_code == 2
    assert anna.run("erase", case, "--reason", "asked", "--confirm", "SG-2026-000000").exit_code == 1
    assert anna.run("erase", case).exit_code == 2
    for reason in ("two\nlines", "x" * 201):
        assert anna.run("erase", case, "--reason", reason, "--confirm", case).exit_code == 2
    assert SECRETS[0] in anna.does("show", case)
    anna.does("erase", case, "--reason", "asked", "--confirm", case)
    answer = anna.run("erase", case, "--reason", "asked", "--confirm", case)
    assert answer.exit_code == 1
    assert "was erased on 2026-10-31" in answer.err


def test_a_reason_that_names_the_person_is_refused(group: Group) -> None:
    anna, *_ = group
    case = new_case(anna, "Maria Zvontsova")
    answer = anna.run("erase", case, "--reason", "Zvontsova asked", "--confirm", case)
    assert answer.exit_code == 1
    assert "Zvontsova" not in answer.err


def test_dry_run_destroys_nothing(group: Group) -> None:
    anna, *_ = group
    case = new_case(anna, SECRETS[0])
    assert anna.run("erase", case, "--reason", "asked", "--dry-run").exit_code == 0
    assert SECRETS[0] in anna.does("show", case)


def test_an_action_that_serves_no_other_case_goes_with_it(group: Group) -> None:
    anna, *_ = group
    one, two = new_case(anna, SECRETS[0]), new_case(anna, "Иван Другой")
    for case in (one, two):
        anna.does("assess", case, "--decision", "more-information", "--reason", "asked back")
    alone = anna.does("-q", "link-action", one, "--type", "information", "--text", f"to {SECRETS[0]}")
    both = anna.does("-q", "link-action", one, two, "--type", "information", "--text", "to both")
    answer = anna.run("erase", one, "--reason", "asked", "--confirm", one)
    assert answer.exit_code == 0, answer
    assert f"stays, because other cases need it: the private part of {both}" in answer.err
    text = next(anna.clone.glob(f"actions/*/{alone}.yaml")).read_text()
    assert "erasure" in text
    assert "private" not in text
    assert "private" in next(anna.clone.glob(f"actions/*/{both}.yaml")).read_text()


def test_another_clone_edits_the_case_meanwhile(group: Group) -> None:
    anna, boris, _ = group
    case = new_case(anna, SECRETS[0])
    anna.does("sync")
    boris.does("sync")
    boris.does("edit", case, "--set", f"private.contact={SECRETS[1]}", "--set", "channel=phone")
    boris.does("note", case, "he called")
    anna.does("erase", case, "--reason", "asked", "--confirm", case)
    told = boris.run("sync")
    anna.does("sync")
    for one in (anna, boris):
        text = next(one.clone.glob(f"cases/*/{case}.yaml")).read_text()
        assert "private:" not in text, told
        assert "channel: phone" in text
        assert SECRETS[1] not in one.run("show", case).out
        assert one.run("validate").exit_code == 0


@pytest.mark.parametrize("cut", ["drop", "purge"])
def test_a_power_cut_between_the_tombstone_and_the_keyring(
    group: Group, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, boris, _ = group
    case = new_case(anna, SECRETS[0])
    anna.does("sync")
    boris.does("sync")
    from solidarity_cli.crypto.keyring.keyring import Keyring

    def power_cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Keyring, cut, power_cut)
        assert anna.run("erase", case, "--reason", "asked", "--confirm", case).exit_code == 130
    assert "erasure" in next(anna.clone.glob(f"cases/*/{case}.yaml")).read_text()
    anna.does("sync")
    boris.does("sync")
    for one in (anna, boris):
        with one.at_work():
            assert case not in tree.read(one.clone).blobs
        assert not any(SECRETS[0].encode() in said for said in said_by(one.clone, keys_in(one.clone, surviving(group))))


def test_a_clone_without_a_key_can_erase(group: Group, person: Callable[[str], Person], server: str) -> None:
    anna, *_ = group
    case = new_case(anna, SECRETS[0])
    anna.does("sync")
    dora = person("dora")
    subprocess.run(["git", "clone", "-q", server, str(dora.clone)], check=True)
    dora.does("sync")
    assert "[sealed]" in dora.does("show", case).replace("\\", "")
    dora.does("erase", case, "--reason", "the person asked", "--confirm", case)
    for one in group:
        one.does("sync")
        assert SECRETS[0] not in one.does("show", case)
