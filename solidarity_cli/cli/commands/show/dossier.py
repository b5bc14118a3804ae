"""The dossier: one case as Markdown, HTML or PDF for one audience, to stdout or into a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from solidarity_cli.cli.commands.show.view import View, view_of, wording_in
from solidarity_cli.cli.session import Session
from solidarity_cli.core.audience.filter import Audience, consent_to_share
from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.model import Case
from solidarity_cli.core.token_format import MARK
from solidarity_cli.interchange.documents import write
from solidarity_cli.register.reader import Reader
from solidarity_cli.reports.pages.dossier import dossier, recipient_lines

if TYPE_CHECKING:
    from solidarity_cli.reports.pages.case_wording import CaseWording

PRIVATE = ("internal", "recipient")
"""The audiences whose paper holds private values."""


def hand_over(
    session: Session, reader: Reader, name: str, audience: Audience, form: str, output: str, *, language: str
) -> None:
    """The paper of a case, made whole before anything is written."""
    from solidarity_cli.render.file_formats import BINARY, page_as

    private = audience.kind in PRIVATE
    file = write.place(output, session.register.ledger, private=private) if output else None
    if form in BINARY and file is None and session.on_terminal:
        raise UsageError(f"a terminal cannot show {form.upper()}", hint=f"name a file: -o case.{form}")
    view = view_of(session, reader, name, audience)
    wording, commit = wording_in(language, reader), session.register.commit_of(reader)
    page = view.page(wording, _lines(session, reader, name, audience, wording))
    data = page_as(dossier(page, audience, wording, on=session.today, commit=commit), form)
    if file is None:
        _to_stdout(session, data)
    else:
        write.create_file(file, data, private=private)
        session.note(f"written: {output}" + (", readable by you only" if private else ""))
    _remark(session, name, audience, view)


def _lines(session: Session, reader: Reader, name: str, audience: Audience, wording: CaseWording) -> tuple[str, ...]:
    if audience.kind != "recipient":
        return ()
    facts = reader.facts([name])
    consent = consent_to_share(
        facts.cases.get(name) or Case.from_plain(reader.valid(name)), audience.organisation, on=session.today
    )
    known = facts.directory.get(audience.organisation)
    return recipient_lines(
        wording,
        organisation=known.name if known else audience.organisation,
        sender=sender(reader),
        consent=consent.entry,
        on=session.today,
    )


def sender(reader: Reader) -> str:
    """Who a paper for others is from: the Group, and the address of its role."""
    charter = reader.charter
    return charter.name + (f" ({charter.contact})" if charter.contact else "")


def _remark(session: Session, name: str, audience: Audience, view: View) -> None:
    if audience.kind in PRIVATE and MARK in view.case.get("private", {}).values():
        session.note(f"what is sealed to you of {name} stands there as {MARK}")
    if audience.kind == "recipient":
        session.note("this is in the clear, and the register does not say that it was shared: -o packet.age does both")


def _to_stdout(session: Session, data: bytes) -> None:
    """To stdout, byte for byte: no line end is translated on its way."""
    if session.on_terminal:
        session.say(data.decode())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
