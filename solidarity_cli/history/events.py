"""What happened to records: told from the index of the past; private values from git, for those who hold the key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from solidarity_cli.core.changes import FieldChange, changes
from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.token_format import MARK, is_sealed
from solidarity_cli.git.objects import texts
from solidarity_cli.git.process import blobs, git, git_folders
from solidarity_cli.git.snapshot import record_kind
from solidarity_cli.git.timestamp import Timestamp
from solidarity_cli.history.act_label import BY_HAND, ActLabel, undone_acts
from solidarity_cli.history.index import AS_STORED, Commit, Index, Row, with_index
from solidarity_cli.history.index.redact import silent
from solidarity_cli.history.index.versions import plain_of
from solidarity_cli.history.signatures import WORDS, Signature, signatures

_RAW = re.compile(r":(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*\x00([^\x00]+)\x00")
_REVIEW = re.compile(rb"\A[^\n]*?[Mm]erge[^\n]*?([#!]\d+)|^See merge request \S*?(!\d+)$", re.MULTILINE)
_DAY = 86_400
"""Seconds by which an act may be committed later than it was written, and nothing is said of it."""


@dataclass(frozen=True, slots=True)
class MergedBy:
    """The merge that brought an act in, and the number of its review as the forge writes it: `#12`, else empty."""

    commit: str
    review: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One commit that touched the records: who, when, which act, and what changed in which record.

    `date` is the committer's, as `--as-of` has it; `authored` is when the author wrote it, by their own word.
    `unreadable` are the records whose file could not be read after it.
    """

    commit: str
    date: Timestamp
    authored: Timestamp
    author: str
    committer: str
    signature: str
    signer: str
    act: str
    changes: tuple[tuple[str, FieldChange], ...]
    unreadable: tuple[str, ...] = ()
    landing: MergedBy | None = None
    undone: ActLabel | None = None

    @property
    def author_day(self) -> str:
        """The author's day where it is another time than the act's; else empty."""
        return self.authored.day if abs(self.authored.seconds - self.date.seconds) > _DAY else ""


