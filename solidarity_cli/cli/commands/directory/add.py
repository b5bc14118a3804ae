"""`solidarity directory add` and `directory check`: an organisation written down, and found to be right."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.directory.list import a_country, a_language
from solidarity_cli.cli.commands.options import By, DryRun, OnDate, code_option, codes, require_options
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.verbs import directory


def add(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="Its short name, such as example-relief.")],
    name: Annotated[str, typer.Option(metavar="N", help="What it is called.", show_default=False)] = "",
    service: Annotated[
        list[str] | None, code_option("service", "--service", help="Help it gives; may be repeated.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(metavar="CC", help="Where; may be repeated; without it everywhere.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(metavar="L", help="In which it can be asked; may be repeated.")
    ] = None,
    channel: Annotated[
        str, typer.Option(metavar="C", help="How it is asked: a public address or form.", show_default=False)
    ] = "",
    accepts: Annotated[
        str, typer.Option(metavar="TEXT", help="Whom it helps, on what conditions.", show_default=False)
    ] = "",
    public_key: Annotated[
        str, typer.Option(metavar="K", help="Its public key, age1…, confirmed by another way.", show_default=False)
    ] = "",
    response_days: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, max=3660, help="Within how many days it answers.", show_default=False),
    ] = None,
    date: OnDate = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Add an organisation that gives emergency help. Only what is public knowledge belongs here."""
    session: Session = ctx.obj
    register, now = session.register, session.register.now
    require_options(name=name, service=" ".join(service or ()), channel=channel)
    answers = {
        "name": name,
        "services": codes(now.schemas.words, "service", service or (), "--service"),
        "accepts": accepts,
        "countries": [a_country(now, value) for value in _split_values(country)],
        "languages": [a_language(value) for value in _split_values(language)],
        "channel": channel,
        "public_key": _check_key(public_key),
        "response_days": response_days,
    }
    plain = directory.add_organisation(entry, answers, known=now.paths, on=session.day(date))
    plan = register.plan("directory-add", new={entry: plain}, by=by)
    session.carry_out(
        plan, answer=entry, message=f"{entry} added", next_step="solidarity directory list", dry_run=dry_run
    )


def check(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The organisation, or an unambiguous part of its id.")],
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="What was not right: response_days=14")
    ] = None,
    removals: Annotated[list[str] | None, typer.Option("--unset", metavar="FIELD", help="Take a field away.")] = None,
    date: OnDate = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Record that somebody asked an organisation, and its entry is right, or is put right with it."""
    from solidarity_cli.core.model import Organisation
    from solidarity_cli.core.verbs.edit import edit

    session: Session = ctx.obj
    register, day = session.register, session.day(date)
    organisation = Organisation.from_plain(register.now.valid(register.now.find(entry, "directory")))
    edits = edit(settings or (), removals or (), register.now.schemas.shape("directory"))
    check_edits = directory.check_organisation(organisation, on=day)
    plan = register.plan("directory-check", edits={organisation.id: (*edits, *check_edits)}, by=by)
    session.carry_out(
        plan, answer=organisation.id, message=f"{organisation.id} checked on {day.isoformat()}", dry_run=dry_run
    )


def _split_values(options: list[str] | None) -> list[str]:
    """Several values; one option may hold some between commas."""
    return list(dict.fromkeys(value.strip() for part in options or () for value in part.split(",") if value.strip()))


def _check_key(key: str) -> str:
    """A key that packets can be encrypted to, or one of another kind, which the directory only keeps."""
    if key.startswith("age1"):
        from solidarity_cli.crypto.identities import is_public_key

        if not is_public_key(key):
            raise UsageError("--public-key is no whole key of age", hint="copy it anew: age1 and 58 letters and digits")
    return key
