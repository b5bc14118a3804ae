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
    case_ids = sorted(set(cases))
    if not (head and case_ids):
        return {}
    return with_index(
        root, git_folders(root)[1], head, lambda index: signers_in(root, index, index.rows(head, case_ids))
    )


def committers(root: Path, base: str, head: str) -> set[str]:
    """Who made the acts that `head` reaches and `base` does not, as far as they signed them."""
    new = git(root, "rev-list", f"{base}..{head}", "--").decode().split()

    def find_signers(index: Index) -> set[str]:
        signature_by_commit = signatures(root, index, with_lists(root, index.commits(new)))
        return {signature.signer for signature in signature_by_commit.values() if signature.state == "good"}

    return with_index(root, git_folders(root)[1], head, find_signers)


def signers_in(root: Path, index: Index, rows: list[Row]) -> dict[_Approval, str]:
    """The same of rows that were asked for already, for whoever has an index of their own."""
    written: dict[_Approval, Commit] = {}
    # A merge tells again what its sides have written; what it adds itself is its own.
    for is_merge in (False, True):
        acts = [row for row in rows if (len(row.commit.parents) > 1) is is_merge]
        added = {approval: row.commit for row in acts for approval in _new_approvals(row)}
        written |= {approval: commit for approval, commit in added.items() if not is_merge or approval not in written}
    lists = dict(with_lists(root, {commit.id: commit for commit in written.values()}.values(), unsigned=True))
    signature_by_commit = signatures(root, index, lists.items())
    return {
        approval: signature_by_commit[commit.id].signer if signature_by_commit[commit.id].state == "good" else ""
        for approval, commit in written.items()
        if lists[commit]
    }


def _new_approvals(row: Row) -> list[_Approval]:
    approvals = []
    for field, old, new, _ in row.changes:
        if match := _APPROVALS.fullmatch(field):
            before = _names(old)
            approvals += [(row.record, match[1], name) for name in _names(new) if name not in before]
    return approvals


def _names(approvals: Any) -> list[str]:
    entries = approvals if isinstance(approvals, list) else []
    return [person(str(entry.get("by", ""))) for entry in entries if isinstance(entry, Mapping)]
