"""The plan that takes an act back: every file as it was before, and held against the rules of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.audit import StoredAct
from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.findings import Finding
from solidarity_cli.core.token_format import readable
from solidarity_cli.crypto.keyring.sealer import Seals
from solidarity_cli.git.committer import Act, Committer
from solidarity_cli.git.process import blobs
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.history.act_label import label_of
from solidarity_cli.history.audit.undo import CHARTER, VERB
from solidarity_cli.history.index import Commit, Index, with_index
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.register.commit import Change, Plan
from solidarity_cli.register.plan import new_findings
from solidarity_cli.register.saved_views import plan_view, view
from solidarity_cli.register.undo.check import require_unneeded, require_untouched
from solidarity_cli.register.undo.files import FileChange, file_label, names
from solidarity_cli.register.undo.find import Sought, UndoTarget, find_target

if TYPE_CHECKING:
    from solidarity_cli.register.reader import Reader


@dataclass(frozen=True, slots=True)
class Undoing:
    """What is to be taken back, and the plan that does it.

    `records` are those it changed, views among them as `@name`, `gone` those that go. `tells` are the records of which
    it wrote something private: that stays in the history. `file_changes` is what it did to organisations and views.
    """

    commit: Commit
    records: tuple[str, ...]
    gone: tuple[str, ...]
    tells: tuple[str, ...]
    file_changes: tuple[FileChange, ...]
    plan: Plan


def undoing(now: Reader, ledger: Committer, what: str, *, by: str = "") -> Undoing:
    """The caller's last act on this branch taken back; with a `what` their last act on that.

    `what` is the id of a record, for a case also its actions, or a view as `@name`. Raises Refused, with the next step,
    where there is none, where it is not to be taken back, where one of its files has changed since, and where what was
    there before would not be right today.
    """
    head, caller = ledger.head(), ledger.committer()
    sought = Sought(caller, what, tuple(now.actions_naming([what]).get(what, ())) if what else ())

    def search(index: Index) -> UndoTarget | None:
        return find_target(ledger, index, head, sought)

    target = with_index(ledger.root, ledger.shared_folder, head, search) if head else None
    if target is None:
        if sought.is_view:
            view(now, what)  # a name that there is not is told as one, and not repeated
        on = f" on {what}" if what else ""
        raise Refused(f"no act{on} on this branch was made by {caller}", hint="look at other branches: git branch")
    require_untouched(ledger, target)
    texts = dict(_earlier_texts(now, target.deed))
    warnings = _check_rules(now, target, texts)
    act = Act(VERB, *_records(target.deed, texts), undoes=target.commit.id)
    changes = tuple(Change(path, _current_text(now, path), text) for path, text in texts.items())
    gone = tuple(file_label(path) for path, text in texts.items() if text is None)
    return Undoing(
        target.commit,
        names(target.deed, target.file_changes),
        gone,
        target.tells,
        target.file_changes,
        Plan(act, changes, by, warnings),
    )


def _earlier_texts(now: Reader, deed: StoredAct) -> Iterator[tuple[str, str | None]]:
    """Path -> the text that was there before; None where there was none."""
    data = dict(blobs(now.snapshot.root, [old for old, _ in deed.files.values() if old]))
    for path, (old, _) in deed.files.items():
        if old and data[old] is None:
            raise ExternalError(f"what {file_label(path)} was before is missing or damaged here", hint="git fsck")
        # Bytes that are no UTF-8 are no record of ours either way, and `_open_file` says so.
        yield path, (data[old] or b"").decode(errors="surrogateescape") if old else None


def _current_text(now: Reader, path: str) -> str | None:
    return (now.snapshot.text(path) or b"").decode(errors="replace") if path in now.snapshot.blobs else None


def _records(deed: StoredAct, texts: Mapping[str, str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cases and the actions that the act names; for actions alone the cases that they serve, or did."""
    by_kind = {kind: tuple(name_of(path) for path in texts if record_kind(path) == kind) for kind in ("case", "action")}
    cases, actions = by_kind["case"], by_kind["action"]
    if actions and not cases:
        moved = [change for step in deed.steps for change in step.moved if change.field == "cases"]
        served = [case for change in moved for side in (change.old, change.new) for case in side or ()]
        served += [case for text in texts.values() if text for case in read(text.encode()).get("cases", ())]
        cases = tuple(dict.fromkeys(served))
    return cases, actions


def _check_rules(now: Reader, target: UndoTarget, texts: Mapping[str, str | None]) -> tuple[Finding, ...]:
    """What the rules remark on the files as they were. Raises Refused for what they refuse today."""
    act = f"{label_of(target.commit).text} cannot be undone"
    seals = Seals(lambda: now.keyring)
    after = {
        file_label(path): _open_file(now, seals, act, path, text) for path, text in texts.items() if text is not None
    }
    kinds = {file_label(path): record_kind(path) or "" for path in texts}
    if gone := kinds.keys() - after.keys():
        require_unneeded(now, target.commit, gone)
    for name in {label for label, _ in target.file_changes} if CHARTER in after else ():
        _require_valid_view(now, name.removeprefix("@"), after[CHARTER])
    findings = new_findings(now, after, kinds, undoing=gone)
    if errors := [finding for finding in findings if finding.refuses]:
        message = f"{act}, for then {errors[0].message} [{errors[0].rule}]"
        raise Refused(message, hint=errors[0].hint, findings=tuple(errors))
    return tuple(findings)


def _require_valid_view(now: Reader, name: str, then: Mapping[str, Any]) -> None:
    """Raises Refused for a view that nobody could keep today: its name may be in a private part by now."""
    if name not in now.charter.views and name in then.get("views", {}):
        plan_view(now, name, then["views"][name], by="")


def _open_file(now: Reader, seals: Seals, act: str, path: str, text: str) -> dict[str, Any]:
    """A file as it was, opened as far as there are keys. Raises Refused for one that may not stand here again."""
    try:
        plain = read(text.encode(errors="surrogateescape"))
    except UnreadableError as error:
        raise Refused(f"{act}: what was there before cannot be read", hint=error.fault.hint) from None
    if now.charter.sealing and readable(plain.get("private") or {}):
        raise Refused(
            f"{act}: it would bring back private values that were never sealed",
            hint=f"put it right by an act of your own: solidarity edit {name_of(path)}",
        )
    return seals.opened(name_of(path), plain)
