"""A snapshot: which blob stands at which path, in the working tree or in a commit. One git call each."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path

from solidarity_cli.core.dates import last_day
from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.record_size import LARGEST_RECORD
from solidarity_cli.git.process import blobs, git, start

RECORD_FOLDERS = {"cases": "case", "actions": "action", "directory": "directory"}
"""The folders that hold records, and the kind of record in each."""

_WATCHED = (*RECORD_FOLDERS, "schemas", "register.yaml")
_LINK = "120000"
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def record_kind(path: str) -> str | None:
    """The kind of record that a path holds; None for a path that holds none."""
    if path == "register.yaml":
        return "register"
    folder, _, rest = path.partition("/")
    return RECORD_FOLDERS.get(folder) if rest.endswith(".yaml") else None


def _is_rule(path: str) -> bool:
    return path == "register.yaml" or path.startswith("schemas/")


def name_of(path: str) -> str:
    """The record id that a path stands for: the file's name."""
    return path.rpartition("/")[2].removesuffix(".yaml")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`blobs`: path -> blob id. `changed`: paths whose bytes are on disk only, not in git's store.

    `links`: paths that are symbolic links; they are reported, never followed. `commit` is empty for the working tree.
    """

    root: Path
    blobs: Mapping[str, str]
    commit: str = ""
    changed: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    unmerged: frozenset[str] = frozenset()
    _held: dict[str, bytes | None] = field(default_factory=dict)
    """Bytes by blob id: what git has not stored, and what was asked for by its path."""

    def records(self, *kinds: str) -> Iterator[tuple[str, str]]:
        """(path, blob id) of the records, in path order; of some kinds only when named."""
        folders = tuple(f"{folder}/" for folder, kind in RECORD_FOLDERS.items() if not kinds or kind in kinds)
        items = self.blobs.items()
        return ((path, blob) for path, blob in items if path.startswith(folders) and path.endswith(".yaml"))

    def paths_by_id(self) -> dict[str, str]:
        """Record id (the file's name) -> path."""
        # As `name_of` and `records` have it, in one go: nearly every verb waits for these ten thousand names.
        folders = tuple(f"{folder}/" for folder in RECORD_FOLDERS)
        return {
            path[path.rfind("/") + 1 : -5]: path
            for path in self.blobs
            if path.startswith(folders) and path.endswith(".yaml")
        }

    def under(self, rules: Snapshot) -> Snapshot:
        """These records under the schemas and the numbers of another snapshot (docs/decisions/0012)."""
        blobs = {path: blob for path, blob in self.blobs.items() if not _is_rule(path)}
        blobs |= {path: blob for path, blob in rules.blobs.items() if _is_rule(path)}
        links = {path for path in self.links if not _is_rule(path)} | {path for path in rules.links if _is_rule(path)}
        return replace(self, blobs=dict(sorted(blobs.items())), links=frozenset(links))

    def read(self, blob_ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The bytes of each blob id; None for one that is too large to be a record."""
        fetch = []
        for blob in dict.fromkeys(blob_ids):
            if blob in self._held:
                yield blob, self._held[blob]
            elif blob.startswith("large:"):
                yield blob, None
            else:
                fetch.append(blob)
        yield from blobs(self.root, fetch)

    def hold(self, paths: Iterable[str]) -> None:
        """Read the bytes at several paths at once, for `text`: a verb that changes a thousand records asks git once."""
        blob_ids = (self.blobs[path] for path in paths if path in self.blobs)
        self._held.update(self.read([blob for blob in blob_ids if blob not in self._held]))

    def hold_rules(self, *paths: str) -> None:
        """Hold the schemas and `register.yaml` after some `paths`, as far as they can be read."""
        with suppress(ExternalError):  # what is damaged is told to whoever asks for it
            self.hold([*paths, *filter(_is_rule, self.blobs)])

    def text(self, path: str) -> bytes | None:
        """The bytes at one path, held from then on: a verb that writes asks several times for the same few.

        The schemas and `register.yaml` come along, for whoever reads a record asks for them as well. None where it is
        too large to be a record. Raises KeyError where the snapshot has none, ExternalError where git has lost it.
        """
        blob = self.blobs[path]
        if blob not in self._held:
            self.hold_rules(path)
        if blob not in self._held:
            self.hold([path])
        if self._held[blob] is None and not blob.startswith("large:"):
            _there(self.root, path, blob)
        return self._held[blob]


def _there(root: Path, path: str, blob: str) -> None:
    """Raises ExternalError for a file that git does not have any more; what is in the folder may be whole."""
    try:
        git(root, "cat-file", "-s", blob)
    except ExternalError:
        raise ExternalError(
            f"what git keeps of {path} is damaged or missing; the file itself may be whole",
            hint="keep a copy of the folder, then: git fsck",
        ) from None


def working_tree(root: Path) -> Callable[[], Snapshot]:
    """What lies in the folder now: committed, staged, and untracked records alike.

    Git begins to look at once. Calling what is returned waits for it: whoever has something else to do does it first.
    """
    listed = start(root, "ls-files", "-z", "-t", "-s", "-m", "-d", "-o", "--", *_WATCHED)
    return lambda: _listed(root, listed().decode(errors="surrogateescape"))


def _listed(root: Path, listed: str) -> Snapshot:
    blobs_by_path: dict[str, str] = {}
    changed, gone, links, unmerged = set(), set(), set(), set()
    id_length = 40
    odd = []
    for line in listed.split("\0"):
        # Nearly every line is an ordinary file that git knows under an id of 40 letters: its parts have fixed places.
        if line.startswith("H 100644 ") and line[49:52] == " 0\t":
            blobs_by_path[line[52:]] = line[9:49]
        else:
            odd.append(line)
    for line in odd:
        tag, rest = line[:1], line[2:]
        if tag in ("H", "M", "S"):
            about, _, path = rest.partition("\t")
            mode, blob, stage = about.split(" ")
            id_length = len(blob)
            blobs_by_path[path] = blob
            if mode == _LINK:
                links.add(path)
            if stage != "0":
                unmerged.add(path)
                changed.add(path)
        elif tag == "R":
            gone.add(rest.partition("\t")[2])
        elif tag == "C":
            changed.add(rest.partition("\t")[2])
        elif tag == "?":
            changed.add(rest)
    for path in gone:
        blobs_by_path.pop(path, None)
    fresh = _fresh(root, changed - gone, links, "sha256" if id_length == 64 else "sha1")
    blobs_by_path.update({path: blob for path, (blob, _) in fresh.items()})
    return Snapshot(
        root=root,
        blobs=dict(sorted(blobs_by_path.items())),
        changed=frozenset(changed),
        links=frozenset(links),
        unmerged=frozenset(unmerged),
        _held=dict(fresh.values()),
    )


def _fresh(root: Path, paths: Iterable[str], links: set[str], algorithm: str) -> dict[str, tuple[str, bytes]]:
    """Blob id and bytes of what git has not stored. Hashed here: git would keep a copy of every plain text."""
    fresh = {}
    for path in paths:
        if record_kind(path) is None and not path.startswith("schemas/"):
            continue
        try:
            about = os.lstat(root / path)
        except OSError:
            continue
        if stat.S_ISLNK(about.st_mode):
            links.add(path)
            fresh[path] = (f"link:{path}", b"")
        elif about.st_size > LARGEST_RECORD:
            fresh[path] = (f"large:{path}", b"")
        elif stat.S_ISREG(about.st_mode):
            data = bytes_of(root / path)
            name = hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
            fresh[path] = (name, data)
    return fresh


def bytes_of(file: Path) -> bytes:
    """The bytes of a file of the register, links not followed. Raises ExternalError."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as stream:
            return stream.read(LARGEST_RECORD + 1)
    except OSError as trouble:
        raise ExternalError(
            f"{file.name} cannot be read: {trouble.strerror}", hint="look at the folder's permissions"
        ) from None


def at(root: Path, when: str) -> Snapshot:
    """The snapshot of a commit, or of a date: a day, a month, or a year (see `commit_at`)."""
    commit = commit_at(root, when)
    blobs_by_path: dict[str, str] = {}
    links = set()
    for line in git(root, "ls-tree", "-r", "-z", commit, "--", *_WATCHED).decode(errors="surrogateescape").split("\0"):
        about, _, path = line.partition("\t")
        if not path:
            continue
        mode, kind, blob = about.split(" ")
        if mode == _LINK:
            links.add(path)
        if kind == "blob":
            blobs_by_path[path] = blob
    return Snapshot(root=root, blobs=dict(sorted(blobs_by_path.items())), commit=commit, links=frozenset(links))


def commit_at(root: Path, when: str) -> str:
    """The commit that `when` means: a revision, or the last commit of a day, month or year.

    A date means the first-parent history of the current branch, by committer date, to the end of that day in UTC.
    """
    if _DATE.fullmatch(when):
        try:
            end = last_day(when)
        except ValueError:
            raise Refused("there is no such day", hint="a date is written 2026-10-31, 2026-10 or 2026") from None
        # In seconds: as a date git believes no year after 2099.
        until = int(datetime.combine(end, time.max, UTC).timestamp())
        line = ("rev-list", "-1", "--first-parent", f"--min-age={until}", "HEAD", "--")
        commit = git(root, *line, quiet_codes=(128,))
        if not commit and git(root, "rev-parse", "--verify", "--quiet", "HEAD", quiet_codes=(1, 128)):
            commit = git(root, *line)  # there are acts: what kept git from telling them is to be heard
        if not commit:
            raise Refused(f"the register has no commit up to {end.isoformat()}", hint="git log --format=%cs")
    else:
        start = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{when}^{{commit}}")
        commit = git(root, *start, quiet_codes=(1, 128))
        if not commit:
            raise Refused("there is no such date or revision in this register", hint="--as-of 2026-10-31")
    return commit.decode().strip()
