"""`solidarity switch`: to the branch where something waits for review, and back to the main one."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.session import Session
from solidarity_cli.sync.switch import to_main, to_review


def main(
    ctx: typer.Context,
    record: Annotated[
        str, typer.Argument(metavar="[ID]", help="Whose review, or @VIEW; without it back to the main branch.")
    ] = "",
) -> None:
    """Go to where a case waits for review, here or at the remote; without an id back to the main branch.

    So it is with an action, an organisation and a view.

    What you record then belongs to that review; `solidarity submit` sends it there.
    """
    session: Session = ctx.obj
    if not record:
        session.say(to_main(session.register).branch)
        return
    outcome = to_review(session.register, record)
    if outcome.offline:
        session.note(f"as it was last seen here: {outcome.offline}")
    session.say(outcome.branch)
    if outcome.branch.startswith("case/"):
        session.note(
            f"next: solidarity show {outcome.record}; solidarity approve {outcome.record}; then: solidarity submit"
        )
    else:
        session.note("next: solidarity review shows what is proposed; back again: solidarity switch")
