"""`solidarity review`: the reviewer's card of a change; for people, for a forge, for scripts."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import By, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import UsageError
from solidarity_cli.git.signing import FILE as SIGNERS

_FORMATS = ("screen", "md", "json", "text", "github", "gitlab")
_LANGUAGES = ("en", "ru", "de")


def main(
    ctx: typer.Context,
    span: Annotated[
        str, typer.Argument(metavar="[RANGE]", help="A..B, A...B, or one revision; without it this branch.")
    ] = "",
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help=", ".join(_FORMATS) + ".")] = "screen",
    language: Annotated[str, typer.Option(metavar="L", help="Of the labels: " + ", ".join(_LANGUAGES) + ".")] = "",
    import_approvals: Annotated[
        bool, typer.Option("--import-approvals", help="Record what was approved on the forge, through gh, glab or tea.")
    ] = False,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Show what a change does, for whoever reviews it; exit code 1 when it brings errors.

    Both sides are judged by the rules of the first. Private fields are told as changed, and never shown.
    """
    session: Session = ctx.obj
    if format_ not in _FORMATS:
        raise UsageError("--format has no such format", hint=", ".join(_FORMATS))
    if language and language not in _LANGUAGES:
        raise UsageError("--language has no such language", hint=", ".join(_LANGUAGES))
    if import_approvals:
        _import(session, span, by=by, dry_run=dry_run)
        return
    if by or dry_run:
        raise UsageError(
            "--by and --dry-run go with --import-approvals", hint="solidarity review --import-approvals -n"
        )
    _print_review(session, span, format_, language)


def _print_review(session: Session, span: str, form: str, language: str) -> None:
    from solidarity_cli.render.json import to_json
    from solidarity_cli.reports.pages.review import review_page
    from solidarity_cli.reports.review import as_plain
    from solidarity_cli.sync.forge.annotations import annotate
    from solidarity_cli.sync.forge.comment import page_to_comment
    from solidarity_cli.sync.forge.review_card import review

    change = review(session.register, span)
    card, rules = change.card, change.base
    shapes = {kind: rules.schemas.shape(kind) for kind in ("case", "action", "directory")}
    page = review_page(card, rules.schemas.words, shapes, language or rules.charter.languages[0])
    match form:
        case "json":
            session.say(to_json(as_plain(card)))
        case "md":
            session.say(page_to_comment(page))
        case "screen":
            session.show(page)
        case _:
            session.say(annotate(change.located, len(card.records), form))
    if card.refuses:
        raise typer.Exit(1)


def _import(session: Session, span: str, *, by: str, dry_run: bool) -> None:
    from solidarity_cli.sync.forge.import_approvals import importing

    approvals = importing(session.register, span, by=by)
    for sentence in dict.fromkeys(approvals.left_out):
        session.note(f"not recorded: {sentence}")
    if approvals.plan is None:
        session.note("no approval was there to record")
        return
    noun = "approval" if approvals.count == 1 else "approvals"
    message = f"{', '.join(approvals.cases)}: {approvals.count} {noun} recorded"
    if (session.register.root / SIGNERS).is_file():
        session.note("acts are signed here: what you import counts once, as yours (docs/guide/forge.md)")
    step = f"solidarity show {approvals.cases[0]}"
    session.carry_out(
        approvals.plan, answer=" ".join(approvals.cases), message=message, next_step=step, dry_run=dry_run
    )
