"""`solidarity list`: cases by their open fields, and by words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from solidarity_cli.cli.commands.options import AsJson, AsOf, By, DryRun, a_date, code_option
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import SolidarityError, UsageError
from solidarity_cli.core.sortable_dates import day
from solidarity_cli.reports.case_row import Row, as_plain, next_date

_COLUMNS = ("id", "status", "received", "country", "urgency", "decision", "next_date", "title")
_SORTABLE = ("received", "status", "country", "urgency", "decision", "title", "id", "next_date")
_CODED = ("status", "incident", "membership", "urgency", "decision")
_COLUMN = {"incident": "incidents"}
"""The filters whose value is a code, and the column of one that is called otherwise."""

_URGENT_FIRST = {"urgent": 0, "high": 1, "normal": 2, "": 3, "low": 4}


def views(incomplete: str) -> list[str]:
    """Completion of the views that `register.yaml` keeps."""
    from solidarity_cli.cli.session import find_root
    from solidarity_cli.records.read import UnreadableError, read

    try:
        kept = read((find_root(None) / "register.yaml").read_bytes()).get("views") or {}
    except (SolidarityError, OSError, UnreadableError):
        return []
    return [f"@{name}" for name in kept if f"@{name}".startswith(incomplete)]


def main(
    ctx: typer.Context,
    named: Annotated[
        str,
        typer.Argument(metavar="[@VIEW]", help="A kept list; options change it. @ alone: which.", autocompletion=views),
    ] = "",
    status: Annotated[str, code_option("status", "--status", help="Cases in this status.")] = "",
    country: Annotated[str, typer.Option(metavar="CC", help="Cases in this country.")] = "",
    incident: Annotated[str, code_option("incident", "--incident", help="Cases with such an incident.")] = "",
    membership: Annotated[str, code_option("membership", "--membership", help="Members, non-members, unknown.")] = "",
    urgency: Annotated[str, code_option("urgency", "--urgency", help="Cases of this urgency.")] = "",
    decision: Annotated[str, code_option("decision", "--decision", help="Cases whose newest decision is this.")] = "",
    since: Annotated[str, typer.Option(metavar="D", help="Received on or after.")] = "",
    until: Annotated[str, typer.Option(metavar="D", help="Received on or before.")] = "",
    ahead: Annotated[
        int | None,
        typer.Option(metavar="DAYS", min=0, max=3660, help="With a date within so many days.", show_default=False),
    ] = None,
    search: Annotated[
        str, typer.Option(metavar="TEXT", help="Words of the case, private ones too, in any alphabet; typos forgiven.")
    ] = "",
    sort: Annotated[str, typer.Option(metavar="KEY", help=", ".join(_SORTABLE) + ".")] = "",
    limit: Annotated[int, typer.Option(metavar="N", min=0, help="At most so many.", show_default=False)] = 0,
    as_of: AsOf = "",
    as_json: AsJson = False,
    ids: Annotated[bool, typer.Option("--ids", help="Only the ids.")] = False,
    save_as: Annotated[str, typer.Option(metavar="NAME", help="Keep these filters as @NAME for everybody.")] = "",
    dry_run: DryRun = False,
    by: By = "",
) -> None:
    """List cases."""
    session: Session = ctx.obj
    if named == "@":
        _list_views(session, as_json=as_json)
        return
    first = {"status": status, "country": country.upper(), "incident": incident, "membership": membership}
    others = {"urgency": urgency, "decision": decision, "since": since, "until": until, "ahead": ahead}
    typed = first | others | {"sort": sort, "limit": limit or None}
    asked = {**_view(session, named), **{name: value for name, value in typed.items() if value not in ("", None)}}
    if save_as:
        if search or as_of:
            raise UsageError(
                "a view keeps no --search and no --as-of: it stands open, and words may be somebody's",
                hint="give them beside it: solidarity list @NAME --search …",
            )
        _save(session, save_as.removeprefix("@"), asked, by=by, dry_run=dry_run)
        return
    reading = session.register.reading(as_of)
    rows = _rows(session, reading, asked)
    exact, near = _found(reading, rows, search) if search else (rows, [])
    key, most = asked.get("sort", ""), asked.get("limit")
    exact = _sorted(exact, key, session)[:most]
    near = _sorted(near, key, session)[: None if most is None else most - len(exact)]
    _answer(session, reading, exact, near, as_json=as_json, ids=ids or session.quiet)
    session.warn_skipped(reading.uncounted_files())


def _view(session: Session, named: str) -> Mapping[str, Any]:
    if not named:
        return {}
    from solidarity_cli.register.views import view

    return view(session.register.now, named)


def _list_views(session: Session, *, as_json: bool) -> None:
    from solidarity_cli.register.views import as_typed

    kept = session.register.now.charter.views
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json({name: dict(filters) for name, filters in kept.items()}))
        return
    if session.quiet:
        session.say("\n".join(f"@{name}" for name in kept))
    elif kept:
        session.rows(("view", "filters"), [(f"@{name}", as_typed(filters)) for name, filters in kept.items()])
    else:
        session.note("no view is kept; one is: solidarity list --ahead 14 --save-as soon")


def _save(session: Session, name: str, asked: Mapping[str, Any], *, by: str, dry_run: bool) -> None:
    from solidarity_cli.register.views import as_typed, plan_view

    if not asked:
        raise UsageError("a view needs a filter", hint="solidarity list --ahead 14 --save-as soon")
    now = session.register.now
    _known_codes(now, asked)
    _dates(asked)
    _sort_key(asked.get("sort", ""))
    plan = plan_view(now, name, asked, by=by)
    session.carry_out(
        plan,
        answer=f"@{name}",
        said=f"@{name} is now: {as_typed(asked)}",
        next_step=f"solidarity list @{name}",
        dry_run=dry_run,
    )


def _rows(session: Session, reading: Any, asked: Mapping[str, Any]) -> list[Row]:
    """The cases that pass all filters."""
    where = {_COLUMN.get(name, name): asked[name] for name in (*_CODED, "country") if name in asked}
    since, until = _dates(asked)
    rows: list[Row] = reading.rows(where, since=since, until=until)
    if not rows:
        _known_codes(reading, asked)
    if "ahead" not in asked:
        return rows
    last = _last_of(session, asked["ahead"])
    return [row for row in rows if (soonest := next_date(row.dates, session.today)) and day(soonest) <= last]


def _known_codes(reading: Any, asked: Mapping[str, Any]) -> None:
    """Tell a code that there is not from one that no case has: asked when nothing was found, and before it is kept."""
    from solidarity_cli.cli.commands.options import code

    for name in _CODED:
        code(reading.schemas.words, name, asked.get(name, ""), f"--{name}")


def _dates(asked: Mapping[str, Any]) -> tuple[str, str]:
    """The first and the last day of receipt that are asked for; empty where any will do."""
    from solidarity_cli.core.dates import first_day, last_day

    since, until = a_date(asked.get("since", ""), "--since"), a_date(asked.get("until", ""), "--until")
    return first_day(since).isoformat() if since else "", last_day(until).isoformat() if until else ""


def _last_of(session: Session, days: int) -> str:
    from datetime import timedelta

    return (session.today + timedelta(days=days)).isoformat()


def _found(reading: Any, rows: list[Row], text: str) -> tuple[list[Row], list[Row]]:
    """The rows whose case holds the words, in its private part too; and those that do with a letter changed."""
    from solidarity_cli.register.matching.search import Query, search

    wanted = Query(text)
    if wanted.is_empty:
        raise UsageError("--search has no word to look for", hint="solidarity list --search NAME")
    return search(wanted, rows, reading.privates(), reading.schemas.words)


def _sorted(rows: list[Row], key: str, session: Session) -> list[Row]:
    """Newest first unless a key is named; then in the order of that key, the empty ones last."""
    if not key:
        return sorted(rows, key=lambda row: (row.received, row.id), reverse=True)
    _sort_key(key)
    if key == "urgency":
        return sorted(rows, key=lambda row: (_URGENT_FIRST.get(row.urgency, 9), row.received, row.id))

    def value(row: Row) -> tuple[bool, str, str]:
        text = next_date(row.dates, session.today) if key == "next_date" else str(getattr(row, key))
        return (not text, text, row.id)

    return sorted(rows, key=value)


def _sort_key(key: str) -> None:
    if key and key not in _SORTABLE:
        raise UsageError("--sort has no such key", hint=", ".join(_SORTABLE))


def _answer(session: Session, reading: Any, exact: list[Row], near: list[Row], *, as_json: bool, ids: bool) -> None:
    rows = [*exact, *near]
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(_plain(session, reading, rows)))
        return
    if ids:
        session.say("\n".join(row.id for row in rows))
        return
    if not session.on_terminal:  # one record a line, and nothing between
        session.rows(_COLUMNS, [_cells(row, session) for row in rows])
        return
    if exact or not near:
        session.rows(_COLUMNS, [_cells(row, session) for row in exact])
    if near:
        session.note("also, with a letter or two changed:" if exact else "none as typed; with a letter or two changed:")
        session.rows(_COLUMNS, [_cells(row, session) for row in near])
    session.note(f"cases: {len(rows)}; one of them: solidarity show ID" if rows else "no case; solidarity new-case")


def _cells(row: Row, session: Session) -> tuple[str, ...]:
    upcoming = next_date(row.dates, session.today)
    return (row.id, row.status, row.received, row.country, row.urgency, row.decision, upcoming, row.title)


def _plain(session: Session, reading: Any, rows: list[Row]) -> list[dict[str, Any]]:
    from solidarity_cli.register.validate import inspect

    chosen = [row.id for row in rows]
    actions = reading.actions_naming(chosen)
    wrong: dict[str, list[str]] = {}
    for located in inspect(reading, chosen, lines=False):
        wrong.setdefault(located.finding.record, []).append(located.finding.rule)
    return [
        as_plain(row, session.today, actions=actions.get(row.id, []), findings=sorted(set(wrong.get(row.id, []))))
        for row in rows
    ]
