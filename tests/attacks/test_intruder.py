"""Somebody who can push and cannot unseal: whatever they push, nothing is wrapped for them and nothing destroyed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyrage
import pytest
import yaml

from solidarity_cli.crypto.keyring import store as tree
from solidarity_cli.crypto.keyring.key_wrapping import wrap
from solidarity_cli.crypto.vouches import Group
from tests.scenarios.erasure.test_erase import surviving
from tests.support.keyring import with_passphrase
from tests.support.people import Person, every_object

Group3 = tuple[Person, Person, Person]
NAMES = ("Мария Звонцова", "Иван Другой", "Nora Beispiel", "Olga Muster", "Jan Kowalski")


class Intruder:
    """Somebody with the right to push and an identity that nobody has let in."""

    def __init__(self, person: Person, server: str) -> None:
        self.person, self.server = person, server
        subprocess.run(["git", "clone", "-q", server, str(person.clone)], check=True)
        self.identity = pyrage.x25519.Identity.generate()
        self.key = str(self.identity.to_public())

    def pushes(self, change: Callable[[dict[str, Any]], None]) -> None:
        """A change of `recipients.yaml`, made by hand."""
        self.person.git("fetch", "-q", "origin")
        self.person.git("reset", "-q", "--hard", "origin/main")
        file = self.person.clone / "recipients.yaml"
        plain = yaml.safe_load(file.read_text())
        change(plain)
        file.write_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True))
        self.person.git("commit", "-qam", "by hand")
        self.person.git("push", "-q", "origin", "HEAD:main")

    def erases(self, case: str, keys: list[str]) -> None:
        """A tombstone that nobody decided on, in the place of a case's private part."""
        self.person.git("fetch", "-q", "origin")
        self.person.git("reset", "-q", "--hard", "origin/main")
        file = next(self.person.clone.glob(f"cases/*/{case}.yaml"))
        plain = yaml.safe_load(file.read_text())
        del plain["private"]
        erasure = {"date": "2026-10-31", "ground": "a lie", "by": "dora@forum.example"}
        plain["erasure"] = erasure | ({"keys": keys} if keys else {})
        file.write_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True))
        self.person.git("commit", "-qam", "by hand", "--no-verify")
        self.person.git("push", "-q", "origin", "HEAD:main")

    def joins(self, vouch: str = "", name: str = "dora@forum.example") -> None:
        entry = {"name": name, "key": self.key, "since": "2026-10-31", **({"vouch": vouch} if vouch else {})}
        self.pushes(lambda plain: plain["recipients"].append(entry))

    def pushes_keyring(self, put: dict[str, bytes], *, alone: bool = False) -> None:
        """A keyring with other wrapped keys in it, or with those alone."""
        self.person.git("fetch", "-q", "--force", "origin", f"+{tree.REF}:{tree.REF}")
        base = "" if alone else tree.read(self.person.clone).keys
        commit = tree.written(self.person.clone, base, put=put)
        self.person.git("push", "-q", "--force", "origin", f"{commit}:{tree.REF}")

    def reads(self, repositories: Iterable[Path]) -> list[bytes]:
        """What their identity opens of all objects there."""
        found = []
        for repository in repositories:
            for data in every_object(repository):
                if data.startswith(b"age-encryption.org/v1"):
                    try:
                        found.append(bytes(pyrage.decrypt(data, [self.identity])))
                    except pyrage.DecryptError:
                        continue
        return found


@pytest.fixture
def intruder(group: Group3, person: Callable[[str], Person], server: str) -> Intruder:
    return Intruder(person("dora"), server)


def places(group: Group3, tmp_path: Path) -> list[Path]:
    return [*(one.clone for one in group), tmp_path / "server" / "register.git"]


def new_case(one: Person, name: str) -> str:
    return one.does("-q", "new-case", "--name", name, "--country", "RU")


def recipients(one: Person) -> list[dict[str, Any]]:
    return list(json.loads(one.does("keys", "list", "--json"))["recipients"])


