"""The index opened, brought up to a commit, and asked; where its file is of no use, another takes its place."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from solidarity_cli.history.index.store import Index
from solidarity_cli.history.index.update import update_index
from solidarity_cli.system.code_stamp import code_stamp

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
            index = Index(place, code_stamp())
            if update_index(root, index, head):
                return ask(index)
        except (sqlite3.Error, OSError, ValueError) as error:
            if place is None:
                raise
            # Locked is not broken: somebody else is at work with it.
            if not isinstance(error, sqlite3.OperationalError):
                with contextlib.suppress(OSError):
                    file.unlink()
        finally:
            if index:
                index.close()
    raise AssertionError("in memory nobody else can be faster")
