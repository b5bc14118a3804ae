"""`solidarity keys`: an identity made, people let in and let go, and every wrong way there refused in words."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from solidarity_cli.crypto import identities
from solidarity_cli.crypto.keyring.store import REF
from solidarity_cli.crypto.recovery.secret_sharing import age_secret
from tests.support.keepers import Keeper, ask_git
from tests.support.keyring import wrapped

SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN anna"


def _stranger() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


def test_an_identity_is_made_once_for_a_clone(anna: Keeper, boris: Keeper) -> None:
    assert anna.does("keys", "init") in anna.held()
    assert len(anna.held()) == 1
    answer = boris.run("keys", "init")
    public = answer.out.strip()
    assert boris.held() == {public}
    assert stat.S_IMODE((boris.identities / public).stat().st_mode) == 0o600
    assert "solidarity keys add YOUR-NAME PUBLIC-KEY" in answer.err
    assert boris.does("keys", "init") == public
    assert boris.held() == {public}
    assert ask_git(boris.clone, "status", "--porcelain") == ""
    (boris.identities / public).unlink()
    assert boris.does("keys", "init") != public


def test_two_people_in_two_clones(anna: Keeper, boris: Keeper) -> None:
    first = anna.case()
    boris.takes(anna)
    assert not boris.opens(first)
    assert "sealed" in boris.does("show", first)
    public = boris.does("keys", "init")
    assert "anna" not in anna.does("keys", "add", "boris", public)
    boris.takes(anna)
    assert boris.opens(first)
    assert boris.listed()["keys"] == {"records": 1, "open": 1, "stale": 0}
    second = boris.case()
    anna.takes(boris)
    assert anna.opens(second)
    log = ask_git(anna.clone, "log", "-1", "--format=%B", "HEAD^").splitlines()
    assert log[:3] == ["keys-add", "", "Act: keys-add"]
    assert ask_git(anna.clone, "show", "--name-only", "--format=", "HEAD^") == "recipients.yaml"

    answer = anna.run("keys", "remove", "boris")
    assert answer.exit_code == 0
    assert "they may have kept" in answer.err
    assert "warning: one recipient only" in answer.err
    assert anna.opens(first)
    third = anna.case()
    boris.takes(anna)
    assert boris.listed()["keys"] == {"records": 3, "open": 0, "stale": 0}
    assert not boris.opens(third)
    assert not boris.opens(first)


def test_what_was_wrapped_for_somebody_who_left_is_out_of_the_store(anna: Keeper, boris: Keeper) -> None:
    anna.case()
    anna.does("keys", "add", "boris", boris.does("keys", "init"))
    old = ask_git(anna.clone, "rev-parse", REF)
    anna.does("keys", "remove", "boris")
    assert subprocess.run(["git", "cat-file", "-e", old], check=False, cwd=anna.clone, capture_output=True).returncode
    ask_git(anna.clone, "fsck", "--strict")


def test_the_list(anna: Keeper) -> None:
    key = next(iter(anna.held()))
    answer = anna.run("keys", "list")
    assert answer.out.rstrip("\n").split("\t") == ["coordinator@forum.example", key, "2026-10-31", "", "yours"]
    assert "the loss of one laptop would lose everything" in answer.err
    other = _stranger()
    anna.does("keys", "add", "Ольга", other)
    assert "laptop" not in anna.run("keys", "list").err
    anna.does("keys", "remove", "Ольга", "--destroyed")
    told = anna.listed()
    assert told["recipients"] == [
        {"name": "coordinator@forum.example", "key": key, "since": "2026-10-31", "yours": True, "vouched": True}
    ]
    assert told["retired"] == [
        {"name": "Ольга", "key": other, "until": "2026-10-31", "destroyed": True, "yours": False}
    ]
    assert told["keys"] == {"records": 0, "open": 0, "stale": 0}


def test_a_dry_run_shows_and_changes_nothing(anna: Keeper) -> None:
    anna.does("keys", "add", "boris", _stranger())
    before = ask_git(anna.clone, "rev-parse", "HEAD"), anna.held()
    olga = _stranger()
    assert f'+    key: "{olga}"' in anna.does("keys", "add", "olga", olga, "--dry-run")
    assert "+retired:" in anna.does("keys", "remove", "boris", "-n")
    assert "0 keys would be wrapped anew" in anna.does("keys", "rotate", "-n")
    assert "5 shares would be made, 2 of them needed" in anna.does("keys", "recovery", "split", "-n")
    assert (ask_git(anna.clone, "rev-parse", "HEAD"), anna.held()) == before
    assert ask_git(anna.clone, "status", "--porcelain") == ""


def test_by_names_the_author(anna: Keeper) -> None:
    anna.does("keys", "add", "boris", _stranger(), "--by", "Olga <olga@forum.example>")
    assert ask_git(anna.clone, "log", "-1", "--format=%an <%ae>") == "Olga <olga@forum.example>"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("boris", "this is no public key"),
        ("age1" + "q" * 58, "this is no public key"),
        (SSH, "an SSH key is no recipient: it cannot be destroyed"),
        (age_secret(b"k" * 32), "this is a secret key"),
    ],
)
def test_a_recipient_that_is_no_key(key: str, words: str, anna: Keeper) -> None:
    anna.case()
    anna.refused("keys", "add", "boris", key, code=1, words=words)


@pytest.mark.parametrize("name", ["coordinator@forum.example", "COORDINATOR@forum.example", "Recovery", "", "a\nb"])
def test_a_name_that_cannot_be_taken(name: str, anna: Keeper) -> None:
    anna.case()
    words = {"Recovery": "kept for shares", "": "a text of one line", "a\nb": "a text of one line"}
    anna.refused("keys", "add", name, _stranger(), code=1, words=words.get(name, "has this name already"))


def test_a_key_comes_once_and_never_back(anna: Keeper) -> None:
    anna.case()
    key = _stranger()
    anna.does("keys", "add", "boris", key)
    anna.refused("keys", "add", "olga", key, code=1, words="a recipient's already")
    anna.refused("keys", "add", "boris", key, code=1, words="has this name already")
    anna.does("keys", "remove", "boris")
    anna.refused("keys", "add", "boris", key, code=1, words="retired and never comes back")
    anna.does("keys", "add", "boris", _stranger())


def test_removing(anna: Keeper) -> None:
    anna.case()
    lost, new = _stranger(), _stranger()
    anna.refused("keys", "remove", "nobody", code=1, words="no recipient of this name")
    anna.refused("keys", "remove", "coordinator@forum.example", code=1, words="nobody else would be left")
    anna.does("keys", "recovery", "split")
    anna.refused("keys", "remove", "coordinator@forum.example", code=1, words="nobody else would be left")
    anna.does("keys", "add", "boris", lost)
    anna.does("keys", "remove", "boris")
    anna.refused("keys", "remove", "boris", code=1, words="no recipient any more")
    anna.does("keys", "add", "boris", new)
    # The lost laptop turned up and was wiped: said by its key, for the name is somebody's again.
    assert "written down" in anna.does("keys", "remove", lost, "--destroyed")
    assert [(one["key"], one["destroyed"]) for one in anna.listed()["retired"]] == [(lost, True)]
    assert "boris" in anna.names()
    head = ask_git(anna.clone, "rev-parse", "HEAD")
    assert anna.does("keys", "remove", lost, "--destroyed") == "written down"
    assert ask_git(anna.clone, "rev-parse", "HEAD") == head


def test_leaving_oneself(anna: Keeper, boris: Keeper) -> None:
    case = anna.case()
    anna.does("keys", "add", "boris", boris.does("keys", "init"))
    answer = anna.run("keys", "remove", "coordinator@forum.example")
    assert "your identity is no recipient's any more, and nothing here destroys it" in answer.err
    assert not anna.opens(case)
    new = anna.does("keys", "init")  # another identity; the old one goes when somebody has let the new one in
    anna.run("keys", "remove", "nobody")
    assert len(anna.held()) == 2
    boris.takes(anna)
    assert boris.opens(case)
    boris.does("keys", "add", "anna", new)
    anna.takes(boris)
    anna.run("keys", "remove", "nobody")
    assert anna.opens(case)
    assert anna.held() == {new}
    assert [one["destroyed"] for one in anna.listed()["retired"]] == [True]


def test_somebody_who_cannot_open_all_lets_nobody_in_or_go(anna: Keeper, boris: Keeper) -> None:
    anna.case()
    boris.takes(anna)
    for identity in ("none", "a wrong one"):
        if identity == "a wrong one":
            boris.does("keys", "init")
        boris.refused("keys", "add", "olga", _stranger(), code=3, words="1 of 1 keys cannot be opened")
        boris.refused("keys", "recovery", "split", code=3, words="1 of 1 keys cannot be opened")
        boris.refused("keys", "rotate", code=1, words="no identity on this machine is a recipient's")


@pytest.mark.parametrize("verb", [("keys", "add", "boris"), ("keys", "remove", "olga")])
def test_a_commit_that_is_refused_changes_no_key(verb: tuple[str, ...], anna: Keeper) -> None:
    case = anna.case()
    anna.does("keys", "add", "olga", _stranger())
    before = wrapped(anna.clone, case)
    hook = anna.clone / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    anna.refused(*verb, *([_stranger()] if "add" in verb else []), code=3, words="git did not accept the commit")
    assert wrapped(anna.clone, case) == before
    assert anna.opens(case)


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("verb", ["add", "remove"])
def test_a_cut_before_the_keys_are_wrapped_is_finished_by_the_same_words(
    verb: str, stopped: type[BaseException], anna: Keeper, boris: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, public = anna.case(), boris.does("keys", "init")
    words = ["keys", "add", "boris", public]
    if verb == "remove":
        anna.does(*words)
        words = ["keys", "remove", "boris"]

    def cut(*_: object, **__: object) -> str:
        raise stopped

    with monkeypatch.context() as patch:
        patch.setattr("solidarity_cli.crypto.keyring.keyring.Keyring.rewrap", cut)
        assert anna.run(*words).exit_code in (3, 130)
    assert anna.opens(case)
    assert anna.listed()["keys"] == {"records": 1, "open": 1, "stale": 1}
    anna.does(*words)
    assert anna.listed()["keys"] == {"records": 1, "open": 1, "stale": 0}
    boris.takes(anna)
    assert boris.opens(case) == (verb == "add")


def test_a_spoiled_recipients_file_is_told_with_its_place(anna: Keeper) -> None:
    file = anna.clone / "recipients.yaml"
    file.write_text(file.read_text().replace("since", "from"))
    answer = anna.run("keys", "list")
    assert answer.exit_code == 1
    assert "recipients.yaml: recipient 1 has the fields name, key, since" in answer.err


def test_a_register_without_recipients(run: Callable[..., object], own_identities: Path, register: Path) -> None:
    answer = run("keys", "list")
    assert getattr(answer, "exit_code", 1) == 0
    assert "nobody is a recipient" in getattr(answer, "err", "")
    public = getattr(run("keys", "init"), "out", "").strip()
    assert getattr(run("keys", "add", "anna", public), "exit_code", 1) == 0
    assert identities.public_keys() == (public,)
    assert "name: anna" in (register / "recipients.yaml").read_text()


def test_a_mistyped_verb_below_keys(anna: Keeper) -> None:
    answer = anna.run("keys", "lst")
    assert answer.exit_code == 2
    assert answer.err.splitlines() == [
        "error: no such command",
        "  did you mean: solidarity keys list? all of them: solidarity keys --help",
    ]
    assert anna.run("keys").exit_code == 2


def test_completion_knows_the_verbs_below(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed, wanted in (
        ("solidarity keys ", {"init", "rotate", "recovery"}),
        ("solidarity keys recovery ", {"split"}),
    ):
        monkeypatch.setenv("_SOLIDARITY_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", typed)
        monkeypatch.setenv("COMP_CWORD", str(len(typed.split())))
        said = subprocess.run([program], check=False, capture_output=True, text=True).stdout
        assert wanted <= set(said.split()), said
