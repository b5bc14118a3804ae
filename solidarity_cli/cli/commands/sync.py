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
    done = sync(session.register, asking(session))
    waiting = waiting_for(session.register)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(
            to_json(
                {
                    "came": [{"act": one.subject, "author": one.author} for one in done.came],
                    "went": done.went,
                    "merged": list(done.merged),
                    "erased": list(done.erased),
                    "confirmed": done.confirmed,
                    "confirmation_waits": done.unconfirmed,
                    "returned": done.returned,
                    "removed": list(done.removed),
                    "unsubmitted": done.waits,
                    "waiting": {record: list(names) for record, names in waiting.items()},
                }
            )
        )
        _odd(session, done)
        return
    session.say(_in_words(done))
    for one in done.came[:_SHOWN]:
        session.note(f"  {one.subject}, by {one.author}")
    if len(done.came) > _SHOWN:
        session.note(f"  and {len(done.came) - _SHOWN} more: git log")
    if done.merged:
        session.note(f"merged by fields: {', '.join(done.merged)}; look at them: solidarity validate")
    if done.returned:
        session.note(f"the review of {done.returned} is over: you are on the main branch again")
    if others := [one for one in done.removed if one != done.returned]:
        session.note(f"removed, because everything on them is merged: {', '.join(others)}")
    if done.waits:
        session.note(f"{done.waits} waits here and did not go out; next: solidarity submit")
    if done.erased:
        session.note(f"erased on this machine: {', '.join(done.erased)}")
    if done.confirmed:
        session.note("your identity was replaced and the old one destroyed: that confirms the erasures so far")
    if done.unconfirmed:
        session.note(f"your confirmation of the erasures waits: {done.unconfirmed}")
        session.note("  next: solidarity sync, on a terminal")
    _odd(session, done)
    for record, names in waiting.items():
        session.note(f"erasure of {record} incomplete: waiting for {', '.join(names)}")


def _odd(session: Session, done: Synced) -> None:
    for one in done.oddities:
        session.note(f"warning: {one}")


def _in_words(done: Synced) -> str:
    came, went = (f"{number} act{'' if number == 1 else 's'}" for number in (len(done.came), done.went))
    if not done.came and not done.went:
        return "in step with the remote"
    return f"{came} came in, {went} went out"
