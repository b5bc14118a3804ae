"""Whether there is ground to stand on: the whole history, as it is stored; and what this machine remembers of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from solidarity_cli.core.errors import Outside
from solidarity_cli.plumbing import git


def firm(root: Path, shared: Path) -> None:
    """Raises Outside for a history that is shallow, grafted, replaced, or partly left with the remote."""
    if _says_anything(shared / "shallow"):
        raise Outside("this clone is shallow: its history is cut off", hint="git fetch --unshallow")
    if _says_anything(shared / "info" / "grafts"):
        raise Outside("the history is grafted: git is told other parents than there are", hint="rm .git/info/grafts")
    if git(root, "for-each-ref", "--count=1", "--format=%(refname)", "refs/replace/"):
        raise Outside(
            "acts are replaced here (git replace): git shows others than there are",
            hint="git replace -l; git replace -d",
        )
    if git(root, "config", "--get", "extensions.partialClone", quiet_codes=(1,)):
        raise Outside(
            "this clone is partial: some of its files are at the remote only", hint="git clone without --filter"
        )


def _says_anything(file: Path) -> bool:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.strip() and not line.startswith("#") for line in lines)


def remembered(root: Path, branch: str) -> Iterator[tuple[str, bool]]:
    """(commit, whether it was at a remote): where the branch, here and at its remotes, has stood on this machine."""
    if not branch:
        return
    theirs = git(root, "for-each-ref", "--format=%(refname)", f"refs/remotes/*/{branch}").decode().split()
    for ref in (f"refs/heads/{branch}", *theirs):
        told = git(root, "log", "--walk-reflogs", "--format=%H", ref, "--", quiet_codes=(128,)).decode().split()
        yield from ((one, ref in theirs) for one in dict.fromkeys(told))
