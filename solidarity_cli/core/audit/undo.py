"""What an act may take back of another: one answer for the verb `undo` and for the audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from solidarity_cli.core.audit.act import Step
from solidarity_cli.core.audit.rule import AuditViolation, audit_rule


class NotUndoable(StrEnum):
    """Why an act is not to be taken back, whoever asks."""

    MERGE = "it brought two lines of acts together"
    BY_HAND = "it was made by hand, and no verb says what it was meant to be"
    ERASED = "it destroyed a private part, for good"
    KEYS = "it changed who can unseal"
    SENT = "it says what was sent to others, and what left cannot be called back"
    REGISTER = "it changed more than records and views"
    NOTHING = "it changed no record and no view"
    UNREADABLE = "it left a file that cannot be read"


Files = Mapping[str, tuple[str, str]]
"""Path -> blob before and after, "" where there is none."""


@dataclass(frozen=True, slots=True)
class StoredAct:
    """An act as it is stored. `verb` is empty for a commit made by hand, `parents` says how many it has.

    `files`: what it changed. `steps`: what it did to the cases and actions among
    them, as far as these can be read; `unread` says that one cannot. `beyond`: what
    it changed that is neither record nor view, by path, in register.yaml by field.
    """

    committer: str
    verb: str
    parents: int
    files: Files
    steps: tuple[Step, ...]
    unread: bool = False
    beyond: tuple[str, ...] = ()


def stays(act: StoredAct) -> NotUndoable | None:
    """Why an act cannot be taken back; None for one that can."""
    fields = {change.field.partition(".")[0] for step in act.steps for change in step.moved}
    reasons = {
        NotUndoable.MERGE: act.parents > 1 or act.verb in ("resolve", "sync"),
        NotUndoable.BY_HAND: not act.verb,
        NotUndoable.ERASED: act.verb == "erase" or "erasure" in fields,
        NotUndoable.KEYS: act.verb.startswith("keys"),
        NotUndoable.SENT: act.verb == "share" or "shared_with" in fields,
        NotUndoable.REGISTER: act.verb == "init" or bool(act.beyond),
        NotUndoable.NOTHING: not act.files,
        NotUndoable.UNREADABLE: act.unread,
    }
    return next((why for why, is_so in reasons.items() if is_so), None)


@audit_rule("undone")
def undone(undoing: StoredAct, taken_back: StoredAct | None) -> Iterator[AuditViolation]:
    """An act that takes back another takes back exactly that one, which was the same person's, and nobody built on it.

    `solidarity undo` writes `Act: undo` and `Undoes:` with the whole id of a commit. Whoever looks holds the two
    against each other, file by file, as git stores them: each file that either of them changed has to be again what
    it was before the first, and to have been until then what the first left. The first has to be one of the acts that
    the second follows, by the same committer. Only then may a record, a note or an assessment go again; otherwise
    this is told, and everything else that is wrong with the act as well.

    An erasure, a packet that was sent, a change of keys, a merge and whatever was made by hand are never taken back;
    of register.yaml only the views are.

    What to do: ask the committer. What is missing is put back by an act of its own, from the commit before.
    """
    if why := _objection(undoing, taken_back):
        names = {step.record for step in undoing.steps}
        yield AuditViolation(why, names.pop() if len(names) == 1 else "")


def _objection(undoing: StoredAct, taken_back: StoredAct | None) -> str:
    """The first thing that is wrong with a claim, in the order in which somebody would look."""
    if taken_back is None:
        return "it says that it takes back an act, and names none of those before it"
    if undoing.parents != 1:
        return "it says that it takes back an act, and is a merge"
    if why := stays(taken_back):
        return f"it takes back an act that is not to be taken back: {why}"
    if undoing.committer.casefold() != taken_back.committer.casefold():
        return "it takes back the act of somebody else"
    return _file_objection(undoing.files, taken_back.files)


def _file_objection(after: Files, before: Files) -> str:
    if after.keys() - before.keys():
        return "it changes more than the act that it takes back"
    if before.keys() - after.keys():
        return "it takes back only a part of an act"
    if any(after[path][0] != new for path, (_, new) in before.items()):
        return "it takes back an act on which others had built"
    if any(after[path][1] != old for path, (old, _) in before.items()):
        return "it does not bring back what was there before the act that it takes back"
    return ""
