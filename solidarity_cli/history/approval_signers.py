"""Whose signature an approval bears: that of the act that wrote it into the record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from solidarity_cli.core.approvals import person
from solidarity_cli.git.process import git, git_folders
from solidarity_cli.history.events import with_lists
from solidarity_cli.history.index import Commit, Index, Row, with_index
from solidarity_cli.history.signatures import signatures

_APPROVALS = re.compile(r"assessments\.(a\d+)\.approvals")
_Approval = tuple[str, str, str]


def signers(root: Path, head: str, cases: Iterable[str]) -> dict[_Approval, str]:
    """(case, assessment, the name it is written under) -> who signed; "" where no signature counts.

    Left out, so that the name counts as it is written: what no act before `head` has written, for it is being written
    now; and acts before there was a list of allowed signers, which nobody could sign. The signer has to be the
    committer. Of an approval that was written twice the last act counts: one that its author took back is not
    brought back by somebody else.
    """
    wanted = sorted(set(cases))
    if not (head and wanted):
        return {}
    return with_index(root, git_folders(root)[1], head, lambda index: signers_in(root, index, index.rows(head, wanted)))


def committers(root: Path, base: str, head: str) -> set[str]:
    """Who made the acts that `head` reaches and `base` does not, as far as they signed them."""
    new = git(root, "rev-list", f"{base}..{head}", "--").decode().split()

    def ask(index: Index) -> set[str]:
        made = signatures(root, index, with_lists(root, index.commits(new)))
        return {one.signer for one in made.values() if one.state == "good"}

    return with_index(root, git_folders(root)[1], head, ask)


def signers_in(root: Path, index: Index, rows: list[Row]) -> dict[_Approval, str]:
    """The same of rows that were asked for already, for whoever has an index of their own."""
    written: dict[_Approval, Commit] = {}
    # A merge tells again what its sides have written; what it adds itself is its own.
    for is_merge in (False, True):
        acts = [row for row in rows if (len(row.commit.parents) > 1) is is_merge]
        found = {one: row.commit for row in acts for one in _added(row)}
        written |= {one: commit for one, commit in found.items() if not is_merge or one not in written}
    listed = dict(with_lists(root, {commit.id: commit for commit in written.values()}.values(), unsigned=True))
    made = signatures(root, index, listed.items())
    return {
        one: made[commit.id].signer if made[commit.id].state == "good" else ""
        for one, commit in written.items()
        if listed[commit]
    }


def _added(row: Row) -> list[_Approval]:
    found = []
    for field, old, new, _ in row.told:
        if place := _APPROVALS.fullmatch(field):
            before = _names(old)
            found += [(row.record, place[1], name) for name in _names(new) if name not in before]
    return found


def _names(approvals: Any) -> list[str]:
    some = approvals if isinstance(approvals, list) else []
    return [person(str(one.get("by", ""))) for one in some if isinstance(one, Mapping)]
