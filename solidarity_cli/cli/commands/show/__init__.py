"""`solidarity show`: one case as a page or a paper, for whoever it is for; or as a packet for one organisation."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import AsJson, AsOf, By, CaseArgument, DryRun, audiences
from solidarity_cli.cli.commands.show.view import View, view_of, wording_in
from solidarity_cli.cli.session import Session
from solidarity_cli.core.audience.filter import Audience
from solidarity_cli.core.errors import UsageError
from solidarity_cli.git.snapshot import name_of
from solidarity_cli.register.reader import Reader

FORMATS = ("screen", "md", "html", "pdf", "json")
PAPERS = ("md", "html", "pdf")
"""The formats of a dossier; each is a file name's ending too."""

LANGUAGES = ("en", "ru", "de")


def main(
    ctx: typer.Context,
    case: CaseArgument,
    audience: Annotated[
        str,
        typer.Option(metavar="A", help="internal, reviewer, public, recipient:ORGANISATION.", autocompletion=audiences),
    ] = "internal",
    form: Annotated[str, typer.Option("--format", metavar="F", help=", ".join(FORMATS) + ".")] = "",
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write a paper; to a recipient, a packet that is recorded."
        ),
    ] = "",
    language: Annotated[str, typer.Option(metavar="L", help=", ".join(LANGUAGES) + ".")] = "",
    as_of: AsOf = "",
    as_json: AsJson = False,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Show one case as its audience may see it; as md, html or pdf it is the paper to take along.

    For a recipient, -o FILE without --format writes a referral packet, encrypted, and records that it was shared.
    """
    session: Session = ctx.obj
    form = "json" if as_json else form
    if form and form not in FORMATS:
        raise UsageError("--format has no such value", hint=", ".join(FORMATS))
    if language and language not in LANGUAGES:
        raise UsageError("--language has no such language", hint=", ".join(LANGUAGES))
    reader = session.register.reading(as_of)
    name = reader.find(case)
    viewer = Audience.parse(audience, [name_of(path) for path, _ in reader.snapshot.records("directory")])
    if as_of and viewer.depends_on_consent:
        raise UsageError("what others may see depends on the consent of today", hint="leave out --as-of")
    if output and viewer.kind == "recipient" and not form:
        from solidarity_cli.cli.commands.show.packet import send

        send(session, name, viewer, _packet_name(output), language=language, by=by, dry_run=dry_run)
        return
    if dry_run:
        raise UsageError("showing changes nothing; --dry-run goes with a packet", hint="leave out --dry-run")
    if output and form and form not in PAPERS:
        raise UsageError("a paper is md, html or pdf", hint="leave out -o, or name another --format")
    if output or form in PAPERS:
        from solidarity_cli.cli.commands.show.dossier import hand_over

        hand_over(session, reader, name, viewer, form or _format_of(output), output, language=language)
        return
    _print_view(session, reader, view_of(session, reader, name, viewer), name, form, language)


def _print_view(session: Session, reader: Reader, view: View, name: str, form: str, language: str) -> None:
    if form == "json":
        from solidarity_cli.render.json import to_json

        session.say(to_json(view.plain()))
    elif session.quiet:
        session.say(name)
    elif form == "screen":
        from solidarity_cli.render.terminal.screen import page_to_text

        session.say(page_to_text(view.page(wording_in(language, reader)), session.width, color=session.in_color))
    else:
        session.show(view.page(wording_in(language, reader)))
        if view.audience.kind == "internal" and view.awaits_referral:
            session.note(f"next: solidarity directory list --for {name}")


def _format_of(output: str) -> str:
    ending = output.rpartition(".")[2].lower()
    if ending not in PAPERS:
        raise UsageError("-o does not say which format the paper has", hint=f"--format {', '.join(PAPERS)}")
    return ending


def _packet_name(output: str) -> str:
    """The name of a packet: one that ends like a paper would promise what can be read by anybody."""
    if output.rpartition(".")[2].lower() in PAPERS:
        raise UsageError(
            "a packet is encrypted, and this file's name ends like that of a paper",
            hint="-o packet.age; or, to print it in the clear: --format " + "|".join(PAPERS),
        )
    return output
