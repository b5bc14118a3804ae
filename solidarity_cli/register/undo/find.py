"""Which act is meant: the newest of the caller's own, on this branch, on one record or one view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solidarity_cli.core.audit import StoredAct
from solidarity_cli.git.committer import Committer
from solidarity_cli.git.objects import address
from solidarity_cli.history.audit.undo import CHARTER, deeds_of
from solidarity_cli.history.index import Commit, Index, Row
from solidarity_cli.history.index.redact import RedactedChange
from solidarity_cli.register.undo import files

_AT_ONCE = 200
"""Acts looked through in one go, the newest first: the one that is sought is nearly always among the first."""


@dataclass(frozen=True, slots=True)
class UndoTarget:
    """An act, what it did, and the newest act by anybody that changed one of its files after it, if one did.

    `tells` are the records of which it wrote something private; `file_changes` what it did to organisations and views,
    `views_since` the views that the later act changed.
    """

    commit: Commit
    deed: StoredAct
    later: Commit | None
    tells: tuple[str, ...]
    file_changes: tuple[files.FileChange, ...]
    views_since: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """Whose act, and on what: the id of a record, or a view as `@name`. `served`: the actions of a case.

    An empty `what` is any.
    """

    caller: str
    what: str
    served: tuple[str, ...] = ()

    @property
    def is_view(self) -> bool:
        """Whether it is a view, and no record."""
        return self.what.startswith("@")

    def may_be(self, row: Row) -> bool:
        """Whether an act is about it, or about an action that serves it, or did, or came to; of a view perhaps."""
        if self.is_view:
            return row.path == CHARTER
        sides = next((change[1:3] for change in row.changes if change[0] == "cases"), [])
        is_own = files.file_label(row.path) in (self.what, *self.served)
        return is_own or any(self.what in side for side in sides if isinstance(side, list))


def find_target(ledger: Committer, index: Index, head: str, sought: Sought) -> UndoTarget | None:
    """The newest act that is sought, beneath merges; None where there is none."""
    for commit in _newest_first(index, head):
        if address(commit.committer).casefold() != sought.caller.casefold() or _is_only_a_merge(commit):
            continue
        rows = list(index.rows_of([commit.id]))
        if sought.what and not any(map(sought.may_be, rows)):
            continue
        deed = dict(deeds_of(ledger.root, index, [commit]))[commit.id]
        file_changes = tuple(files.describe_changes(ledger.root, deed))
        if sought.is_view and all(name != sought.what for name, _ in file_changes):
            continue
        tells = tuple(row.record for row in rows if any(map(_is_private_and_new, row.changes)))
        later = _later(index, head, commit, rows)
        since = dict(deeds_of(ledger.root, index, [later]))[later.id] if later and CHARTER in deed.files else None
        views = (
            dict.fromkeys(name for name, _ in files.describe_changes(ledger.root, since) if name[0] == "@")
            if since
            else ()
        )
        return UndoTarget(commit, deed, later, tells, file_changes, tuple(views))
    return None


def _later(index: Index, head: str, commit: Commit, rows: list[Row]) -> Commit | None:
    """The newest act that changed one of the files after this one did."""
    place = rows[0].place if rows else 0
    since = [row.commit for row in index.rows(head, [row.record for row in rows]) if row.place >= place]
    return next((other for other in reversed(since) if other.id != commit.id), None)


def _is_private_and_new(change: RedactedChange) -> bool:
    field, _, new, _ = change
    return str(field).partition(".")[0] == "private" and new is not None


def _newest_first(index: Index, head: str) -> Iterator[Commit]:
    places = index.places(index.parents(head))
    ordered = sorted(places, key=lambda commit_id: places[commit_id], reverse=True)
    for start in range(0, len(ordered), _AT_ONCE):
        batch = {commit.id: commit for commit in index.commits(ordered[start : start + _AT_ONCE])}
        yield from (batch[commit_id] for commit_id in ordered[start : start + _AT_ONCE])


def _is_only_a_merge(commit: Commit) -> bool:
    """What brings two lines together is not what somebody means by their last act; what a person decided in it is."""
    return len(commit.parents) > 1 and commit.act != "resolve"
