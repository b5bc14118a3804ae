"""`solidarity keys list`, `keys add` and `keys remove`: who can unseal, seen and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from solidarity_cli.cli.commands.options import AsJson, By, DryRun
from solidarity_cli.cli.session import Session

if TYPE_CHECKING:
    from solidarity_cli.core.model import Recipients
    from solidarity_cli.crypto.keyring.key_wrapping import Count

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the Group calls them; the whole register reads it.")]


def list_recipients(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List who can unseal, and how many keys open here."""
    from solidarity_cli.crypto.identities import public_keys

    session: Session = ctx.obj
    register = session.register
    recipients, count, here = register.recipients, register.keyring.count(), frozenset(public_keys())
    let_in = {one.key for one in register.keyring.trusted().people}
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(_plain(recipients, count, here, let_in)))
        return
    rows = [(one.name, one.key, one.since, "", _about(one.key, let_in, here)) for one in recipients.current]
    rows += [
        (one.name, one.key, "", one.until, "destroyed" if one.destroyed else "not destroyed")
        for one in recipients.retired
    ]
    session.rows(("name", "public key", "since", "retired", ""), rows)
    if not recipients.current:
        session.note("nobody is a recipient, so nothing can be sealed here: solidarity keys add")
    session.note(f"{count.records} records have a key here, and {count.open} of these keys open here")
    if count.stale:
        session.note(f"{count.stale} keys are still wrapped for the recipients of before: solidarity sync")
    for said in register.oddities():
        session.note(f"warning: {said}")
    _warn(session, recipients)


def _about(key: str, let_in: set[str], here: frozenset[str]) -> str:
    if key not in let_in:
        return "not vouched for: nothing is sealed for them"
    return "yours" if key in here else ""


def _plain(recipients: Recipients, count: Count, here: frozenset[str], let_in: set[str]) -> dict[str, Any]:
    return {
        "recipients": [
            {
                "name": one.name,
                "key": one.key,
                "since": one.since,
                "yours": one.key in here,
                "vouched": one.key in let_in,
            }
            for one in recipients.current
        ],
        "retired": [
            {"name": one.name, "key": one.key, "until": one.until, "destroyed": one.destroyed, "yours": one.key in here}
            for one in recipients.retired
        ],
        "keys": {"records": count.records, "open": count.open, "stale": count.stale},
    }


def _warn(session: Session, recipients: Recipients) -> None:
    from solidarity_cli.crypto.identities import public_keys

    here = frozenset(public_keys())
    if here & set(recipients.keys) and any(one.key in here for one in recipients.retired):
        session.note("a retired identity is on this machine still; it is destroyed by: solidarity sync")
    if len(recipients.current) == 1:
        session.note("warning: one recipient only: the loss of one laptop would lose everything")
        session.note("  solidarity keys add NAME PUBLIC-KEY, or: solidarity keys recovery split")


def add(
    ctx: typer.Context,
    name: Name,
    key: Annotated[str, typer.Argument(metavar="PUBLIC-KEY", help="What `solidarity keys init` printed for them.")],
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Let somebody in: they will read all that is sealed."""
    from solidarity_cli.register.recipients import add_recipient

    session = ready(ctx, dry_run=dry_run)
    step = add_recipient(session.register.parts, name, key, on=session.today, by=by)
    if dry_run:
        session.carry_out(step.plan, answer="", said="", dry_run=True)
        return
    describe_result(session, session.register.take(step), "they can unseal now, once they have the keys")
    session.note("next: solidarity sync, here and then there")


def remove(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The recipient, or their public key.")],
    destroyed: Annotated[bool, typer.Option("--destroyed", help="They say that their identity is gone.")] = False,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Let somebody go: every key is wrapped anew without them."""
    from solidarity_cli.register.recipients import remove_recipient

    session = ready(ctx, dry_run=dry_run)
    step = remove_recipient(session.register.parts, name, on=session.today, by=by, destroyed=destroyed)
    if dry_run:
        session.carry_out(step.plan, answer="", said="", dry_run=True)
        return
    describe_result(
        session, session.register.take(step), "written down" if step.closed_stay else "they unseal nothing new now"
    )
    session.note("what they could read until now they may have kept: no program takes that back")
    if not destroyed:
        session.note("older copies of the keyring open with their identity until that is destroyed; when it is:")
        session.note("  solidarity keys remove NAME --destroyed; an erasure waits for it")
    _warn(session, session.register.recipients)
    for said in session.register.oddities():
        session.note(f"warning: {said}")
    session.note("next: solidarity sync")


def ready(ctx: typer.Context, *, dry_run: bool) -> Session:
    """The session, after what an earlier call left half done is finished."""
    session: Session = ctx.obj
    if not dry_run and session.register.finish_rotations():
        session.note("a retired identity that was still on this machine is destroyed")
    return session


def describe_result(session: Session, commit: str, said: str) -> None:
    """What was done, with its commit where there is one."""
    session.say(commit[:10] if session.quiet else f"{said} ({commit[:10]})" if commit else said)
