"""What was dropped is nowhere in `.git` afterwards, and nothing else is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto.keyring import purge as remains
from solidarity_cli.crypto.keyring import store as tree
from solidarity_cli.crypto.keyring.store import REF
from tests.support.keyring import KEYS, ONE, THREE, TWO, ask_git, fetched, is_in_store, ring, wrapped


def _needle(root: Path, record: str) -> bytes:
    """A line that stands in this one age file only."""
    return wrapped(root, record).splitlines()[2]


def _everything(root: Path) -> set[str]:
    """Every object, whatever reaches it."""
    return set(ask_git(root, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split())


def _dangling(root: Path) -> str:
    """Something of the user's own that no ref reaches."""
    return ask_git(root, "hash-object", "-w", "--stdin", given=b"the user's own work")


PACKING: dict[str, Callable[[Path], object]] = {
    "loose": lambda root: None,
    "packed": lambda root: ask_git(root, "gc", "--quiet"),
    "cruft": lambda root: ask_git(root, "gc", "--quiet", "--cruft"),
    "packed with an index of packs": lambda root: ask_git(
        root, "repack", "-a", "-d", "-q", "--write-midx", "--write-bitmap-index"
    ),
}


@pytest.mark.parametrize("packed_before", PACKING)
@pytest.mark.parametrize("packed_after", ["loose", "packed", "cruft"])
def test_a_dropped_key_is_gone(packed_before: str, packed_after: str, register: Path, me: Recipient) -> None:
    ring(register, me).add(KEYS)
    needle, kept, own = _needle(register, ONE), _needle(register, TWO), _dangling(register)
    PACKING[packed_before](register)
    assert is_in_store(register, needle)
    old = ring(register, me).commit()
    ring(register, me).drop([ONE])
    assert is_in_store(register, needle)
    PACKING[packed_after](register)
    replaced, now = tree.read(register, old), tree.read(register)
    before = _everything(register)
    assert ring(register, me).purge(old) == frozenset()
    assert before - _everything(register) == set(replaced.objects) - set(now.objects)
    assert not is_in_store(register, needle)
    assert is_in_store(register, kept)
    assert ask_git(register, "cat-file", "blob", own) == "the user's own work"
    assert ring(register, me).keys(KEYS) == {TWO: KEYS[TWO], THREE: KEYS[THREE]}
    assert "missing" not in ask_git(register, "fsck", "--full", "--strict")
    ask_git(register, "gc", "--quiet", "--prune=now")
    assert not is_in_store(register, needle)
    assert ring(register, me).keys(KEYS) == {TWO: KEYS[TWO], THREE: KEYS[THREE]}


@pytest.mark.parametrize("split", [[], ["--split"]])
def test_git_does_not_miss_the_removed_commit(split: list[str], register: Path, me: Recipient) -> None:
    ring(register, me).add(KEYS)
    ask_git(register, "commit-graph", "write", "--reachable", "--changed-paths", *split)
    ring(register, me).drop([ONE])
    assert ring(register, me).purge() == frozenset()
    ask_git(register, "fsck")
    ask_git(register, "commit-graph", "verify")


def test_what_others_still_hold_is_told(register: Path, me: Recipient) -> None:
    ring(register, me).add(KEYS)
    needle, old = _needle(register, ONE), ring(register, me).commit()
    ask_git(register, "update-ref", "refs/remotes/origin/keyring", old)
    ring(register, me).drop([ONE])
    assert ring(register, me).purge()
    assert is_in_store(register, needle)
    assert remains.pending(register) == (old,)
    ask_git(register, "update-ref", "-d", "refs/remotes/origin/keyring")
    assert ring(register, me).purge() == frozenset()
    assert not is_in_store(register, needle)
    assert remains.pending(register) == ()


def test_a_kept_pack_is_told(register: Path, me: Recipient) -> None:
    ring(register, me).add(KEYS)
    ask_git(register, "gc", "--quiet")
    for pack in (register / ".git" / "objects" / "pack").glob("*.pack"):
        pack.with_suffix(".keep").touch()
    ring(register, me).drop([ONE])
    assert ring(register, me).purge()
    for keep in (register / ".git" / "objects" / "pack").glob("*.keep"):
        keep.unlink()
    assert ring(register, me).purge() == frozenset()


def test_a_power_cut_before_the_purge_leaves_a_list(
    register: Path, me: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring(register, me).add(KEYS)
    needle = _needle(register, ONE)
    ring(register, me).drop([ONE])
    unlink, left = remains._unlink, iter(range(1))

    def cut_off(root: Path, objects: list[str]) -> None:
        unlink(root, objects[: next(left) + 1])
        raise KeyboardInterrupt

    monkeypatch.setattr(remains, "_unlink", cut_off)
    with pytest.raises(KeyboardInterrupt):
        ring(register, me).purge()
    monkeypatch.undo()
    assert remains.pending(register)
    assert remains.purge(register) == frozenset()
    assert not is_in_store(register, needle)
    assert remains.purge(register) == frozenset()


def test_a_reflog_does_not_keep_it(register: Path, me: Recipient) -> None:
    ask_git(register, "config", "core.logAllRefUpdates", "always")
    ring(register, me).add(KEYS)
    ask_git(register, "update-ref", "--create-reflog", "-m", "by hand", REF, ring(register, me).add({}))
    other = ask_git(register, "commit-tree", f"{REF}^{{tree}}", "-m", "x")
    ask_git(register, "update-ref", REF, other)
    log = register / ".git" / "logs" / REF
    assert log.exists()
    needle = _needle(register, ONE)
    ring(register, me).drop([ONE])
    assert not log.exists()
    assert ring(register, me).purge() == frozenset()
    assert not is_in_store(register, needle)


def test_what_was_fetched_is_removed_too(register: Path, tmp_path: Path, me: Recipient) -> None:
    ask_git(tmp_path, "clone", "--quiet", str(register), "other")
    ring(register, me).add(KEYS)
    needle = _needle(register, ONE)
    other = tmp_path / "other"
    ring(other, me).merge(fetched(other, register), erased=frozenset([ONE]))
    assert is_in_store(other, needle)
    assert ring(other, me).purge() == frozenset()
    assert not is_in_store(other, needle)
    ring(other, me).merge(fetched(other, register), erased=frozenset([ONE]))  # nothing changes here this time
    assert is_in_store(other, needle)
    assert ring(other, me).purge() == frozenset()
    assert not is_in_store(other, needle)


def test_after_a_rotation_nothing_old_is_left(register: Path, me: Recipient) -> None:
    ring(register, me).add(KEYS)
    needles = [_needle(register, one) for one in KEYS]
    ring(register, me).rewrap((me,))
    assert ring(register, me).purge() == frozenset()
    assert not any(is_in_store(register, needle) for needle in needles)
    assert ring(register, me).keys(KEYS) == KEYS


def test_adding_leaves_nothing_to_remove(register: Path, me: Recipient) -> None:
    ring(register, me).add({ONE: KEYS[ONE]})
    ring(register, me).add({TWO: KEYS[TWO]})
    assert remains.pending(register) == ()
