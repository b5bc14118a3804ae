"""A paper in a file: never over a part of the register; a private one is its owner's alone, and lies outside of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused, UsageError
from solidarity_cli.git.committer import Committer
from solidarity_cli.git.process import git
from solidarity_cli.system.atomic_file import write_whole

_REGISTER_PATHS = (
    *(".git", "cases", "actions", "directory", "schemas", "templates"),
    *("register.yaml", "recipients.yaml", "allowed_signers"),
)
"""What the register is made of, also what git does not hold of it yet."""


def place(name: str, committer: Committer, *, private: bool, replaces: bool = False) -> Path:
    """The file that a paper is to be written to; with `replaces` also in place of an ordinary file.

    Raises UsageError for what else is there already, and for a folder that is not. Raises Refused for what the register
    is made of, by whatever way; for a private paper, for anywhere in a work tree of the register, or its git folder.
    """
    file = Path(name)
    if name == "-" or not file.name:
        raise UsageError("-o names a file", hint="leave out -o, and the text goes to stdout")
    if os.path.lexists(file) and not replaces:
        raise UsageError(
            "-o names what is there already, and nothing is overwritten", hint="choose another name for -o"
        )
    if not file.parent.is_dir():
        raise UsageError("-o names a folder that does not exist", hint="mkdir it first, or choose another place")
    folder = file.parent.resolve()
    is_inside = _is_in_register(folder, committer)
    if private and is_inside:
        raise Refused(
            "a private paper may not lie in the register's folder, where git could keep it for ever",
            hint="choose a place outside of it with -o",
        )
    if is_inside and _is_part(folder, file.name, committer):
        raise Refused(
            "-o names a part of the register, and no paper is written over one",
            hint="choose another name with -o, or a place outside of the register",
        )
    if os.path.lexists(file) and not stat.S_ISREG(file.lstat().st_mode):
        raise UsageError(
            "-o names a folder" if file.is_dir() and not file.is_symlink() else "-o names a link, or what is no file",
            hint="choose another name for -o",
        )
    return folder / file.name


def replace_file(file: Path, data: bytes) -> None:
    """Write a file whole or not at all, in place of an older one if there is one. Raises ExternalError."""
    try:
        write_whole(file, data)
    except OSError as error:
        raise _write_error(error) from None


def create_file(file: Path, data: bytes, *, private: bool) -> None:
    """Write a new file whole or not at all, readable by its owner only when `private`. Raises ExternalError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(file, flags, 0o600 if private else 0o666)
    except OSError as error:
        raise _write_error(error) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException as error:
        file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _write_error(error) from None
        raise


def _is_in_register(folder: Path, committer: Committer) -> bool:
    """Whether a folder lies in any work tree of the register, linked ones too, or in its git folder."""
    if folder.is_relative_to(committer.root.resolve()):
        return True
    common_folder = (
        git(folder, "rev-parse", "--git-common-dir", quiet_codes=(128,)).decode(errors="surrogateescape").strip()
    )
    return bool(common_folder) and (folder / common_folder).resolve() == committer.shared_folder.resolve()


def _is_part(folder: Path, name: str, committer: Committer) -> bool:
    """Whether a name in a folder of the register is one of its parts, lies in one, or is held by git."""
    tree = Path(os.fsdecode(git(folder, "rev-parse", "--show-toplevel", quiet_codes=(128,)).removesuffix(b"\n")))
    roots = {committer.root.resolve(), *([tree.resolve()] if tree.is_absolute() else [])}
    parts = [root / part for root in roots for part in _REGISTER_PATHS] + [
        committer.shared_folder,
        committer.own_folder,
    ]
    if any(_is_same(path, part) for path in (folder / name, folder, *folder.parents) for part in parts):
        return True
    return bool(git(folder, "--literal-pathspecs", "ls-files", "-z", "--", name, quiet_codes=(128,)))


def _is_same(path: Path, other: Path) -> bool:
    """Whether two names mean one place: also on a disk that does not tell `Cases` from `cases`."""
    try:
        return path.samefile(other)
    except OSError:
        return path == other


def _write_error(error: OSError) -> ExternalError:
    return ExternalError(
        f"the paper cannot be written: {error.strerror or 'the disk refused'}", hint="choose another place with -o"
    )
