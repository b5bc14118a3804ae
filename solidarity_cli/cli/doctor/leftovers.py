"""Files that editors, crashes and broken-off talks leave: in the work tree, beside git's own, in the user's folders."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from solidarity_cli.cli.doctor.problem import Checkup, Problem
from solidarity_cli.cli.wizard import drafts
from solidarity_cli.core.findings import Severity
from solidarity_cli.git.process import git, git_folders
from solidarity_cli.system import private_dir

_COPY = re.compile(r".*~|\.?.*\.sw[a-p]|\.#.*|#.*#|.*\.(orig|bak|save|rej)|4913")
_NEUTRAL = re.compile(r"(?:(?:cases|actions)/[0-9]{4}/[.#]*[A-Z]{2,4}-[0-9]{4}-[0-9A-Z]{6}|\.git/[.#]*[A-Z_]+)[\w.~#]*")
_FIND_COMMAND = "git ls-files --others | grep -E '(~|#|[.]sw.|[.]orig|[.]bak|[.]save|[.]rej|4913)$'"
_PARTIAL = re.compile(r"\.[^/]+\.part|\.draft-[^/]+")
_AGE = 3600
"""Seconds after which a file of ours that is made and renamed within one act was left by a crash."""
_DRAFT_DAYS = 30


def look(checkup: Checkup) -> Iterator[Problem]:
    """Copies that may hold what is private, wherever this program or an editor puts them."""
    yield from _copies(checkup.root)
    yield from _partial_files(checkup.root)
    if folders := private_dir.find_leftovers(checkup.root):
        yield Problem(
            "leftovers",
            f"{len(folders)} private folders of `edit` were left by a crash",
            "solidarity doctor --fix",
            mend=partial(private_dir.sweep, checkup.root),
        )
    yield from _drafts(checkup.register.today)


def _copies(root: Path) -> Iterator[Problem]:
    paths = git(root, "ls-files", "-z", "--cached", "--others").decode(errors="surrogateescape").split("\0")
    copies = [root / path for path in paths if _COPY.fullmatch(path.rpartition("/")[2])]
    copies += [file for file in git_folders(root)[0].glob("*") if file.is_file() and _COPY.fullmatch(file.name)]
    for number, file in enumerate(sorted(copies), 1):
        shown_path = _neutral_path(file, root)
        yield Problem(
            "leftovers",
            f"a copy that an editor left behind: {shown_path or 'in the work tree'}",
            "look at it, then: solidarity doctor --fix"
            if shown_path
            else f"which one: {_FIND_COMMAND}; then: solidarity doctor --fix",
            mend=partial(private_dir.remove, file),
            asks=f"overwrite and remove copy {number} of {len(copies)}?",
        )


def _neutral_path(file: Path, root: Path) -> str:
    """Where a copy lies; empty where its name may be a person's: whoever names a file by hand may do that."""
    path = file.relative_to(root).as_posix() if file.is_relative_to(root) else f".git/{file.name}"
    return path if _NEUTRAL.fullmatch(path) else ""


def _partial_files(root: Path) -> Iterator[Problem]:
    places = [root, *(root / folder for folder in ("cases", "actions", "directory")), drafts.folder()]
    cutoff = time.time() - _AGE
    stale_files = [
        file
        for place in places
        for file in (place.glob("*") if place in (root, drafts.folder()) else place.rglob("*"))
        if _PARTIAL.fullmatch(file.name) and not file.is_symlink() and file.is_file() and file.stat().st_mtime < cutoff
    ]
    if stale_files:
        yield Problem(
            "leftovers",
            f"{len(stale_files)} half-written files of this program were left by a crash",
            "solidarity doctor --fix",
            mend=partial(_remove_all, stale_files),
        )


def _drafts(today: date) -> Iterator[Problem]:
    for day, file in drafts.waiting():
        age = (today - date.fromisoformat(day)).days
        if age > _DRAFT_DAYS:
            yield Problem(
                "leftovers",
                f"a talk broken off {age} days ago is kept unsealed as a draft",
                f"go on with it: {drafts.command(file)}; or let it go: solidarity doctor --fix",
                Severity.WARNING,
                mend=partial(private_dir.remove, file),
                asks=f"overwrite and remove {file.name}?",
            )


def _remove_all(files: list[Path]) -> None:
    for file in files:
        private_dir.remove(file)
