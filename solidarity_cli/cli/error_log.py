"""A log of an unexpected error, for a bug report: kinds, places in the code and versions, never a value.

The message of an exception and the local variables of its frames can hold personal data, so neither is written, and no
line of source either. One file an error, readable by its owner only, in the user's state folder.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from solidarity_cli import __version__

_LIBRARIES = ("typer", "rich", "ruamel.yaml", "ryaml", "jsonschema", "jsonschema-rs", "gitpython", "pyrage")
_KEPT = 10
"""Logs that stay; an older one is deleted when another is written."""
_MOST_FRAMES = 60
"""Frames of one traceback that are written; a recursion without end has a thousand."""


def place_of(error: BaseException) -> str:
    """Return the kind of an error and where it was raised: `KeyError at plan.py:12`."""
    frames = list(_frames(error.__traceback__))
    file, line, _ = frames[-1] if frames else ("?", 0, "")
    return f"{type(error).__name__} at {Path(file).name}:{line}"


def write_log(error: BaseException, verb: str) -> Path | None:
    """Write the log of an error and return its path; None where no file can be written.

    `verb` is the name of a command as the program knows it, or empty: never what somebody typed.
    """
    with contextlib.suppress(OSError, RuntimeError):
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = datetime.now(UTC)
        file = folder / f"error-{now:%Y%m%dT%H%M%S}.{now.microsecond:06}-{os.getpid()}.log"
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write("\n".join(_lines(error, verb, now)) + "\n")
        for old in sorted(folder.glob("error-*.log"))[:-_KEPT]:
            with contextlib.suppress(OSError):
                old.unlink()
        return file
    return None


def _folder() -> Path:
    from platformdirs import user_state_path

    return user_state_path("solidarity", appauthor=False)


def _lines(error: BaseException, verb: str, now: datetime) -> Iterator[str]:
    yield "An unexpected error of solidarity. No message, no value and no name of a record is in this file."
    yield f"time: {now:%Y-%m-%dT%H:%M:%SZ}"
    yield f"solidarity: {__version__}"
    yield f"python: {platform.python_version()} on {sys.platform}"
    yield f"git: {_git_version()}"
    yield f"libraries: {', '.join(_versions())}"
    yield f"command: {verb or 'unknown'}"
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield f"error: {type(current).__module__}.{type(current).__qualname__}"
        frames = list(_frames(current.__traceback__))
        if len(frames) > _MOST_FRAMES:
            yield f"  the first {len(frames) - _MOST_FRAMES} frames are left out"
        for file, line, function in frames[-_MOST_FRAMES:]:
            yield f"  {file}:{line} in {function}"
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if current is not None:
            yield "caused by"


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    """Yield (file, line, function) of each frame, the outermost first; the file below its package only."""
    for frame, line in traceback.walk_tb(trace):
        yield _below_package(frame.f_code.co_filename), line, frame.f_code.co_name


def _below_package(file: str) -> str:
    """Return a source path without the folders above its package: these can hold the user's name."""
    parts = Path(file).parts
    for top in ("site-packages", "solidarity_cli"):
        if top in parts:
            at = len(parts) - 1 - parts[::-1].index(top)
            return "/".join(parts[at + (top == "site-packages") :])
    return "/".join(parts[-2:]) if Path(file).is_absolute() else Path(file).name


def _versions() -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, version

    for name in _LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} not installed"


def _git_version() -> str:
    """Return the version of git, or `not found`."""
    from solidarity_cli.core.errors import SolidarityError
    from solidarity_cli.git.process import git

    with contextlib.suppress(OSError, SolidarityError):
        return git(Path.cwd(), "version").decode("ascii", "replace").strip().removeprefix("git version ")
    return "not found"
