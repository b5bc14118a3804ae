"""The commit that holds the wrapped keys: read strictly, replaced as a whole, its remains removed from the store.

`refs/solidarity/keyring` names one commit without parents. Its tree is `keys/<year>/<record id>.age` and `README`.
The group's key, by which recipients are vouched for, lies among them as that of a record which cannot exist.
Whoever can push can put anything there: only paths of that exact form are read, nothing nested deeper, nothing large.
Author, date and message are the same in every keyring: it tells neither who wrapped a key nor when.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git.process import git, git_folders

REF = "refs/solidarity/keyring"
GROUP = "group-0000-key"
"""What the group's key goes by, in the place of a record: no record can have this id."""

_RECORD = re.compile(r"[A-Z]{2,4}-([0-9]{4})-[0-9A-HJKMNP-TV-Z]{6}")
_YEAR = re.compile(r"[0-9]{4}")
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LARGEST = {b"commit": 4_096, b"tree": 16_777_216}
_OTHER = b"other"
_README = b"Wrapped keys of a register's records. This commit has no history and is replaced as a whole.\n"
_WHO = "solidarity <keyring@solidarity.invalid> 0 +0000"
_OFF = ("--no-replace-objects", "-c", "core.logAllRefUpdates=false", "-c", "core.fsync=all")
"""No substituted objects, no reflog; and on the disk before anybody relies on it: a lost wrapped key is lost data."""


@dataclass(frozen=True, slots=True)
class KeyTree:
    """One keyring commit. `blobs`: record -> blob id of its wrapped key; `keys`, `years`, `top`: its trees."""

    commit: str = ""
    top: str = ""
    keys: str = ""
    years: tuple[str, ...] = ()
    blobs: Mapping[str, str] = field(default_factory=dict)

    @property
    def objects(self) -> tuple[str, ...]:
        """Every object of it, wrapped keys first, the commit last: what is removed in this order can be resumed."""
        named = (*self.blobs.values(), *self.years, self.keys, self.top, self.commit)
        return tuple(one for one in named if one)


Known = dict[tuple[str, tuple[str, ...] | None, tuple[str, ...]], KeyTree]
"""What was read before, by the commit, the years and the places that were readable in it."""


def path_of(record: str) -> str:
    """Where a record's wrapped key, or the group's, stands; empty for what is no record id."""
    if record == GROUP:
        return f"keys/0000/{GROUP}.age"
    found = _RECORD.fullmatch(record)
    return f"keys/{found[1]}/{record}.age" if found else ""


