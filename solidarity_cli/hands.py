"""Work on many things done by two processes: a large register is read for the first time in half the time."""

from __future__ import annotations

import marshal
import os
import threading
from collections.abc import Callable
from typing import Any

MANY = 500
"""Things from which a second process is worth its start."""


def with_two_hands(work: Callable[[list[str]], list[Any]], things: list[str]) -> list[Any]:
    """What `work` makes of the things, as plain values, in any order.

    A forked process takes every second of many. It hands over what it made and leaves without touching anything of
    ours; whatever goes wrong with it, this process does that half as well.
    """
    if len(things) < MANY or not _can_fork():
        return work(things)
    theirs, ours = things[::2], things[1::2]
    from_other, to_us = os.pipe()
    other = os.fork()
    if not other:
        _hand_over(work, theirs, to_us)
    os.close(to_us)
    with os.fdopen(from_other, "rb") as answer:
        made = work(ours)
        handed = answer.read()
    is_done = os.waitpid(other, 0)[1] == 0
    return made + (marshal.loads(handed) if is_done else work(theirs))  # noqa: S302 our own process wrote it


def _can_fork() -> bool:
    """A fork copies the thread it is called from and no other: with more than one, something might wait for ever."""
    return hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


def _hand_over(work: Callable[[list[str]], list[Any]], things: list[str], pipe: int) -> None:
    """Do the work, write it down, and leave at once: no clean-up of the process that we are a copy of."""
    code = 1
    try:
        made = marshal.dumps(work(things))
        with os.fdopen(pipe, "wb") as answer:
            answer.write(made)
        code = 0
    finally:
        os._exit(code)
