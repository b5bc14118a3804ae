"""How far something long is: a line on a person's terminal from half a second on, taken away when it is done.

Any module may report progress; the session decides whether it is shown.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 0.5
"""Seconds of silence; then a word at most so often."""
_ERASE_LINE = "\r\x1b[K"

_is_watched = False


def show_progress(*, quiet: bool) -> None:
    """Tell it from now on if a person is there to see it: both ways out are a terminal, and nobody asked for quiet.

    Where the answer goes into a pipe or a file, a program may read it, or a pager may own the screen.
    """
    global _is_watched  # noqa: PLW0603 one screen, one process: handed down, it would be an argument of every function
    _is_watched = not quiet and sys.stdout.isatty() and sys.stderr.isatty()


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Call what is given with how many of `total` are done: `records read: 4,000 of 12,000`.

    Under ACCESSIBLE it is said once, as a line of its own that stays: a screen reader would read each change aloud.
    """
    is_plain = bool(os.environ.get("ACCESSIBLE"))
    last_time, is_shown = time.monotonic(), False

    def update(done: int) -> None:
        nonlocal last_time, is_shown
        if not _is_watched or time.monotonic() - last_time < PATIENCE or (is_shown and is_plain):
            return
        last_time, is_shown = time.monotonic(), True
        line = f"{what}: {done:,} of {total:,}"
        sys.stderr.write(f"{line}\n" if is_plain else f"{_ERASE_LINE}{line}")
        sys.stderr.flush()

    try:
        yield update
    finally:
        if is_shown and not is_plain:
            sys.stderr.write(_ERASE_LINE)
            sys.stderr.flush()