def ask(root: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """What git says about the keyring. Raises ExternalError."""
    try:
        return git(root, *_OFF, *arguments, stdin=stdin)
    except ExternalError as trouble:
        reason = trouble.message.partition("): ")[2] or trouble.message
        raise ExternalError(f"the keyring cannot be reached: {reason}", hint="git fsck; then solidarity sync") from None


def read(root: Path, name: str = REF, *, years: Iterable[str] | None = None, known: Known | None = None) -> KeyTree:
    """The keyring at the ref or at a commit: all of it, or at least some years; an empty one when there is no ref.

    Two processes for known years, four for all. What a commit holds never changes: what was read before is taken from
    `known`, where all that is read is kept, and one process asks which commit that is now. Raises ExternalError for
    what is no keyring.
    """
    if name != REF and not _ID.fullmatch(name):
        raise ExternalError("the keyring of the other side has no commit id", hint="solidarity sync")
    named = None if years is None else tuple(sorted(year for year in set(years) if _YEAR.fullmatch(year)))
    places = ["", ":keys", *(f":keys/{year}" for year in named or ())]
    found = _sizes(root, [f"{name}{place}" for place in places])
    if name not in found:
        if name == REF:
            return KeyTree()
        raise ExternalError("the keyring of the other side is not in this repository", hint="solidarity sync")
    commit, kind = found[name]
    if kind != b"commit":
        raise _hostile("names something that is no keyring")
    readable = tuple(place for place in places if found.get(f"{name}{place}", ("", _OTHER))[1] != _OTHER)
    known = {} if known is None else known
    if whole := known.get((commit, None, readable[:2])):
        return whole
    if (commit, named, readable) not in known:
        known[commit, named, readable] = _parsed(root, commit, named, readable)
    return known[commit, named, readable]


def _parsed(root: Path, commit: str, years: tuple[str, ...] | None, readable: tuple[str, ...]) -> KeyTree:
    """What a keyring commit holds of some years, or of all; `readable`: the places in it that are not too large.

    They are read by the id of the commit: the ref may have moved since it was asked about.
    """
    told = _texts(root, [f"{commit}{place}" for place in readable])
    if commit not in told:
        raise ExternalError("the keyring was replaced meanwhile", hint="run the command again")
    top = _top_of(told[commit][2])
    keys = told.get(f"{commit}:keys", ("", b"", b""))
    if keys[1] != b"tree":
        return KeyTree(commit, top)
    if years is None:
        asked = {year: folder for year, mode, folder in _rows(keys[2], len(commit) // 2) if mode == "40000"}
        told = _objects(root, [folder for year, folder in asked.items() if _YEAR.fullmatch(year)])
    else:
        asked = {year: f"{commit}:keys/{year}" for year in years}
    folders = {year: told[place] for year, place in asked.items() if place in told and told[place][1] == b"tree"}
    blobs = {
        file.removesuffix(".age"): blob
        for year, (_, _, listed) in folders.items()
        for file, mode, blob in _rows(listed, len(commit) // 2)
        if mode == "100644" and path_of(file.removesuffix(".age")) == f"keys/{year}/{file}"
    }
    return KeyTree(commit, top, keys[0], tuple(folder for folder, _, _ in folders.values()), MappingProxyType(blobs))


def written(root: Path, base: str, *, put: Mapping[str, str | bytes], gone: Iterable[str] = ()) -> str:
    """A new keyring commit, on no ref yet: the folder `base` with some keys set, by blob id or wrapped, some gone.

    One process, and git reads and writes only the years that change. `base` may be empty. Of an earlier keyring only
    its folder of keys is carried on: what else somebody has put there ends with it.
    """
    lines = [b"commit refs/solidarity/new-keyring", b"mark :1", f"author {_WHO}".encode(), f"committer {_WHO}".encode()]
    lines += [b"data 7", b"keyring", *([f"M 040000 {base} keys".encode()] if base else [])]
    lines += [b"M 100644 inline README", b"data %d" % len(_README), _README]
    lines += [f"D {path_of(record)}".encode() for record in sorted(gone)]
    for record, wrapped in sorted(put.items()):
        if isinstance(wrapped, str):
            lines.append(f"M 100644 {wrapped} {path_of(record)}".encode())
        else:
            lines += [f"M 100644 inline {path_of(record)}".encode(), b"data %d" % len(wrapped), wrapped]
    # The branch is taken back before the end: fast-import then makes the objects and no ref.
    lines += [b"get-mark :1", b"reset refs/solidarity/new-keyring", b"", b"done", b""]
    return ask(root, "fast-import", "--quiet", "--done", stdin=b"\n".join(lines)).decode().strip()


def swapped(root: Path, new: str, old: str) -> bool:
    """Put `new` in the place of `old` at once; False when the ref holds something else by now. No reflog stays."""
    try:
        ask(root, "update-ref", "--no-deref", REF, new, old or "0" * len(new))
    except ExternalError:
        if read(root, years=()).commit != old:
            return False
        raise
    (git_folders(root)[1] / "logs" / REF).unlink(missing_ok=True)
    return True


def put_back(root: Path, old: str, new: str) -> None:
    """Put `old` in the place of `new` again, or nothing where there was nothing; what others put there stays."""
    with contextlib.suppress(ExternalError):
        ask(root, "update-ref", "--no-deref", *((REF, old, new) if old else ("-d", REF, new)))


def _objects(root: Path, ids: list[str]) -> dict[str, tuple[str, bytes, bytes]]:
    """Id -> id, kind and bytes of commits and trees, in two processes. What is missing or too large is left out."""
    return _texts(root, [one for one, (_, kind) in _sizes(root, ids).items() if kind != _OTHER])


def _sizes(root: Path, names: list[str]) -> dict[str, tuple[str, bytes]]:
    """Name -> id and kind of commits and trees, in one process. What does not exist is left out.

    Other kinds, and what is too large, come with the kind `other`.
    """
    if not names:
        return {}
    found = {}
    lines = ask(root, "cat-file", "--batch-check", stdin="\n".join(names).encode() + b"\n").splitlines()
    for name, line in zip(names, lines, strict=True):
        match line.split():
            case [one, kind, size]:
                found[name] = (one.decode(), kind if int(size) <= _LARGEST.get(kind, -1) else _OTHER)
    return found


def _texts(root: Path, names: list[str]) -> dict[str, tuple[str, bytes, bytes]]:
    """Name -> id, kind and bytes of objects, in one process. What does not exist is left out."""
    names = list(dict.fromkeys(names))
    if not names:
        return {}
    answer = ask(root, "cat-file", "--batch", stdin="\n".join(names).encode() + b"\n")
    told = {}
    position = 0
    for name in names:
        end = answer.index(b"\n", position)
        head = answer[position:end].split()
        position = end + 1
        if len(head) == 3:
            text = answer[position : position + int(head[2])]
            told[name] = (head[0].decode(), head[1], text)
            position += len(text) + 1
    return told


def _rows(tree: bytes, width: int) -> Iterator[tuple[str, str, str]]:
    """Name, mode and id of each entry in the bytes of a tree; ids have `width` bytes."""
    for mode, name, one in re.findall(rb"([0-7]+) ([^\0]+)\0(.{%d})" % width, tree, re.DOTALL):
        yield name.decode("ascii", "replace"), mode.decode(), one.hex()


def _top_of(commit: bytes) -> str:
    head = commit.partition(b"\n\n")[0].splitlines()
    if any(line.startswith(b"parent ") for line in head):
        raise _hostile("has a history, so a key that was dropped would stay in it")
    return head[0].removeprefix(b"tree ").decode()


def _hostile(what: str) -> ExternalError:
    return ExternalError(
        f"the keyring {what}", hint=f"ask who pushed it; a whole one comes from a colleague's clone: {REF}"
    )
