"""A note on a case."""

from __future__ import annotations

from datetime import date

from solidarity_cli.core.edits import Append, Edit, Set, next_item_id
from solidarity_cli.core.model import Case


def note(case: Case, text: str, *, by: str, on: date) -> tuple[Edit, ...]:
    """A dated note; its text goes to the private part. Notes are added, never changed."""
    name = next_item_id("n", case.notes)
    stamp = {"id": name, "date": on.isoformat(), "by": by}
    return (Append("notes", stamp), Set(f"private.notes.{name}", text))
