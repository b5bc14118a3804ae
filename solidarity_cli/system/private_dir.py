"""A folder for a private text while an editor has it: of nobody else, outside the register, gone with its process.

It is named after its process, and holds a lock that the system lets go when the process ends, however it ends: the
number alone could be another's by now. Whoever makes the next folder, and `doctor`, wipes what was left.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from solidarity_cli.core.errors import ExternalError

if TYPE_CHECKING:
    from filelock import FileLock

_FOLDER_NAME = "solidarity-private"
_LOCK_NAME = ".in-use"
_CHUNK_SIZE = 65_536
_LOCK_TIMEOUT = 10.0
"""Seconds to wait for another process that makes or wipes a folder."""


@contextlib.contextmanager
def private_folder(outside: Path) -> Iterator[Path]:
    """A folder with mode 0700, not below `outside`, where possible in memory; wiped at the end.

    Folders whose process is gone are wiped first. Raises ExternalError when there is no place for one.
    """
    parent = _usable_parent(outside)
    try:
        with _lock(parent / ".lock", _LOCK_TIMEOUT):
            _sweep(parent)
            folder = parent / f"edit-{os.getpid()}-{secrets.token_hex(4)}"
            folder.mkdir(mode=0o700)
            lock = _lock(folder / _LOCK_NAME, 0)
            lock.acquire()
    except (OSError, TimeoutError):
        raise ExternalError(
            "no private folder can be made for the editor", hint="look at space and permissions: df -h"
        ) from None
    try:
        yield folder
    finally:
        lock.release()
        wipe(folder)


def find_leftovers(outside: Path) -> list[Path]:
    """The folders whose process is gone, in every place where one could have been made."""
    return [folder for parent in _possible_parents(outside) for folder in _folders(parent) if not _is_in_use(folder)]


def sweep(outside: Path) -> int:
    """Wipe the folders whose process is gone; how many there were."""
    count = 0
    for parent in _possible_parents(outside):
        if parent.is_dir() and not _fault(parent):
            with contextlib.suppress(OSError, TimeoutError), _lock(parent / ".lock", _LOCK_TIMEOUT):
                count += _sweep(parent)
    return count


def wipe(folder: Path) -> None:
    """Overwrite every file in a folder, then remove all of it; links are removed and not followed.

    In memory that is the end of them; a disk that writes elsewhere, or keeps snapshots, may still hold the old bytes.
    """
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                wipe(path)
            else:
                with contextlib.suppress(OSError):
                    remove(path)
        folder.rmdir()


def remove(file: Path) -> None:
    """Overwrite one file, and remove it. Raises OSError when it cannot be removed."""
    with contextlib.suppress(OSError):
        _overwrite(file)
    file.unlink()


def _overwrite(file: Path) -> None:
    if not stat.S_ISREG(file.lstat().st_mode):
        return
    descriptor = os.open(file, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "wb") as stream:
        remaining = os.fstat(descriptor).st_size
        while remaining > 0:
            remaining -= stream.write(bytes(min(remaining, _CHUNK_SIZE)))
        stream.flush()
        os.fsync(descriptor)


def _sweep(parent: Path) -> int:
    leftovers = [folder for folder in _folders(parent) if not _is_in_use(folder)]
    for folder in leftovers:
        wipe(folder)
    return len(leftovers)


def _folders(parent: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(path for path in parent.glob("edit-*") if path.is_dir() and not path.is_symlink())
    return []


def _is_in_use(folder: Path) -> bool:
    lock = _lock(folder / _LOCK_NAME, 0)
    try:
        lock.acquire()
    except (TimeoutError, OSError):
        return True
    lock.release()
    return False


def _lock(file: Path, timeout: float) -> FileLock:
    from filelock import FileLock

    return FileLock(file, timeout=timeout, mode=0o600)


def _usable_parent(outside: Path) -> Path:
    """Where folders are made: the first place that can be used and is nobody else's."""
    for parent in _possible_parents(outside):
        with contextlib.suppress(OSError):
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _fault(parent) and os.access(parent, os.W_OK):
                return parent
    raise ExternalError(
        "there is no private folder outside the register for the editor",
        hint="chmod 700 the folder that XDG_RUNTIME_DIR names, or unset it",
    )


def _possible_parents(outside: Path) -> list[Path]:
    """Memory first: what never was on a disk need not be wiped from it. $TMPDIR is not asked: others read there."""
    from platformdirs import user_cache_path

    runtime_dir = os.environ.get("XDG_RUNTIME_DIR", "")
    parents = [Path(runtime_dir) / _FOLDER_NAME] if Path(runtime_dir).is_absolute() else []
    if os.name == "posix" and Path("/dev/shm").is_dir():  # noqa: S108 a folder of our own in it, closed to others
        parents.append(Path(f"/dev/shm/{_FOLDER_NAME}-{os.getuid()}"))  # noqa: S108
    parents.append(user_cache_path("solidarity", appauthor=False) / "private")
    return [parent for parent in parents if not parent.resolve().is_relative_to(outside.resolve())]


def _fault(parent: Path) -> str:
    """Why a folder is not to be trusted; empty when it is ours alone. In a shared place anybody can take the name."""
    status = parent.lstat()
    if not stat.S_ISDIR(status.st_mode):
        return "no folder"
    if os.name == "posix" and (status.st_uid != os.getuid() or status.st_mode & 0o077):
        return "not ours alone"
    return ""
