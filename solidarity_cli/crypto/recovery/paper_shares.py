"""Shares as leaves of paper: what is printed for each keeper, the files they may be printed from, read again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused

_LARGEST = 4_096


def leaves(shares: Sequence[str], threshold: int, on: date) -> tuple[str, ...]:
    """The text of each leaf. It names no register and nobody: whoever finds it learns neither."""
    return tuple(
        f"# share {number} of {len(shares)}, made on {on.isoformat()}; any {threshold} of them give the whole back\n"
        f"# for one keeper: on paper, unseen by the others; destroy it when a newer one is made\n"
        f"{words}\n"
        for number, words in enumerate(shares, 1)
    )


def write_shares(folder: Path, texts: Sequence[str], *, outside: Path) -> tuple[Path, ...]:
    """One file a leaf, readable by nobody else. When one cannot be written none stays.

    Raises Refused for a folder inside the register, where the shares would be one commit away from everybody, or for
    files that are there already. Raises ExternalError when the disk refuses.
    """
    if folder.resolve().is_relative_to(outside.resolve()):
        raise Refused("shares do not belong into the register", hint="-o a folder outside of it, or print them")
    made: list[Path] = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number, text in enumerate(texts, 1):
            file = folder / f"share-{number}.txt"
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            made.append(file)
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
    except OSError as trouble:
        unmade(made)
        if isinstance(trouble, FileExistsError):
            raise Refused("a file of that name is there already", hint="-o a new folder") from None
        raise ExternalError(
            f"the shares could not be stored: {trouble.strerror or 'the disk refused'}", hint="-o another folder"
        ) from None
    return tuple(made)


def unmade(files: Sequence[Path]) -> None:
    """Those files are gone: what was to rely on them did not come."""
    for file in files:
        file.unlink(missing_ok=True)


def read_leaf(file: Path, number: int) -> str:
    """The words of a share in a file, without its remarks.

    Raises ExternalError by the `number` of the share: the file's name may be a keeper's.
    """
    try:
        with file.open("rb") as stream:
            text = stream.read(_LARGEST).decode()
    except OSError as trouble:
        raise ExternalError(
            f"the file of share {number} cannot be read: {trouble.strerror}", hint="--share FILE, once for each share"
        ) from None
    except UnicodeDecodeError:
        text = ""
    return " ".join(line for line in text.splitlines() if not line.startswith("#"))
