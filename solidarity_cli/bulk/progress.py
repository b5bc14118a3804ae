"""How far a long import is, on one line of a terminal that is free again afterwards."""

from __future__ import annotations

import sys
import time

_BLINK = 0.1
"""Seconds: a count that changes faster is not read."""


class Progress:
    """Call it as often as there is something new; `close` takes the last word away."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._last = 0.0

    def __call__(self, text: str, *, is_stage: bool = False) -> None:
        """The newest state in the place of the one before; a stage that begins is always told."""
        now = time.monotonic()
        if self._wanted and (is_stage or now - self._last > _BLINK):
            self._last = now
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def close(self) -> None:
        """The line is free again."""
        if self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
