"""The index opened, brought up to a commit, and asked; where its file is of no use, another takes its place."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from solidarity_cli import __version__
from solidarity_cli.past.index import Index
from solidarity_cli.past.learning import brought_up_to

T = TypeVar("T")


def with_index(root: Path, folder: Path, head: str, ask: Callable[[Index], T]) -> T:
    """What `ask` makes of an index that knows all that `head` reaches; `folder` is the git folder.

    Where the file cannot be used it is made anew, and else kept in memory for this once.
    Raises Refused for a history that is damaged.
    """
    file = folder / "solidarity" / "past.sqlite"
    for place in (file, file, None):
        index = None
        try:
            if place:
                place.parent.mkdir(mode=0o700, exist_ok=True)
            index = Index(place, _stamp())
            if brought_up_to(root, index, head):
                return ask(index)
        except (sqlite3.Error, OSError, ValueError) as trouble:
            if place is None:
                raise
            # Locked is not broken: somebody else is at work with it.
            if not isinstance(trouble, sqlite3.OperationalError):
                with contextlib.suppress(OSError):
                    file.unlink()
        finally:
            if index:
                index.close()
    raise AssertionError("in memory nobody else can be faster")


def _stamp() -> str:
    """What the rows depend on in our own code: an edited program learns anew."""
    here = Path(__file__).parent
    names = ("core/changes.py", "core/merging/ways.py", "records/reading.py", "core/sealed.py")
    files = [*sorted(here.glob("*.py")), *(here.parent / name for name in names)]
    told = [__version__, *(f"{file.name} {file.stat().st_mtime_ns}" for file in files)]
    return sha256(json.dumps(told).encode()).hexdigest()[:16]
