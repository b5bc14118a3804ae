"""`solidarity undo`: the caller's last act taken back, by a new one that can be taken back as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.commands.options import By, DryRun, record_ids
from solidarity_cli.core.errors import Refused
from solidarity_cli.session import Session

if TYPE_CHECKING:
    from solidarity_cli.undoing import Undoing


def main(
    ctx: typer.Context,
    record: Annotated[
        str,
        typer.Argument(
            metavar="[ID]",
            help="Your last act on this case, its actions, or this action.",
            autocompletion=record_ids("*s"),
        ),
    ] = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Take back your last act on this branch, or on one record, by a new act; undo again brings it back.

    It is shown first, and on a terminal you are asked. It is refused where somebody has built on it.
    """
    from solidarity_cli.naming import named
    from solidarity_cli.undoing import undoing

    session: Session = ctx.obj
    register = session.register
    record = _record(session, record)
    found = undoing(register.now, register.ledger, record, by=by)
    called = named(found.commit).said
    session.remark(f"your last act{' on ' + record if record else ''}: {called}")
    for line in _changed(session, found):
        session.remark(f"  {line}")
    if session.asks and not dry_run and not typer.confirm(f"take back {called}?", err=True):
        raise Refused("nothing was undone", hint="solidarity undo --dry-run shows what it would change")
    answer = found.records[0]
    session.carry_out(found.plan, answer=answer, said=f"{answer}: {called} undone", dry_run=dry_run)
    if not dry_run:
        _what_stays(session, found)


def _record(session: Session, typed: str) -> str:
    """The record that is meant; one that an earlier undo took away is known by its whole id only."""
    from solidarity_cli.history import events
    from solidarity_cli.ids import normal

    if not typed:
        return ""
    try:
        return session.register.record(typed)[0]
    except Refused:
        whole = normal(typed)
        if not events(session.root, [whole]):
            raise
        return whole


def _changed(session: Session, found: Undoing) -> list[str]:
    """What the act changed, in the words of `history`."""
    from solidarity_cli.commands.history import lines_of
    from solidarity_cli.history import events
    from solidarity_cli.sealing import Seals

    opens = Seals(lambda: session.register.keyring).opened
    told = events(session.root, found.records, opens)
    only = found.records[0] if len(found.records) == 1 else ""
    return [line for event in told if event.commit == found.commit.id for line in lines_of(event, only)]


def _what_stays(session: Session, found: Undoing) -> None:
    """What was private in it is still in git's history; the way to destroy it, where there is one."""
    is_sealed = session.register.now.charter.sealing
    for one in found.tells:
        if not is_sealed:
            session.remark(f"what it said of {one} stays in the history, readable: this register is not sealed")
        elif one in found.gone:
            session.remark(f"what it said of {one} stays in the history; to destroy it, bring it back and erase it:")
            session.remark(f"  solidarity undo {one}; then: solidarity erase {one} --reason …")
        else:
            session.remark(f"what it said stays in the history; to destroy it: solidarity erase {one} --reason …")
    session.remark(f"next: solidarity history {found.records[0]}; to bring it back: solidarity undo {found.records[0]}")
