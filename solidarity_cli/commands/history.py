"""`solidarity history`: what happened to a case, oldest first, field by field."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from solidarity_cli.commands.options import AsJson, CaseArgument
from solidarity_cli.core.audience import PRIVATE
from solidarity_cli.core.errors import Usage
from solidarity_cli.core.sealed import MARK
from solidarity_cli.render.clean import clean
from solidarity_cli.session import Session

AUDIENCES = ("internal", "reviewer")

_SHOWN = 8
"""Fields named in full for one act; a new record brings more than anyone wants to read."""


def main(
    ctx: typer.Context,
    case: CaseArgument,
    audience: Annotated[str, typer.Option(metavar="A", help=", ".join(AUDIENCES) + ".")] = "internal",
    as_json: AsJson = False,
) -> None:
    """Tell what happened to a case and its actions: when, who, which act, field by field.

    Sealed values are told, old and new, to those who hold the key; to all others that they changed.
    """
    session: Session = ctx.obj
    if audience not in AUDIENCES:
        raise Usage("--audience has no such value", hint=f"--audience {', '.join(AUDIENCES)}")
    register = session.register
    name = register.now.find(case)
    from solidarity_cli.history import events
    from solidarity_cli.sealing import Seals

    opens = Seals(lambda: register.keyring).opened if audience == "internal" else None
    told = events(session.root, [name, *register.now.actions_naming([name])[name]], opens)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json([_plain(event) for event in told]))
        return
    session.say("\n".join(line for event in told for line in _lines(event, name)))


def _plain(event: Any) -> dict[str, Any]:
    return {
        "commit": event.commit,
        "date": event.date,
        "author": event.author,
        "signer": event.signer,
        "signature": event.signature,
        "act": event.act,
        "changes": [
            {"record": record, "field": change.field, "old": change.old, "new": change.new}
            for record, change in event.changes
        ],
    }


def _lines(event: Any, case: str) -> list[str]:
    head = f"{event.date[:16].replace('T', ' ')}{event.date[19:]}  {event.act}  by {event.author}  {event.commit[:10]}"
    if event.signature != "none":
        head += f"  signature: {event.signature}"
    told = [_line(record, change, case) for record, change in event.changes]
    if len(told) > _SHOWN and all(change.old is None for _, change in event.changes):
        told = [*told[:_SHOWN], f"    and {len(told) - _SHOWN} fields more"]
    return [clean(line) for line in [head, *told]]


def _line(record: str, change: Any, case: str) -> str:
    where = change.field if record == case else f"{record} {change.field}"
    if change.is_private and any(value in (MARK, PRIVATE) for value in (change.old, change.new)):
        what = "added" if change.old is None else "removed" if change.new is None else "changed"
        return f"    {where}: {what} (private)"
    if change.old is None:
        return f"    {where}: {_text(change.new)}"
    return f"    {where}: {_text(change.old)} -> {_text(change.new)}"


def _text(value: Any) -> str:
    if value is None:
        return "(none)"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value)
