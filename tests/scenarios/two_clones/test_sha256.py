"""A sealed register in a repository whose ids have 64 digits: two people, from the first act to an erasure."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.support.people import Person


def test_two_people_share_a_sealed_register_in_a_repository_of_sha256(
    tmp_path: Path, person: Callable[[str], Person]
) -> None:
    anna, boris = person("anna"), person("boris")
    bare = tmp_path / "register.git"
    made = ["git", "init", "-q", "--object-format=sha256", "-b", "main"]
    subprocess.run([*made, "--bare", str(bare)], check=True)
    subprocess.run([*made, str(anna.clone)], check=True)
    anna.does("init", ".", "--name", "Test Register")
    anna.git("remote", "add", "origin", str(bare))
    case = anna.does("-q", "new-case", "--name", "Мария Звонцова", "--country", "RU")
    anna.does("sync")
    assert len(anna.git("rev-parse", "refs/solidarity/keyring")) == 64
    assert "new-keyring" not in anna.git("for-each-ref")

    subprocess.run(["git", "clone", "-q", str(bare), str(boris.clone)], check=True)
    boris.does("sync")
    assert "Мария Звонцова" not in boris.does("show", case)
    anna.does("keys", "add", boris.address, boris.public_key())
    anna.does("sync")
    boris.does("sync")
    assert "Мария Звонцова" in boris.does("show", case)

    anna.does("note", case, "from anna")
    boris.does("note", case, "from boris")
    for one in (anna, boris, anna):
        one.does("sync")
    for one in (anna, boris):
        shown = one.does("show", case)
        assert "from anna" in shown
        assert "from boris" in shown
        assert one.run("validate").exit_code == 0
        assert one.run("audit").exit_code == 0

    boris.does("keys", "rotate")
    boris.does("erase", case, "--reason", "The person asked for it.", "--confirm", case)
    for one in (boris, anna, boris):
        one.does("sync")
    for one in (anna, boris):
        assert "Мария Звонцова" not in one.does("show", case)
        assert "from anna" not in one.does("show", case)
