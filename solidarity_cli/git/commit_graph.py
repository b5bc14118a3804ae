"""Git's own list of commits and of the paths that each changed, the commit-graph: with it, git need not unpack them.

`--as-of`, `sync`, `submit`, `import` and whoever types `git log -- FILE` are quicker for it, once a history is long:
the log of one file among 20,000 acts takes a tenth of the time. `history`, `blame` and `audit` do without: such a list
can be forged, and they read each commit as it is stored, once.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git.process import git, git_folders

LONG = 5_000
"""Acts from which it matters: without the list, git spends a hundredth of a second on every thousand of them."""

_HEAD, _ENTRY = 8, 12
"""Bytes of a file's head, and of each line of the table of contents after it: a name of four letters, a place."""
_PATHS, _FAN = b"BDAT", b"OIDF"
"""The parts of a file that hold the paths, and, in its last four bytes of 1,024, the number of commits."""


def missing(root: Path) -> int:
    """How many acts git has to unpack to know what they changed; 0 while these are too few to matter.

    0 as well where somebody has switched the list off, and where git writes none: for a history that is cut off.
    """
    head = git(root, "rev-parse", "--verify", "--quiet", "HEAD", quiet_codes=(1, 128)).decode().strip()
    if not head or (git_folders(root)[1] / "shallow").exists():
        return 0
    unlisted = int(git(root, "rev-list", "--count", head)) - sum(_commit_counts(root))
    return 0 if unlisted < LONG or _is_off(root) else unlisted


def is_damaged(root: Path) -> bool:
    """Whether the list is not as it was written, or git finds something else in it than in the commits."""
    whole, layers = _files(root)
    files = [*layers.glob("*.graph"), *([whole] if whole.exists() else [])]
    if not files or _is_off(root):
        return False
    try:
        # Of layers that it cannot read at all, git says that all is well.
        if not all(map(_ends_in_its_sum, files)):
            return True
        git(root, "commit-graph", "verify")
    except (ExternalError, OSError):
        return True
    return False


def renew(root: Path) -> None:
    """Take the list away and write it anew, from the commits.

    Raises ExternalError where git cannot, OSError the system.
    """
    for file in _files(root):
        if file.is_dir():
            shutil.rmtree(file)
        else:
            file.unlink(missing_ok=True)
    write(root)


def write(root: Path) -> None:
    """Bring the list up to the newest act. Raises ExternalError where git cannot."""
    head = git(root, "rev-parse", "--verify", "--quiet", "HEAD", quiet_codes=(1, 128))
    if head:
        # In layers: the first time takes as long as one look through the whole history, from then on only what is new
        # is written. A list without paths, which `git gc` makes, has to go: git would put its layer on top of it.
        layers = "--split" if all(_commit_counts(root)) else "--split=replace"
        # Of the acts only: keyrings come and go, and what was purged is to be named nowhere.
        git(root, "commit-graph", "write", "--stdin-commits", "--changed-paths", layers, "--no-progress", stdin=head)


def keep_up(root: Path) -> None:
    """Bring it up if that can be done: nothing else depends on it, and `doctor` tells when it stays behind."""
    with contextlib.suppress(ExternalError, OSError):
        write(root)


def _is_off(root: Path) -> bool:
    return git(root, "config", "--type=bool", "--get", "core.commitGraph", quiet_codes=(1,)).strip() == b"false"


def _files(root: Path) -> tuple[Path, Path]:
    """Where the list lies: one file, or a folder of layers."""
    info = git_folders(root)[1] / "objects" / "info"
    return info / "commit-graph", info / "commit-graphs"


def _ends_in_its_sum(file: Path) -> bool:
    """Whether the last bytes of a file are the hash of all before them, as git wrote it."""
    data = file.read_bytes()
    for algorithm, width in (("sha1", 20), ("sha256", 32)):
        if hashlib.new(algorithm, data[:-width], usedforsecurity=False).digest() == data[-width:]:
            return data.startswith(b"CGPH")
    return False


def _commit_counts(root: Path) -> Iterator[int]:
    """The number of commits in each of its files; 0 for one that does not hold their paths as well."""
    whole, layers = _files(root)
    for file in (whole, *layers.glob("*.graph")):
        with contextlib.suppress(OSError, OverflowError, ValueError), file.open("rb") as stream:
            head = stream.read(_HEAD)
            table = stream.read(_ENTRY * head[6]) if len(head) == _HEAD and head.startswith(b"CGPH") else b""
            places = {table[at : at + 4]: table[at + 4 : at + _ENTRY] for at in range(0, len(table), _ENTRY)}
            stream.seek(int.from_bytes(places.get(_FAN, b""), "big") + 255 * 4)
            yield int.from_bytes(stream.read(4), "big") if _PATHS in places else 0
