"""A paper in a file: one that is private is its owner's alone, and lies where git does not keep it for ever."""

from __future__ import annotations

import os
from pathlib import Path

from solidarity_cli.core.errors import Outside, Refused, Usage
from solidarity_cli.ledger import Ledger
from solidarity_cli.plumbing import git


def place(name: str, ledger: Ledger, *, private: bool) -> Path:
    """The file that a paper is to be written to.

    Raises Usage for what is there already, and for a folder that is not. Raises Refused for a private paper inside a
    work tree of the register, or its git folder.
    """
    file = Path(name)
    if name == "-" or not file.name:
        raise Usage("-o names a file", hint="leave out -o, and the text goes to stdout")
    if os.path.lexists(file):
        raise Usage("-o names what is there already, and nothing is overwritten", hint="choose another name for -o")
    if not file.parent.is_dir():
        raise Usage("-o names a folder that does not exist", hint="mkdir it first, or choose another place")
    folder = file.parent.resolve()
    if private and _is_of(folder, ledger):
        raise Refused(
            "a private paper may not lie in the register's folder, where git could keep it for ever",
            hint="choose a place outside of it with -o",
        )
    return folder / file.name


def put(file: Path, data: bytes, *, private: bool) -> None:
    """Write a new file whole or not at all, readable by its owner only when `private`. Raises Outside."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(file, flags, 0o600 if private else 0o666)
    except OSError as trouble:
        raise _not_written(trouble) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException as trouble:
        file.unlink(missing_ok=True)
        if isinstance(trouble, OSError):
            raise _not_written(trouble) from None
        raise


def _is_of(folder: Path, ledger: Ledger) -> bool:
    """Whether a folder lies in any work tree of the register, linked ones too, or in its git folder."""
    if folder.is_relative_to(ledger.root.resolve()):
        return True
    told = git(folder, "rev-parse", "--git-common-dir", quiet_codes=(128,)).decode(errors="surrogateescape").strip()
    return bool(told) and (folder / told).resolve() == ledger.shared_folder.resolve()


def _not_written(trouble: OSError) -> Outside:
    return Outside(
        f"the paper cannot be written: {trouble.strerror or 'the disk refused'}", hint="choose another place with -o"
    )
