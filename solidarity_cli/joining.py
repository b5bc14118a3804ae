"""Two lines of history brought together by one merge commit, made beside the working tree: whole, or not at all.

Git merges the files that only one side changed; records that both changed are merged by fields.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solidarity_cli.core.errors import Outside, Refused
from solidarity_cli.core.merging import named_in
from solidarity_cli.ledger import Act
from solidarity_cli.merging import merge_texts
from solidarity_cli.plumbing import blobs, git
from solidarity_cli.records.reading import Unreadable, read
from solidarity_cli.snapshot import name_of, record_kind

Reseal = Callable[[str, str, str, str, int], str | None]
"""(record, token, old field, new field, schema version) -> the token for its new place; None without a key here."""


_FORM = 1
"""The schema version of what is merged: both sides are of one form, or the schemas differ and a person merges."""


Sides = list[dict[str, tuple[str, str]]]
"""What ours and theirs changed: path -> blob before and after."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What a register knows of the fields of its records: their shape by kind, whether a record fits, how to reseal."""

    shape: Callable[[str], Mapping[str, Any]]
    fits: Callable[[str, Any], bool]
    reseal: Reseal


@dataclass(frozen=True, slots=True)
class Joint:
    """The commit that holds both sides, and the records that both had changed."""

    commit: str
    records: tuple[str, ...] = ()


def joined(root: Path, ours: str, theirs: str, fields: Fields) -> Joint:
    """A commit that holds `ours` and `theirs`: one of the two when it has the other already, else a merge of both.

    No ref and no file is touched. Raises Refused when a person has to choose, Outside for histories without a common
    beginning.
    """
    base = git(root, "merge-base", ours, theirs, quiet_codes=(1,)).decode().split()
    if not base:
        raise Outside(
            "the remote holds the history of another register", hint="look at the remote's address: git remote -v"
        )
    if base[0] in (ours, theirs):
        return Joint(ours if base[0] == theirs else theirs)
    tree, conflicts = _merged_by_git(root, ours, theirs)
    sides = [_changed(root, base[0], side) for side in (ours, theirs)]
    both = sorted(path for path in sides[0].keys() & sides[1].keys() if sides[0][path][1] != sides[1][path][1])
    ours_alone = [path for path in conflicts if path not in both or not _kind(path)]
    if ours_alone:
        raise Refused(
            f"{ours_alone[0]} was changed here and at the remote, and only a person can merge it",
            hint="git merge FETCH_HEAD, put the file right, git commit; then: solidarity sync",
        )
    texts = {
        path: _by_fields(root, path, sides, _named(root, sides[1], name_of(path)), fields)
        for path in both
        if _kind(path)
    }
    if texts:
        tree = _with(root, tree, texts)
    cases, actions = (
        tuple(name_of(path) for path in texts if record_kind(path) == kind) for kind in ("case", "action")
    )
    return Joint(_commit(root, tree, ours, theirs, Act("sync", cases, actions)), cases + actions)


def _kind(path: str) -> str:
    return record_kind(path) or ("recipients" if path == "recipients.yaml" else "")


def _merged_by_git(root: Path, ours: str, theirs: str) -> tuple[str, list[str]]:
    """The tree that git makes of both, and the paths where it found a conflict."""
    asked = ("merge-tree", "--write-tree", "-z", "--no-messages", "--name-only", ours, theirs)
    answer = git(root, *asked, good_codes=(0, 1)).decode(errors="surrogateescape")
    tree, *paths = answer.split("\0")
    return tree.strip(), [path for path in paths if path]


def _changed(root: Path, base: str, side: str) -> dict[str, tuple[str, str]]:
    """Path -> blob before and after, of what one side changed; zeros where there is none."""
    parts = (
        git(root, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", base, side)
        .decode(errors="surrogateescape")
        .split("\0")
    )
    rows = zip(parts[::2], parts[1::2], strict=False)
    return {path: (about.split(" ")[2], about.split(" ")[3]) for about, path in rows if about}


def _by_fields(root: Path, path: str, sides: Sides, fields: Fields) -> bytes:
    kind, record = _kind(path), name_of(path)
    before, ours, theirs = sides[0][path][0], sides[0][path][1], sides[1][path][1]
    data = dict(blobs(root, [one for one in (before, ours, theirs) if one.strip("0")]))
    merged = merge_texts(
        data.get(before),
        data.get(ours),
        data.get(theirs),
        kind=kind,
        shape=fields.shape(kind),
        reseal=lambda token, old, new: fields.reseal(record, token, old, new, _FORM),
        named=_named(root, sides[1], record),
        path=path,
    )
    if merged.clashes:
        what = ", ".join(dict.fromkeys(clash.field or "the whole record" for clash in merged.clashes))
        raise Refused(
            f"{record}: {what} was set here and at the remote in two ways",
            hint=f"ask who set it there, then undo yours or take theirs: git diff HEAD...FETCH_HEAD -- {path}",
        )
    text = merged.text.encode()
    if not fields.fits(kind, read(text)):
        raise Refused(
            f"{record} was changed here and at the remote, and both together are no {kind}",
            hint=f"look at both: git diff HEAD...FETCH_HEAD -- {path}",
        )
    return text


def _named(root: Path, theirs: Mapping[str, tuple[str, str]], case: str) -> frozenset[str]:
    """The items of a case that actions name which came in: a new number would leave these pointing elsewhere."""
    actions = [blob for path, (_, blob) in theirs.items() if record_kind(path) == "action" and blob.strip("0")]
    plains = []
    for _, data in blobs(root, actions):
        with contextlib.suppress(Unreadable):
            plains.append(read(data or b""))
    return named_in(case, plains)


def _with(root: Path, tree: str, texts: Mapping[str, bytes]) -> str:
    """The tree with some files set, by an index of its own: the user's stays as it is."""
    lines = []
    for path, text in texts.items():
        blob = git(root, "hash-object", "-w", "--stdin", given=text).decode().strip()
        lines.append(f"100644 {blob}\t{path}")
    with tempfile.TemporaryDirectory() as folder:
        world = {"GIT_INDEX_FILE": os.fspath(Path(folder) / "index")}
        git(root, "read-tree", tree, world=world)
        git(
            root, "update-index", "-z", "--index-info", given="".join(f"{one}\0" for one in lines).encode(), world=world
        )
        return git(root, "write-tree", world=world).decode().strip()


def _commit(root: Path, tree: str, ours: str, theirs: str, act: Act) -> str:
    signed = git(root, "config", "--type=bool", "--get", "commit.gpgSign", quiet_codes=(1,)).decode().strip() == "true"
    options = ["-S"] if signed else []
    return (
        git(root, "commit-tree", *options, tree, "-p", ours, "-p", theirs, given=act.message.encode()).decode().strip()
    )
