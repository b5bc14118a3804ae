"""The working tree brought to a newer commit: whole, or, after a cut, put right by whoever writes here next.

Git changes file by file. Who is killed in the middle leaves some files of the one commit, some of the other, and a lock
that nobody takes away. So a note says what is under way; while it stands, nothing else is believed.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.git.committer import Committer
from solidarity_cli.git.process import blobs, git

try:
    import fcntl
except ImportError:  # Windows: a git that outlives us is not waited for there
    fcntl = None  # type: ignore[assignment]

_NOTE = "solidarity-landing"
_UNDER_WAY = "solidarity-under-way"
_LOCK_SECONDS = 1.0
"""Seconds. Git holds the lock of a ref for less."""


def fast_forward(ledger: Committer, commit: str, *, branch: str = "") -> None:
    """Branch, index and files to `commit`, which holds all that HEAD holds; `branch` switches to that one instead.

    Who calls has the register to itself. Raises ExternalError, with everything as it was, where a file holds what is in
    no commit; Refused where two files would be one on somebody's disk.
    """
    if _has_colliding_paths(ledger.root, commit):
        raise Refused(
            "what came in holds two files whose names differ only in capital letters or accents: on many disks they "
            "are one, and one would take the other's place",
            hint="whoever sent it takes one of the two out; then: solidarity sync",
        )
    note = ledger.own_folder / _NOTE
    # Two git commands, so that the note is true of each: a branch is first left as it stands, then brought forward.
    for target, args in _steps(ledger.root, commit, branch):
        with note.open("x", encoding="ascii") as stream:
            stream.write(f"{ledger.head()} {target}\n")
            stream.flush()
            os.fsync(stream.fileno())
            exit_code = _run_git_locked(stream.fileno(), ledger.root, args)
        if exit_code:
            recover(ledger)
            raise ExternalError(
                "files here hold changes that are in no commit, and what came in changes them too",
                hint="keep them: git commit -a; or set them aside: git stash; then: solidarity sync",
            )
        note.unlink()


def _has_colliding_paths(root: Path, commit: str) -> bool:
    """Whether two paths of a commit, or their folders, are one where case or the form of accents does not count."""
    listed = git(root, "ls-tree", "-r", "-t", "-z", "--name-only", commit).decode(errors="surrogateescape")
    paths = [path for path in listed.split("\0") if path]
    return len({unicodedata.normalize("NFC", path).casefold() for path in paths}) < len(paths)


@contextlib.contextmanager
def sync_lock(ledger: Committer) -> Iterator[None]:
    """A talk with the remote; the locks that an earlier one left when it was cut off go first.

    Raises ExternalError when another one goes on in this clone.
    """
    from filelock import FileLock, Timeout

    note, folder = ledger.own_folder / _UNDER_WAY, ledger.shared_folder / "solidarity"
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        with FileLock(folder / "talk", timeout=0):
            if note.exists():
                _unlock(ledger, note.stat().st_mtime)
            note.write_bytes(b"")
            try:
                yield
            finally:
                note.unlink(missing_ok=True)
    except Timeout:
        raise ExternalError("another sync is at work in this register", hint="wait for it, then try again") from None


def _unlock(ledger: Committer, since: float) -> None:
    """Remove git's locks that are as young as the talk that was cut off, if nobody takes them away."""

    def find_locks() -> set[tuple[Path, float]]:
        files = [ledger.own_folder / name for name in ("index.lock", "HEAD.lock")]
        files += [ledger.shared_folder / name for name in ("packed-refs.lock", "config.lock")]
        files += (ledger.shared_folder / "refs").rglob("*.lock")
        return {(file, file.stat().st_mtime) for file in files if file.exists()}

    if young := {lock for lock in find_locks() if lock[1] >= since - _LOCK_SECONDS}:
        time.sleep(_LOCK_SECONDS)  # a git that outlives us ends, and takes its own away
        for file, _ in young & find_locks():
            file.unlink(missing_ok=True)


