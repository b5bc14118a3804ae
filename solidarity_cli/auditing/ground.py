"""Whether there is ground to stand on: the whole history, as it is stored; and what this machine remembers of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from solidarity_cli.core.errors import Outside
from solidarity_cli.plumbing import asked, git

_WALK = ("log", "--walk-reflogs", "--format=%H")


def firm(root: Path, shared: Path) -> None:
    """Raises Outside for a history that is shallow, grafted, replaced, or partly left with the remote."""
    if _says_anything(shared / "shallow"):
        raise Outside("this clone is shallow: its history is cut off", hint="git fetch --unshallow")
    if _says_anything(shared / "info" / "grafts"):
        raise Outside("the history is grafted: git is told other parents than there are", hint="rm .git/info/grafts")
    # Two questions at once: each costs a start of git.
    partial = asked(root, "config", "--default", "", "--get", "extensions.partialClone")
    if git(root, "for-each-ref", "--count=1", "--format=%(refname)", "refs/replace/"):
        raise Outside(
            "acts are replaced here (git replace): git shows others than there are",
            hint="git replace -l; git replace -d",
        )
    if partial().strip():
        raise Outside(
            "this clone is partial: some of its files are at the remote only", hint="git clone without --filter"
        )


def _says_anything(file: Path) -> bool:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.strip() and not line.startswith("#") for line in lines)


def remembering(root: Path, branch: str) -> Callable[[], Iterator[tuple[str, bool]]]:
    """Where the branch, here and at its remotes, has stood on this machine: (commit, whether it was at a remote).

    Git is asked at once; what is returned waits for its answer.
    """
    if not branch:
        return lambda: iter(())
    own = asked(root, *_WALK, f"refs/heads/{branch}", "--")
    remotes = asked(root, "for-each-ref", "--format=%(refname)", f"refs/remotes/*/{branch}")

    def told() -> Iterator[tuple[str, bool]]:
        yield from ((one, False) for one in _stood(own))
        theirs = [asked(root, *_WALK, ref, "--") for ref in remotes().decode().split()]
        yield from ((one, True) for answer in theirs for one in _stood(answer))

    return told


def _stood(answer: Callable[[], bytes]) -> Iterable[str]:
    try:
        return dict.fromkeys(answer().decode().split())
    except Outside:
        return ()  # nothing is remembered of this one
