"""A log of an unexpected error, for a bug report: kinds, places in the code and versions, never a value.

The message of an exception and the local variables of its frames can hold personal data, so neither is written, and no
line of source either. One file an error, readable by its owner only, in the user's state folder.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from solidarity_cli import __version__
from solidarity_cli.system.atomic_file import write_private

_LIBRARIES = ("typer", "rich", "ruamel.yaml", "ryaml", "jsonschema", "jsonschema-rs", "gitpython", "pyrage")
_KEPT = 10
"""Logs that stay; an older one is deleted when another is written."""
_MOST_FRAMES = 60
"""Frames of one traceback that are written; a recursion without end has a thousand."""
_MOST_CAUSES = 10
"""Errors of a chain of causes that are written."""

_UNKNOWN = "(not named)"
"""What stands for a name that is not from our code, from Python or from a library: it could be a person's."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.<>]{0,99}")
_PATH = re.compile(r"[A-Za-z0-9_./+-]{1,200}")
_PYO3 = "pyo3_runtime"
"""The module of a panic in a library written in Rust; it has no file."""
_PACKAGE = Path(__file__).parent.parent
_SOURCES = (
    (_PACKAGE, f"{_PACKAGE.name}/"),
    *((Path(sysconfig.get_path(name)), "") for name in ("purelib", "platlib")),
    (Path(sysconfig.get_path("stdlib")), "python/"),
)
"""Folders of code whose names may be written, the more special first, and what stands for each."""


def place_of(error: BaseException) -> str:
    """Return the kind of an error and where it was raised: `KeyError at plan.py:12`."""
    frames = list(_frames(error.__traceback__))
    named = [frame for frame in frames if frame[0] != _UNKNOWN]
    file, line, _ = (named or frames or [(_UNKNOWN, 0, "")])[-1]
    return f"{_kind(error).rpartition('.')[2]} at {file.rpartition('/')[2]}:{line}"


def write_log(error: BaseException, verb: str) -> Path | None:
    """Write the log of an error and return its path; None where no file can be written.

    `verb` is the name of a command as the program knows it, or empty: never what somebody typed.
    """
    with contextlib.suppress(Exception):  # whatever fails here must not hide the first error
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = datetime.now(UTC)
        data = ("\n".join(_lines(error, verb, now)) + "\n").encode("ascii", "replace")
        file = folder / f"error-{now:%Y%m%dT%H%M%S}.{now.microsecond:06}-{os.getpid()}.log"
        write_private(file, data)
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
    current = error
    for _ in range(_MOST_CAUSES):
        yield f"error: {_kind(current)}"
        frames = list(_frames(current.__traceback__))
        if len(frames) > _MOST_FRAMES:
            yield f"  the first {len(frames) - _MOST_FRAMES} frames are left out"
        for file, line, function in frames[-_MOST_FRAMES:]:
            yield f"  {file}:{line} in {function}"
        cause = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if cause is None:
            return
        current = cause
        yield "caused by"


def _kind(error: BaseException) -> str:
    """Return module and name of an exception's class, if it is one of ours, of Python, or of a library."""
    module, name = str(type(error).__module__), str(type(error).__qualname__)
    top = module.partition(".")[0]
    source = getattr(sys.modules.get(top), "__file__", None)
    is_known = top in sys.stdlib_module_names or top == _PYO3 or (source and _known_source(source) != _UNKNOWN)
    return f"{module}.{name}" if is_known and _NAME.fullmatch(f"{module}.{name}") else _UNKNOWN


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    """Yield (file, line, function) of each frame, the outermost first; names of foreign code are not given."""
    for frame, line in traceback.walk_tb(trace):
        file, function = _known_source(frame.f_code.co_filename), frame.f_code.co_name
        is_named = file != _UNKNOWN and _NAME.fullmatch(function.strip("<>"))
        yield file, line, function if is_named else _UNKNOWN


def _known_source(file: str) -> str:
    """Return the path of a source below this package, a library's folder or Python's own; of any other only that."""
    for top, prefix in _SOURCES:
        with contextlib.suppress(ValueError):
            path = f"{prefix}{Path(file).relative_to(top).as_posix()}"
            return path if _PATH.fullmatch(path) else _UNKNOWN
    return _UNKNOWN


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
