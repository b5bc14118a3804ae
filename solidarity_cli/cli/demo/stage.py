"""The stage: each step runs as a process of its own, on the day that the story has reached, and is shown as it is."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from solidarity_cli.core.errors import Refused

_IDENTITY = {"NAME": "Coordinator", "EMAIL": "coordinator@forum.example"}
_DROPPED_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "SOLIDARITY_REGISTER", "FORCE_COLOR", "ACCESSIBLE")
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One thing typed. `words` follow `solidarity`, or begin with `git`; `{name}` stands for what was kept as name.

    `keep` names the id that the answer begins with. The step has to end with `code` and to say `expect`.
    """

    say: str
    day: str
    words: tuple[str, ...]
    keep: str = ""
    code: int = 0
    expect: str = ""


@dataclass
class Stage:
    """Where the story is told. `known`: what `{name}` stands for; `tell` shows some lines."""

    register: Path
    known: dict[str, str]
    tell: Callable[[str], None]
    step_count: int = field(default=0, init=False)

    def play(self, steps: Iterable[Step]) -> None:
        """Show the steps. Raises Refused at the first that ends otherwise than the story says."""
        for step in steps:
            self.step_count += 1
            if step.say:
                self.tell(f"\n# {step.day}  {step.say}")
            command_line = _command_line([self._fill(word, mails="$MAILS") for word in step.words])
            self.tell(command_line)
            code, output = self._run([self._fill(word) for word in step.words], step.day)
            if output:
                self.tell(output)
            if code != step.code or step.expect not in output:
                raise Refused(
                    f"the demo stopped at step {self.step_count}: it ended with {code}, the story wants {step.code}"
                    + (f" and {step.expect!r}" if step.expect else ""),
                    hint=f"look at it: cd {shlex.quote(str(self.register))}",
                )
            if step.keep:
                self.known[step.keep] = output.split()[0]

    def _fill(self, word: str, **other: str) -> str:
        for name, value in (self.known | other).items():
            word = word.replace(f"{{{name}}}", value)
        return word

    def _run(self, words: list[str], day: str) -> tuple[int, str]:
        """How a step ended and what it said: the answer, then the talk beside it."""
        command = words if words[:1] == ["git"] else [sys.executable, "-m", "solidarity_cli", "--no-input", *words]
        place = self.register if self.register.is_dir() else self.register.parent
        process = subprocess.run(
            command, cwd=place, env=self._environment(day), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        return process.returncode, (process.stdout + process.stderr).decode(errors="replace")

    def _environment(self, day: str) -> dict[str, str]:
        """The step's day, each step a minute later so that history has an order; no colour; the author."""
        when = f"{day}T{9 + self.step_count // 60:02}:{self.step_count % 60:02}:00+00:00"
        return {
            **self._base_environment,
            "SOLIDARITY_TODAY": day,
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
        }

    @cached_property
    def _base_environment(self) -> dict[str, str]:
        """What is the same for all steps. Where git has no author it gets an invented one, for the demo only."""
        environment = {name: value for name, value in os.environ.items() if name not in _DROPPED_VARIABLES}
        environment |= {"NO_COLOR": "1", "PYTHONUTF8": "1", "COLUMNS": str(_WIDTH)}
        # Nobody's own key signs what never happened.
        number = int(environment.get("GIT_CONFIG_COUNT") or 0)
        environment |= {f"GIT_CONFIG_KEY_{number}": "commit.gpgSign", f"GIT_CONFIG_VALUE_{number}": "false"}
        environment["GIT_CONFIG_COUNT"] = str(number + 1)
        command = ["git", "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"]
        if subprocess.run(
            command, cwd=self.register.parent, env=environment, capture_output=True, check=False
        ).returncode:
            environment |= {
                f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in _IDENTITY.items()
            }
        return environment


def _command_line(words: list[str]) -> str:
    """A step as a person types it, broken before an option where a line gets long; `$MAILS` is left to the shell."""
    if words[:1] != ["git"]:
        words = ["solidarity", *words]
    quoted = [word if word.startswith("$MAILS/") else shlex.quote(word) for word in words]
    lines, line = [], "$"
    for word, following in zip(quoted, [*quoted[1:], ""], strict=True):
        value = 0 if following.startswith("--") else len(following) + 1
        if word.startswith("--") and len(line) + 1 + len(word) + value > _WIDTH - 2:
            lines.append(f"{line} \\")
            line = "   "
        line += f" {word}"
    return "\n".join([*lines, line])
