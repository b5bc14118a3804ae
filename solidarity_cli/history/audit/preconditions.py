"""Whether there is ground to stand on: the whole history, as it is stored; and what this machine remembers of it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git.process import git, start

_WALK = ("log", "--walk-reflogs", "--format=%H")


def firm(root: Path, shared: Path) -> None:
    """Raises ExternalError for a history that is shallow, grafted, replaced, or partly left with the remote."""
    if _has_content(shared / "shallow"):
        raise ExternalError("this clone is shallow: its history is cut off", hint="git fetch --unshallow")
    if _has_content(shared / "info" / "grafts"):
        raise ExternalError(
            "the history is grafted: git is told other parents than there are", hint="rm .git/info/grafts"
        )
    # Two questions at once: each costs a start of git.
    partial = start(root, "config", "--default", "", "--get", "extensions.partialClone")
    if git(root, "for-each-ref", "--count=1", "--format=%(refname)", "refs/replace/"):
        raise ExternalError(
            "acts are replaced here (git replace): git shows others than there are",
            hint="git replace -l; git replace -d",
        )
    if partial().strip():
        raise ExternalError(
            "this clone is partial: some of its files are at the remote only", hint="git clone without --filter"
        )


def _has_content(file: Path) -> bool:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.strip() and not line.startswith("#") for line in lines)


def counting(root: Path, head: str) -> Callable[[], int]:
    """How many acts git itself finds on the way from `head` to the first; -1 where it breaks off.

    Git is asked at once; what is returned waits for its answer.
    """
    answer = start(root, "--no-replace-objects", "-c", "core.commitGraph=false", "rev-list", "--count", head)

    def count() -> int:
        try:
            return int(answer())
        except ExternalError:
            return -1

    return count


def find_lost_heads(root: Path, branch: str) -> Callable[[Container[str]], Iterator[tuple[str, bool]]]:
    """Where the branch, here and at its remotes, has stood on this machine, and which is gone from both by now.

    Git is asked at once. What is returned waits for its answer, and tells, of what is not among the acts that it is
    given: (commit, whether it was at a remote). What a remote has and this clone has not yet is behind, not gone.
    """
    if not branch:
        return lambda _acts: iter(())
    own = start(root, *_WALK, f"refs/heads/{branch}", "--")
    remotes = start(root, "for-each-ref", "--format=%(refname)", f"refs/remotes/*/{branch}")

    def find(acts: Container[str]) -> Iterator[tuple[str, bool]]:
        refs = remotes().decode().split()
        theirs = [start(root, *_WALK, ref, "--") for ref in refs]
        positions = [(commit, False) for commit in _reflog_commits(own)]
        positions += [(commit, True) for answer in theirs for commit in _reflog_commits(answer)]
        elsewhere = [(commit, published) for commit, published in positions if commit not in acts]
        ahead = set[str]()
        if elsewhere and refs:
            ahead = set(git(root, "rev-list", *refs, f"^refs/heads/{branch}", "--").decode().split())
        yield from ((commit, published) for commit, published in elsewhere if commit not in ahead)

    return find


def _reflog_commits(answer: Callable[[], bytes]) -> Iterable[str]:
    try:
        return dict.fromkeys(answer().decode().split())
    except ExternalError:
        return ()  # nothing is remembered of this one
