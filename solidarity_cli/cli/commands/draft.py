"""`solidarity draft`: a starting text for a statement, a letter, or the brief of a mission. Nothing sends it."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import CaseArgument, require_options
from solidarity_cli.cli.session import Session
from solidarity_cli.core.audience.filter import Audience, filter_record, may_be_public
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.model import Case
from solidarity_cli.interchange.documents.drafts import LANGUAGES
from solidarity_cli.register.reader import Reader
from solidarity_cli.reports.draft_values import KINDS, Language, omissions, values_for


def main(
    ctx: typer.Context,
    case: CaseArgument,
    kind: Annotated[str, typer.Option("--type", metavar="T", help=", ".join(KINDS) + ".")] = "",
    language: Annotated[str, typer.Option(metavar="L", help=", ".join(LANGUAGES) + ".")] = "",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="A new file outside the register; yours alone.")
    ] = "",
) -> None:
    """Make a starting text from a template: alleged facts as alleged, names only where consent says so.

    Nothing is sent and nothing is committed. Templates of the register come first: templates/TYPE.LANGUAGE.md.
    """
    session: Session = ctx.obj
    require_options(type=kind)
    if kind not in KINDS:
        raise UsageError("--type has no such value", hint=", ".join(KINDS))
    reader = session.register.now
    output_language = language or next(
        (available for available in reader.charter.languages if available in LANGUAGES), "en"
    )
    if output_language not in LANGUAGES:
        raise UsageError("--language has no such language", hint=", ".join(LANGUAGES))
    name = reader.find(case)
    _write(session, reader, name, kind, output_language, output)


def _write(session: Session, reader: Reader, name: str, kind: str, language: str, output: str) -> None:
    from solidarity_cli.interchange.documents import drafts, write
    from solidarity_cli.render.locale_names import Names

    file = write.place(output, session.register.ledger, private=True) if output else None
    subject = reader.facts([name]).cases.get(name) or Case.from_plain(reader.valid(name))
    if subject.erasure:
        raise Refused(f"the private part of {name} was erased, so nothing is drafted", hint=f"solidarity show {name}")
    public, has_name = _public(session, reader, subject)
    words = reader.schemas.words
    locale = Language(language, words, Names(language), drafts.phrases(language))
    values = values_for(kind, subject, public, locale, charter=reader.charter, on=session.today)
    text = drafts.draft(session.root, kind, language, values)
    if file:
        write.create_file(file, text.encode(), private=True)
        session.note(f"written: {output}, readable by you only")
    else:
        session.say(text)
    for line in omissions(subject, values, words, has_name=has_name, on=session.today):
        session.note(f"left out: {line}")


def _public(session: Session, reader: Reader, subject: Case) -> tuple[dict[str, object] | None, bool]:
    """What the public may see of a case, None for nothing; and whether it has a name. Opened only where told."""
    if not may_be_public(subject, on=session.today):
        return None, True
    plain = reader.valid(subject.id)
    has_name = bool((plain.get("private") or {}).get("subject_name"))
    return filter_record(plain, Audience("public"), on=session.today, cases={subject.id: subject}), has_name
