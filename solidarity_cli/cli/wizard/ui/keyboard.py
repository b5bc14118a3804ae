"""Lines typed at a terminal, however long, and whether more is already on its way."""

from __future__ import annotations

import os
import select
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import TextIOWrapper

A_PASTE = 0.05
"""Seconds within which the next line of a paste has arrived, and a person has not typed one."""


class Keyboard:
    """Reads lines. A terminal by itself cuts a line after 4,095 bytes; with readline it does not."""

    def __init__(self) -> None:
        self._edits = _enable_readline()
        stdin: TextIOWrapper = sys.stdin  # type: ignore[assignment]
        # A broken byte in a paste must not end the talk.
        stdin.reconfigure(errors="replace")

    def line(self, prompt: str) -> str:
        """One line without its end. Raises EOFError when there will be no more."""
        if self._edits:
            # Not to stderr, which may lead into a log: the session asks only where stdout is a terminal.
            return input(prompt)
        sys.stdout.write(prompt)
        sys.stdout.flush()
        return self._read_raw()

    def ahead(self, seconds: float = 0.0) -> bool:
        """Whether more input is waiting, or comes within `seconds`."""
        try:
            return bool(select.select([sys.stdin.fileno()], [], [], seconds)[0])
        except (OSError, ValueError):
            return False

    def _read_raw(self) -> str:
        # Python's own buffer would hide from `ahead` what it has read already.
        data = b""
        while not data.endswith(b"\n"):
            piece = os.read(sys.stdin.fileno(), 4096)
            if not piece:
                raise EOFError
            data += piece
        return data.decode(errors="replace").rstrip("\r\n")


def _enable_readline() -> bool:
    try:
        import readline
    except ImportError:
        return False
    # What was said about one person is not to come back with the arrow key.
    readline.set_auto_history(False)
    if "libedit" not in (readline.__doc__ or ""):
        # It would colour and repaint what is pasted.
        readline.parse_and_bind("set enable-bracketed-paste off")
    return True
