"""Stop the program at a named step: when it starts git for the n-th time, or when git is about to move a ref."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


class CountedGit:
    """A `git` in front of git, which counts its starts and can send a signal to the program that starts it.

    The program has to be the leader of a process group of its own (`start_new_session=True`): everything in the group
    gets the signal, as from Ctrl-C at a terminal or from a machine that is switched off.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self._count = folder, folder / "count"
        self._write("")

    def _write(self, step: str) -> None:
        self._count.write_text("")
        file = self.folder / "git"
        file.write_text(
            f"#!/bin/sh\necho x >>'{self._count}'\nn=$(wc -l <'{self._count}')\n{step}\nexec '{shutil.which('git')}' \"$@\"\n"
        )
        file.chmod(0o755)

    def signal_at(self, start: int, signal: str) -> None:
        """Send `signal` ("INT", "KILL") to the group instead of starting git for the `start`-th time from now."""
        self._write(f'if [ "$n" -eq {start} ]; then kill -{signal} 0; exit 130; fi')

    def only_count(self) -> None:
        """Send no signal, and begin to count anew."""
        self._write("")

    @property
    def starts(self) -> int:
        """How often git was started since the count began."""
        return len(self._count.read_text().splitlines())

    def environment(self, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The environment in which this git is found first."""
        return {**environment, "PATH": f"{self.folder}{os.pathsep}{environment['PATH']}"}


def kill_when_a_ref_moves(repository: Path) -> Path:
    """Have git kill the whole process group of the program in the middle of its next transaction; return the hook."""
    hook = repository / ".git" / "hooks" / "reference-transaction"
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] || exit 0\nkill -KILL 0\n')
    hook.chmod(0o755)
    return hook
