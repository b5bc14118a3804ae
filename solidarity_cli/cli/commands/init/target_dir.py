"""Where a register is to be: a folder that holds nothing of it yet, as a git repository."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solidarity_cli.cli.commands.init import editor_settings
from solidarity_cli.core.errors import ExternalError, Refused


def free(root: Path, files: dict[str, str]) -> None:
    """Refuse to overwrite anything; of `files`, those that may be there already are taken out."""
    if (root / "register.yaml").exists():
        raise Refused("this folder is a register already", hint=f"solidarity -C {root} list")
    # A repository's own README, attributes and settings stay: a register can live beside them.
    for path in ("README.md", ".gitattributes", *editor_settings.FILES):
        if (root / path).exists():
            del files[path]
    existing = [path for path in files if (root / path).exists()]
    if existing:
        raise Refused(f"{existing[0]} is there already and is not overwritten", hint="choose an empty folder")


@contextmanager
def repository(root: Path) -> Iterator[None]:
    """The folder as a git repository; an existing one is left as it is. What was made goes when what follows fails."""
    missing = [place for place in (root / ".git", root, *root.parents) if not place.exists()]
    try:
        _make(root)
        yield
    except BaseException:
        if missing:
            shutil.rmtree(missing[-1], ignore_errors=True)
        raise


def _make(root: Path) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True)
        if not (root / ".git").exists():
            subprocess.run(
                ["git", "init", "--quiet", "--initial-branch=main", "."], cwd=root, check=True, capture_output=True
            )
    except FileNotFoundError:
        raise ExternalError("git is not installed", hint="install git, then try again") from None
    except (OSError, subprocess.CalledProcessError):
        raise ExternalError(
            "the folder cannot be made a git repository", hint="look at its permissions: ls -ld"
        ) from None