Opens = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""A version of a record -> the same with its private part opened, as far as there are keys."""


def events(root: Path, ids: Iterable[str], opens: Opens | None = None) -> list[Event]:
    """The acts on records, oldest first, across renames and branches.

    A private value is told only where it was sealed and `opens` opened it: to hold the key is what tells those inside
    from everybody else. One that stays sealed is `[sealed]`; one that never was sealed is `[private]`.
    """
    record_ids = sorted(set(ids))
    head = git(root, "rev-parse", "--verify", "--quiet", "HEAD", quiet_codes=(1, 128)).decode().strip()
    if not head:
        return []
    return with_index(root, git_folders(root)[1], head, lambda index: _events(root, index, head, record_ids, opens))


def whole(root: Path) -> None:
    """Raises ExternalError where the history is cut off: its first act would pass for the one that wrote everything."""
    file = git_folders(root)[1] / "shallow"
    if file.exists() and file.stat().st_size:
        raise ExternalError(
            "this clone is shallow: its history is cut off, and who did what cannot be told",
            hint="git fetch --unshallow",
        )


def known_records(root: Path) -> dict[str, str]:
    """Record -> `case` or `action`, of all that the history holds: those that are gone as well."""
    head = git(root, "rev-parse", "--verify", "--quiet", "HEAD", quiet_codes=(1, 128)).decode().strip()
    if not head:
        return {}
    paths = with_index(root, git_folders(root)[1], head, lambda index: index.files(head))
    kinds = {record: record_kind(path) or "" for record, path in paths.items()}
    return {record: kind for record, kind in kinds.items() if kind in ("case", "action")}


def _events(root: Path, index: Index, head: str, record_ids: list[str], opens: Opens | None) -> list[Event]:
    rows = [row for row in index.rows(head, record_ids) if row.changes or len(row.commit.parents) < 2]
    acts: dict[str, list[Row]] = {}
    for row in rows:
        acts.setdefault(row.commit.id, []).append(row)
    opened = dict(_open_changes(root, rows, index, opens)) if opens else {}
    signature_by_commit = signatures(
        root, index, with_lists(root, {row.commit.id: row.commit for row in rows}.values())
    )
    merged_by = _merges(root, index.merges_of(head, acts))
    undone = dict(undone_acts(root, index, (row.commit for row in rows)))
    return [
        _event(
            act_rows,
            [
                (row.record, change)
                for row in act_rows
                for change in opened.get((row.commit.id, row.record)) or _stored_changes(row)
            ],
            signature_by_commit[commit],
            merged_by.get(commit),
            undone.get(commit),
        )
        for commit, act_rows in acts.items()
    ]


def _event(
    rows: list[Row],
    field_changes: list[tuple[str, FieldChange]],
    signature: Signature,
    landing: MergedBy | None,
    undone: ActLabel | None,
) -> Event:
    commit = rows[0].commit
    return Event(
        commit=commit.id,
        date=Timestamp(commit.committed, commit.zone),
        authored=Timestamp(commit.authored, commit.author_zone),
        author=commit.author,
        committer=commit.committer,
        signature=WORDS[signature.state],
        signer=signature.signer,
        act=commit.act or BY_HAND,
        changes=tuple(field_changes),
        unreadable=tuple(row.record for row in rows if not row.readable),
        landing=landing,
        undone=undone,
    )


def _stored_changes(row: Row) -> list[FieldChange]:
    return [FieldChange(field, old, new) for field, old, new, _ in row.changes]


# With a key


def _open_changes(
    root: Path, rows: list[Row], index: Index, opens: Opens
) -> Iterator[tuple[tuple[str, str], list[FieldChange]]]:
    """(commit, record) -> what changed, private values told: of the rows where any did, read from git once more."""
    # Only what was sealed can be opened: where nothing was, there is nothing to read once more.
    private = [row for row in rows if row.readable and any(MARK in change[1:3] for change in row.changes)]
    before = index.unreadable() if private else {}

    def last_readable(row: Row) -> str:
        """The blob before; of one that cannot be read, the one before that."""
        old = row.old
        while (row.record, old) in before:
            old = before[row.record, old]
        return old

    data = dict(blobs(root, {blob for row in private for blob in (last_readable(row), row.new) if blob}))
    for row in private:
        old, new = (plain_of(data.get(blob)) or {} for blob in (last_readable(row), row.new))
        sides = (_open_version(row.record, old, opens), _open_version(row.record, new, opens))
        merge_stems = {_stem(change[0]) for change in row.changes} if len(row.commit.parents) > 1 else None
        opened = [_mask_unopened(opened_change, old, new) for opened_change in changes(*sides)]
        yield (
            (row.commit.id, row.record),
            [
                opened_change
                for opened_change in opened
                if merge_stems is None or _stem(opened_change.field) in merge_stems
            ],
        )


def _stem(field: str) -> str:
    """Two parts of a dotted name: a list that is sealed as a whole has no items until it is opened."""
    return ".".join(field.split(".")[:2])


def _open_version(record: str, version: Mapping[str, Any], opens: Opens) -> Mapping[str, Any]:
    """A version opened; one of no proper shape, which somebody wrote by hand, as it is."""
    return opens(record, version) if isinstance(version.get("schema_version"), int) else version


def _mask_unopened(change: FieldChange, old: Mapping[str, Any], new: Mapping[str, Any]) -> FieldChange:
    """A change as it may be told; `old` and `new` are the versions as they are stored."""
    masked = silent(change, old, new)
    if masked is change:
        return change
    # What was sealed and has been opened may be told to whoever opened it.
    sides = {
        side: value
        for side, value, mark in (("old", change.old, masked.old), ("new", change.new, masked.new))
        if mark == MARK and not is_sealed(value)
    }
    return replace(masked, **sides)


# Signatures and reviews


def with_lists(root: Path, commits: Iterable[Commit], *, unsigned: bool = False) -> Iterator[tuple[Commit, bytes]]:
    """Each commit with the list of allowed signers that stood before it; of the act that began the list, its own.

    Of an unsigned commit the list says nothing, and is looked for only where that is wanted: `unsigned`.
    """
    all_commits = list(commits)
    signed = [commit for commit in all_commits if unsigned or commit.signed == "ssh"]
    names = {
        commit.id: [*(f"{parent}:allowed_signers" for parent in commit.parents[:1]), f"{commit.id}:allowed_signers"]
        for commit in signed
    }
    ids = _resolve_blobs(root, [name for candidates in names.values() for name in candidates])
    lists = {commit: next((ids[name] for name in names[commit] if ids[name]), "") for commit in names}
    data = dict(blobs(root, {blob for blob in lists.values() if blob}))
    for commit in all_commits:
        yield commit, (data.get(lists.get(commit.id, "")) or b"")


def _resolve_blobs(root: Path, names: list[str]) -> dict[str, str]:
    """`commit:path` -> blob; "" where there is none."""
    if not names:
        return {}
    stdin = "".join(f"{name}\n" for name in names).encode()
    output = git(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=stdin, env=AS_STORED).decode()
    answers = [line.split(" ") for line in output.splitlines()]
    return {name: answer[0] if answer[-1] == "blob" else "" for name, answer in zip(names, answers, strict=True)}


def _merges(root: Path, merged: Mapping[str, str]) -> dict[str, MergedBy]:
    reviews = {}
    for merge, text in texts(root, sorted(set(merged.values()))):
        match = _REVIEW.search(text.partition(b"\n\n")[2])
        reviews[merge] = (match[1] or match[2]).decode() if match else ""
    return {commit: MergedBy(merge, reviews.get(merge, "")) for commit, merge in merged.items()}


# What any ref holds


def versions(root: Path, ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every version of some records that any ref reaches, as it is stored; what cannot be read is left out."""
    paths = [f":(glob)*/*/{record}.yaml" for record in sorted(ids)]
    args = ("log", "--all", "--raw", "--no-abbrev", "-z", "--no-renames", "--full-history", "--format=")
    answer = git(root, *args, "--", *paths, quiet_codes=(128,)).decode(errors="replace")
    blob_ids = {blob for row in _RAW.finditer(answer) for blob in (row[3], row[4]) if set(blob) != {"0"}}
    yield from (plain_of(data) or {} for _, data in blobs(root, blob_ids))
