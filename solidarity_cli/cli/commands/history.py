"""`solidarity history`: what happened to a case, oldest first, field by field."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solidarity_cli.cli.commands.options import AsJson, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.token_format import MARK, PRIVATE

if TYPE_CHECKING:
    from solidarity_cli.history.events import Event
    from solidarity_cli.render.terminal.timeline import Moment

AUDIENCES = ("internal", "reviewer")

DONE = {
    "init": "register made",
    "new-case": "recorded",
    "edit": "edited",
    "note": "note added",
    "comment": "reviewer's remark added",
    "consent": "consent recorded",
    "hearing": "hearing recorded",
    "assess": "assessed",
    "approve": "approved",
    "link-action": "action linked",
    "update-action": "action updated",
    "set-status": "status set",
    "fmt": "form tidied",
    "sync": "brought together with what others did",
    "resolve": "brought together, a person deciding",
    "erase": "private part erased",
    "undo": "an earlier act taken back",
    "git commit": "changed by hand",
}
"""An act, in words."""

_SHOWN = 8
"""Fields named in full for one act; a new record brings more than anyone wants to read."""


def main(
    ctx: typer.Context,
    record: Annotated[str, typer.Argument(metavar="ID", help="A case or an action.", autocompletion=record_ids("*"))],
    audience: Annotated[str, typer.Option(metavar="A", help=", ".join(AUDIENCES) + ".")] = "internal",
    as_json: AsJson = False,
) -> None:
    """Tell what happened to a case and its actions, or to an action: when, who, which act, field by field.

    Oldest first; also of what was deleted, or taken back. Times are those of the commit, as for --as-of, with UTC
    beside them; where the author says another day it is told.

    Sealed values are told, old and new, to those who hold the key; to all others that they changed.
    """
    session: Session = ctx.obj
    if audience not in AUDIENCES:
        raise UsageError("--audience has no such value", hint=f"--audience {', '.join(AUDIENCES)}")
    register = session.register
    register.look()
    from solidarity_cli.crypto.keyring.sealer import Seals
    from solidarity_cli.history.events import events, whole

    whole(session.root)
    name, kind, is_gone = find_record(session, record)
    opens = Seals(lambda: register.keyring).opened if audience == "internal" else None
    actions = register.now.actions_naming([name])[name] if kind == "case" else []
    record_events = events(session.root, [name, *actions], opens)
    if is_gone:
        session.note(f"{name} is no longer in this register")
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json([_plain(event) for event in record_events]))
        return
    from solidarity_cli.render.terminal.timeline import timeline_to_text

    drawn = session.on_terminal and not os.environ.get("ACCESSIBLE")
    session.say(
        timeline_to_text((_moment(event, name) for event in record_events), drawn=drawn, color=session.in_color)
    )


def find_record(session: Session, argument: str) -> tuple[str, str, bool]:
    """(id, kind, whether it is gone) of a case or an action; of one that only the history knows by its whole id.

    Raises Refused for one that neither knows.
    """
    register = session.register
    try:
        return (*register.record(argument), False)
    except Refused:
        from solidarity_cli.history.events import known_records
        from solidarity_cli.register.ids import normal

        # A part of an id means what is there.
        kind = known_records(session.root).get(normal(argument))
        if kind is None:
            raise
        return normal(argument), kind, True


def _plain(event: Event) -> dict[str, Any]:
    landing = event.landing
    return {
        "commit": event.commit,
        "date": event.date.iso,
        "utc": event.date.utc,
        "authored": event.authored.iso,
        "author": event.author,
        "committer": event.committer,
        "signer": event.signer,
        "signature": event.signature,
        "act": event.act,
        "undoes": _undone_act(event),
        "brought_in_by": {"commit": landing.commit, "review": landing.review} if landing else None,
        "unreadable": list(event.unreadable),
        "changes": [
            {"record": record, "field": change.field, "old": change.old, "new": change.new}
            for record, change in event.changes
        ],
    }


def _undone_act(event: Event) -> dict[str, Any] | None:
    undone = event.undone
    return {"commit": undone.commit, "act": undone.act, "date": undone.date.isoformat()} if undone else None


def _moment(event: Event, case: str) -> Moment:
    from solidarity_cli.render.terminal.timeline import Moment

    when = event.date.text
    if event.date.moment and event.date.moment.utcoffset():
        when += f" ({event.date.utc[11:16]} UTC)"
    return Moment(when, _act_label(event), _attribution(event), tuple(lines_of(event, case)))


def _act_label(event: Event) -> str:
    return f"undid {event.undone.text}" if event.undone else DONE.get(event.act, event.act)


def lines_of(event: Event, case: str) -> list[str]:
    """What an act changed, a line a field; fields of other records than `case` bear the id of theirs."""
    lines = [_line(record, change, case) for record, change in event.changes]
    sides = ([change.old for _, change in event.changes], [change.new for _, change in event.changes])
    if len(lines) > _SHOWN and any(all(value is None for value in side) for side in sides):
        lines = [*lines[:_SHOWN], f"and {len(lines) - _SHOWN} fields more"]
    return lines + [f"{record}: its file could not be read after this act" for record in event.unreadable]


def _attribution(event: Event) -> str:
    """Who, which commit, and how it is known that it was them."""
    parts = [f"by {event.author}"]
    if event.author_day:
        parts.append(f"written on {event.author_day}")
    if event.committer != event.author:
        parts.append(f"committed by {event.committer}")
    parts.append(event.commit[:10])
    if event.signature != "none":
        who = f" ({event.signer})" if event.signer and event.signer not in event.committer else ""
        parts.append(f"signature: {event.signature}{who}")
    if event.landing:
        review = f"review {event.landing.review}, " if event.landing.review else ""
        parts.append(f"brought in by {review}merge {event.landing.commit[:10]}")
    return "  ".join(parts)


def _line(record: str, change: Any, case: str) -> str:
    field = change.field if record == case else f"{record} {change.field}"
    if change.is_private and any(value in (MARK, PRIVATE) for value in (change.old, change.new)):
        verb = "added" if change.old is None else "removed" if change.new is None else "changed"
        return f"{field}: {verb} (private)"
    if change.old is None:
        return f"{field}: {text_of(change.new)}"
    return f"{field}: {text_of(change.old)} -> {text_of(change.new)}"


def text_of(value: Any) -> str:
    """A value as one line of text."""
    if value is None:
        return "(none)"
    if isinstance(value, list):
        return ", ".join(text_of(item) for item in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value)
