"""What was learned from a blob, kept by blob id. Disposable: absent, corrupt or locked, the answer is the same.

Holds the open part of records only: nothing private is ever written here.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COLUMNS = ("status", "received", "country", "membership", "urgency", "decision", "incidents")
"""What `list` filters by without opening a record. `incidents` holds codes between spaces."""

_ERASED = """instr(open, '"erasure":')"""
_NAMES = ("stamp", "learned", "named", "across", "whole", "told", "canonical")
_FORGET = "".join(f"DROP TABLE IF EXISTS {name};" for name in _NAMES)
_TABLES = f"""
CREATE TABLE IF NOT EXISTS stamp (value TEXT);
CREATE TABLE IF NOT EXISTS learned (
  blob TEXT, kind TEXT, record TEXT, {", ".join(f"{name} TEXT" for name in COLUMNS)},
  row TEXT, open TEXT, faults TEXT, with_rules INTEGER, PRIMARY KEY (blob, kind)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS erased ON learned (blob) WHERE {_ERASED};
CREATE TABLE IF NOT EXISTS across (pair TEXT PRIMARY KEY, faults TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS whole (snapshot TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS told (key TEXT PRIMARY KEY, findings TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS canonical (blob TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS named (target TEXT, blob TEXT, PRIMARY KEY (target, blob)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class BlobFacts:
    """What one blob says, read as one kind of record: id and open part, list row, faults, the records it names.

    `record` is empty and `open` is None when the blob is not a valid record. `with_rules`: the rules for single records
    have looked at it too; until then `faults` are those of its form.
    """

    blob: str
    kind: str
    record: str = ""
    columns: tuple[str, ...] = ("",) * len(COLUMNS)
    row: tuple[Any, ...] | None = None
    open: Mapping[str, Any] | None = None
    faults: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    with_rules: bool = False

    @property
    def to_row(self) -> BlobRow:
        """As it is kept: in texts and numbers."""
        parts = (_text(self.row), _text(self.open), _text(self.faults) if self.faults else "[]")
        return (self.blob, self.kind, self.record, *self.columns, *parts, int(self.with_rules)), self.names


BlobRow = tuple[tuple[str | int, ...], tuple[str, ...]]
"""A row of the table `learned`, and the records that the blob names."""


class Cache:
    """A table of `BlobRow` by blob id, in `file`; in memory when the file cannot be used."""

    def __init__(self, file: Path | None, stamp: str) -> None:
        self._stamp = stamp
        self._store = self._open(file) if file else self._open_in_memory()

    def _open(self, file: Path) -> sqlite3.Connection:
        for attempt in (1, 2):
            try:
                file.parent.mkdir(mode=0o700, exist_ok=True)
                self._delete_older_files(file)
                store = sqlite3.connect(file, timeout=1, isolation_level=None)
                file.chmod(0o600)
                return self._prepare(store)
            except (sqlite3.Error, OSError):
                if attempt == 1:
                    with contextlib.suppress(OSError):
                        file.unlink()
        return self._open_in_memory()

    @staticmethod
    def _delete_older_files(file: Path) -> None:
        """One file a stamp; the two used last stay, for a review of old commits may need other schemas."""
        with contextlib.suppress(OSError):
            os.utime(file)  # reading alone leaves a file's time as it was
        others = [other for other in file.parent.glob("cache-*.sqlite") if other != file]
        for other in sorted(others, key=lambda path: path.stat().st_mtime)[:-1]:
            other.unlink(missing_ok=True)

    def _open_in_memory(self) -> sqlite3.Connection:
        return self._prepare(sqlite3.connect(":memory:", isolation_level=None))

    def _prepare(self, store: sqlite3.Connection) -> sqlite3.Connection:
        store.execute("PRAGMA synchronous=OFF")
        with contextlib.suppress(sqlite3.OperationalError):
            if store.execute("SELECT value FROM stamp").fetchone() == (self._stamp,):
                return store
        store.execute("PRAGMA page_size=65536")  # a row is a kilobyte: in small pages every second byte stays empty
        store.executescript(f"{_FORGET}{_TABLES}")
        store.execute("INSERT INTO stamp VALUES (?)", (self._stamp,))
        return store

    def missing(self, kinds: Mapping[str, str], *, with_rules: bool = False) -> list[str]:
        """Those blobs (id -> kind of record) of which nothing is known yet, or nothing `with_rules`."""
        known = set(self._query("SELECT blob, kind FROM learned WHERE with_rules >= ?", (with_rules,)))
        return [blob for blob, kind in kinds.items() if (blob, kind) not in known]

    def keep(self, learned: list[BlobRow]) -> None:
        """Keep what was learned. Where the file refuses, all of it goes to memory for this run."""
        if not learned:
            return
        rows = [row for row, _ in learned]
        named = [(target, row[0]) for row, names in learned for target in names]
        try:
            self._insert(rows, named)
        except sqlite3.Error:
            before = list(self._query("SELECT * FROM learned")), list(self._query("SELECT * FROM named"))
            self._store = self._open_in_memory()
            self._insert(before[0] + rows, before[1] + named)

    def _insert(self, rows: list[tuple[Any, ...]], named: list[tuple[Any, ...]]) -> None:
        placeholders = ",".join("?" * (7 + len(COLUMNS)))
        self._store.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have applied the rules meanwhile what this one only learned: that stays.
            for verb, with_rules in (("IGNORE", 0), ("REPLACE", 1)):
                batch = [row for row in rows if row[-1] == with_rules]
                self._store.executemany(f"INSERT OR {verb} INTO learned VALUES ({placeholders})", batch)
            self._store.executemany("INSERT OR IGNORE INTO named VALUES (?, ?)", named)
            self._store.execute("COMMIT")
        except BaseException:
            self._store.execute("ROLLBACK")
            raise

    def rows(self, where: Mapping[str, str], *, since: str = "", until: str = "") -> Iterator[tuple[str, list[Any]]]:
        """(blob id, list row) of the valid cases whose columns are as `where` says, received in the given days."""
        terms, values = ["kind = 'case'", "record <> ''"], []
        for column, value in where.items():
            if column not in COLUMNS:
                raise KeyError(column)
            terms.append("instr(incidents, ' ' || ? || ' ')" if column == "incidents" else f"{column} = ?")
            values.append(value)
        if since:
            terms.append("received >= ?")
            values.append(since)
        if until:
            terms.append("received <= ?")
            values.append(until)
        for blob, row in self._query(f"SELECT blob, row FROM learned WHERE {' AND '.join(terms)}", values):
            yield blob, json.loads(row)

    def open_parts(
        self, blobs: Iterable[str] | None = None, *, kinds: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, str, Any]]:
        """(blob id, kind, open part) of valid records: of `blobs`, or of all kept."""
        for blob, kind, text in self._select("blob, kind, open", blobs):
            if text != "null" and (not kinds or kind in kinds):
                yield blob, kind, _plain(text)[0]

    def erased_records(self) -> Iterator[tuple[str, Any]]:
        """(blob id, open part) of all kept records whose private part was destroyed: few, found by an index of them."""
        for blob, text in self._query(f"SELECT blob, open FROM learned WHERE {_ERASED}"):
            plain = json.loads(text)
            if "erasure" in plain:  # not in one of its parts, nor in somebody's words
                yield blob, plain

    def ids(self, blobs: Iterable[str] | None = None) -> dict[str, str]:
        """Blob id -> record id of the valid records: of `blobs`, or of all kept."""
        return dict(self._select("blob, record", blobs, "record <> ''"))

    def faults(self, blobs: Iterable[str] | None = None) -> Iterator[tuple[str, str, list[list[str]]]]:
        """(blob id, kind, faults) of the blobs that have any: of `blobs`, or of all kept."""
        for blob, kind, text in self._select("blob, kind, faults", blobs, "faults <> '[]'"):
            yield blob, kind, json.loads(text)

    def across(self, pairs: Iterable[str]) -> dict[str, list[list[str]]]:
        """Pair of blobs (`action:case`) -> faults, for the pairs that are known."""
        pair_set = set(pairs)
        rows = self._query("SELECT pair, faults FROM across") if pair_set else ()
        return {pair: json.loads(text) for pair, text in rows if pair in pair_set}

    def keep_across(self, learned: Mapping[str, list[list[str]]]) -> None:
        """Keep what pairs of blobs say, if the file lets us."""
        with contextlib.suppress(sqlite3.Error):
            self._store.execute("BEGIN")
            rows = [(pair, _text(faults)) for pair, faults in learned.items()]
            self._store.executemany("INSERT OR REPLACE INTO across VALUES (?, ?)", rows)
            self._store.execute("COMMIT")

    def cached_findings(self, key: str) -> list[list[Any]] | None:
        """What was found wrong with a snapshot under a `key` that names all it depends on; None when nobody looked."""
        return next(
            (json.loads(text) for (text,) in self._query("SELECT findings FROM told WHERE key = ?", (key,))), None
        )

    def cache_findings(self, key: str, findings: list[list[Any]]) -> None:
        """Keep what was found wrong, if the file lets us: the newest only, for every change makes another key."""
        with contextlib.suppress(sqlite3.Error):
            self._store.execute("DELETE FROM told")
            self._store.execute("INSERT INTO told VALUES (?, ?)", (key, json.dumps(findings)))

    def is_whole(self, snapshot: str) -> bool:
        """Whether every blob of a snapshot, named by its digest, is known."""
        return any(self._query("SELECT 1 FROM whole WHERE snapshot = ?", (snapshot,)))

    def remember_whole(self, snapshots: Iterable[str]) -> None:
        """Keep that every blob of a snapshot, under each of its names, is known, if the file lets us."""
        with contextlib.suppress(sqlite3.Error):
            self._store.executemany("INSERT OR IGNORE INTO whole VALUES (?)", [(snapshot,) for snapshot in snapshots])

    def is_canonical(self, blob: str) -> bool:
        """Whether a blob is known to be in canonical form."""
        return any(self._query("SELECT 1 FROM canonical WHERE blob = ?", (blob,)))

    def remember_canonical(self, blobs: Iterable[str]) -> None:
        """Keep that these blobs are in canonical form, if the file lets us."""
        with contextlib.suppress(sqlite3.Error):
            self._store.executemany("INSERT OR IGNORE INTO canonical VALUES (?)", [(blob,) for blob in blobs])

    def naming(self, targets: Iterable[str]) -> dict[str, list[str]]:
        """Record id -> the blobs that name it."""
        blobs_by_target: dict[str, list[str]] = {}
        for target in targets:
            blobs_by_target[target] = [
                blob for (blob,) in self._query("SELECT blob FROM named WHERE target = ?", (target,))
            ]
        return blobs_by_target

    def _select(self, columns: str, blobs: Iterable[str] | None, where: str = "1") -> Iterator[tuple[Any, ...]]:
        if blobs is None:
            yield from self._query(f"SELECT {columns} FROM learned WHERE {where}")
            return
        blob_ids = list(blobs)
        for start in range(0, len(blob_ids), 500):
            chunk = blob_ids[start : start + 500]
            placeholders = ",".join("?" * len(chunk))
            yield from self._query(f"SELECT {columns} FROM learned WHERE {where} AND blob IN ({placeholders})", chunk)

    def _query(self, sql: str, values: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
        yield from self._store.execute(sql, tuple(values))


_plain = json.JSONDecoder().raw_decode
"""What we wrote needs no look for spaces around it, which `json.loads` takes for each of ten thousand open parts."""

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""One encoder for all: `json.dumps` would make one for each of ten thousand rows."""
