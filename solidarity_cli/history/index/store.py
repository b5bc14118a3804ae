"""What each act changed, kept by commit: SQLite beside git's own files.

Disposable: absent, corrupt or locked, the answer is the same. Holds the open part of what changed only: nothing private
is ever written here.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from solidarity_cli.git.objects import Commit
from solidarity_cli.history.index.redact import RedactedChange

_AT_ONCE = 500
"""Ids asked for in one question."""
_LINES = 8
"""Branches of which the whole past is kept; with one more the index begins anew."""
_COMMIT = tuple(field.name for field in fields(Commit))
_NAMES = ("stamp", "head", "act", "change", "verdict", "signature")
_FORGET = "".join(f"DROP TABLE IF EXISTS {name};" for name in _NAMES)
_TABLES = f"""
CREATE TABLE stamp (value TEXT);
CREATE TABLE head (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE act (n INTEGER PRIMARY KEY, {", ".join(_COMMIT)}, place INTEGER, UNIQUE (id));
CREATE TABLE change (n INTEGER, record TEXT, path TEXT, old TEXT, new TEXT, readable INTEGER, told TEXT);
CREATE INDEX by_record ON change (record);
CREATE INDEX by_act ON change (n);
CREATE TABLE signature (id TEXT, allowed TEXT, state TEXT, signer TEXT, PRIMARY KEY (id, allowed)) WITHOUT ROWID;
CREATE TABLE verdict (id TEXT PRIMARY KEY, stamp TEXT, told TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What one act did to one file: its blobs before and after, "" where there is none, and what changed by field.

    `record` is the record's id, or the path of a file that is none. Of a merge only what differs from every parent is
    kept. `readable` is False for a version that is no YAML of ours; its fields are then not known, and what comes
    after is told against the last one that was. `place` sorts acts: oldest first, each after its parents.
    """

    commit: Commit
    place: int
    record: str
    path: str
    old: str
    new: str
    readable: bool
    changes: list[RedactedChange]


@dataclass(frozen=True, slots=True)
class Learned:
    """One commit as it goes into the index: with its rows (record, path, old, new, readable, changes as JSON)."""

    commit: Commit
    rows: tuple[tuple[str, str, str, str, int, str], ...]


class Index:
    """The acts that some heads reach. Every method may raise sqlite3.Error: see `with_index`."""

    def __init__(self, file: Path | None, stamp: str) -> None:
        """Open `file`, or a place in memory; what was kept under another `stamp` is forgotten."""
        self._stamp = stamp
        self._store = sqlite3.connect(file or ":memory:", timeout=1, isolation_level=None)
        if file:
            file.chmod(0o600)
        self._store.execute("PRAGMA synchronous=OFF")
        with contextlib.suppress(sqlite3.OperationalError):
            if self._store.execute("SELECT value FROM stamp").fetchone() == (self._stamp,):
                return
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._store.executescript(f"BEGIN IMMEDIATE;{_FORGET}{_TABLES}")
        self._store.execute("INSERT INTO stamp VALUES (?)", (self._stamp,))
        self._store.execute("COMMIT")
        self._store.execute("VACUUM")

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    # What is in it

    def heads(self) -> frozenset[str]:
        """The commits whose whole past is here."""
        return frozenset(commit for (commit,) in self._store.execute("SELECT id FROM head"))

    def reachable(self, head: str) -> frozenset[str] | None:
        """The commits that `head` reaches; None when those are all that is here."""
        if self.heads() == {head}:
            return None
        parents = dict(self._store.execute("SELECT id, parents FROM act"))
        reached, pending = {head}, [head]
        while pending:
            for parent in parents.get(pending.pop(), "").split():
                if parent not in reached:
                    reached.add(parent)
                    pending.append(parent)
        return frozenset(reached)

    def parents(self, head: str) -> dict[str, tuple[str, ...]]:
        """Each commit that `head` reaches with its parents; parents come first."""
        only = self.reachable(head)
        rows = self._store.execute("SELECT id, parents FROM act ORDER BY n")
        reachable = rows if only is None else (row for row in rows if row[0] in only)
        # Nearly every act has one parent, and to see that is quicker than to take its line apart.
        return {commit: (text,) if text and " " not in text else tuple(text.split()) for commit, text in reachable}

    def commits(self, ids: Iterable[str]) -> list[Commit]:
        """Some commits whole, parents first."""
        rows = self._select(f"n, {', '.join(_COMMIT)}", "act", ids)
        return [commit_of(values[1:]) for values in sorted(rows)]

    def rows(self, head: str, records: Iterable[str]) -> list[Row]:
        """What the acts that `head` reaches did to some records, oldest first."""
        record_ids = list(records)
        only = self.reachable(head)
        return sorted(
            (
                row
                for row in self._rows(f"record IN ({_marks(record_ids)})", record_ids)
                if only is None or row.commit.id in only
            ),
            key=lambda row: (row.place, row.commit.id, row.record),
        )

    def files(self, head: str) -> dict[str, str]:
        """Record, or path of what is none -> a path where it stood, of all that the acts `head` reaches touched."""
        only = self.reachable(head)
        rows = self._store.execute("SELECT record, path, id FROM change JOIN act USING (n)")
        return {record: path for record, path, commit in rows if only is None or commit in only}

    def rows_of(self, commits: Iterable[str]) -> Iterator[Row]:
        """What some commits did, in the order in which they are kept."""
        commit_ids = list(commits)
        for start in range(0, len(commit_ids), _AT_ONCE):
            chunk = commit_ids[start : start + _AT_ONCE]
            yield from self._rows(f"id IN ({_marks(chunk)})", chunk)

    def times(self) -> dict[str, tuple[int, int]]:
        """Each act with its author's time and its committer's."""
        rows = self._store.execute("SELECT id, authored, committed FROM act")
        return {commit: (authored, committed) for commit, authored, committed in rows}

    def is_any_misdated(self, until: int, slack: int) -> bool:
        """Whether some act may be dated after `until`, or by more than `slack` seconds out of order.

        A quick question, asked before each act is looked at: a yes may be wrong, a no never is.
        """
        wrong = "committed > :until OR place - committed > :slack OR authored - committed > :slack"
        wrong += " OR (SELECT max(committed) FROM act WHERE parents = '') - authored > :slack"
        query = f"SELECT 1 FROM act WHERE {wrong} LIMIT 1"  # noqa: S608 our names
        return bool(self._store.execute(query, {"until": until, "slack": slack}).fetchone())

    def unreadable(self) -> dict[tuple[str, str], str]:
        """(record, blob that cannot be read) -> the blob before it."""
        query = "SELECT record, new, old FROM change WHERE NOT readable"
        return {(record, new): old for record, new, old in self._store.execute(query)}

    def merges_of(self, head: str, commits: Iterable[str]) -> dict[str, str]:
        """Commit -> the merge that brought it into the first-parent line of `head`; those made on it are left out."""
        if not self._store.execute("SELECT 1 FROM act WHERE instr(parents, ' ') LIMIT 1").fetchone():
            return {}
        parents = {commit: text.split() for commit, text in self._store.execute("SELECT id, parents FROM act")}
        line, at = [head], head
        while above := parents.get(at):
            at = above[0]
            line.append(at)
        merged_by = dict.fromkeys(line, "")
        for merge in reversed(line):
            pending = parents.get(merge, [])[1:]
            while pending:
                commit = pending.pop()
                if commit not in merged_by:
                    merged_by[commit] = merge
                    pending += parents.get(commit, [])
        return {commit: merged_by[commit] for commit in commits if merged_by.get(commit)}

    def places(self, commits: Iterable[str]) -> dict[str, int]:
        """The place of some commits, as far as they are here."""
        return dict(self._select("id, place", "act", commits))

    # What goes into it

    def learn(self, known_heads: frozenset[str], head: str, learned: Iterable[Learned]) -> bool:
        """Keep what was learned between `known_heads` and a new head; False when somebody was faster.

        `head` is empty where the past is cut off: then nobody is told that it is whole.
        """
        self._store.execute("BEGIN IMMEDIATE")
        try:
            if self.heads() != known_heads:
                self._store.execute("ROLLBACK")
                return False
            self._insert(list(learned), head, known_heads)
            self._store.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._store.execute("ROLLBACK")
            raise
        return True

    def _insert(self, learned: list[Learned], head: str, known_heads: frozenset[str]) -> None:
        parents = {parent for entry in learned for parent in entry.commit.parents}
        places = self.places(parents)
        (last,) = self._store.execute("SELECT coalesce(max(n), 0) FROM act").fetchone()
        acts, rows = [], []
        for number, entry in enumerate(learned, last + 1):
            # A clock may go wrong; that an act comes after its parents is certain.
            after = max((places.get(parent, -1) for parent in entry.commit.parents), default=-1)
            place = places[entry.commit.id] = max(entry.commit.committed, after + 1)
            acts.append((number, *commit_row(entry.commit), place))
            rows += [(number, *row) for row in entry.rows]
        self._store.executemany(f"INSERT INTO act VALUES ({_marks((*_COMMIT, 'n', 'place'))})", acts)  # noqa: S608 marks only
        self._store.executemany("INSERT INTO change VALUES (?,?,?,?,?,?,?)", rows)
        self._store.executemany("DELETE FROM head WHERE id = ?", [(head_id,) for head_id in known_heads & parents])
        if head:
            self._store.execute("INSERT OR IGNORE INTO head VALUES (?)", (head,))

    @property
    def is_full(self) -> bool:
        """Whether it holds more branches than it should."""
        return len(self.heads()) > _LINES

    # Verdicts

    def verdicts(self, stamp: str) -> dict[str, str]:
        """Commit -> what was found about it under a stamp."""
        return dict(self._store.execute("SELECT id, told FROM verdict WHERE stamp = ?", (stamp,)))

    def keep_verdicts(self, stamp: str, verdicts: Iterable[tuple[str, str]]) -> None:
        """Keep what was found about commits; what was found under another stamp goes."""
        rows = [(commit, stamp, verdict) for commit, verdict in verdicts]
        if not rows:
            return
        self._store.execute("BEGIN IMMEDIATE")
        self._store.execute("DELETE FROM verdict WHERE stamp <> ?", (stamp,))
        self._store.executemany("INSERT OR REPLACE INTO verdict VALUES (?,?,?)", rows)
        self._store.execute("COMMIT")

    # Signatures

    def signatures(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
        """(commit, digest of a list of allowed signers) -> (state, signer), as far as it was checked before."""
        requested = set(keys)
        rows = self._select("id, allowed, state, signer", "signature", {commit for commit, _ in requested})
        return {
            (commit, allowed): (state, signer)
            for commit, allowed, state, signer in rows
            if (commit, allowed) in requested
        }

    def keep_signatures(self, checked: Iterable[tuple[tuple[str, str], tuple[str, str]]]) -> None:
        """Keep what signatures are worth."""
        rows = [(*key, *verdict) for key, verdict in checked]
        self._store.execute("BEGIN IMMEDIATE")
        self._store.executemany("INSERT OR REPLACE INTO signature VALUES (?,?,?,?)", rows)
        self._store.execute("COMMIT")

    def _select(self, columns: str, table: str, ids: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """Columns of a table for some ids."""
        all_ids = list(ids)
        for start in range(0, len(all_ids), _AT_ONCE):
            chunk = all_ids[start : start + _AT_ONCE]
            yield from self._store.execute(f"SELECT {columns} FROM {table} WHERE id IN ({_marks(chunk)})", chunk)  # noqa: S608 our names

    def _rows(self, where: str, values: list[str]) -> Iterator[Row]:
        query = f"SELECT {', '.join(_COMMIT)}, place, record, path, old, new, readable, told"
        for row in self._store.execute(f"{query} FROM change JOIN act USING (n) WHERE {where} ORDER BY n", values):
            place, record, path, old, new, readable, changes = row[len(_COMMIT) :]
            commit = commit_of(row[: len(_COMMIT)])
            yield Row(commit, place, record, path, old, new, bool(readable), json.loads(changes))


def commit_row(commit: Commit) -> tuple[Any, ...]:
    """A commit in texts and numbers."""
    # `dataclasses.astuple` copies each value in depth: with it, this would take a tenth of the whole.
    return (commit.id, " ".join(commit.parents), *(getattr(commit, name) for name in _COMMIT[2:]))


def commit_of(values: Sequence[Any]) -> Commit:
    """A commit from what `commit_row` made of it."""
    return Commit(values[0], tuple(values[1].split()), *values[2:])


def _marks(values: Iterable[Any]) -> str:
    return ",".join("?" for _ in values)
