"""Git read by plumbing: every question to git goes out from here, a constant number of processes a command."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from solidarity_cli.core.errors import Outside

_CALM = ("-c", "core.quotePath=false", "-c", "core.fsmonitor=false")
LARGEST_RECORD = 1_048_576
"""Bytes. A record is text; attachments stay out of git. Larger blobs are never read into memory."""


def git(root: Path, *arguments: str, given: bytes | None = None, quiet_codes: tuple[int, ...] = ()) -> bytes:
    """What git prints for `arguments` in `root`.

    Raises Outside when git is missing or fails; an exit code in `quiet_codes` gives an empty answer instead.
    """
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        answer = subprocess.run(
            ["git", *_CALM, *arguments], cwd=root, input=given, capture_output=True, check=False, env=environment
        )
    except FileNotFoundError:
        raise Outside("git is not installed", hint="install git, then try again") from None
    if answer.returncode == 0:
        return answer.stdout
    if answer.returncode in quiet_codes:
        return b""
    raise Outside(f"git could not answer ({arguments[0]}): {_reason(answer.stderr)}", hint="git status")


def _reason(stderr: bytes) -> str:
    """Git's own sentence without what it quotes: a quoted name may be somebody's."""
    lines = [line for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    sentence = lines[0] if lines else "no reason given"
    return re.sub(r"'[^']*'", "…", sentence.removeprefix("fatal: ").removeprefix("error: "))[:160]


def git_folders(root: Path) -> tuple[Path, Path]:
    """The git directory of the work tree at `root`, and the one its worktrees share, without asking git.

    Raises Outside when `root` is not the top of a git work tree.
    """
    marker = root / ".git"
    if marker.is_dir():
        return marker, marker
    try:
        own = root / marker.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        common = own / "commondir"
        shared = (own / common.read_text(encoding="utf-8").strip()).resolve() if common.exists() else own
    except (OSError, UnicodeDecodeError):
        raise Outside("this folder is not the top of a git repository", hint="solidarity init DIR") from None
    return own, shared


def blobs(root: Path, names: Iterable[str], *, at_most: int = LARGEST_RECORD) -> Iterator[tuple[str, bytes | None]]:
    """Each blob's bytes by its id; None for one that is missing or larger than `at_most`.

    Two processes however many blobs: sizes first, so that a huge one is never loaded.
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return
    asked = "\n".join(wanted).encode() + b"\n"
    small = []
    for line in git(root, "cat-file", "--batch-check", given=asked).decode().splitlines():
        name, kind, *size = line.split()
        if kind == "blob" and int(size[0]) <= at_most:
            small.append(name)
        else:
            yield name, None
    for start in range(0, len(small), 4000):
        chunk = small[start : start + 4000]
        answer = git(root, "cat-file", "--batch", given="\n".join(chunk).encode() + b"\n")
        position = 0
        for name in chunk:
            end = answer.index(b"\n", position)
            length = int(answer[position:end].rsplit(b" ", 1)[1])
            yield name, answer[end + 1 : end + 1 + length]
            position = end + length + 2
