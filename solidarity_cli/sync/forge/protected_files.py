"""What the check of a change rests on beside the change: which of it differs too, by what it is for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from solidarity_cli.git.process import git
from solidarity_cli.git.snapshot import RECORD_FOLDERS, record_kind

if TYPE_CHECKING:
    from solidarity_cli.reports.review import Announced

_ANYWHERE = {".gitattributes": "git", ".gitmodules": "git", "codeowners": "forge"}
_AT = {
    "schemas": "schemas",
    "register.yaml": "register",
    "recipients.yaml": "recipients",
    "allowed_signers": "signers",
    ".github": "forge",
    ".gitlab": "forge",
    ".gitlab-ci.yml": "forge",
    ".forgejo": "forge",
    ".gitea": "forge",
    ".solidarity": "program",
    ".pre-commit-config.yaml": "program",
    ".vscode": "editor",
}
"""The last part of a path, and the first: what it is for, as `pages.review.GUARDED` says it. Case does not count, for
there are disks on which it does not."""


def files_beside(root: Path, base: str, head: str) -> tuple[tuple[Announced, ...], int]:
    """What the check rests on and differs between two commits; and how many other files do that are no records.

    `head` is empty for the working tree.
    """
    from solidarity_cli.reports.review import Announced

    args = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--end-of-options", base)
    paths = git(root, *args, *([head] if head else []), "--").decode(errors="surrogateescape").split("\0")
    kinds = Counter(_purpose(path) for path in paths if path and not _is_record(path))
    others = kinds.pop("", 0)
    return tuple(Announced(what, files) for what, files in sorted(kinds.items())), others


def _is_record(path: str) -> bool:
    return path.partition("/")[0] in RECORD_FOLDERS and record_kind(path) is not None


def _purpose(path: str) -> str:
    parts = path.casefold().split("/")
    return _ANYWHERE.get(parts[-1]) or _AT.get(parts[0], "")
