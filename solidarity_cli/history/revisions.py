"""How often each record was changed, and when last: what a calendar needs to tell a newer entry from an older one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.git.process import git
from solidarity_cli.git.snapshot import RECORD_FOLDERS


@dataclass(frozen=True, slots=True)
class Revision:
    """`number`: in how many commits a file changed. `last`: the newest one's time, in seconds since 1970, UTC."""

    number: int = 0
    last: int = 0


def revisions(root: Path, commit: str) -> Mapping[str, Revision]:
    """Path -> its revision, of the records and `register.yaml` in the history of a commit; "" -> that of all together.

    The number only grows as a history goes on: nothing of a side branch is passed over, and what a merge itself
    decided counts once more. One git call.
    """
    if not commit:
        return {"": Revision()}
    args = ("--full-history", "-c", "--no-renames", "--name-only", "-z", "--format=%x01%ct")
    log = git(root, "log", *args, commit, "--", *RECORD_FOLDERS, "register.yaml").decode(errors="surrogateescape")
    numbers: dict[str, int] = {"": 0}
    newest: dict[str, int] = {"": 0}
    for entry in log.split("\x01")[1:]:
        time, _, paths = entry.partition("\0")
        for path in ("", *filter(None, paths.lstrip("\n").split("\0"))):
            numbers[path] = numbers.get(path, 0) + 1
            newest[path] = max(newest.get(path, 0), int(time))
    return {path: Revision(number, newest[path]) for path, number in numbers.items()}
