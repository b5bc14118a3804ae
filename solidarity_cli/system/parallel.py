"""Work on many things done by two processes: a large register is read for the first time in half the time."""

from __future__ import annotations

import marshal
import os
import threading
from collections.abc import Callable
from typing import Any

from solidarity_cli.system.progress import progress

Work = Callable[[list[str]], list[Any]]
MANY = 500
"""Things from which a second process is worth its start."""
_SLICE = 1_000
"""Things done between two words about how far it is: a tenth of a second."""


def map_in_two_processes(work: Work, inputs: list[str], what: str = "") -> list[Any]:
    """What `work` makes of the inputs, as plain values, in any order. With `what`, it is told how far it is.

    A forked process takes every second of many. It hands over what it made and leaves without touching anything of
    ours; whatever goes wrong with it, this process does that half as well.
    """
    if len(inputs) < MANY or not _can_fork():
        return _work_in_slices(work, inputs, what, len(inputs))
    child_inputs, parent_inputs = inputs[::2], inputs[1::2]
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        _run_child(work, child_inputs, write_end)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as stream:
        outputs = _work_in_slices(work, parent_inputs, what, len(inputs))
        data = stream.read()
    is_complete = os.waitpid(child, 0)[1] == 0
    return outputs + (marshal.loads(data) if is_complete else work(child_inputs))  # noqa: S302 our own process wrote it


def _work_in_slices(work: Work, inputs: list[str], what: str, total: int) -> list[Any]:
    """The work on one hand's things, a slice at a time, so that it can be told how far both hands are."""
    if not what or len(inputs) <= _SLICE:
        return work(inputs)
    outputs = []
    with progress(what, total) as update:
        for start in range(0, len(inputs), _SLICE):
            outputs += work(inputs[start : start + _SLICE])
            update(min(start + _SLICE, len(inputs)) * total // len(inputs))
    return outputs


def _can_fork() -> bool:
    """A fork copies the thread it is called from and no other: with more than one, something might wait for ever."""
    return hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and threading.active_count() == 1


def _run_child(work: Callable[[list[str]], list[Any]], inputs: list[str], pipe: int) -> None:
    """Do the work, write it down, and leave at once: no clean-up of the process that we are a copy of."""
    code = 1
    try:
        data = marshal.dumps(work(inputs))
        with os.fdopen(pipe, "wb") as stream:
            stream.write(data)
        code = 0
    finally:
        os._exit(code)
