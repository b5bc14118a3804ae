"""What a file and a field are called in a finding: whatever somebody typed for a name may be a person's."""

from __future__ import annotations

import re

from solidarity_cli.core.edits import is_item_id
from solidarity_cli.git.snapshot import name_of, record_kind

_ID = re.compile(r"[A-Z]{2,4}-\d{4}-[0-9A-Z]{6}")


def path_label(path: str) -> str:
    """The id of a record for its path; a file of another name by its folder, one at the top by itself."""
    if record_kind(path) not in ("case", "action"):
        return path
    name = name_of(path)
    return name if _ID.fullmatch(name) else f"a file in {path.partition('/')[0]}"


def field_label(kind: str, field: str) -> str:
    """A dotted field as far as it is ours."""
    parts = field.split(".")
    if parts[0] == "private":
        return "private"
    while parts and not _is_ours(kind, parts):
        parts.pop()
    return ".".join(parts) or "a field that is none of ours"


def _is_ours(kind: str, parts: list[str]) -> bool:
    from solidarity_cli.core.merge import TABLE  # asked for what is wrong only, and slow to load

    starred = ".".join("*" if is_item_id(part) else part for part in parts)
    return any(f"{row}.".startswith(f"{starred}.") for row in TABLE.get(kind, ()))
