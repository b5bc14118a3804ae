"""`solidarity submit`: the acts that wait on a branch put up for review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.options import AsJson, DryRun, record_ids
from solidarity_cli.cli.commands.resolve import asking
from solidarity_cli.cli.session import Session
from solidarity_cli.sync.submit import propose, submit, which

if TYPE_CHECKING:
    from solidarity_cli.sync.submit import Submitted


def main(
    ctx: typer.Context,
    record: Annotated[
        str,
        typer.Argument(
            metavar="[ID]", help="Whose branch, or @VIEW; without it this one.", autocompletion=record_ids("*s")
        ),
    ] = "",
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Check a branch, merge the main branch into it, send it, and open its pull request; again: bring it up to date."""
    session: Session = ctx.obj
    branch = which(session.register, record)
    if dry_run:
        preview = propose(session.register, branch)
        session.say(f"{preview.branch} to {preview.main}\n{preview.title}\n{preview.body}")
        session.note("nothing was sent (--dry-run)")
        return
    outcome = submit(session.register, branch, asking(session))
    proposal, opened = outcome.proposal, outcome.opened
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(
            to_json(
                {
                    "branch": proposal.branch,
                    "main": proposal.main,
                    "title": proposal.title,
                    "way": opened.way,
                    "address": opened.address,
                    "again": outcome.again,
                }
            )
        )
        return
    session.say(opened.address or proposal.branch if session.quiet else _summary(outcome))
    session.note("next, when it is merged: solidarity sync")


def _summary(outcome: Submitted) -> str:
    proposal, opened = outcome.proposal, outcome.opened
    news = (" with what is new" if outcome.has_news else " as it was") if outcome.again else ""
    sentence = f"{proposal.branch} is up for review{news}"
    if opened.way:
        return f"{sentence}: {opened.address or 'the forge has opened it'}"
    if opened.address:
        return f"{sentence}; open the pull request here, if it is not open yet: {opened.address}"
    return f"{sentence}; tell a reviewer the name of the branch: {proposal.branch}"
