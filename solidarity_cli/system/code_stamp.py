"""A stamp of the program's code: caches made by another version, or by edited code, are computed again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from solidarity_cli import __version__

_PACKAGE = Path(__file__).parent.parent


@cache
def code_stamp() -> str:
    """Return 16 hexadecimal digits that change when the program may compute something else.

    An installed package changes with its version. The files of a checkout change without one, so there the paths and
    modification times of all modules and schemas count too (400 files, about 4 ms).
    """
    checkout = _PACKAGE.parent
    lines = [__version__]
    if (checkout / "pyproject.toml").is_file():
        lines += sorted(f"{path} {time}" for top in (_PACKAGE, checkout / "schemas") for path, time in _files(top))
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the path and the modification time, in nanoseconds, of each file of code or data below a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _files(Path(entry.path))
            elif entry.name.endswith((".py", ".json", ".yaml")):
                yield entry.path, entry.stat().st_mtime_ns
