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

    entries = [one.partition(":")[2] for one in audiences(f"recipient:{incomplete}")]
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
    record = _what(session, record)
    found = undoing(register.now, register.ledger, record, by=by)
    called = label_of(found.commit).text
    session.note(f"your last act{' on ' + record if record else ''}: {called}")
    for line in _changed(session, found):
        session.note(f"  {line}")
    if session.asks and not dry_run and not typer.confirm(f"take back {called}?", err=True):
        raise Refused("nothing was undone", hint="solidarity undo --dry-run shows what it would change")
    answer = found.records[0]
    session.carry_out(found.plan, answer=answer, said=f"{answer}: {called} undone", dry_run=dry_run)
    if not dry_run:
        _what_stays(session, found)


def _what(session: Session, typed: str) -> str:
    """What is meant: a view as it was typed, or a record; one that an earlier undo took away by its whole id only."""
    from solidarity_cli.register.ids import normal

    if not typed or typed.startswith("@"):
        return typed.casefold()
    now = session.register.now
    entries = [one for one, path in now.paths.items() if record_kind(path) == "directory"]
    if typed.casefold() in entries:
        return typed.casefold()
    try:
        return session.register.record(typed)[0]
    except Refused:
        # The id of an organisation is words: it is asked for last, as part of it may be part of a case's id.
        near = [one for one in entries if typed.casefold() in one]
        gone = next((one for one in (normal(typed), typed.casefold()) if _ever_was(session, one)), "")
        if gone or len(near) == 1:
            return gone or near[0]
        if typed != typed.lower() or any(char.isdigit() for char in typed):
            raise
        return now.find(typed, "directory")


def _ever_was(session: Session, record: str) -> bool:
    from solidarity_cli.history.events import events

    return bool(events(session.root, [record, f"directory/{record}.yaml"]))


def _changed(session: Session, found: Undoing) -> list[str]:
    """What the act changed, in the words of `history`."""
    from solidarity_cli.cli.commands.history import lines_of
    from solidarity_cli.crypto.keyring.sealer import Seals
    from solidarity_cli.history.events import events

    opens = Seals(lambda: session.register.keyring).opened
    paths = [one.path for one in found.plan.changes]
    told = events(session.root, [*found.records, *paths], opens)
    only = found.records[0] if len(found.records) == 1 else ""
    mine = (replace(one, changes=(*one.changes, *found.told)) for one in told if one.commit == found.commit.id)
    return [line for event in mine for line in lines_of(event, only)]


def _what_stays(session: Session, found: Undoing) -> None:
    """What was private in it is still in git's history; the way to destroy it, where there is one."""
    from solidarity_cli.history.audit.undo import CHARTER

    is_sealed = session.register.now.charter.sealing
    for one in found.tells:
        if not is_sealed:
            session.note(f"what it said of {one} stays in the history, readable: this register is not sealed")
        elif one in found.gone:
            session.note(f"what it said of {one} stays in the history; to destroy it, bring it back and erase it:")
            session.note(f"  solidarity undo {one}; then: solidarity erase {one} --reason …")
        else:
            session.note(f"what it said stays in the history; to destroy it: solidarity erase {one} --reason …")
    one = found.records[0]
    back = f"to bring it back: solidarity undo {'' if one == CHARTER else one}".strip()
    session.note(f"next: {back}" if found.told else f"next: solidarity history {one}; {back}")
