"""The person's editor on a private file: as they configured it, but leaving no copies where it is known how."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from solidarity_cli.core.errors import ExternalError

_VIM = ("-n", "-i", "NONE", "-c", "silent! set nobackup nowritebackup noundofile")
"""No swap file; no viminfo, which would keep deleted lines in the home folder; and no backup or undo file, which a
person's own settings may put far from the private folder. They hold for this one call and come after those settings."""

_EMACS = ("--eval", "(setq make-backup-files nil auto-save-default nil create-lockfiles nil)")


def open_editor(file: Path) -> None:
    """Wait until the person has edited `file`; what the editor puts aside stays in the file's folder as far as we can.

    Editors not named here have no such options that are the same in all versions; what they leave beside the file
    goes with the folder. Raises ExternalError when the editor does not start, or fails.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    folder = str(file.parent)
    try:
        command = shlex.split(editor)
        completed = subprocess.run(
            [*command, *_options_against_copies(command[0]), str(file)],
            check=False,
            env={**os.environ, "TMPDIR": folder, "TMP": folder, "TEMP": folder},
        )
    except (OSError, ValueError, IndexError):
        raise ExternalError("the editor does not start", hint="export EDITOR=nano") from None
    if completed.returncode:
        raise ExternalError("the editor ended with an error; nothing was changed", hint="export EDITOR=nano")


def _options_against_copies(program: str) -> tuple[str, ...]:
    """The options of a known editor against copies. `vi` may be any of several: what it leads to tells which."""
    executable = shutil.which(program)
    name = Path(executable).resolve().name if executable else ""
    if name.startswith(("vim", "nvim")):
        return _VIM
    return _EMACS if name.startswith("emacs") and not name.startswith("emacsclient") else ()
