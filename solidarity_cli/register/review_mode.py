"""In `review` mode: an act that would go to the main branch goes to one of its own, where it waits for others' eyes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from solidarity_cli.core.errors import Refused
from solidarity_cli.git import branches
from solidarity_cli.git.committer import Committer
from solidarity_cli.git.process import git
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.records.read import read
from solidarity_cli.register.commit import Change, Plan

_AT_ONCE = frozenset({"erase", "keys-seal"})
"""Acts that do not wait: until the others hear of an erasure its key comes back from them; plain text is a leak."""


@contextlib.contextmanager
def on_review_branch(ledger: Committer, plan: Plan) -> Iterator[str]:
    """On the branch where the act of `plan` waits for review: its name; empty when it waits for none.

    What fails in the block leaves the branch that was checked out before. Raises Refused where the branch is there
    already and the records stand otherwise on it: the plan was made without knowing that.
    """
    root, head, here = ledger.root, ledger.head(), branches.current(ledger.root)
    branch = _branch(plan)
    if not head or not here or not branch or plan.act.verb in _AT_ONCE or here != branches.main_of(root):
        yield here if branches.is_ours(here) else ""
        return
    ledger.ready()
    before = branches.tip(root, branch)
    if before and before != head:
        name = branches.label(branch)
        raise Refused(
            f"{name} waits for review with changes that are not on {here}",
            hint=f"solidarity switch {name}, and go on there; when it is merged: solidarity sync",
        )
    branches.step_onto(root, branch, commit=head, before=before)
    try:
        yield branch
    except BaseException:
        git(root, "symbolic-ref", "HEAD", f"refs/heads/{here}")
        if not before:
            branches.drop(root, branch, head)
        raise


def _branch(plan: Plan) -> str:
    """Where an act waits: by the records that it names, else by the organisations or the views that it changes."""
    entries = [name_of(change.path) for change in plan.changes if record_kind(change.path) == "directory"]
    views = [name for change in plan.changes if change.path == "register.yaml" for name in _views(change)]
    return branches.branch_for(plan.act, entries, views)


def _views(change: Change) -> list[str]:
    old, new = (read(text.encode()).get("views", {}) if text else {} for text in (change.before, change.after))
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]
