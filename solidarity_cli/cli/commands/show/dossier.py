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
from solidarity_cli.interchange.documents import write as papers
from solidarity_cli.register.reader import Reader
from solidarity_cli.reports.pages.dossier import dossier, recipient_lines

if TYPE_CHECKING:
    from solidarity_cli.reports.pages.case_wording import CaseWording

PRIVATE = ("internal", "recipient")
"""The audiences whose paper holds private values."""


def hand_over(
    session: Session, reading: Reader, name: str, whom: Audience, form: str, output: str, *, language: str
) -> None:
    """The paper of a case, made whole before anything is written."""
    from solidarity_cli.render.file_formats import BINARY, page_as

    private = whom.kind in PRIVATE
    file = papers.place(output, session.register.ledger, private=private) if output else None
    if form in BINARY and file is None and session.on_terminal:
        raise UsageError(f"a terminal cannot show {form.upper()}", hint=f"name a file: -o case.{form}")
    view = view_of(session, reading, name, whom)
    wording, commit = wording_in(language, reading), session.register.commit_of(reading)
    page = view.page(wording, _lines(session, reading, name, whom, wording))
    made = page_as(dossier(page, whom, wording, on=session.today, commit=commit), form)
    if file is None:
        _to_stdout(session, made)
    else:
        papers.create_file(file, made, private=private)
        session.note(f"written: {output}" + (", readable by you only" if private else ""))
    _remark(session, name, whom, view)


def _lines(session: Session, reading: Reader, name: str, whom: Audience, wording: CaseWording) -> tuple[str, ...]:
    if whom.kind != "recipient":
        return ()
    facts = reading.facts([name])
    consent = consent_to_share(
        facts.cases.get(name) or Case.from_plain(reading.valid(name)), whom.organisation, on=session.today
    )
    known = facts.directory.get(whom.organisation)
    return recipient_lines(
        wording,
        organisation=known.name if known else whom.organisation,
        sender=sender(reading),
        consent=consent.entry,
        on=session.today,
    )


def sender(reading: Reader) -> str:
    """Who a paper for others is from: the Group, and the address of its role."""
    charter = reading.charter
    return charter.name + (f" ({charter.contact})" if charter.contact else "")


def _remark(session: Session, name: str, whom: Audience, view: View) -> None:
    if whom.kind in PRIVATE and MARK in view.case.get("private", {}).values():
        session.note(f"what is sealed to you of {name} stands there as {MARK}")
    if whom.kind == "recipient":
        session.note("this is in the clear, and the register does not say that it was shared: -o packet.age does both")


def _to_stdout(session: Session, made: bytes) -> None:
    """To stdout, byte for byte: no line end is translated on its way."""
    if session.on_terminal:
        session.say(made.decode())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
