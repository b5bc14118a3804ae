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


_PRUNE_QUESTION = (
    "remove, for good, all that no branch, tag, stash or index reaches any more? Lost commits are among it"
)
_FIND_COMMAND = "git log --all --find-object={object} says where"
PLACES = {
    "refs": Place(
        "the history",
        f"{_FIND_COMMAND}; the history keeps it, here and in every clone: tell whoever keeps the register",
    ),
    "stash": Place("a stash", "git stash list; then, for the one: git stash drop"),
    "index": Place("what is staged", "git restore --staged on that file; then: solidarity doctor"),
    "left": Place("what only a reflog, or nothing, reaches", "solidarity doctor --fix", _PRUNE_QUESTION),
}
_ALL_BUT_STASH = ("--exclude=refs/stash", "--all")


def places_of(root: Path, objects: Iterable[str]) -> dict[str, str]:
    """Object -> the key of its place: the one that keeps it longest."""
    refs = _reachable_objects(root, *_ALL_BUT_STASH)
    stashes = git(root, "stash", "list", "--format=%H").decode().split()
    stash = _reachable_objects(root, *stashes) if stashes else set()
    index = {line.split()[1] for line in git(root, "ls-files", "-s").decode(errors="replace").splitlines()}
    places = {}
    for object_id in objects:
        inside = (("refs", refs), ("stash", stash), ("index", index))
        places[object_id] = next((name for name, reachable in inside if object_id in reachable), "left")
    return places


def forget(root: Path) -> None:
    """Empty the reflogs of what no ref reaches, then remove every object that nothing reaches.

    The reflog of the stash is left out: its lines are the stashes. Packs are written again, for an unreachable object
    stays in its pack otherwise.
    """
    refs = ["HEAD", *git(root, "for-each-ref", "--format=%(refname)").decode().split()]
    refs = [name for name in refs if name != "refs/stash"]
    expire = ("reflog", "expire", "--expire=never", "--expire-unreachable=now")
    git(root, *expire, *refs, quiet_codes=(1, 128, 255))
    git(root, "-c", "gc.reflogExpire=never", "gc", "--quiet", "--prune=now")


def _reachable_objects(root: Path, *start: str) -> set[str]:
    """Every object below some names, the commits among them."""
    return set(git(root, "rev-list", "--objects", "--no-object-names", *start).decode().split())
