"""`solidarity list`: cases by their open fields, and by words."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from solidarity_cli.commands.options import AsJson, AsOf, a_date, coded
from solidarity_cli.core.errors import Usage
from solidarity_cli.core.figures.listing import Row, next_date
from solidarity_cli.session import Session

_COLUMNS = ("id", "status", "received", "country", "urgency", "decision", "next_date", "title")
_SORTABLE = ("received", "status", "country", "urgency", "decision", "title", "id", "next_date")
_URGENT_FIRST = {"urgent": 0, "high": 1, "normal": 2, "": 3, "low": 4}


def main(
    ctx: typer.Context,
    status: Annotated[str, coded("status", "--status", help="Cases in this status.")] = "",
    country: Annotated[str, typer.Option(metavar="CC", help="Cases in this country.")] = "",
    incident: Annotated[str, coded("incident", "--incident", help="Cases with such an incident.")] = "",
    membership: Annotated[str, coded("membership", "--membership", help="Members, non-members, unknown.")] = "",
    urgency: Annotated[str, coded("urgency", "--urgency", help="Cases of this urgency.")] = "",
    decision: Annotated[str, coded("decision", "--decision", help="Cases whose newest decision is this.")] = "",
    since: Annotated[str, typer.Option(metavar="D", help="Received on or after.")] = "",
    until: Annotated[str, typer.Option(metavar="D", help="Received on or before.")] = "",
    search: Annotated[str, typer.Option(metavar="TEXT", help="Words of the case, private ones too.")] = "",
    sort: Annotated[str, typer.Option(metavar="KEY", help=", ".join(_SORTABLE) + ".")] = "",
    limit: Annotated[int, typer.Option(metavar="N", min=0, help="At most so many.", show_default=False)] = 0,
    as_of: AsOf = "",
    as_json: AsJson = False,
    ids: Annotated[bool, typer.Option("--ids", help="Only the ids.")] = False,
) -> None:
    """List cases."""
    session: Session = ctx.obj
    reading = session.register.reading(as_of)
    asked = {"status": status, "incident": incident, "membership": membership, "urgency": urgency, "decision": decision}
    where = {("incidents" if name == "incident" else name): value for name, value in asked.items() if value}
    where |= {"country": country.upper()} if country else {}
    rows = reading.rows(where, since=_first(since), until=_last(until))
    if not rows:
        _known_codes(reading, asked)
    if search:
        found = _found(reading, search)
        rows = [row for row in rows if row.id in found or _folded(search) in _folded(f"{row.id} {row.title}")]
    rows = _sorted(rows, sort, session)[: limit or None]
    _answer(session, reading, rows, as_json=as_json, ids=ids or session.quiet)


def _known_codes(reading: Any, asked: dict[str, str]) -> None:
    """Tell a code that there is not from one that no case has; only asked when nothing was found."""
    from solidarity_cli.commands.options import code

    for name, value in asked.items():
        code(reading.schemas.words, name, value, f"--{name}")


def _first(text: str) -> str:
    from solidarity_cli.core.dates import first_day

    return first_day(a_date(text, "--since")).isoformat() if text else ""


def _last(text: str) -> str:
    from solidarity_cli.core.dates import last_day

    return last_day(a_date(text, "--until")).isoformat() if text else ""


def _folded(text: str) -> str:
    from solidarity_cli.folding import fold

    return fold(text)


def _found(reading: Any, search: str) -> set[str]:
    """The cases whose private part holds the words, whatever alphabet they are typed in."""
    wanted = _folded(search)
    return {case for case, private in reading.privates() if wanted in _folded(" ".join(_texts(private)))}


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for below in value.values() for text in _texts(below)]
    if isinstance(value, list):
        return [text for below in value for text in _texts(below)]
    return [value] if isinstance(value, str) else []


def _sorted(rows: list[Row], key: str, session: Session) -> list[Row]:
    """Newest first unless a key is named; then in the order of that key, the empty ones last."""
    if not key:
        return sorted(rows, key=lambda row: (row.received, row.id), reverse=True)
    if key not in _SORTABLE:
        raise Usage("--sort has no such key", hint=", ".join(_SORTABLE))
    if key == "urgency":
        return sorted(rows, key=lambda row: (_URGENT_FIRST.get(row.urgency, 9), row.received, row.id))

    def value(row: Row) -> tuple[bool, str, str]:
        text = next_date(row.dates, session.today) if key == "next_date" else str(getattr(row, key))
        return (not text, text, row.id)

    return sorted(rows, key=value)


def _answer(session: Session, reading: Any, rows: list[Row], *, as_json: bool, ids: bool) -> None:
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(_plain(session, reading, rows)))
        return
    if ids:
        session.say("\n".join(row.id for row in rows))
        return
    session.rows(_COLUMNS, [_cells(row, session) for row in rows])
    if session.on_terminal:
        session.remark(
            f"{len(rows)} cases; one of them: solidarity show ID" if rows else "no case; solidarity new-case"
        )


def _cells(row: Row, session: Session) -> tuple[str, ...]:
    upcoming = next_date(row.dates, session.today)
    return (row.id, row.status, row.received, row.country, row.urgency, row.decision, upcoming, row.title)


def _plain(session: Session, reading: Any, rows: list[Row]) -> list[dict[str, Any]]:
    from solidarity_cli.inspection import inspect

    chosen = [row.id for row in rows]
    actions = reading.actions_naming(chosen)
    wrong: dict[str, list[str]] = {}
    for located in inspect(reading, chosen, lines=False):
        wrong.setdefault(located.finding.record, []).append(located.finding.rule)
    return [
        {
            "id": row.id,
            "title": row.title,
            "status": row.status,
            "received": row.received,
            "country": row.country,
            "subject_kind": row.subject_kind,
            "membership": row.membership,
            "incidents": list(row.incidents),
            "urgency": row.urgency,
            "decision": row.decision,
            "risk_level": row.risk_level,
            "actions": actions.get(row.id, []),
            "next_date": next_date(row.dates, session.today),
            "findings": sorted(set(wrong.get(row.id, []))),
        }
        for row in rows
    ]