@pytest.mark.parametrize("vouch", ["none", "forged", "of another name and key", "of another key"])
def test_who_writes_themselves_into_the_list_reads_nothing(
    group: Group3, intruder: Intruder, vouch: str, tmp_path: Path
) -> None:
    anna, boris, clara = group
    cases = [new_case(anna, NAMES[0])]
    anna.does("sync")
    if vouch == "of another key":

        def takes_over(plain: dict[str, Any]) -> None:
            plain["recipients"][1]["key"] = intruder.key

        intruder.pushes(takes_over)
        name = boris.address
    else:
        name = "dora@forum.example"
        told = {"none": "", "forged": "0" * 64}.get(vouch, recipients_vouch(anna))
        intruder.joins(told)
    for one, who in ((anna, NAMES[1]), (clara, NAMES[2]), (anna, NAMES[3])):
        answer = one.run("--no-input", "sync")
        assert answer.exit_code == 0, answer
        assert f"{name} stands in recipients.yaml and nobody who can unseal has let them in" in answer.err
        assert intruder.key not in answer.err
        cases.append(new_case(one, who))
        one.does("sync")
        one.does("keys", "list")
    assert intruder.reads(places(group, tmp_path)) == []
    if name != boris.address:
        boris.does("sync")
    for one in (anna, clara) if name == boris.address else group:
        one.does("sync")
        for case in cases if one is clara else cases[-1:]:
            assert "[sealed]" not in one.does("show", case).replace("\\", "")
    assert "nobody who can unseal has let them in" in anna.run("doctor").out + anna.run("doctor").err
    assert f"{name} stands in recipients.yaml, not verified here" in anna.run().err
    assert [one["vouched"] for one in recipients(anna) if one["key"] == intruder.key] == [False]


def recipients_vouch(one: Person) -> str:
    return str(yaml.safe_load((one.clone / "recipients.yaml").read_text())["recipients"][0]["vouch"])


def test_a_key_of_the_group_that_the_intruder_made_is_not_believed(
    group: Group3, intruder: Intruder, person: Callable[[str], Person], tmp_path: Path
) -> None:
    anna, boris, clara = group
    cases = [new_case(anna, NAMES[0])]
    anna.does("sync")
    nora = person("nora")
    subprocess.run(["git", "clone", "-q", intruder.server, str(nora.clone)], check=True)
    anna.does("keys", "add", nora.address, nora.public_key())
    anna.does("sync")
    false = Group.new()

    def vouches(plain: dict[str, Any]) -> None:
        plain["recipients"].append({"name": "dora@forum.example", "key": intruder.key, "since": "2026-10-31"})
        for one in plain["recipients"]:
            one["vouch"] = false.vouch(one["name"], one["key"])

    intruder.pushes(vouches)
    from solidarity_cli.core.model import Recipient

    everybody = [Recipient(one["name"], one["key"], one["since"]) for one in recipients(anna)]
    intruder.pushes_keyring({tree.GROUP: wrap(false.data, tree.GROUP, everybody, false.id)})
    # A clone that has seen no key of the group before meets the false one first.
    nora.does("sync")
    assert NAMES[0] in nora.does("show", cases[0])
    assert nora.run("--no-input", "new-case", "--name", NAMES[4]).exit_code == 3
    for one, name in ((boris, NAMES[1]), (anna, NAMES[2]), (clara, NAMES[3]), (boris, NAMES[4])):
        one.does("sync")
        cases.append(new_case(one, name))
        one.does("sync")
    for one in (*group, nora, *group, nora):
        one.does("sync")
    cases.append(new_case(nora, NAMES[4]))
    nora.does("sync")
    assert intruder.reads([*places(group, tmp_path), nora.clone]) == []
    for one in (*group, nora):
        one.does("sync")
        for case in cases if one is nora else cases[-1:]:
            assert "[sealed]" not in one.does("show", case).replace("\\", "")
    assert [one["vouched"] for one in recipients(nora)] == [True] * 4 + [False]


