"""Talks that were broken off: kept as private files of the user, outside every register, until they are taken up."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from solidarity_cli.system.atomic_file import write_private

_NAME = re.compile(r"draft-(\d{4}-\d{2}-\d{2})-[0-9a-f]{6}\.yaml")
_HEADING = "# A talk that was broken off. Private: it may name people. It is deleted once the case is saved.\n"


def folder() -> Path:
    """Where drafts are kept; $SOLIDARITY_DRAFTS, else this system's place for a user's data."""
    if override := os.environ.get("SOLIDARITY_DRAFTS"):
        return Path(override)
    from platformdirs import user_data_path

    return user_data_path("solidarity", appauthor=False) / "drafts"


def keep(record: Mapping[str, Any], *, on: date, shape: Mapping[str, Any], over: Path | None = None) -> Path:
    """Write a draft that `solidarity new-case --from` reads; `over` is the file it takes the place of.

    Readable for nobody but the user; its name is the day and a random number, never a person's. Raises OSError.
    """
    from solidarity_cli.records.yaml_nodes import canonical_node, node_text

    place = _make_folder(folder())
    file = over or place / f"draft-{on.isoformat()}-{secrets.token_hex(3)}.yaml"
    text = _HEADING + node_text(canonical_node(record, shape))
    write_private(file, text.encode())
    return file


def waiting() -> list[tuple[str, Path]]:
    """(day, file) of the drafts that wait, the oldest first."""
    try:
        files = sorted(folder().iterdir())
    except OSError:
        return []
    return [(match[1], file) for file in files if (match := _NAME.fullmatch(file.name)) and file.is_file()]


def find_draft(record: Mapping[str, Any]) -> Path | None:
    """The waiting draft that says exactly what `record` says: the one that `--from` was given."""
    from solidarity_cli.core.errors import SolidarityError
    from solidarity_cli.interchange.email import draft_yaml

    for _, file in waiting() if record else ():
        try:
            if draft_yaml.read(file.read_bytes()).record == record:
                return file
        except (OSError, SolidarityError):
            continue
    return None


def discard(path: Path | str | None) -> bool:
    """Delete a draft that was saved as a case. Only a file that `keep` made is deleted; whether one was."""
    if path is None:
        return False
    file = Path(path)
    if not _NAME.fullmatch(file.name) or file.resolve().parent != folder().resolve():
        return False
    try:
        file.unlink()
    except OSError:
        return False
    return True


def command(path: Path) -> str:
    """What to type to go on with a draft."""
    quoted = str(path).replace("'", "'\"'\"'")
    return f"solidarity new-case --from '{quoted}'"


def _make_folder(place: Path) -> Path:
    """The folder, closed to others. One that somebody else made and named keeps its own rights."""
    is_ours = not os.environ.get("SOLIDARITY_DRAFTS")
    if not place.is_dir():
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_ours = True
    if is_ours:
        place.chmod(0o700)
    return place
