"""Another clone of the register, over git's own transports: asked, fetched from, pushed to. It holds no record open.

The branch and the keyring may live at two remotes. A push never forces a branch; the keyring, which has no history, is
replaced under a lease: only if it is still the one that was fetched.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.core.errors import Outside
from solidarity_cli.keyring.tree import REF as KEYRING
from solidarity_cli.plumbing import git

_INCOMING = "refs/solidarity/incoming"
_RACE = re.compile(
    r"fetch first|non-fast-forward|stale info|cannot lock ref|failed to update ref|atomic|reference already exists"
)
_PATIENCE = ("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30")
"""A line that has died is given up after half a minute."""


class Overtaken(Exception):
    """Somebody else pushed since we fetched: fetch, merge, and try again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands at the other side: commits of the branch and of the keyring; empty where there is none."""

    branch: str = ""
    keyring: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a clone's branch and keyring go. `name` and `keyring` are remotes of git, or addresses."""

    root: Path
    branch: str
    name: str
    keyring: str

    @classmethod
    def of(cls, root: Path, keyring: str = "") -> Remote | None:
        """The remote of the current branch: its own, else the only one, else `origin`; None where there is none."""
        branch = git(root, "symbolic-ref", "--short", "HEAD", quiet_codes=(1, 128)).decode().strip()
        known = git(root, "remote").decode().split()
        own = git(root, "config", "--get", f"branch.{branch}.remote", quiet_codes=(1,)).decode().strip()
        name = own if own in known else known[0] if len(known) == 1 else "origin" if "origin" in known else ""
        if keyring.startswith("-"):
            raise Outside("keyring.remote in register.yaml is no remote", hint="name a remote of git, or an address")
        return cls(root, branch, name, keyring or name) if branch and name else None

    @property
    def is_one(self) -> bool:
        """Whether branch and keyring go to one place."""
        return self.keyring == self.name

    def fetched(self) -> Seen:
        """What stands at the other side now, with its objects here. Raises Outside when it cannot be reached."""
        asked = {self.name: [f"refs/heads/{self.branch}"], self.keyring: [KEYRING]}
        if self.is_one:
            asked = {self.name: [f"refs/heads/{self.branch}", KEYRING]}
        seen: dict[str, str] = {}
        for place, refs in asked.items():
            lines = self._talk("ls-remote", "--quiet", "--", place, *refs).splitlines()
            there = {ref: one for one, _, ref in (line.partition("\t") for line in lines) if ref in refs}
            seen |= there
            wanted = [f"+{ref}:{self._landing(ref)}" for ref in there]
            if wanted:
                self._talk(
                    "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", "--", place, *wanted
                )
        return Seen(seen.get(f"refs/heads/{self.branch}", ""), seen.get(KEYRING, ""))

    def forget_incoming(self) -> None:
        """Let go of the fetched keyring, which is merged by now."""
        git(self.root, "update-ref", "-d", _INCOMING)

    def push(self, seen: Seen, head: str, keyring: str) -> bool:
        """Bring the other side to `head` and `keyring`; False when it is there already.

        Raises Overtaken when it has moved since `seen`, Outside when it refuses or cannot be reached. The branch goes
        first where the two cannot go together: a record whose key comes later opens later; the other way round a key
        that was destroyed could come back.
        """
        branch = [f"{head}:refs/heads/{self.branch}"] if head and head != seen.branch else []
        keys = [f"--force-with-lease={KEYRING}:{seen.keyring}", f"+{keyring}:{KEYRING}"]
        keys = keys if keyring and keyring != seen.keyring else []
        if not branch and not keys:
            return False
        if self.is_one and branch and keys and self._push(self.name, "--atomic", keys[0], branch[0], keys[1]):
            return True
        for place, refs in ((self.name, branch), (self.keyring, keys)):
            if refs:
                self._push(place, *refs[:-1], refs[-1])
        return True

    def _landing(self, ref: str) -> str:
        return _INCOMING if ref == KEYRING else f"refs/remotes/{self.name}/{self.branch}"

    def _push(self, place: str, *arguments: str) -> bool:
        """Push; False when the other side does not know how to take all or nothing."""
        options = [one for one in arguments if one.startswith("--")]
        refs = [one for one in arguments if not one.startswith("--")]
        answer = self._run("push", "--porcelain", "--quiet", "--no-recurse-submodules", *options, "--", place, *refs)
        if answer.returncode == 0:
            return True
        said = answer.stdout + answer.stderr
        if "--atomic" in options and "does not support --atomic" in said:
            return False
        rejected = [line for line in answer.stdout.splitlines() if line.startswith("!")]
        if rejected and all(_RACE.search(line) for line in rejected):
            raise Overtaken
        if rejected:
            reason = next((line for line in rejected if "atomic" not in line), rejected[0]).rpartition("[")[2]
            raise Outside(
                f"the remote did not take it: {_calm(reason.rstrip(']'))}",
                hint="your acts are safe here; ask who keeps it",
            )
        raise _unreachable(answer.stderr)

    def _talk(self, *arguments: str) -> str:
        answer = self._run(*arguments)
        if answer.returncode:
            raise _unreachable(answer.stderr)
        return answer.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        world = {**os.environ, "LC_ALL": "C"}
        try:
            return subprocess.run(
                ["git", *_PATIENCE, *arguments],
                cwd=self.root,
                capture_output=True,
                check=False,
                env=world,
                text=True,
                errors="replace",
            )
        except FileNotFoundError:
            raise Outside("git is not installed", hint="install git, then try again") from None


def _unreachable(stderr: str) -> Outside:
    lines = [line.removeprefix("fatal: ") for line in stderr.splitlines() if line.strip()]
    reason = next((line for line in lines if "fatal" in line or "ould not" in line or "enied" in line), "")
    return Outside(
        f"the remote cannot be reached: {_calm(reason or (lines[0] if lines else 'no reason given'))}",
        hint="nothing is lost: your acts are saved here; run solidarity sync again when you are online",
    )


def _calm(reason: str) -> str:
    """A foreign sentence on one line, without what it quotes and without addresses: they may hold a password."""
    plain = re.sub(r"'[^']*'|\w+://\S+", "…", reason)
    return "".join(char if char.isprintable() else " " for char in plain)[:120].strip()
