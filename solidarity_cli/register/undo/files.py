"""What a changed file is called, and what an act did to organisations and views.

Of these the index of the past keeps only which file was changed; of cases and actions it tells the fields as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from solidarity_cli.core.audit import StoredAct
from solidarity_cli.core.changes import FieldChange, changes
from solidarity_cli.git.process import blobs
from solidarity_cli.git.snapshot import RECORD_FOLDERS, name_of, record_kind
from solidarity_cli.history.audit.undo import CHARTER
from solidarity_cli.history.index.versions import plain_of

FileChange = tuple[str, FieldChange]
"""An organisation's id, or a view as `@name`, and a field of it that changed."""


def file_label(path: str) -> str:
    """A record by its id, any other file by its path."""
    return name_of(path) if record_kind(path) in RECORD_FOLDERS.values() else path


def describe_changes(root: Path, deed: StoredAct) -> Iterator[FileChange]:
    """What an act did to entries of the directory and to views, field by field."""
    files = {path: both for path, both in deed.files.items() if _is_open(path)}
    data = dict(blobs(root, {blob for both in files.values() for blob in both if blob}))
    for path, both in files.items():
        old, new = (plain_of(data.get(blob)) or {} for blob in both)
        if path == CHARTER:
            for change in changes(old.get("views", {}), new.get("views", {})):
                name, _, field = change.field.partition(".")
                yield f"@{name}", FieldChange(field, change.old, change.new)
        else:
            yield from ((name_of(path), change) for change in changes(old, new))


def names(deed: StoredAct, changed: tuple[FileChange, ...]) -> tuple[str, ...]:
    """The records that an act changed, and views as `@name`; register.yaml where only its form was another."""
    labels = dict.fromkeys(file_label(path) for path in deed.files if path != CHARTER)
    if CHARTER in deed.files:
        labels |= dict.fromkeys([name for name, _ in changed if name.startswith("@")] or [CHARTER])
    return tuple(labels)


def _is_open(path: str) -> bool:
    return path == CHARTER or record_kind(path) == "directory"
