"""`solidarity undo`: the caller's last act taken back, by a new one that can be taken back as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.options import By, DryRun, audiences, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused
from solidarity_cli.git.snapshot import record_kind

if TYPE_CHECKING:
    from solidarity_cli.register.undo import Undoing


def _names(incomplete: str) -> list[str]:
    """Completion of what there is: cases and actions, organisations, views."""
    from solidarity_cli.cli.commands.list import views

    entries = [audience.partition(":")[2] for audience in audiences(f"recipient:{incomplete}")]
    return [*record_ids("*s")(incomplete), *entries, *views(incomplete)]


def main(
    ctx: typer.Context,
    record: Annotated[
        str,
        typer.Argument(
            metavar="[ID]",
            help="Your last act on this case, its actions, this action, this organisation, or @VIEW.",
            autocompletion=_names,
        ),
    ] = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Take back your last act on this branch, or on one record or view, by a new act; undo again brings it back.

    It is shown first, and on a terminal you are asked. It is refused where somebody has built on it.
    """
    from solidarity_cli.history.act_label import label_of
    from solidarity_cli.register.undo import undoing

    session: Session = ctx.obj
    register = session.register
    record = _target(session, record)
    undo = undoing(register.now, register.ledger, record, by=by)
    label = label_of(undo.commit).text
    session.note(f"your last act{' on ' + record if record else ''}: {label}")
    for line in _changed_lines(session, undo):
        session.note(f"  {line}")
    if session.asks and not dry_run and not typer.confirm(f"take back {label}?", err=True):
        raise Refused("nothing was undone", hint="solidarity undo --dry-run shows what it would change")
    answer = undo.records[0]
    session.carry_out(undo.plan, answer=answer, message=f"{answer}: {label} undone", dry_run=dry_run)
    if not dry_run:
        _note_remains(session, undo)


def _target(session: Session, argument: str) -> str:
    """What is meant: a view as it was typed, or a record; one that an earlier undo took away by its whole id only."""
    from solidarity_cli.register.ids import normal

    if not argument or argument.startswith("@"):
        return argument.casefold()
    now = session.register.now
    entries = [name for name, path in now.paths.items() if record_kind(path) == "directory"]
    if argument.casefold() in entries:
        return argument.casefold()
    try:
        return session.register.record(argument)[0]
    except Refused:
        # The id of an organisation is words: it is asked for last, as part of it may be part of a case's id.
        matches = [name for name in entries if argument.casefold() in name]
        known_id = next(
            (record for record in (normal(argument), argument.casefold()) if _was_known(session, record)), ""
        )
        if known_id or len(matches) == 1:
            return known_id or matches[0]
        if argument != argument.lower() or any(char.isdigit() for char in argument):
            raise
        return now.find(argument, "directory")


def _was_known(session: Session, record: str) -> bool:
    from solidarity_cli.history.events import events

    return bool(events(session.root, [record, f"directory/{record}.yaml"]))


def _changed_lines(session: Session, undo: Undoing) -> list[str]:
    """What the act changed, in the words of `history`."""
    from solidarity_cli.cli.commands.history import lines_of
    from solidarity_cli.crypto.keyring.sealer import Seals
    from solidarity_cli.history.events import events

    opens = Seals(lambda: session.register.keyring).opened
    paths = [change.path for change in undo.plan.changes]
    record_events = events(session.root, [*undo.records, *paths], opens)
    only = undo.records[0] if len(undo.records) == 1 else ""
    undone_events = (
        replace(event, changes=(*event.changes, *undo.file_changes))
        for event in record_events
        if event.commit == undo.commit.id
    )
    return [line for event in undone_events for line in lines_of(event, only)]


def _note_remains(session: Session, undo: Undoing) -> None:
    """What was private in it is still in git's history; the way to destroy it, where there is one."""
    from solidarity_cli.history.audit.undo import CHARTER

    is_sealed = session.register.now.charter.sealing
    for record in undo.tells:
        if not is_sealed:
            session.note(f"what it said of {record} stays in the history, readable: this register is not sealed")
        elif record in undo.gone:
            session.note(f"what it said of {record} stays in the history; to destroy it, bring it back and erase it:")
            session.note(f"  solidarity undo {record}; then: solidarity erase {record} --reason …")
        else:
            session.note(f"what it said stays in the history; to destroy it: solidarity erase {record} --reason …")
    record = undo.records[0]
    command = f"to bring it back: solidarity undo {'' if record == CHARTER else record}".strip()
    session.note(f"next: {command}" if undo.file_changes else f"next: solidarity history {record}; {command}")
