"""Acts put into doltlite, and one record's changes asked of it: run by a Python that has it, and nothing of ours.

`with_doltlite.py make STORE` reads acts from stdin, a line each: [subject, record, fields]; `ask STORE RECORD` tells.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def make(store: sqlite3.Connection) -> None:
    store.execute("CREATE TABLE fields (record TEXT, field TEXT, value TEXT, PRIMARY KEY (record, field))")
    for line in sys.stdin:
        subject, record, plain = json.loads(line)
        rows = [(record, field, json.dumps(value)) for field, value in plain.items() if field != "private"]
        store.executemany("REPLACE INTO fields VALUES (?, ?, ?)", rows)
        store.execute("SELECT dolt_commit('-A', '-m', ?)", (subject,)).fetchall()


def ask(store: sqlite3.Connection, record: str) -> None:
    query = "SELECT to_commit_date, to_field, from_value, to_value FROM dolt_diff_fields WHERE to_record = ?"
    for row in store.execute(query, (record,)):
        print(*row, sep="\t")


def open_store(file: str) -> sqlite3.Connection:
    import sqlite3

    import doltlite  # noqa: F401 from now on `sqlite3` is doltlite's

    return sqlite3.connect(file, isolation_level=None)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(open_store(sys.argv[2]))
    else:
        ask(open_store(sys.argv[2]), sys.argv[3])
