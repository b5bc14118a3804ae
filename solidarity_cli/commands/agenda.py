"""`solidarity agenda`: hearings, deadlines and reviews ahead, over all cases."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.commands.options import AsJson, AsOf
from solidarity_cli.core.figures.agenda import AgendaItem, agenda, as_plain
from solidarity_cli.session import Session

_COLUMNS = ("date", "kind", "what", "id", "state", "title")


def main(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(metavar="N", min=0, max=3660, help="How many days ahead.")] = 30,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """List hearings, deadlines and reviews ahead, and what is overdue."""
    session: Session = ctx.obj
    items = agenda(session.register.reading(as_of).facts(), days)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(as_plain(items)))
        return
    session.rows(_COLUMNS, [_cells(item) for item in items])
    session.remark(f"{len(items)} dates in the next {days} days" if items else f"nothing in the next {days} days")


def _cells(item: AgendaItem) -> tuple[str, ...]:
    state = "overdue" if item.overdue else item.state
    return (item.date, item.kind, item.what, item.case, state, item.title)
