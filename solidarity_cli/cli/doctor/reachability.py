"""From where an object can still be reached, and how it is made unreachable and removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.git.process import git


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of place: how it is told, what to do, and the question before it is emptied where that may be done."""

    what: str
    hint: str
    asks: str = ""


_GONE = "remove, for good, all that no branch, tag, stash or index reaches any more? Lost commits are among it"
_WHICH = "git log --all --find-object={object} says where"
PLACES = {
    "refs": Place(
        "the history",
        f"{_WHICH}; the history keeps it, here and in every clone: tell whoever keeps the register",
    ),
    "stash": Place("a stash", "git stash list; then, for the one: git stash drop"),
    "index": Place("what is staged", "git restore --staged on that file; then: solidarity doctor"),
    "left": Place("what only a reflog, or nothing, reaches", "solidarity doctor --fix", _GONE),
}
_OTHERS = ("--exclude=refs/stash", "--all")


def places_of(root: Path, objects: Iterable[str]) -> dict[str, str]:
    """Object -> the key of its place: the one that keeps it longest."""
    refs = _reached(root, *_OTHERS)
    stashes = git(root, "stash", "list", "--format=%H").decode().split()
    stash = _reached(root, *stashes) if stashes else set()
    index = {line.split()[1] for line in git(root, "ls-files", "-s").decode(errors="replace").splitlines()}
    found = {}
    for one in objects:
        inside = (("refs", refs), ("stash", stash), ("index", index))
        found[one] = next((name for name, known in inside if one in known), "left")
    return found


def forget(root: Path) -> None:
    """Empty the reflogs of what no ref reaches, then remove every object that nothing reaches.

    The reflog of the stash is left out: its lines are the stashes. Packs are written again, for an unreachable object
    stays in its pack otherwise.
    """
    logged = ["HEAD", *git(root, "for-each-ref", "--format=%(refname)").decode().split()]
    logged = [name for name in logged if name != "refs/stash"]
    expire = ("reflog", "expire", "--expire=never", "--expire-unreachable=now")
    git(root, *expire, *logged, quiet_codes=(1, 128, 255))
    git(root, "-c", "gc.reflogExpire=never", "gc", "--quiet", "--prune=now")


def _reached(root: Path, *start: str) -> set[str]:
    """Every object below some names, the commits among them."""
    return set(git(root, "rev-list", "--objects", "--no-object-names", *start).decode().split())
