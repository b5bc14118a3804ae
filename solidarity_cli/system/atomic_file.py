"""A file replaced at once: whoever reads it sees the old bytes or the new ones, also after a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_PRIVATE = 0o600


def write_whole(file: Path, data: bytes) -> None:
    """Replace a file. Its mode stays; a new one has that of any new file. Raises OSError, with nothing changed."""
    _write(file, data, file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_umask())


def write_private(file: Path, data: bytes) -> None:
    """The same, for the user's eyes only from its first byte, whoever could read an older one."""
    _write(file, data, _PRIVATE)


def _write(file: Path, data: bytes, mode: int) -> None:
    # mkstemp makes the file for its owner alone before a word is in it.
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode != _PRIVATE:
            Path(name).chmod(mode)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
