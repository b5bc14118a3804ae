"""Git's hooks that ask the leak guard before a commit made by hand: their text, and whether they are in place."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shlex
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from solidarity_cli.git.process import git, git_folders

TREE, MESSAGE = "SOLIDARITY_CHECKED_TREE", "SOLIDARITY_CHECKED_MESSAGE"
"""In the environment of our own commits: the object ids of the very tree and message that were checked already.

A verb has judged its plan before it commits, and the same again would cost it two starts of the program. A variable
that only said "trust me" would be inherited by whatever a person starts from there; these two let one tree and one
message pass, and whoever can name them has had them in hand.
"""

_ASKS = {"pre-commit": "validate --staged", "commit-msg": 'validate --message "$1"'}
_PASSES = {
    "pre-commit": f'[ -n "${TREE}" ] && [ "${TREE}" = "$(git write-tree 2>/dev/null)" ] && exit 0',
    "commit-msg": (
        f'[ -n "${MESSAGE}" ] && [ "${MESSAGE}" = "$(git hash-object --no-filters -- "$1" 2>/dev/null)" ] && exit 0'
    ),
}
_HOOK = """#!/bin/sh
# Made by solidarity: it looks for what must not leave a person's hands. Look again by: solidarity doctor
program={program}
{passes}
if command -v solidarity >/dev/null 2>&1; then
  exec solidarity {asks}
elif [ -x "$program" ]; then
  exec "$program" -m solidarity_cli {asks}
fi
echo "error: the leak guard cannot run: solidarity is not on this PATH, nor where it was when this hook was made" >&2
echo "  install it, or put it on the PATH; then commit again. A new hook: solidarity doctor --fix" >&2
exit 1
"""
_MARK = "Made by solidarity"
_PROGRAM = re.compile(r"(?m)^program=.*$")

State = Literal["there", "missing", "changed", "another's", "off"]


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook as it was found. `another's`: somebody's own, which asks nothing of us; `off`: git passes it over.

    `is_here`: it stands in the folder of this repository. Elsewhere it is shared with others, or reviewed like a file.
    """

    name: str
    file: Path
    state: State
    is_here: bool

    @property
    def line(self) -> str:
        """What to add to a hook of one's own, so that it asks the leak guard."""
        return f"solidarity {_ASKS[self.name]} || exit 1"


def find_hooks(root: Path) -> list[Hook]:
    """The hooks of a register, wherever git looks for them."""
    folder, own = _folder(root), git_folders(root)[1].resolve()
    is_here = folder.resolve().is_relative_to(own)
    return [Hook(name, folder / name, _state(name, folder / name), is_here) for name in _ASKS]


def install(root: Path) -> list[Hook]:
    """Put the hooks where there are none, and ours in order again; those that do not ask the guard even then.

    A hook of somebody's own is never written to, nor is a folder that `core.hooksPath` names elsewhere.
    """
    for hook in find_hooks(root):
        if hook.is_here and hook.state in ("missing", "changed") and not hook.file.is_symlink():
            hook.file.parent.mkdir(parents=True, exist_ok=True)
            hook.file.write_text(_text(hook.name), encoding="utf-8", newline="\n")
            hook.file.chmod(0o755)
        elif hook.is_here and hook.state == "off" and _is_ours(hook.file):
            hook.file.chmod(0o755)
    return [hook for hook in find_hooks(root) if hook.state != "there"]


def checked_environment(root: Path, paths: Sequence[str], message: str) -> dict[str, str]:
    """The variables by which our hooks know a commit of `paths` with `message` that was checked; none without hooks."""
    folder, own = git_folders(root)[1] / "hooks", git_folders(root)[0]
    if not any((folder / name).exists() for name in _ASKS):
        return {}
    with tempfile.TemporaryDirectory(dir=own, prefix="solidarity-index-") as folder_name:
        env = {"GIT_INDEX_FILE": str(Path(folder_name).absolute() / "index")}
        git(root, "read-tree", "HEAD", env=env)
        git(root, "--literal-pathspecs", "add", "--all", "--force", "--", *paths, env=env)
        tree = git(root, "write-tree", env=env).decode().strip()
    data = message.encode() + b"\n"
    algorithm = "sha256" if len(tree) == 64 else "sha1"
    message_id = hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    return {TREE: tree, MESSAGE: message_id}


def _folder(root: Path) -> Path:
    return (root / git(root, "rev-parse", "--git-path", "hooks").decode().rstrip("\n")).absolute()


def _text(name: str) -> str:
    return _HOOK.format(program=shlex.quote(sys.executable), asks=_ASKS[name], passes=_PASSES[name])


def _state(name: str, file: Path) -> State:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "another's"
    is_ours, has_command = _MARK in text, f"solidarity {_ASKS[name]}" in text
    # Where the program lies differs from one machine, or one installation, to the next.
    if is_ours and _PROGRAM.sub("", text) != _PROGRAM.sub("", _text(name)):
        return "changed"
    if not (is_ours or has_command):
        return "another's"
    return "there" if _is_executable(file) else "off"


def _is_ours(file: Path) -> bool:
    return not file.is_symlink() and _MARK in file.read_text(encoding="utf-8", errors="replace")


def _is_executable(file: Path) -> bool:
    """Git passes a hook over, in silence, that may not be run."""
    with contextlib.suppress(OSError):
        return bool(file.stat().st_mode & 0o100) or sys.platform == "win32"
    return False
