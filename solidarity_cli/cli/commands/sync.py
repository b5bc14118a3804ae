"""`solidarity sync`: what others did comes in, what was done here goes out, keys and erasures included."""

from __future__ import annotations

import typer

from solidarity_cli.cli.commands.options import AsJson
from solidarity_cli.cli.commands.resolve import asking
from solidarity_cli.cli.session import Session
from solidarity_cli.sync.sync import Synced, sync, waiting_for

_SHOWN = 20


def main(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Fetch, merge and push the register and its keyring; confirm the erasures that came in."""
    session: Session = ctx.obj
    outcome = sync(session.register, asking(session))
    waiting = waiting_for(session.register)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(
            to_json(
                {
                    "came": [{"act": act.subject, "author": act.author} for act in outcome.came],
                    "went": outcome.went,
                    "merged": list(outcome.merged),
                    "erased": list(outcome.erased),
                    "confirmed": outcome.confirmed,
                    "confirmation_waits": outcome.unconfirmed,
                    "returned": outcome.returned,
                    "removed": list(outcome.removed),
                    "unsubmitted": outcome.waits,
                    "waiting": {record: list(names) for record, names in waiting.items()},
                }
            )
        )
        _warn_oddities(session, outcome)
        return
    session.say(_summary(outcome))
    for act in outcome.came[:_SHOWN]:
        session.note(f"  {act.subject}, by {act.author}")
    if len(outcome.came) > _SHOWN:
        session.note(f"  and {len(outcome.came) - _SHOWN} more: git log")
    if outcome.merged:
        session.note(f"merged by fields: {', '.join(outcome.merged)}; look at them: solidarity validate")
    if outcome.returned:
        session.note(f"the review of {outcome.returned} is over: you are on the main branch again")
    if others := [branch for branch in outcome.removed if branch != outcome.returned]:
        session.note(f"removed, because everything on them is merged: {', '.join(others)}")
    if outcome.waits:
        session.note(f"{outcome.waits} waits here and did not go out; next: solidarity submit")
    if outcome.erased:
        session.note(f"erased on this machine: {', '.join(outcome.erased)}")
    if outcome.confirmed:
        session.note("your identity was replaced and the old one destroyed: that confirms the erasures so far")
    if outcome.unconfirmed:
        session.note(f"your confirmation of the erasures waits: {outcome.unconfirmed}")
        session.note("  next: solidarity sync, on a terminal")
    _warn_oddities(session, outcome)
    for record, names in waiting.items():
        session.note(f"erasure of {record} incomplete: waiting for {', '.join(names)}")


def _warn_oddities(session: Session, outcome: Synced) -> None:
    for oddity in outcome.oddities:
        session.note(f"warning: {oddity}")


def _summary(outcome: Synced) -> str:
    incoming, outgoing = (f"{number} act{'' if number == 1 else 's'}" for number in (len(outcome.came), outcome.went))
    if not outcome.came and not outcome.went:
        return "in step with the remote"
    return f"{incoming} came in, {outgoing} went out"
