"""What a replaced keyring leaves in the object store, removed: a dropped key must not be found in `.git` again."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.crypto.keyring import store as tree
from solidarity_cli.git.process import git, git_folders

_LIST = "keyring-replaced"


def remember(root: Path, commits: Iterable[str]) -> None:
    """Note keyrings that will be replaced, before they are: a power cut leaves a list of what is still to remove."""
    file = _list(root)
    known = pending(root)
    new = [one for one in commits if one and one not in known]
    if new:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        with file.open("a", encoding="ascii", newline="\n") as stream:
            stream.writelines(f"{one}\n" for one in new)


def pending(root: Path) -> tuple[str, ...]:
    """The keyrings that were replaced here and are not removed yet."""
    with contextlib.suppress(FileNotFoundError):
        text = _list(root).read_text(encoding="ascii", errors="replace")
        return tuple(one for one in dict.fromkeys(text.split()) if re.fullmatch(r"[0-9a-f]{40,64}", one))
    return ()


def purge(root: Path, old: str = "") -> frozenset[str]:
    """Remove what `old` and all other replaced keyrings hold and the present one does not; what could not be removed.

    An object that a ref, a reflog or an index still reaches stays, and is in the answer, as is one in a pack with a
    `.keep` file or in a borrowed object store. Loose objects are unlinked. A pack that holds some of ours is written
    again without them (`git pack-objects`) and then unlinked; everything else in it, whatever reaches it or does not,
    is in the new pack: nothing of the user's is lost, or expires sooner than it would have.
    """
    remember(root, [old])
    (git_folders(root)[1] / "logs" / tree.REF).unlink(missing_ok=True)
    replaced, ask = pending(root), tree.ask
    if not replaced:
        return frozenset()
    with contextlib.suppress(ExternalError):  # where reflogs are no files; a ref without one is no trouble
        git(root, "reflog", "expire", "--expire=all", tree.REF, quiet_codes=(1, 128, 255))
    now = set(tree.read(root).objects)
    dead = [one for one in _objects_of(root, replaced) if one not in now]
    if not dead:
        return _done(root, replaced, frozenset())
    reached = (
        ask(
            root,
            "rev-list",
            "--objects",
            "--no-object-names",
            "--ignore-missing",
            "--missing=allow-any",
            "--all",
            "--reflog",
            "--indexed-objects",
        )
        .decode()
        .split()
    )
    held = set(dead) & set(reached)
    free = [one for one in dead if one not in held]
    _unlink(root, free)
    if packed := _there(root, free):
        _unpack(root, packed)
    _forget_in_commit_graph(root, replaced)
    return _done(root, replaced, frozenset(held | _there(root, free)))


def _objects_of(root: Path, commits: Iterable[str]) -> list[str]:
    """Every object of these keyrings, each wrapped key before the trees that name it."""
    stored = []
    for commit in commits:
        with contextlib.suppress(ExternalError):  # it is gone already
            stored.append(tree.read(root, commit))
    ordered = [blob for one in stored for blob in one.blobs.values()] + [name for one in stored for name in one.objects]
    return list(dict.fromkeys(ordered))


def _unlink(root: Path, objects: Iterable[str]) -> None:
    store = git_folders(root)[1] / "objects"
    for one in objects:
        (store / one[:2] / one[2:]).unlink(missing_ok=True)


def _unpack(root: Path, dead: set[str]) -> None:
    """Every pack that holds some of `dead`, without them. The new pack is on the disk before the old one goes."""
    store = git_folders(root)[1] / "objects" / "pack"
    for index in sorted(store.glob("pack-*.idx")):
        if index.with_suffix(".keep").exists():
            continue
        lines = tree.ask(root, "show-index", stdin=index.read_bytes()).decode().splitlines()
        names = [line.split()[1] for line in lines]
        if dead.isdisjoint(names):
            continue
        if stay := [one for one in names if one not in dead]:
            stdin = "".join(f"{one}\n" for one in stay).encode()
            made = tree.ask(root, "pack-objects", "-q", str(store.absolute() / "pack"), stdin=stdin).decode().strip()
            if index.with_suffix(".promisor").exists():
                (store / f"pack-{made}.promisor").touch()
        (store / "multi-pack-index").unlink(missing_ok=True)  # it names the old pack; git does without
        for file in (index, *store.glob(f"{index.stem}.*")):  # the index first: a pack without one is not looked into
            file.unlink(missing_ok=True)
    for bitmap in store.glob("multi-pack-index-*.*"):
        if not (store / "multi-pack-index").exists():
            bitmap.unlink(missing_ok=True)


def _forget_in_commit_graph(root: Path, commits: Iterable[str]) -> None:
    """Write the list of commits that `git gc` makes anew when it names one that is gone: git would miss it."""
    info = git_folders(root)[1] / "objects" / "info"
    graphs = [*info.glob("commit-graph"), *info.glob("commit-graphs/*.graph")]
    gone = [bytes.fromhex(one) for one in commits]
    if any(one in graph.read_bytes() for graph in graphs for one in gone):
        tree.ask(root, "commit-graph", "write", "--reachable")


def _there(root: Path, objects: Iterable[str]) -> set[str]:
    """Those that git can still read, wherever they are."""
    asked = "".join(f"{one}\n" for one in objects).encode()
    lines = tree.ask(root, "cat-file", "--batch-check", stdin=asked).decode().splitlines()
    return {line.split()[0] for line in lines if not line.endswith(" missing")}


def _done(root: Path, replaced: tuple[str, ...], left: frozenset[str]) -> frozenset[str]:
    """Forget the keyrings of which nothing is left; those that another command noted meanwhile stay noted."""
    if not left:
        later = [one for one in pending(root) if one not in replaced]
        _list(root).unlink(missing_ok=True)
        remember(root, later)
    return left


def _list(root: Path) -> Path:
    return git_folders(root)[1] / "solidarity" / _LIST
