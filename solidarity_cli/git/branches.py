"""The branches of a register where acts wait for review, beside the main one.

`case/ID`, `action/ID`, `directory/ID` for an organisation, `view/NAME`: ids and names of views, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git.committer import Act
from solidarity_cli.git.process import beside_records, git

_ID = r"[A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6}"
_NAMES = {
    "case": _ID,
    "action": _ID,
    "directory": r"(?=[^\n]{1,80}\Z)[a-z0-9]+(?:-[a-z0-9]+)*",
    "view": r"[a-z][a-z0-9-]{0,30}",
}
"""Folder of a branch name, and the pattern of what follows: as the schemas have it."""
BRANCH_FOLDERS = tuple(_NAMES)
_OURS = re.compile("|".join(f"{folder}/(?:{name})" for folder, name in _NAMES.items()))
_USUAL = ("main", "master", "trunk")
_LOOKED_AT = 200
"""Commits of the main branch in which a squashed review is looked for."""


def is_ours(branch: str) -> bool:
    """Whether a branch has the name of one that was opened for a review: an id, and nothing else."""
    return bool(_OURS.fullmatch(branch))


def label(branch: str) -> str:
    """What waits on a branch of ours, as a person types it: the id of a record, or a view as `@name`."""
    folder, _, name = branch.partition("/")
    return f"@{name}" if folder == "view" else name


def matching_branches(typed: str, waiting: Collection[str]) -> list[str]:
    """Those of some branches of ours that an id, a part of one, or a view means; the one that is meant whole, alone."""
    text = typed.strip()
    spelled = (text.upper(), text.casefold())
    if whole := [branch for branch in waiting if label(branch) in spelled]:
        return whole
    return [branch for branch in waiting if any(part in label(branch) for part in spelled)]


def current(root: Path) -> str:
    """The branch that is checked out; empty for none."""
    return git(root, "symbolic-ref", "--quiet", "--short", "HEAD", quiet_codes=(1, 128)).decode().strip()


def main_of(root: Path, remote: str = "") -> str:
    """The main branch: the one the remote shows, else the first usual name, else the only one that is not ours.

    What `init.defaultBranch` says is about new repositories, and no answer. Raises ExternalError where it cannot be
    told.
    """
    names = [remote] if remote else git(root, "remote").decode().split()
    for name in names if remote or len(names) == 1 else ["origin"]:
        head = f"refs/remotes/{name}/HEAD"
        shown = git(root, "symbolic-ref", "--quiet", head, quiet_codes=(1, 128)).decode().strip()
        if shown:
            return shown.removeprefix(f"refs/remotes/{name}/")
    others = [branch for branch in local(root) if not is_ours(branch)]
    usual = next((branch for branch in _USUAL if branch in others), "")
    if usual or len(others) == 1:
        return usual or others[0]
    if not others and not is_ours(here := current(root)):
        return here
    raise ExternalError(
        "which branch is the main one cannot be told here", hint="git remote set-head origin --auto, or name it main"
    )


def local(root: Path) -> list[str]:
    """The branches of this clone."""
    return git(root, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").decode().split()


def branch_for(act: Act, entries: Collection[str] = (), views: Collection[str] = ()) -> str:
    """The branch where an act waits for review; empty for one that is about no record and no view.

    `entries` are the organisations and `views` the names of the views that it changes.
    """
    if len(act.cases) == 1:
        return f"case/{act.cases[0]}"
    if act.actions:
        return f"action/{act.actions[0]}"
    if act.cases:
        return f"case/{act.cases[0]}"
    names = [*(f"directory/{name}" for name in sorted(entries)), *(f"view/{name}" for name in sorted(views))]
    return next(filter(is_ours, names), "")


def tip(root: Path, branch: str) -> str:
    """The newest commit of a branch of this clone; empty where there is no such branch."""
    args = ("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")
    return git(root, *args, quiet_codes=(1, 128)).decode().strip()


def step_onto(root: Path, branch: str, *, commit: str, before: str) -> None:
    """HEAD onto a branch that stands, or is made, at the commit that is checked out: no file is touched.

    `before` is where the branch stood; empty when it is new.
    """
    git(root, "update-ref", "-m", "solidarity: opened for review", f"refs/heads/{branch}", commit, before or "0" * 40)
    git(root, "symbolic-ref", "-m", f"solidarity: {branch}", "HEAD", f"refs/heads/{branch}")


def drop(root: Path, branch: str, commit: str) -> None:
    """Remove a branch of this clone, if it still stands at `commit`, with what git remembers of its remote."""
    git(root, "update-ref", "-d", f"refs/heads/{branch}", commit)
    git(root, "config", "--remove-section", f"branch.{branch}", quiet_codes=(1, 128))


def note_submitted(root: Path, branch: str, commit: str) -> None:
    """Remember that a branch was put up for review as it stood at a commit."""
    git(root, "config", "--local", f"branch.{branch}.solidarity-submitted", commit)


def submitted_commit(root: Path, branch: str) -> str:
    """The commit at which a branch was put up for review last; empty when it never was."""
    args = ("config", "--local", "--get", f"branch.{branch}.solidarity-submitted")
    return git(root, *args, quiet_codes=(1,)).decode().strip()


def is_in(root: Path, commit: str, main: str) -> bool:
    """Whether everything that a commit brings is in `main`: merged, or squashed or rebased into other commits.

    After a squash nothing but the content tells: that it was in at one time. What later acts made of it is theirs.
    """
    base = git(root, "merge-base", commit, main, quiet_codes=(1,)).decode().strip()
    if base in ("", commit):
        return bool(base)
    own = _own_paths(root, commit, main)
    # Acts that took each other back leave no content to be found again: they are in when their commits are.
    return bool(own) and any(_adds_nothing(root, commit, later) for later in _later(root, base, main, own))


def _own_paths(root: Path, commit: str, main: str) -> list[str]:
    """The paths that the acts of a branch changed for good, merges of the main branch left out."""
    args = ("log", "--no-merges", "--topo-order", "-z", "--name-only", "--no-renames", "--format=%x1e%H")
    entries = git(root, *args, f"{main}..{commit}").decode(errors="surrogateescape").split("\x1e")[1:]
    acts = [part.strip("\0\n").split("\0") for part in entries]
    if not acts:
        return []
    paths = {path.strip("\n") for _, *some in acts for path in some if path.strip("\n")}
    changed = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", f"{acts[-1][0]}^", commit)
    return sorted(paths & set(git(root, *changed).decode(errors="surrogateescape").split("\0")))


def _later(root: Path, base: str, main: str, paths: list[str]) -> Iterator[str]:
    """`main`, then the commits since `base` that touched some paths, newest first."""
    yield main
    log = ("--literal-pathspecs", "log", "-z", "--format=%H", f"--max-count={_LOOKED_AT}", f"{base}..{main}")
    yield from (commit for commit in git(root, *log, "--", *paths).decode().split("\0") if commit)


def _adds_nothing(root: Path, commit: str, main: str) -> bool:
    """Whether the merge of a commit into another is that other one."""
    calm = ("-c", "merge.solidarity.driver=false")
    args = ("merge-tree", "--write-tree", "--no-messages", main, commit)
    merged = git(beside_records(root), *calm, *args, quiet_codes=(1,)).decode().strip()
    return bool(merged) and merged == git(root, "rev-parse", f"{main}^{{tree}}").decode().strip()
