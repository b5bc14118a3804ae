"""Another clone of the register, over git's own transports: asked, fetched from, pushed to. It holds no record open.

The branch and the keyring may live at two remotes. A push never forces a branch; the keyring, which has no history, is
replaced under a lease: only if it is still the one that was fetched.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.crypto.keyring.store import REF as KEYRING
from solidarity_cli.git.branches import BRANCH_FOLDERS, is_ours, main_of
from solidarity_cli.git.process import git

_INCOMING = "refs/solidarity/incoming"
_RACE = re.compile(
    r"fetch first|non-fast-forward|stale info|cannot lock ref|failed to update ref|atomic|reference already exists"
)
_PASSWORD = re.compile(r"could not read (?:Username|Password)|Authentication failed|terminal prompts disabled")
_PATIENCE = ("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30")
"""A line that has died is given up after half a minute."""


_MAX_LETTERS = 300
"""Letters of what a server says, which is a program that we do not know."""


class PushRejectedError(Exception):
    """Somebody else pushed since we fetched: fetch, merge, and try again."""


@dataclass(frozen=True, slots=True)
class RemoteHeads:
    """What stands at the other side: commits of the branch, the keyring, the main branch; empty where there is none."""

    branch: str = ""
    keyring: str = ""
    main: str = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What the other side printed while it took a push: lines meant for a person, from a program we do not know."""

    output: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a clone's branch and keyring go. `name` and `keyring` are remotes of git, or addresses.

    `main` is the main branch. `asks`: somebody is there to type a password, should git want one.
    """

    root: Path
    branch: str
    name: str
    keyring: str
    main: str = ""
    asks: bool = False

    @classmethod
    def of(cls, root: Path, keyring: str = "", *, asks: bool = False) -> Remote | None:
        """The remote of the current branch: its own, else the only one, else `origin`; None where there is none."""
        branch = git(root, "symbolic-ref", "--short", "HEAD", quiet_codes=(1, 128)).decode().strip()
        known = git(root, "remote").decode().split()
        name = known[0] if len(known) == 1 else ""
        if len(known) > 1:
            own = git(root, "config", "--get", f"branch.{branch}.remote", quiet_codes=(1,)).decode().strip()
            name = own if own in known else "origin" if "origin" in known else ""
        if keyring.startswith("-"):
            raise ExternalError(
                "keyring.remote in register.yaml is no remote", hint="name a remote of git, or an address"
            )
        if not (branch and name):
            return None
        # Only where acts wait for review is there a second branch to look at.
        main = main_of(root, name) if is_ours(branch) else branch
        return cls(root, branch, name, keyring or name, main, asks)

    @property
    def is_single(self) -> bool:
        """Whether branch and keyring go to one place."""
        return self.keyring == self.name

    @property
    def address(self) -> str:
        """Where pushes of the branch go, as git would go there; it may hold a password."""
        return git(self.root, "remote", "get-url", "--push", "--", self.name).decode(errors="replace").strip()

    def fetch(self) -> RemoteHeads:
        """What stands at the other side now, with its objects here. Raises ExternalError when it cannot be reached."""
        heads = list(dict.fromkeys((f"refs/heads/{self.branch}", f"refs/heads/{self.main}")))
        requests = {self.name: [*heads, KEYRING]} if self.is_single else {self.name: heads, self.keyring: [KEYRING]}
        landed: dict[str, str] = {}
        for place, refs in requests.items():
            lines = self._talk("ls-remote", "--quiet", "--", place, *refs).splitlines()
            listed = {ref: object_id for object_id, _, ref in (line.partition("\t") for line in lines) if ref in refs}
            refspecs = [f"+{ref}:{self._landing(ref)}" for ref in listed]
            if refspecs:
                self._talk(
                    "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", "--", place, *refspecs
                )
                # What has landed, and not what was listed: somebody may have pushed between the two questions, and
                # a keyring that was replaced does not come along with its successor.
                landed |= self._landed(listed)
        branch, main = (landed.get(f"refs/heads/{name}", "") for name in (self.branch, self.main))
        return RemoteHeads(branch, landed.get(KEYRING, ""), main)

    def fetch_reviews(self) -> None:
        """Learn which branches wait for review there, with their objects. Raises ExternalError as `fetch` does."""
        folders = (f"+refs/heads/{folder}/*:refs/remotes/{self.name}/{folder}/*" for folder in BRANCH_FOLDERS)
        options = ("--quiet", "--prune", "--no-tags", "--no-recurse-submodules", "--no-auto-gc")
        self._talk("fetch", *options, "--", self.name, *folders)

    def last_heads(self) -> RemoteHeads:
        """What stood at the other side when it was last fetched from; without asking anybody."""
        landed = self._landed(f"refs/heads/{name}" for name in (self.branch, self.main))
        branch, main = (landed.get(f"refs/heads/{name}", "") for name in (self.branch, self.main))
        return RemoteHeads(branch, "", main)

    def forget_incoming(self) -> None:
        """Let go of the fetched keyring, which is merged by now."""
        git(self.root, "update-ref", "-d", _INCOMING)

    def push(self, seen: RemoteHeads, head: str, keyring: str) -> Pushed | None:
        """Bring the other side to `head` and `keyring`; None when it is there already. An empty one is left as it is.

        Raises PushRejectedError when it has moved since `seen`, Refused with what a server says against it,
        ExternalError when it refuses without a word or cannot be reached. The branch goes first where the two cannot go
        together: a record whose key comes later opens later; the other way round a key that was destroyed could come
        back.
        """
        branch = [f"{head}:refs/heads/{self.branch}"] if head and head != seen.branch else []
        keys = [f"--force-with-lease={KEYRING}:{seen.keyring}", f"+{keyring}:{KEYRING}"]
        keys = keys if keyring and keyring != seen.keyring else []
        if not branch and not keys:
            return None
        if (
            self.is_single
            and branch
            and keys
            and (pushed := self._push(self.name, "--atomic", keys[0], branch[0], keys[1]))
        ):
            return pushed
        answers = [self._push(place, *refs) for place, refs in ((self.name, branch), (self.keyring, keys)) if refs]
        return next((answer for answer in answers if answer and answer.output), Pushed())

    def offer(self, head: str, ref: str, options: Sequence[str]) -> Pushed | None:
        """Push `head` to a ref with push options, of ids and codes; None when the other side does not know them.

        Raises as `push` does.
        """
        args = [f"--push-option={option}" for option in options]
        return self._push(self.name, *args, f"{head}:{ref}", optional="does not support push options")

    def remove(self, branch: str, at: str) -> None:
        """Remove a branch there, if it still stands `at` that commit; one that is kept there is left in peace."""
        lease = f"--force-with-lease=refs/heads/{branch}:{at}"
        self._run("push", "--quiet", "--no-recurse-submodules", lease, "--", self.name, f":refs/heads/{branch}")

    def _landed(self, refs: Iterable[str]) -> dict[str, str]:
        places = {self._landing(ref): ref for ref in refs}
        lines = git(self.root, "for-each-ref", "--format=%(objectname) %(refname)", *places).decode().splitlines()
        return {
            places[place]: object_id
            for object_id, _, place in (line.partition(" ") for line in lines)
            if place in places
        }

    def _landing(self, ref: str) -> str:
        return _INCOMING if ref == KEYRING else f"refs/remotes/{self.name}/{ref.removeprefix('refs/heads/')}"

    def _push(self, place: str, *arguments: str, optional: str = "does not support --atomic") -> Pushed | None:
        """Push; None when the other side does not know what was `optional`: to take all or nothing, push options."""
        options = [argument for argument in arguments if argument.startswith("--")]
        refs = [argument for argument in arguments if not argument.startswith("--")]
        answer = self._run("push", "--porcelain", "--quiet", "--no-recurse-submodules", *options, "--", place, *refs)
        if answer.returncode == 0:
            lines = (line for line in answer.stderr.splitlines() if line.startswith("remote:"))
            return Pushed("\n".join(line.removeprefix("remote:").strip() for line in lines))
        if options and optional in answer.stdout + answer.stderr:
            return None
        rejected = [line for line in answer.stdout.splitlines() if line.startswith("!")]
        if rejected and all(_RACE.search(line) for line in rejected):
            raise PushRejectedError
        if any("hook declined" in line for line in rejected) and (refusal := _refusal(answer.stderr)):
            raise refusal
        if rejected:
            reason = next((line for line in rejected if "atomic" not in line), rejected[0]).rpartition("[")[2]
            raise ExternalError(
                f"the remote did not take it: {_sanitize(reason.rstrip(']'))}",
                hint="your acts are safe here; ask who keeps it",
            )
        raise _unreachable(answer.stderr)

    def _talk(self, *arguments: str) -> str:
        answer = self._run(*arguments)
        if answer.returncode:
            raise _unreachable(answer.stderr)
        return answer.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "LC_ALL": "C"}
        if not self.asks:
            env["GIT_TERMINAL_PROMPT"] = "0"
        try:
            return subprocess.run(
                ["git", *_PATIENCE, *arguments],
                cwd=self.root,
                capture_output=True,
                check=False,
                env=env,
                text=True,
                errors="replace",
            )
        except FileNotFoundError:
            raise ExternalError("git is not installed", hint="install git, then try again") from None


def _refusal(stderr: str) -> Refused | None:
    """What a server's hook has against a push, in its words: a sentence, and the next step in the line below it."""
    lines = [line.removeprefix("remote:") for line in stderr.splitlines() if line.startswith("remote:")]
    for message, next_line in zip(lines, [*lines[1:], ""], strict=False):
        if message.strip().startswith("error: "):
            sentence = _sanitize(message.strip().removeprefix("error: "), _MAX_LETTERS)
            step = _sanitize(next_line, _MAX_LETTERS) if next_line.startswith("   ") else ""
            step = step or "your acts are safe here; ask who keeps it"
            return Refused(f"the remote did not take it: {sentence}", hint=step)
    return None


def _unreachable(stderr: str) -> ExternalError:
    if _PASSWORD.search(stderr):
        return ExternalError(
            "the remote wants a password, and git has none to give",
            hint="let git keep one: git config credential.helper; or use a key: git remote set-url NAME git@HOST:PATH",
        )
    lines = [line.removeprefix("fatal: ") for line in stderr.splitlines() if line.strip()]
    reason = next((line for line in lines if "fatal" in line or "ould not" in line or "enied" in line), "")
    return ExternalError(
        f"the remote cannot be reached: {_sanitize(reason or (lines[0] if lines else 'no reason given'))}",
        hint="nothing is lost: your acts are saved here; run solidarity sync again when you are online",
    )


def _sanitize(reason: str, longest: int = 120) -> str:
    """A foreign sentence on one line, without what it quotes and without addresses: they may hold a password."""
    plain = re.sub(r"'[^']*'|\w+://\S+", "…", reason)
    return "".join(char if char.isprintable() else " " for char in plain)[:longest].strip()