def recover(ledger: Committer) -> bool:
    """Finish what a cut has left: files, index and lock as the newest commit wants them; whether there was anything.

    A file that holds neither the old nor the new text is somebody's work, and stays.
    """
    note = ledger.own_folder / _NOTE
    if not note.exists():
        return False
    with _lock_note(note):
        # A note that was cut off itself was written before anything happened.
        old, _, new = note.read_text(encoding="ascii").strip().partition(" ")
        if len(new) == len(old) and new:
            (ledger.own_folder / "index.lock").unlink(missing_ok=True)
            _restore(ledger.root, old, new)
        note.unlink(missing_ok=True)
    return True


def _steps(root: Path, commit: str, branch: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if branch:
        tip = git(root, "rev-parse", "--verify", f"refs/heads/{branch}").decode().strip()
        yield tip, ("switch", "--quiet", "--no-guess", branch)
    yield commit, ("merge", "--ff-only", "--quiet", "--no-verify-signatures", commit)


def _run_git_locked(note: int, root: Path, args: tuple[str, ...]) -> int:
    """Git's exit code. It holds the note's lock, and so keeps others waiting should it outlive us."""
    inherited: tuple[int, ...] = ()
    if fcntl:
        fcntl.flock(note, fcntl.LOCK_EX)
        inherited = (note,)
    try:
        return subprocess.run(["git", *args], cwd=root, capture_output=True, check=False, pass_fds=inherited).returncode
    except FileNotFoundError:
        raise ExternalError("git is not installed", hint="install git, then try again") from None


@contextlib.contextmanager
def _lock_note(note: Path) -> Iterator[None]:
    with note.open("rb") as stream:
        if fcntl:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
        yield


def _restore(root: Path, old: str, new: str) -> None:
    """The paths that differ between two commits as HEAD has them: it is one of the two."""
    changed = git(root, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new).decode(
        errors="surrogateescape"
    )
    parts = changed.split("\0")
    blob_pairs = {path: about.split(" ")[2:4] for about, path in zip(parts[::2], parts[1::2], strict=False) if about}
    head_blobs = dict(_tree_blobs(root, "HEAD"))
    untouched = [path for path, pair in blob_pairs.items() if _is_left_by_git(root, path, pair)]
    stdin = "".join(f"{path}\0" for path in untouched if path in head_blobs).encode(errors="surrogateescape")
    if stdin:
        args = ("restore", "--source=HEAD", "--staged", "--worktree", "--pathspec-from-file=-", "--pathspec-file-nul")
        git(root, "--literal-pathspecs", *args, stdin=stdin)
    removed = [path for path in untouched if path not in head_blobs]
    for path in removed:
        (root / path).unlink(missing_ok=True)
    names = "".join(f"{path}\0" for path in removed).encode(errors="surrogateescape")
    git(root, "update-index", "--force-remove", "-z", "--stdin", stdin=names)


def _tree_blobs(root: Path, commit: str) -> Iterator[tuple[str, str]]:
    for line in git(root, "ls-tree", "-r", "-z", commit).decode(errors="surrogateescape").split("\0"):
        about, _, path = line.partition("\t")
        if path:
            yield path, about.split(" ")[2]


def _is_left_by_git(root: Path, path: str, pair: list[str]) -> bool:
    """Whether a file is what git left there: one of the two texts, the new one cut off, or nothing."""
    file = root / path
    if not os.path.lexists(file):
        return True
    if file.is_symlink() or not file.is_file() or not file.resolve().is_relative_to(root.resolve()):
        return False
    if git(root, "hash-object", "--", path, quiet_codes=(128,)).decode().strip() in pair:
        return True
    new = dict(blobs(root, [pair[1]])).get(pair[1]) if pair[1].strip("0") else None
    return new is not None and new.startswith(file.read_bytes())
