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
        views_by_name = read((find_root(None) / "register.yaml").read_bytes()).get("views") or {}
    except (SolidarityError, OSError, UnreadableError):
        return []
    return [f"@{name}" for name in views_by_name if f"@{name}".startswith(incomplete)]


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
    options = first | others | {"sort": sort, "limit": limit or None}
    filters = {**_view(session, named), **{name: value for name, value in options.items() if value not in ("", None)}}
    if save_as:
        if search or as_of:
            raise UsageError(
                "a view keeps no --search and no --as-of: it stands open, and words may be somebody's",
                hint="give them beside it: solidarity list @NAME --search …",
            )
        _save(session, save_as.removeprefix("@"), filters, by=by, dry_run=dry_run)
        return
    reader = session.register.reading(as_of)
    rows = _rows(session, reader, filters)
    exact, approximate = _search(reader, rows, search) if search else (rows, [])
    key, maximum = filters.get("sort", ""), filters.get("limit")
    exact = _sort(exact, key, session)[:maximum]
    approximate = _sort(approximate, key, session)[: None if maximum is None else maximum - len(exact)]
    _print(session, reader, exact, approximate, as_json=as_json, ids=ids or session.quiet)
    session.warn_skipped(reader.uncounted_files())


def _view(session: Session, argument: str) -> Mapping[str, Any]:
    if not argument:
        return {}
    from solidarity_cli.register.saved_views import view

    return view(session.register.now, argument)


def _list_views(session: Session, *, as_json: bool) -> None:
    from solidarity_cli.register.saved_views import as_typed

    views_by_name = session.register.now.charter.views
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json({name: dict(filters) for name, filters in views_by_name.items()}))
        return
    if session.quiet:
        session.say("\n".join(f"@{name}" for name in views_by_name))
    elif views_by_name:
        session.rows(("view", "filters"), [(f"@{name}", as_typed(filters)) for name, filters in views_by_name.items()])
    else:
        session.note("no view is kept; one is: solidarity list --ahead 14 --save-as soon")


def _save(session: Session, name: str, filters: Mapping[str, Any], *, by: str, dry_run: bool) -> None:
    from solidarity_cli.register.saved_views import as_typed, plan_view

    if not filters:
        raise UsageError("a view needs a filter", hint="solidarity list --ahead 14 --save-as soon")
    now = session.register.now
    _check_codes(now, filters)
    _dates(filters)
    _sort_key(filters.get("sort", ""))
    plan = plan_view(now, name, filters, by=by)
    session.carry_out(
        plan,
        answer=f"@{name}",
        message=f"@{name} is now: {as_typed(filters)}",
        next_step=f"solidarity list @{name}",
        dry_run=dry_run,
    )


def _rows(session: Session, reader: Any, filters: Mapping[str, Any]) -> list[Row]:
    """The cases that pass all filters."""
    columns = {_COLUMN.get(name, name): filters[name] for name in (*_CODED, "country") if name in filters}
    since, until = _dates(filters)
    rows: list[Row] = reader.rows(columns, since=since, until=until)
    if not rows:
        _check_codes(reader, filters)
    if "ahead" not in filters:
        return rows
    last = _last_day(session, filters["ahead"])
    return [row for row in rows if (soonest := next_date(row.dates, session.today)) and day(soonest) <= last]


def _check_codes(reader: Any, filters: Mapping[str, Any]) -> None:
    """Tell a code that there is not from one that no case has: asked when nothing was found, and before it is kept."""
    from solidarity_cli.cli.commands.options import code

    for name in _CODED:
        code(reader.schemas.words, name, filters.get(name, ""), f"--{name}")


def _dates(filters: Mapping[str, Any]) -> tuple[str, str]:
    """The first and the last day of receipt that are asked for; empty where any will do."""
    from solidarity_cli.core.dates import first_day, last_day

    since, until = a_date(filters.get("since", ""), "--since"), a_date(filters.get("until", ""), "--until")
    return first_day(since).isoformat() if since else "", last_day(until).isoformat() if until else ""


def _last_day(session: Session, days: int) -> str:
    from datetime import timedelta

    return (session.today + timedelta(days=days)).isoformat()


def _search(reader: Any, rows: list[Row], text: str) -> tuple[list[Row], list[Row]]:
    """The rows whose case holds the words, in its private part too; and those that do with a letter changed."""
    from solidarity_cli.register.matching.search import Query, search

    query = Query(text)
    if query.is_empty:
        raise UsageError("--search has no word to look for", hint="solidarity list --search NAME")
    return search(query, rows, reader.privates(), reader.schemas.words)


def _sort(rows: list[Row], key: str, session: Session) -> list[Row]:
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


def _print(
    session: Session, reader: Any, exact: list[Row], approximate: list[Row], *, as_json: bool, ids: bool
) -> None:
    rows = [*exact, *approximate]
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(_plain(session, reader, rows)))
        return
    if ids:
        session.say("\n".join(row.id for row in rows))
        return
    if not session.on_terminal:  # one record a line, and nothing between
        session.rows(_COLUMNS, [_cells(row, session) for row in rows])
        return
    if exact or not approximate:
        session.rows(_COLUMNS, [_cells(row, session) for row in exact])
    if approximate:
        session.note("also, with a letter or two changed:" if exact else "none as typed; with a letter or two changed:")
        session.rows(_COLUMNS, [_cells(row, session) for row in approximate])
    session.note(f"cases: {len(rows)}; one of them: solidarity show ID" if rows else "no case; solidarity new-case")


def _cells(row: Row, session: Session) -> tuple[str, ...]:
    upcoming = next_date(row.dates, session.today)
    return (row.id, row.status, row.received, row.country, row.urgency, row.decision, upcoming, row.title)


def _plain(session: Session, reader: Any, rows: list[Row]) -> list[dict[str, Any]]:
    from solidarity_cli.register.validate import inspect

    case_ids = [row.id for row in rows]
    actions = reader.actions_naming(case_ids)
    rules_by_record: dict[str, list[str]] = {}
    for located in inspect(reader, case_ids, lines=False):
        rules_by_record.setdefault(located.finding.record, []).append(located.finding.rule)
    return [
        as_plain(
            row, session.today, actions=actions.get(row.id, []), findings=sorted(set(rules_by_record.get(row.id, [])))
        )
        for row in rows
    ]
