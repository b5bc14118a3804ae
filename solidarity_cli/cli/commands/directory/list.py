"""`solidarity directory list`: who gives which help, where, in which language; and who may fit a case."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.options import AsJson, AsOf, code, code_option, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.reports import directory as figures

if TYPE_CHECKING:
    from solidarity_cli.core.facts import Facts
    from solidarity_cli.core.model import Case, Organisation
    from solidarity_cli.register.reader import Reader

_COLUMNS = ("id", "services", "countries", "languages", "answers in", "checked", "name")


def list_organisations(
    ctx: typer.Context,
    service: Annotated[str, code_option("service", "--service", help="Those that give this help.")] = "",
    country: Annotated[str, typer.Option(metavar="CC", help="Those that help there.", show_default=False)] = "",
    language: Annotated[str, typer.Option(metavar="L", help="Those that can be asked in it.", show_default=False)] = "",
    for_: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="ID",
            help="Those that may fit this case, the most fitting first.",
            show_default=False,
            autocompletion=record_ids("cases"),
        ),
    ] = "",
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """List organisations that give emergency help: by service, country and language, or those that may fit a case."""
    session: Session = ctx.obj
    reading = session.register.reading(as_of)
    service = code(reading.schemas.words, "service", service, "--service")
    country, language = a_country(reading, country), a_language(language)
    facts = reading.facts()
    case = _case(facts, reading.find(for_)) if for_ else None
    # Somebody who has fled is helped where they are now: --country says where, against what the case has.
    there = country or (case.subject.country.replace("XX", "") if case else "")
    found = figures.list_entries(facts, service=service, country=there, language=language)
    fits = {one.organisation.id: one for one in figures.fitting(case, facts, among=found)} if case else {}
    shown = [one.organisation for one in fits.values()] if case else list(found)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json([figures.as_plain(one, facts, fits.get(one.id)) for one in shown]))
        return
    session.rows(_COLUMNS, [_cells(one) for one in shown] if not session.quiet else [(one.id,) for one in shown])
    _remark(session, facts, case, [one.id for one in shown])


def _case(facts: Facts, name: str) -> Case:
    if name not in facts.cases:
        raise Refused(f"{name} is no valid record", hint=f"solidarity validate {name}")
    return facts.cases[name]


def _cells(one: Organisation) -> tuple[str, ...]:
    days = f"{one.response_days} days" if one.response_days is not None else ""
    where = ",".join(one.countries) or "everywhere"
    return (one.id, ",".join(one.services), where, ",".join(one.languages), days, one.checked, one.name)


def _remark(session: Session, facts: Facts, case: Case | None, shown: list[str]) -> None:
    from solidarity_cli.core.rules.mandate import is_at_risk

    for one in shown:
        if figures.is_unchecked(facts.directory[one], facts):
            session.note(f"{one} was not checked for long; ask whether it is right: solidarity directory check {one}")
    if case is None:
        if not shown:
            session.note("no such organisation in the directory: solidarity directory add")
    elif not is_at_risk(case, case.assessment):
        session.note("only individuals whose life or freedom is at risk by an assessment are referred")
    elif shown:
        session.note(f"next: solidarity link-action {case.id} --type referral --to-organisation {shown[0]} --service …")
    else:
        session.note("nobody in the directory fits by country and help: solidarity directory list --service …")


def a_country(reading: Reader, typed: str) -> str:
    """Two letters of a country; its English name is understood as a question.

    Raises UsageError, without repeating it.
    """
    if not typed:
        return ""
    shape = reading.schemas.shape("directory")["properties"]["countries"]["items"]
    names = dict(zip(shape["enum"], shape["markdownEnumDescriptions"], strict=True))
    if (wanted := typed.upper()) in names and wanted != "XX":
        return wanted
    near = get_close_matches(typed.title(), names.values(), n=1, cutoff=0.7)
    guess = [f"did you mean {one} ({name})?" for one, name in names.items() if name in near]
    raise UsageError("--country has no such country", hint="; ".join([*guess, "two letters, such as RU or DE"]))


def a_language(typed: str) -> str:
    """Two letters of a language. Raises UsageError."""
    wanted = typed.lower()
    if typed and not (len(wanted) == 2 and wanted.isascii() and wanted.isalpha()):
        raise UsageError("--language is two letters", hint="--language ru")
    return wanted
