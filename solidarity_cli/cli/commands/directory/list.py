"""`solidarity directory list`: who gives which help, where, in which language; and who may fit a case."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.options import AsJson, AsOf, code, code_option, record_ids
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.reports import directory

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
    reader = session.register.reading(as_of)
    service = code(reader.schemas.words, "service", service, "--service")
    country, language = a_country(reader, country), a_language(language)
    facts = reader.facts()
    case = _case(facts, reader.find(for_)) if for_ else None
    # Somebody who has fled is helped where they are now: --country says where, against what the case has.
    place = country or (case.subject.country.replace("XX", "") if case else "")
    organisations = directory.list_entries(facts, service=service, country=place, language=language)
    fits = {fit.organisation.id: fit for fit in directory.fitting(case, facts, among=organisations)} if case else {}
    selection = [fit.organisation for fit in fits.values()] if case else list(organisations)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(
            to_json([directory.as_plain(organisation, facts, fits.get(organisation.id)) for organisation in selection])
        )
        return
    session.rows(
        _COLUMNS,
        [_cells(organisation) for organisation in selection]
        if not session.quiet
        else [(organisation.id,) for organisation in selection],
    )
    _remark(session, facts, case, [organisation.id for organisation in selection])


def _case(facts: Facts, name: str) -> Case:
    if name not in facts.cases:
        raise Refused(f"{name} is no valid record", hint=f"solidarity validate {name}")
    return facts.cases[name]


def _cells(organisation: Organisation) -> tuple[str, ...]:
    days = f"{organisation.response_days} days" if organisation.response_days is not None else ""
    countries = ",".join(organisation.countries) or "everywhere"
    return (
        organisation.id,
        ",".join(organisation.services),
        countries,
        ",".join(organisation.languages),
        days,
        organisation.checked,
        organisation.name,
    )


def _remark(session: Session, facts: Facts, case: Case | None, entry_ids: list[str]) -> None:
    from solidarity_cli.core.rules.mandate import is_at_risk

    for entry in entry_ids:
        if directory.is_unchecked(facts.directory[entry], facts):
            session.note(
                f"{entry} was not checked for long; ask whether it is right: solidarity directory check {entry}"
            )
    if case is None:
        if not entry_ids:
            session.note("no such organisation in the directory: solidarity directory add")
    elif not is_at_risk(case, case.assessment):
        session.note("only individuals whose life or freedom is at risk by an assessment are referred")
    elif entry_ids:
        session.note(
            f"next: solidarity link-action {case.id} --type referral --to-organisation {entry_ids[0]} --service …"
        )
    else:
        session.note("nobody in the directory fits by country and help: solidarity directory list --service …")


def a_country(reader: Reader, text: str) -> str:
    """Two letters of a country; its English name is understood as a question.

    Raises UsageError, without repeating it.
    """
    if not text:
        return ""
    shape = reader.schemas.shape("directory")["properties"]["countries"]["items"]
    names = dict(zip(shape["enum"], shape["markdownEnumDescriptions"], strict=True))
    if (country_code := text.upper()) in names and country_code != "XX":
        return country_code
    suggestions = get_close_matches(text.title(), names.values(), n=1, cutoff=0.7)
    guess = [f"did you mean {near_code} ({name})?" for near_code, name in names.items() if name in suggestions]
    raise UsageError("--country has no such country", hint="; ".join([*guess, "two letters, such as RU or DE"]))


def a_language(text: str) -> str:
    """Two letters of a language. Raises UsageError."""
    language_code = text.lower()
    if text and not (len(language_code) == 2 and language_code.isascii() and language_code.isalpha()):
        raise UsageError("--language is two letters", hint="--language ru")
    return language_code