def test_who_retires_everybody_destroys_nothing(group: Group3, intruder: Intruder, tmp_path: Path) -> None:
    anna, *_ = group
    case = new_case(anna, NAMES[0])
    for one in group:
        one.does("sync")
    held = [sorted(file.name for file in one.identities.glob("age1*")) for one in group]

    def retires(plain: dict[str, Any]) -> None:
        plain["retired"] = [
            {"name": one["name"], "key": one["key"], "until": "2026-10-31", "destroyed": True}
            for one in plain["recipients"]
        ]
        plain["recipients"] = [{"name": "dora@forum.example", "key": intruder.key, "since": "2026-10-31"}]

    intruder.pushes(retires)
    for one in (*group, *group):
        answer = one.run("--no-input", "sync")
        assert answer.exit_code == 0, answer
        assert "no recipient's any more, and nothing here destroys it" in answer.err
        assert NAMES[0] in one.does("show", case)
        assert one.run("--no-input", "new-case", "--name", NAMES[1]).exit_code == 3
        one.run("--no-input", "keys", "rotate")
    assert [sorted(file.name for file in one.identities.glob("age1*")) for one in group] == held
    anna.git("revert", "--no-edit", "HEAD")
    for one in group:
        one.does("sync")
        case = new_case(one, NAMES[2])
        one.does("sync")
        assert NAMES[2] in one.does("show", case)
    assert intruder.reads(places(group, tmp_path)) == []


def test_vouches_taken_out_are_put_back_and_nobody_is_left_out(
    group: Group3, intruder: Intruder, tmp_path: Path
) -> None:
    anna, boris, clara = group

    def strips(plain: dict[str, Any]) -> None:
        for one in plain["recipients"]:
            one.pop("vouch", "")

    intruder.joins()
    intruder.pushes(strips)
    boris.does("sync")
    case = new_case(boris, NAMES[0])
    boris.does("sync")
    for one in (anna, clara):
        one.does("sync")
        assert NAMES[0] in one.does("show", case)
    plain = yaml.safe_load((anna.clone / "recipients.yaml").read_text())
    assert ["vouch" in one for one in plain["recipients"]] == [True, True, True, False]
    assert intruder.reads(places(group, tmp_path)) == []


def test_let_in_after_all(group: Group3, intruder: Intruder, tmp_path: Path) -> None:
    anna, boris, _ = group
    new_case(anna, NAMES[0])
    intruder.joins()
    anna.does("sync")
    anna.does("keys", "add", "dora@forum.example", intruder.key)
    anna.does("sync")
    answer = boris.run("--no-input", "sync")
    assert "has let them in" not in answer.err
    assert [one["vouched"] for one in recipients(boris)] == [True] * 4
    new_case(boris, NAMES[1])
    assert len(intruder.reads([boris.clone])) >= 3


def test_who_was_removed_cannot_vouch(group: Group3, intruder: Intruder, tmp_path: Path) -> None:
    anna, boris, clara = group
    new_case(anna, NAMES[0])
    anna.does("sync")
    with clara.at_work():
        from datetime import date

        from solidarity_cli.register.register import Register

        known = Register(clara.clone, date(2026, 10, 31)).keyring.group()
    assert known
    anna.does("keys", "remove", clara.address)
    anna.does("sync")
    boris.does("sync")
    intruder.joins(known.vouch("dora@forum.example", intruder.key))
    newer = Group.new(known)
    from solidarity_cli.core.model import Recipient

    everybody = [Recipient(one["name"], one["key"], one["since"]) for one in recipients(anna)]
    intruder.pushes_keyring({tree.GROUP: wrap(newer.data, tree.GROUP, everybody, newer.id)})
    for one, name in ((boris, NAMES[1]), (anna, NAMES[2]), (boris, NAMES[3])):
        one.does("sync")
        new_case(one, name)
        one.does("sync")
    assert intruder.reads(places(group, tmp_path)) == []
    assert [one["vouched"] for one in recipients(boris)] == [True, True, False]


