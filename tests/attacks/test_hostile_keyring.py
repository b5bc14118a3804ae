"""A keyring that is none: whoever can push to the server can put anything there."""

from __future__ import annotations

from pathlib import Path

import pytest

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto.keyring.store import REF
from tests.support.keyring import KEYS, ONE, TWO, ask_git, ring, wrapped


def _put(root: Path, made: str) -> None:
    ask_git(root, "update-ref", REF, made)


def _tree(root: Path, *rows: str) -> str:
    return ask_git(root, "mktree", "--missing", given=("\n".join(rows) + "\n").encode())


def _commit(root: Path, tree: str, *parents: str) -> str:
    return ask_git(root, "commit-tree", tree, "-m", "x", *(word for one in parents for word in ("-p", one)))


def test_a_keyring_with_a_history_is_refused(register: Path, me: Recipient) -> None:
    first = ring(register, me).add(KEYS)
    _put(register, _commit(register, f"{first}^{{tree}}", first))
    for ask in (
        lambda: ring(register, me).key(ONE),
        lambda: ring(register, me).records(),
        lambda: ring(register, me).add({"SG-2026-QQQQQQ": b"x" * 32}),
    ):
        with pytest.raises(ExternalError, match="the keyring has a history") as trouble:
            ask()
        assert trouble.value.hint
    with pytest.raises(ExternalError, match="has a history"):
        ring(register, me).merge(ask_git(register, "rev-parse", REF))


def test_a_ref_that_names_no_commit_is_refused(register: Path, me: Recipient) -> None:
    ring(register, me).add(KEYS)
    blob = ask_git(register, "hash-object", "-w", "--stdin", given=b"x")
    tree = ask_git(register, "rev-parse", f"{REF}^{{tree}}")
    large = ask_git(register, "commit-tree", tree, "-F", "-", given=b"x" * 10_000)
    for made in (blob, tree, large):
        _put(register, made)
        with pytest.raises(ExternalError, match="the keyring names something that is no keyring"):
            ring(register, me).key(ONE)


def test_a_symbolic_ref_does_not_lead_the_way(register: Path, me: Recipient) -> None:
    main = ask_git(register, "rev-parse", "main")
    ask_git(register, "symbolic-ref", REF, "refs/heads/main")
    ring(register, me).add(KEYS)
    assert ask_git(register, "rev-parse", "main") == main
    assert ring(register, me).keys(KEYS) == KEYS
    assert ask_git(register, "ls-tree", "--name-only", REF).split() == ["README", "keys"]  # nothing of main


def test_only_paths_of_the_exact_form_are_read(register: Path, me: Recipient) -> None:
    ring(register, me).add({ONE: KEYS[ONE], TWO: KEYS[TWO]})
    good = ask_git(register, "rev-parse", f"{REF}:keys/2026/{ONE}.age")
    nested = _tree(register, f"100644 blob {good}\t{TWO}.age")
    year = _tree(
        register,
        f"100644 blob {good}\t{ONE}.age",
        f"120000 blob {good}\t{TWO}.age",
        f"100755 blob {good}\tSG-2026-AAAAAA.age",
        f"100644 blob {good}\tSG-2025-AAAAAA.age",
        f"100644 blob {good}\tsg-2026-aaaaaa.age",
        f"100644 blob {good}\tSG-2026-BBBBBB",
        f"100644 blob {good}\tSG-2026-BBBBBB.age.age",
        f"100644 blob {good}\tна-2026-BBBBBB.age",
        f"040000 tree {nested}\tSG-2026-CCCCCC.age",
    )
    keys = _tree(register, f"040000 tree {year}\t2026", f"040000 tree {year}\t2025x", f"100644 blob {good}\t2024")
    _put(register, _commit(register, _tree(register, f"040000 tree {keys}\tkeys", f"100644 blob {good}\tREADME")))
    assert ring(register, me).records() == {ONE, "SG-2025-AAAAAA"} - {"SG-2025-AAAAAA"}
    assert ring(register, me).keys([ONE, TWO, "SG-2026-AAAAAA", "SG-2024-AAAAAA"]) == {ONE: KEYS[ONE]}


def test_keys_that_is_no_folder(register: Path, me: Recipient) -> None:
    blob = ask_git(register, "hash-object", "-w", "--stdin", given=b"x")
    _put(register, _commit(register, _tree(register, f"100644 blob {blob}\tkeys")))
    assert ring(register, me).records() == frozenset()
    ring(register, me).add({ONE: KEYS[ONE]})
    assert ring(register, me).records() == {ONE}


def test_a_tree_that_unfolds_without_end_is_not_followed(register: Path, me: Recipient) -> None:
    tree = _tree(register, f"100644 blob {'0' * 39}1\tx")
    for _ in range(40):
        tree = _tree(register, *(f"040000 tree {tree}\t{number}" for number in range(2000, 2010)))
    keys = _tree(register, f"040000 tree {tree}\t2026")
    _put(register, _commit(register, _tree(register, f"040000 tree {keys}\tkeys")))
    assert ring(register, me).records() == frozenset()


def test_substituted_objects_are_not_believed(register: Path, me: Recipient) -> None:
    first = ring(register, me).add({ONE: KEYS[ONE]})
    second = ring(register, me).drop([ONE])
    ask_git(register, "replace", second, first)
    assert ring(register, me).records() == frozenset()


@pytest.mark.parametrize("theirs", ["", "main", "--help", "0" * 40, "HEAD^{tree}", "a" * 40])
def test_what_is_no_fetched_keyring(theirs: str, register: Path, me: Recipient) -> None:
    with pytest.raises(ExternalError, match="the keyring of the other side"):
        ring(register, me).merge(theirs)


def test_a_keyring_whose_objects_are_lost(register: Path, me: Recipient) -> None:
    ring(register, me).add({ONE: KEYS[ONE], TWO: KEYS[TWO]})
    blob = ask_git(register, "rev-parse", f"{REF}:keys/2026/{ONE}.age")
    assert wrapped(register, ONE)
    (register / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert ring(register, me).keys([ONE, TWO]) == {TWO: KEYS[TWO]}
    with pytest.raises(ExternalError, match="1 of 2 keys cannot be opened"):
        ring(register, me).rewrap((me,))
