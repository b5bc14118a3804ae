"""A bare repository made ready to serve a register: git's settings, and the hook that looks at each push."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.git.process import git

_MARK = "Made by solidarity"
_HOOK = """#!/bin/sh
# Made by solidarity: it looks at each push before it is taken. Put in order again by: solidarity init --server DIR
program={program}
if command -v solidarity >/dev/null 2>&1; then
  exec solidarity hook pre-receive
elif [ -x "$program" ]; then
  exec "$program" -m solidarity_cli hook pre-receive
fi
echo "error: this server cannot look at what is pushed: solidarity is not where it was, and nothing is taken" >&2
echo "  ask who keeps the server to install it again; your acts are safe where they are" >&2
exit 1
"""

SETTINGS = {
    # Branches grow. What may be deleted is for the hook: why receive.denyDeletes is not set, docs/decisions/0015.
    "receive.denyNonFastForwards": "true",
    "receive.denyDeletes": "false",
    # A commit that git itself finds malformed is read in two ways by two programs.
    "receive.fsckObjects": "true",
    "transfer.fsckObjects": "true",
    # Ways to put up a branch for review by the push itself.
    "receive.advertisePushOptions": "true",
    "http.receivepack": "true",
    # Where each branch has stood: what `audit` asks of a clone, somebody can look up here.
    "core.logAllRefUpdates": "always",
    # Of what is thrown at the server at once, all is read.
    "receive.maxInputSize": "256m",
}
"""What the server needs of git, and why."""


def serve(folder: Path) -> bool:
    """Make `folder` a bare repository that serves a register, or put one in order; whether it was one before.

    Raises Refused for a folder that holds anything else, or a hook of somebody's own; ExternalError when it cannot be
    made.
    """
    was_bare = _is_bare(folder)
    hook = folder / "hooks" / "pre-receive"
    if not was_bare and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("this folder holds something else than a bare repository", hint="choose a new or an empty folder")
    if os.path.lexists(hook) and (hook.is_symlink() or _MARK not in hook.read_text(encoding="utf-8", errors="replace")):
        raise Refused(
            "the hook pre-receive is somebody's own, and nothing is written there",
            hint="have it call ours: solidarity hook pre-receive || exit 1; or move it away first",
        )
    try:
        if not was_bare:
            _create(folder)
        _check_hooks_path(folder)
        for name, value in SETTINGS.items():
            git(folder, "config", name, value)
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(_HOOK.format(program=shlex.quote(sys.executable)), encoding="utf-8", newline="\n")
        hook.chmod(0o755)
    except OSError as error:
        raise ExternalError(
            f"the folder cannot be written: {error.strerror}", hint="look at its permissions: ls -ld"
        ) from None
    return was_bare


def _check_hooks_path(folder: Path) -> None:
    if git(folder, "config", "--get", "core.hooksPath", quiet_codes=(1,)):
        raise Refused(
            "git looks for hooks elsewhere (core.hooksPath), and ours would never be asked",
            hint="git config --unset core.hooksPath, there or --global; or call solidarity hook pre-receive from those",
        )


def _is_bare(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("HEAD", "objects", "refs", "config"))


def _create(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["git", "init", "--quiet", "--bare", "--initial-branch=main", "."]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        raise ExternalError("git is not installed", hint="install git, then try again") from None
    except subprocess.CalledProcessError:
        raise ExternalError("git could not make a repository there", hint="look at its permissions: ls -ld") from None
