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
_COMMIT = tuple(one.name for one in fields(Commit))
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
    told: list[RedactedChange]


@dataclass(frozen=True, slots=True)
class Learned:
    """One commit as it goes into the index: with its rows (record, path, old, new, readable, told as JSON)."""

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
        return frozenset(one for (one,) in self._store.execute("SELECT id FROM head"))

    def reachable(self, head: str) -> frozenset[str] | None:
        """The commits that `head` reaches; None when those are all that is here."""
        if self.heads() == {head}:
            return None
        parents = dict(self._store.execute("SELECT id, parents FROM act"))
        found, left = {head}, [head]
        while left:
            for parent in parents.get(left.pop(), "").split():
                if parent not in found:
                    found.add(parent)
                    left.append(parent)
        return frozenset(found)

    def parents(self, head: str) -> dict[str, tuple[str, ...]]:
        """Each commit that `head` reaches with its parents; parents come first."""
        only = self.reachable(head)
        asked = self._store.execute("SELECT id, parents FROM act ORDER BY n")
        every = asked if only is None else (row for row in asked if row[0] in only)
        # Nearly every act has one parent, and to see that is quicker than to take its line apart.
        return {one: (told,) if told and " " not in told else tuple(told.split()) for one, told in every}

    def commits(self, wanted: Iterable[str]) -> list[Commit]:
        """Some commits whole, parents first."""
        found = self._some(f"n, {', '.join(_COMMIT)}", "act", wanted)
        return [commit_of(values[1:]) for values in sorted(found)]

    def rows(self, head: str, records: Iterable[str]) -> list[Row]:
        """What the acts that `head` reaches did to some records, oldest first."""
        wanted = list(records)
        only = self.reachable(head)
        return sorted(
            (
                one
                for one in self._rows(f"record IN ({_marks(wanted)})", wanted)
                if only is None or one.commit.id in only
            ),
            key=lambda one: (one.place, one.commit.id, one.record),
        )

    def files(self, head: str) -> dict[str, str]:
        """Record, or path of what is none -> a path where it stood, of all that the acts `head` reaches touched."""
        only = self.reachable(head)
        asked = self._store.execute("SELECT record, path, id FROM change JOIN act USING (n)")
        return {record: path for record, path, one in asked if only is None or one in only}

    def rows_of(self, commits: Iterable[str]) -> Iterator[Row]:
        """What some commits did, in the order in which they are kept."""
        wanted = list(commits)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            yield from self._rows(f"id IN ({_marks(some)})", some)

    def times(self) -> dict[str, tuple[int, int]]:
        """Each act with its author's time and its committer's."""
        asked = self._store.execute("SELECT id, authored, committed FROM act")
        return {one: (authored, committed) for one, authored, committed in asked}

    def is_any_misdated(self, until: int, slack: int) -> bool:
        """Whether some act may be dated after `until`, or by more than `slack` seconds out of order.

        A quick question, asked before each act is looked at: a yes may be wrong, a no never is.
        """
        wrong = "committed > :until OR place - committed > :slack OR authored - committed > :slack"
        wrong += " OR (SELECT max(committed) FROM act WHERE parents = '') - authored > :slack"
        asked = f"SELECT 1 FROM act WHERE {wrong} LIMIT 1"  # noqa: S608 our names
        return bool(self._store.execute(asked, {"until": until, "slack": slack}).fetchone())

    def unreadable(self) -> dict[tuple[str, str], str]:
        """(record, blob that cannot be read) -> the blob before it."""
        asked = "SELECT record, new, old FROM change WHERE NOT readable"
        return {(record, new): old for record, new, old in self._store.execute(asked)}

    def merges_of(self, head: str, wanted: Iterable[str]) -> dict[str, str]:
        """Commit -> the merge that brought it into the first-parent line of `head`; those made on it are left out."""
        if not self._store.execute("SELECT 1 FROM act WHERE instr(parents, ' ') LIMIT 1").fetchone():
            return {}
        parents = {one: told.split() for one, told in self._store.execute("SELECT id, parents FROM act")}
        line, at = [head], head
        while above := parents.get(at):
            at = above[0]
            line.append(at)
        landed = dict.fromkeys(line, "")
        for merge in reversed(line):
            left = parents.get(merge, [])[1:]
            while left:
                one = left.pop()
                if one not in landed:
                    landed[one] = merge
                    left += parents.get(one, [])
        return {one: landed[one] for one in wanted if landed.get(one)}

    def places(self, wanted: Iterable[str]) -> dict[str, int]:
        """The place of some commits, as far as they are here."""
        return dict(self._some("id, place", "act", wanted))

    # What goes into it

    def learn(self, seen: frozenset[str], head: str, learned: Iterable[Learned]) -> bool:
        """Keep what was learned between the heads `seen` and a new one; False when somebody was faster.

        `head` is empty where the past is cut off: then nobody is told that it is whole.
        """
        self._store.execute("BEGIN IMMEDIATE")
        try:
            if self.heads() != seen:
                self._store.execute("ROLLBACK")
                return False
            self._insert(list(learned), head, seen)
            self._store.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._store.execute("ROLLBACK")
            raise
        return True

    def _insert(self, learned: list[Learned], head: str, seen: frozenset[str]) -> None:
        parents = {parent for one in learned for parent in one.commit.parents}
        places = self.places(parents)
        (last,) = self._store.execute("SELECT coalesce(max(n), 0) FROM act").fetchone()
        acts, rows = [], []
        for number, one in enumerate(learned, last + 1):
            # A clock may go wrong; that an act comes after its parents is certain.
            after = max((places.get(parent, -1) for parent in one.commit.parents), default=-1)
            place = places[one.commit.id] = max(one.commit.committed, after + 1)
            acts.append((number, *commit_row(one.commit), place))
            rows += [(number, *row) for row in one.rows]
        self._store.executemany(f"INSERT INTO act VALUES ({_marks((*_COMMIT, 'n', 'place'))})", acts)  # noqa: S608 marks only
        self._store.executemany("INSERT INTO change VALUES (?,?,?,?,?,?,?)", rows)
        self._store.executemany("DELETE FROM head WHERE id = ?", [(one,) for one in seen & parents])
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
        rows = [(one, stamp, told) for one, told in verdicts]
        if not rows:
            return
        self._store.execute("BEGIN IMMEDIATE")
        self._store.execute("DELETE FROM verdict WHERE stamp <> ?", (stamp,))
        self._store.executemany("INSERT OR REPLACE INTO verdict VALUES (?,?,?)", rows)
        self._store.execute("COMMIT")

    # Signatures

    def signatures(self, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
        """(commit, digest of a list of allowed signers) -> (state, signer), as far as it was checked before."""
        wanted = set(asked)
        kept = self._some("id, allowed, state, signer", "signature", {one for one, _ in wanted})
        return {(one, allowed): (state, signer) for one, allowed, state, signer in kept if (one, allowed) in wanted}

    def keep_signatures(self, checked: Iterable[tuple[tuple[str, str], tuple[str, str]]]) -> None:
        """Keep what signatures are worth."""
        rows = [(*key, *verdict) for key, verdict in checked]
        self._store.execute("BEGIN IMMEDIATE")
        self._store.executemany("INSERT OR REPLACE INTO signature VALUES (?,?,?,?)", rows)
        self._store.execute("COMMIT")

    def _some(self, columns: str, table: str, wanted: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """Columns of a table for some ids."""
        every = list(wanted)
        for start in range(0, len(every), _AT_ONCE):
            some = every[start : start + _AT_ONCE]
            yield from self._store.execute(f"SELECT {columns} FROM {table} WHERE id IN ({_marks(some)})", some)  # noqa: S608 our names

    def _rows(self, where: str, values: list[str]) -> Iterator[Row]:
        asked = f"SELECT {', '.join(_COMMIT)}, place, record, path, old, new, readable, told"
        for found in self._store.execute(f"{asked} FROM change JOIN act USING (n) WHERE {where} ORDER BY n", values):
            place, record, path, old, new, readable, told = found[len(_COMMIT) :]
            commit = commit_of(found[: len(_COMMIT)])
            yield Row(commit, place, record, path, old, new, bool(readable), json.loads(told))


def commit_row(commit: Commit) -> tuple[Any, ...]:
    """A commit in texts and numbers."""
    # `dataclasses.astuple` copies each value in depth: with it, this would take a tenth of the whole.
    return (commit.id, " ".join(commit.parents), *(getattr(commit, name) for name in _COMMIT[2:]))


def commit_of(values: Sequence[Any]) -> Commit:
    """A commit from what `as_kept` made of it."""
    return Commit(values[0], tuple(values[1].split()), *values[2:])


def _marks(values: Iterable[Any]) -> str:
    return ",".join("?" for _ in values)
