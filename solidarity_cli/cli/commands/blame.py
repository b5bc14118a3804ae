"""`solidarity blame`: for each field, who set it last, when, in which act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from solidarity_cli.cli.commands.history import DONE, find_record
from solidarity_cli.cli.commands.options import AsJson, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused

if TYPE_CHECKING:
    from solidarity_cli.core.changes import FieldChange
    from solidarity_cli.history.events import Event

_COLUMNS = ("field", "value", "when", "by", "act", "commit")
_LONGEST = 60
"""Letters of a value on the screen and in a line; a narrative would push everything else away."""


def main(
    ctx: typer.Context,
    record: Annotated[str, typer.Argument(metavar="ID", help="A case or an action.", autocompletion=record_ids("*"))],
    as_json: AsJson = False,
) -> None:
    """Tell for each field of a case or an action who set it last, when, and in which act.

    Of a private field it is told who, never what: the value is for `show`.
    """
    session: Session = ctx.obj
    register = session.register
    register.look()
    from solidarity_cli.core.changes import changes
    from solidarity_cli.history.blame import origins
    from solidarity_cli.history.events import events, whole
    from solidarity_cli.history.index.redact import silent

    whole(session.root)
    name, _, is_gone = find_record(session, record)
    if is_gone:
        raise Refused(f"{name} is no longer in this register", hint=f"solidarity history {name}")
    record_events = events(session.root, [name])
    stored = register.now.stored_record(name)
    set_by = origins(stored, [[change for _, change in event.changes] for event in record_events])
    uncommitted = _uncommitted_fields(session, name)
    rows = []
    for change in changes({}, stored):
        index = set_by[change.field]
        rows.append(
            (silent(change, {}, stored), None if index is None or change.field in uncommitted else record_events[index])
        )
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json([_plain(*row) for row in rows]))
        return
    session.rows(_COLUMNS, [_row(*row) for row in rows])


def _uncommitted_fields(session: Session, name: str) -> frozenset[str]:
    """The fields that stand in the file and in no commit yet."""
    from solidarity_cli.core.changes import changes

    committed = session.register.committed_text(None)
    if committed is None:
        return frozenset()
    before = committed.stored_record(name) if name in committed.paths else {}
    return frozenset(change.field for change in changes(before, session.register.now.stored_record(name)))


def _plain(change: FieldChange, event: Event | None) -> dict[str, Any]:
    if event is None:
        return {
            "field": change.field,
            "value": change.new,
            "author": "",
            "date": "",
            "act": "",
            "commit": "",
            "signature": "",
        }
    return {
        "field": change.field,
        "value": change.new,
        "author": event.author,
        "date": event.date.iso,
        "act": event.act,
        "commit": event.commit,
        "signature": event.signature,
    }


def _row(change: FieldChange, event: Event | None) -> tuple[str, ...]:
    from solidarity_cli.cli.commands.history import text_of

    value = text_of(change.new)
    value = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    if event is None:
        return (change.field, value, "", "", "in no commit yet", "")
    return (
        change.field,
        value,
        event.date.text + (f" (written on {event.author_day})" if event.author_day else ""),
        event.author,
        DONE.get(event.act, event.act),
        event.commit[:10],
    )
