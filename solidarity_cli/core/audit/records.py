"""What may not happen to a record: to be deleted, to change its id, to lose or alter what was only ever to be added."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.audit.act import Act, Moved, Step
from solidarity_cli.core.audit.rule import AuditViolation, audit_rule
from solidarity_cli.core.edits import is_item_id
from solidarity_cli.core.findings import Severity

# The model, and with the table of ways the whole merge, take longer to load than a few acts take to verify. Most acts
# only add something, and for that neither is needed.


if TYPE_CHECKING:
    from solidarity_cli.core.model import Status


@audit_rule("kept")
def kept(act: Act) -> Iterator[AuditViolation]:
    """No case and no action is ever deleted.

    A case that should not be seen any more is erased: its private part is destroyed, and that it was there stays. What
    somebody recorded and took back again (rule `undone`) is allowed to go.

    What to do: find out who deleted it and why (`solidarity history`), and put the file back from the commit before.
    """
    for step in act.steps:
        if step.was and not step.stays:
            yield AuditViolation(f"{step.record} was deleted", step.record)


@audit_rule("same-id")
def same_id(act: Act) -> Iterator[AuditViolation]:
    """A record keeps its id, and its file bears it.

    What other records, reports and letters say of a case, they say by its id. A file moved onto another's name would
    put one person's words into another person's case.

    What to do: put both files back as they were before the commit.
    """
    for step in act.steps:
        change = step.field("id")
        if step.stays and change and change.new != step.record:
            yield AuditViolation(f"the file of {step.record} was given another id", step.record)


@audit_rule("append-only")
def append_only(act: Act) -> Iterator[AuditViolation]:
    """Notes, assessments, approvals, consents, disclosures, closures and erasures are added, never altered or removed.

    The fields are those that the merge calls append-only (docs/reference/merge.md), the closure of a case while it is
    closed, and an erasure. Allowed is to withdraw a consent, to approve an assessment, to seal what was not sealed, to
    destroy the private part by an erasure in the same act, and to take back an own act as a whole (rule `undone`).

    What to do: ask who changed it. What is wrong is corrected by a new note or a new assessment, never in the old one.
    """
    for step in act.steps:
        if step.was and step.stays:
            messages = dict.fromkeys(message for change in step.moved for message in _alterations(step, change))
            yield from (AuditViolation(f"{step.record}: {message}", step.record) for message in messages)


@audit_rule("steps")
def steps(act: Act) -> Iterator[AuditViolation]:
    """A status moves by one allowed step, or by a new assessment whose decision leads there.

    It is the rule `lifecycle`, asked of every act that there ever was, but of those that took back another (`undone`).

    What to do: look at what was recorded with it (`solidarity history`), and record what is missing now.
    """
    for step in act.steps:
        change = step.field("status")
        if not (step.was and step.stays and change) or change.old is None:
            continue
        from solidarity_cli.core.model import Status
        from solidarity_cli.core.model.status_transitions import is_step

        try:
            old, new = Status(change.old), Status(change.new)
        except ValueError:
            continue  # no status of ours: the rule `shape` says so
        if not (is_step(old, new) or _is_decided(step, old, new)):
            yield AuditViolation(f"{step.record} went from {old} to {new}, which is no step", step.record)


@audit_rule("by", severity=Severity.WARNING)
def by(act: Act) -> Iterator[AuditViolation]:
    """Whoever a record names as having noted, assessed or approved is the author of the act, or its committer.

    Somebody else's address means that one person recorded it for another. That may be right, after a meeting for
    instance; then it is known to both. A role in the place of an address is a delegation, and is not asked about; but
    an approval is a person's own, and has to say whose.

    What to do: ask the one who is named whether it was them.
    """
    for step in act.steps:
        for change in step.moved:
            for name in _named_authors(change):
                if message := _author_objection(
                    _item_of(change.field), name, act, is_approval=change.field.endswith(".approvals")
                ):
                    yield AuditViolation(f"{step.record}: {message}", step.record)


def _author_objection(item: str, name: str, act: Act, *, is_approval: bool) -> str:
    if "@" not in name:
        return f"an approval of {item} names nobody by an address" if is_approval else ""
    if name.casefold() in (act.author.casefold(), act.committer.casefold()):
        return ""
    if is_approval:
        return f"an approval of {item} is in the name of somebody who did not make this act"
    return f"{item} names somebody else as its author"


# What was altered

_MAY_COME_LATER = frozenset({"consent.*.withdrawn"})


def _alterations(step: Step, change: Moved) -> Iterator[str]:
    if change.old is None and change.in_new:
        return
    name = change.field.partition(".")[0]
    if name == "erasure" and change.old is not None:
        yield "its erasure was altered"
    elif name == "closure" and change.old is not None and not step.field("status"):
        yield "its closure was altered while it was closed"
    elif name == "private":
        yield from _private_alterations(step, change)
    elif change.field in _append_only_fields(step.kind) or _field_pattern(change.field) in _append_only_fields(
        step.kind
    ):
        if not _has_only_grown(change.old, change.new):
            yield f"{change.field} was altered or taken out"
    elif any(
        _field_pattern(change.field).startswith(f"{row}.") for row in _append_only_fields(step.kind)
    ) and not _is_allowed(change):
        yield f"{_item_of(change.field)} was altered or taken out"


@cache
def _append_only_fields(kind: str) -> tuple[str, ...]:
    """The lists of a kind of record that only grow."""
    from solidarity_cli.core.merge.strategies import Way, rows_of

    return tuple(field for field, _ in rows_of(kind, [Way.APPENDED])) if kind in ("case", "action") else ()


def _private_alterations(step: Step, change: Moved) -> Iterator[str]:
    """A private value is known by its mark only: `[sealed]` or `[private]`."""
    if change.old is None or not any(change.field.startswith(f"{row}.") for row in _append_only_fields(step.kind)):
        return
    is_sealing = (change.old, change.new) == ("[private]", "[sealed]")
    erasure = step.field("erasure.date")
    is_erased = change.new is None and erasure is not None and erasure.new is not None
    if not (is_sealing or is_erased):
        yield f"{change.field} was altered or taken out"


def _is_allowed(change: Moved) -> bool:
    """Whether a field of an item in a list that only grows may become this."""
    return change.old is None and (change.in_new or _field_pattern(change.field) in _MAY_COME_LATER)


def _has_only_grown(old: Any, new: Any) -> bool:
    if old is None:
        return True
    if not (isinstance(old, list) and isinstance(new, list)):
        return False
    return not Counter(map(_serialize, old)) - Counter(map(_serialize, new))


def _serialize(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@lru_cache(maxsize=4096)  # a few hundred names, asked for a million times in a long history
def _field_pattern(field: str) -> str:
    return ".".join("*" if is_item_id(part) else part for part in field.split("."))


def _item_of(field: str) -> str:
    """`notes.n1` of `notes.n1.by`; the list alone where somebody typed something else for an id."""
    name, item_id, *_ = *field.split("."), ""
    return f"{name}.{item_id}" if is_item_id(item_id) else name


def _is_decided(step: Step, old: Status, new: Status) -> bool:
    from solidarity_cli.core.model import Decision, Status

    if old is Status.DUPLICATE:
        return False
    decisions = [
        change.new
        for change in step.moved
        if change.in_new and _field_pattern(change.field) == "assessments.*.decision"
    ]
    try:
        return bool(decisions) and Decision(decisions[-1]).leads_to is new
    except ValueError:
        return False


def _named_authors(change: Moved) -> list[str]:
    """Who a new item says has made it."""
    if change.in_new and _field_pattern(change.field) in ("notes.*.by", "assessments.*.by"):
        return [str(change.new)]
    if _field_pattern(change.field) == "assessments.*.approvals" and isinstance(change.new, list):
        before = change.old if isinstance(change.old, list) else []
        return [str(item.get("by", "")) for item in change.new if item not in before and isinstance(item, dict)]
    return []
