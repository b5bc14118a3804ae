"""Git written: one act, one commit of exactly its paths, with trailers. The user's hooks and signing are honoured."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, UsageError
from solidarity_cli.git.process import git, git_folders

_UNFINISHED = {
    "MERGE_HEAD": ("a merge", "git merge --continue, or git merge --abort"),
    "rebase-merge": ("a rebase", "git rebase --continue, or git rebase --abort"),
    "rebase-apply": ("a rebase", "git rebase --continue, or git rebase --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue, or git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --continue, or git revert --abort"),
}
_UNDOES = re.compile(rb"^Undoes: ([0-9a-f]{40}|[0-9a-f]{64})$", re.MULTILINE)
_AUTHOR = re.compile(r"(?:(?P<name>[^<>\n]+?) *)?<(?P<address>[^<>\s]+)>|(?P<bare>[^<>\s]+)")


@dataclass(frozen=True, slots=True)
class Act:
    """What a commit says of itself: `verb` and the ids of the records, never a person's words.

    `undoes` is the whole id of the commit that it takes back, else empty.
    """

    verb: str
    cases: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    undoes: str = ""

    @property
    def subject(self) -> str:
        """`assess SG-2026-K7QX4M`."""
        return " ".join([self.verb, *self.actions, *self.cases][:5])

    @property
    def message(self) -> str:
        """The subject and the trailers Case, Action, Act, Undoes."""
        trailers = [
            *(f"Case: {case}" for case in self.cases),
            *(f"Action: {action}" for action in self.actions),
            f"Act: {self.verb}",
            *([f"Undoes: {self.undoes}"] if self.undoes else []),
        ]
        return "\n".join([self.subject, "", *trailers])


def undoes(text: bytes) -> str:
    """The commit that an act takes back, by its own text; empty where it names none, or more than one."""
    commits = set(_UNDOES.findall(text))
    return commits.pop().decode() if len(commits) == 1 else ""


class Committer:
    """The git side of one register."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.own_folder, self.shared_folder = git_folders(root)

    def ready(self) -> None:
        """Raises ExternalError unless an act can be committed: an identity, a branch, nothing half done."""
        for marker, (what, hint) in _UNFINISHED.items():
            if (self.own_folder / marker).exists():
                raise ExternalError(f"{what} is not finished in this register", hint=hint)
        if (self.own_folder / "index.lock").exists():
            raise ExternalError(
                "another git command is at work here, or was cut off", hint="wait, then try again: git status"
            )
        if not git(self.root, "symbolic-ref", "-q", "HEAD", quiet_codes=(1,)):
            raise ExternalError("no branch is checked out, so an act would be lost", hint="solidarity switch")
        self.caller()

    def caller(self) -> str:
        """The address of git's user, asked for once. Raises ExternalError when git does not know who is asking."""
        return self._caller

    @cached_property
    def _caller(self) -> str:
        return self._address("GIT_AUTHOR_IDENT")

    def committer(self) -> str:
        """The address under which git would commit. Raises as `caller`."""
        return self._address("GIT_COMMITTER_IDENT")

    def _address(self, ident: str) -> str:
        args = ("-c", "user.useConfigOnly=true", "var", ident)
        answer = git(self.root, *args, quiet_codes=(1, 128)).decode(errors="replace")
        match = re.search(r"<([^<>]*)>", answer)
        if not match or not match[1]:
            raise ExternalError(
                "git does not know who you are",
                hint='git config --global user.name "…" and git config --global user.email you@forum.example',
            )
        return match[1]

    def caller_or(self, by: str) -> str:
        """The address in `by`, or that of git's user where nobody is named."""
        return address_of(by) if by else self.caller()

    def head(self) -> str:
        """The id of the newest commit; empty in a register without one."""
        return git(self.root, "rev-parse", "--verify", "--quiet", "HEAD", quiet_codes=(1, 128)).decode().strip()

    def count_unpushed(self) -> int:
        """How many commits the branch has that its remote does not; 0 without a remote."""
        answer = git(self.root, "rev-list", "--count", "@{upstream}..HEAD", quiet_codes=(128,))
        return int(answer or 0)

    def differs(self, paths: Iterable[str]) -> list[str]:
        """Those of `paths` that hold something git has not committed."""
        args = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *paths)
        return [line[3:] for line in git(self.root, *args).decode(errors="surrogateescape").split("\0") if line]

    def commit(self, paths: Iterable[str], act: Act, *, by: str = "") -> None:
        """Commit exactly `paths`, whatever else is staged. When it raises, no commit was made.

        `by` is an address, or `Name <address>`: the author when it is not git's user. Raises ExternalError when git, a
        hook or the signing refuses; the index is then as it was.
        """
        try:
            from git import Repo
            from git.exc import GitCommandError, GitError
        except ImportError:  # GitPython asks git for its version, and an interrupted git is an ImportError for it
            raise ExternalError("git could not be asked to commit", hint="git status") from None

        from solidarity_cli.git.hooks import checked_environment

        paths, before = list(paths), self.head()
        options = ["--quiet", "--only", f"--message={act.message}", *self._author(by)]
        try:
            with Repo(self.root) as repo:
                listed = git(self.root, "ls-files", "-z", "--", *paths).decode(errors="surrogateescape")
                new = sorted(set(paths) - set(listed.split("\0")))
                if new:
                    repo.git.add("--intent-to-add", "--", *new)
                try:
                    known = checked_environment(self.root, paths, act.message) if before else {}
                    repo.git.commit(*options, "--", *paths, env=known)
                except GitCommandError:
                    # Asked before the index is touched: a new file that is taken out of it would look not committed.
                    if self._is_made(before, paths):
                        return
                    self._remove_intent_to_add(new)
                    raise
                except BaseException:
                    self._remove_intent_to_add(new)
                    raise
        except GitCommandError as trouble:
            raise ExternalError(
                f"git did not accept the commit: {_first_line(trouble)}",
                hint="nothing was changed; a hook, the signing key or the disk refused",
            ) from None
        except (GitError, OSError):
            raise ExternalError("git could not be asked to commit", hint="git status") from None

    def _remove_intent_to_add(self, new: list[str]) -> None:
        if new:
            git(self.root, "rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--", *new)

    def _is_made(self, before: str, paths: Iterable[str]) -> bool:
        """Whether git, which ended badly, had made the commit by then: Ctrl-C reaches it as well, at any moment.

        The index, which comes after the branch, is then brought up to it.
        """
        if self.head() == before:
            return False
        if git(self.root, "diff", "--name-only", "--no-ext-diff", "HEAD", "--", *paths):
            return False
        git(self.root, "reset", "--quiet", "--", *paths)
        return True

    def _author(self, by: str) -> list[str]:
        if not by:
            return []
        match = _AUTHOR.fullmatch(by.strip())
        if not match:
            raise UsageError("--by is not a person git can name", hint="--by member@forum.example")
        address = match["address"] or match["bare"]
        return [f"--author={match['name'] or address.partition('@')[0]} <{address}>"]


def address_of(who: str) -> str:
    """The address in `Name <address>`, or the words as they are."""
    match = _AUTHOR.fullmatch(who.strip())
    return (match["address"] or match["bare"]) if match else who.strip()


def _first_line(trouble: Exception) -> str:
    stderr = str(getattr(trouble, "stderr", "") or "").strip().removeprefix("stderr:").strip(" '\n")
    line = next((line for line in stderr.splitlines() if line.strip()), "no reason given")
    return "".join(char if char.isprintable() else " " for char in line)[:160]
