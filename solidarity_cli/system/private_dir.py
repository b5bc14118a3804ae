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

_OURS = "solidarity-private"
_LOCK = ".in-use"
_PIECE = 65_536
_PATIENCE = 10.0
"""Seconds to wait for another process that makes or wipes a folder."""


@contextlib.contextmanager
def private_folder(outside: Path) -> Iterator[Path]:
    """A folder with mode 0700, not below `outside`, where possible in memory; wiped at the end.

    Folders whose process is gone are wiped first. Raises ExternalError when there is no place for one.
    """
    place = _place(outside)
    try:
        with _lock(place / ".lock", _PATIENCE):
            _sweep(place)
            folder = place / f"edit-{os.getpid()}-{secrets.token_hex(4)}"
            folder.mkdir(mode=0o700)
            own = _lock(folder / _LOCK, 0)
            own.acquire()
    except (OSError, TimeoutError):
        raise ExternalError(
            "no private folder can be made for the editor", hint="look at space and permissions: df -h"
        ) from None
    try:
        yield folder
    finally:
        own.release()
        wipe(folder)


def find_leftovers(outside: Path) -> list[Path]:
    """The folders whose process is gone, in every place where one could have been made."""
    return [folder for place in _places(outside) for folder in _folders(place) if not _is_in_use(folder)]


def sweep(outside: Path) -> int:
    """Wipe the folders whose process is gone; how many there were."""
    swept = 0
    for place in _places(outside):
        if place.is_dir() and not _fault(place):
            with contextlib.suppress(OSError, TimeoutError), _lock(place / ".lock", _PATIENCE):
                swept += _sweep(place)
    return swept


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
    handle = os.open(file, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "wb") as stream:
        left = os.fstat(handle).st_size
        while left > 0:
            left -= stream.write(bytes(min(left, _PIECE)))
        stream.flush()
        os.fsync(handle)


def _sweep(place: Path) -> int:
    gone = [folder for folder in _folders(place) if not _is_in_use(folder)]
    for folder in gone:
        wipe(folder)
    return len(gone)


def _folders(place: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(one for one in place.glob("edit-*") if one.is_dir() and not one.is_symlink())
    return []


def _is_in_use(folder: Path) -> bool:
    lock = _lock(folder / _LOCK, 0)
    try:
        lock.acquire()
    except (TimeoutError, OSError):
        return True
    lock.release()
    return False


def _lock(file: Path, patience: float) -> FileLock:
    from filelock import FileLock

    return FileLock(file, timeout=patience, mode=0o600)


def _place(outside: Path) -> Path:
    """Where folders are made: the first place that can be used and is nobody else's."""
    for place in _places(outside):
        with contextlib.suppress(OSError):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _fault(place) and os.access(place, os.W_OK):
                return place
    raise ExternalError(
        "there is no private folder outside the register for the editor",
        hint="chmod 700 the folder that XDG_RUNTIME_DIR names, or unset it",
    )


def _places(outside: Path) -> list[Path]:
    """Memory first: what never was on a disk need not be wiped from it. $TMPDIR is not asked: others read there."""
    from platformdirs import user_cache_path

    named = os.environ.get("XDG_RUNTIME_DIR", "")
    found = [Path(named) / _OURS] if Path(named).is_absolute() else []
    if os.name == "posix" and Path("/dev/shm").is_dir():  # noqa: S108 a folder of our own in it, closed to others
        found.append(Path(f"/dev/shm/{_OURS}-{os.getuid()}"))  # noqa: S108
    found.append(user_cache_path("solidarity", appauthor=False) / "private")
    return [place for place in found if not place.resolve().is_relative_to(outside.resolve())]


def _fault(place: Path) -> str:
    """Why a folder is not to be trusted; empty when it is ours alone. In a shared place anybody can take the name."""
    about = place.lstat()
    if not stat.S_ISDIR(about.st_mode):
        return "no folder"
    if os.name == "posix" and (about.st_uid != os.getuid() or about.st_mode & 0o077):
        return "not ours alone"
    return ""
