"""Every letter is said, and none is misheard, however a terminal or a pipe is set up.

A name in Cyrillic must not stop an act in the middle because somebody's terminal shows Latin letters only.
"""

from __future__ import annotations

import io
import re
import sys

from solidarity_cli.core.errors import UsageError

_NO_LETTERS = re.compile("[\udc80-\udcff]")
"""What Python makes of bytes that the settings give no meaning."""


def configure_output() -> None:
    """To a file or a program in UTF-8; on a terminal in its own signs, and as a number what it has no sign for."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def reject_undecodable_arguments() -> None:
    """Raises UsageError for arguments in letters that the settings do not know: they would be kept as others."""
    if sys.getfilesystemencoding() != "utf-8" and any(map(_NO_LETTERS.search, sys.argv)):
        raise UsageError(
            "something was typed in letters that the settings of this terminal do not know",
            hint="export LC_ALL=C.UTF-8, then the same again",
        )