def test_two_people_remove_somebody_at_once(group: Group3, person: Callable[[str], Person], server: str) -> None:
    anna, boris, clara = group
    nora = person("nora")
    subprocess.run(["git", "clone", "-q", server, str(nora.clone)], check=True)
    anna.does("keys", "add", nora.address, nora.public_key())
    for one in (anna, boris, clara, nora):
        one.does("sync")
    anna.does("keys", "remove", clara.address)
    boris.does("keys", "remove", nora.address)
    first = new_case(anna, NAMES[0])
    second = new_case(boris, NAMES[1])
    for one in (anna, boris, anna, boris):
        one.does("sync")
    for one in (anna, boris):
        assert [(row["name"], row["vouched"]) for row in recipients(one)] == [
            (anna.address, True),
            (boris.address, True),
        ]
        assert NAMES[0] in one.does("show", first)
        assert NAMES[1] in one.does("show", second)
        assert "stands in recipients.yaml" not in one.run("--no-input", "sync").err
        assert one.does("sync") == "in step with the remote"
    for gone in (clara, nora):
        gone.does("sync")
        assert NAMES[0] not in gone.does("show", first)


def test_two_erase_one_case_at_once(group: Group3) -> None:
    anna, boris, clara = group
    stays, gone = new_case(anna, NAMES[0]), new_case(anna, NAMES[1])
    for one in group:
        one.does("sync")
    for one in (boris, clara):
        one.does("erase", gone, "--reason", "asked", "--confirm", gone)
    for one in (*group, *group):
        one.does("sync")
    for one in group:
        assert NAMES[0] in one.does("show", stays)
        assert [row["vouched"] for row in recipients(one)] == [True] * 3
    assert len(surviving(group)) == 3


@pytest.mark.parametrize("keys", ["everybody's", "none", "the intruder's"])
def test_a_forged_erasure_costs_its_own_record_only(group: Group3, intruder: Intruder, keys: str) -> None:
    anna, *_ = group
    stays, gone = new_case(anna, NAMES[0]), new_case(anna, NAMES[1])
    for one in group:
        one.does("sync")
    named = {"everybody's": [row["key"] for row in recipients(anna)], "none": [], "the intruder's": [intruder.key]}
    intruder.erases(gone, named[keys])
    for one in (*group, *group):
        answer = one.run("--no-input", "sync")
        assert answer.exit_code == 0, answer
    assert "a lie" in anna.does("show", gone)
    later = new_case(anna, NAMES[2])
    anna.does("sync")
    for one in group:
        one.does("sync")
        assert NAMES[0] in one.does("show", stays)
        assert NAMES[2] in one.does("show", later)
        assert [row["vouched"] for row in recipients(one)] == [True] * 3
    assert len(surviving(group)) == 3


def test_a_confirmation_that_needs_a_passphrase_waits_and_the_rest_is_done(group: Group3) -> None:
    anna, boris, clara = group
    gone, stays = new_case(anna, NAMES[0]), new_case(anna, NAMES[1])
    anna.does("sync")
    boris.does("sync")
    (file,) = boris.identities.glob("age1*")
    file.write_bytes(with_passphrase(file.read_bytes(), "right"))
    anna.does("erase", gone, "--reason", "asked", "--confirm", gone)
    mine = new_case(boris, NAMES[2])
    answer = boris.run("--no-input", "sync")
    assert answer.exit_code == 0, answer
    assert "your confirmation of the erasures waits: the identity asks for its passphrase" in answer.err
    assert f"erasure of {gone} incomplete: waiting for boris@forum.example" in answer.err
    assert boris.git("rev-parse", "HEAD") == boris.git("rev-parse", "origin/main")
    for one in (clara, anna):
        one.does("sync")
    assert NAMES[2] in anna.does("show", mine)
    assert NAMES[1] in anna.does("show", stays)
    assert file.exists()
