"""Whether an act may be taken back: it is none that stays, nobody built on it, nobody needs what goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from solidarity_cli.core.audit import NotUndoable, stays
from solidarity_cli.core.errors import Refused
from solidarity_cli.git.committer import Committer
from solidarity_cli.git.objects import address
from solidarity_cli.git.snapshot import at, record_kind
from solidarity_cli.history.act_label import label_of
from solidarity_cli.history.audit.undo import CHARTER
from solidarity_cli.history.index import Commit
from solidarity_cli.register.undo.files import file_label
from solidarity_cli.register.undo.find import UndoTarget

if TYPE_CHECKING:
    from solidarity_cli.core.facts import Facts
    from solidarity_cli.core.model import Action
    from solidarity_cli.register.reader import Reader

_WAYS: Mapping[NotUndoable, str] = {
    NotUndoable.MERGE: "change what came of it: solidarity edit ID",
    NotUndoable.BY_HAND: "git revert takes back a commit made by hand; an earlier act on a record: solidarity undo ID",
    NotUndoable.ERASED: "what it destroyed is gone from every clone: solidarity explain erased",
    NotUndoable.KEYS: "let somebody in or go: solidarity keys add, solidarity keys remove",
    NotUndoable.SENT: "tell the organisation, and note it: solidarity update-action AID --referral-state revoked",
    NotUndoable.REGISTER: "an earlier act on a record: solidarity undo ID",
    NotUndoable.NOTHING: "an earlier act on a record: solidarity undo ID",
    NotUndoable.UNREADABLE: "put the file right first: solidarity validate",
}


def require_untouched(ledger: Committer, target: UndoTarget) -> None:
    """Raises Refused for an act that stays, or on which somebody built."""
    act = f"{label_of(target.commit).text} cannot be undone"
    if reason := stays(target.deed):
        raise Refused(f"{act}: {reason}", hint=_WAYS[reason])
    there = at(ledger.root, "HEAD").blobs
    for path, (_, left) in target.deed.files.items():
        if there.get(path, "") == left:
            continue
        name = file_label(path)
        if target.later is None:
            way = f"git log -- {path}" if _is_open(path) else f"solidarity history {name}"
            raise Refused(f"{act}: {name} was changed at the same time, and brought together", hint=way)
        message = f"{act}: {name} was changed later, by {label_of(target.later).text}"
        raise Refused(message, hint=_next_step(target, target.later, path))


def _next_step(target: UndoTarget, later: Commit, path: str) -> str:
    """The next step where a file was changed later: to take that back as well, or to say anew how it is to be."""
    if address(later.committer).casefold() == address(target.commit.committer).casefold():
        if not later.act:
            return f"it was made by hand; git takes it back first: git revert {later.id[:10]}"
        what = next(iter(target.views_since), "") if path == CHARTER else file_label(path)
        return f"undo that first: solidarity undo {what}".strip()
    way = "put it right by an act of your own"
    if path == CHARTER:
        return f"{way}: solidarity list --ahead 14 --save-as NAME"
    return f"{way}: solidarity directory check {file_label(path)} --set FIELD=VALUE" if _is_open(path) else way


def _is_open(path: str) -> bool:
    return path == CHARTER or record_kind(path) == "directory"


def require_unneeded(now: Reader, commit: Commit, gone: Collection[str]) -> None:
    """Raises Refused where a record that stays names one that would go: a link, or an organisation asked for help."""
    act = f"{label_of(commit).text} cannot be undone"
    facts = now.facts()
    linked = (case.id for case in facts.cases.values() if any(link.case in gone for link in case.links))
    if name := next((record for record in linked if record not in gone), ""):
        raise Refused(
            f"{act}: {name} is linked to what would go", hint=f"take the link out first: solidarity edit {name}"
        )
    for entry in sorted(facts.directory.keys() & gone):
        if name := next((record for record in _naming(facts, entry) if record not in gone), ""):
            raise Refused(
                f"{act}: {name} names {entry}, which would go",
                hint=f"undo that first, if it was yours: solidarity undo {name}; "
                f"or put the entry right: solidarity directory check {entry} --set FIELD=VALUE",
            )


def _naming(facts: Facts, entry: str) -> list[str]:
    """The records that name an organisation: actions for it, and cases with a consent to share with it."""
    cases = [case.id for case in facts.cases.values() if any(entry in consent.share_with for consent in case.consents)]
    return [*(action.id for action in facts.actions.values() if entry in _organisations(action)), *cases]


def _organisations(action: Action) -> list[str]:
    referred_to = [action.referral.organisation] if action.referral else []
    return [action.recipient, *referred_to, *(share.organisation for share in action.shared_with)]
