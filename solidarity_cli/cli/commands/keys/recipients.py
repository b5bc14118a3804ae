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
    recipients, count, local_keys = register.recipients, register.keyring.count(), frozenset(public_keys())
    vouched_keys = {recipient.key for recipient in register.keyring.trusted().people}
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(_plain(recipients, count, local_keys, vouched_keys)))
        return
    rows = [
        (recipient.name, recipient.key, recipient.since, "", _about(recipient.key, vouched_keys, local_keys))
        for recipient in recipients.current
    ]
    rows += [
        (recipient.name, recipient.key, "", recipient.until, "destroyed" if recipient.destroyed else "not destroyed")
        for recipient in recipients.retired
    ]
    session.rows(("name", "public key", "since", "retired", ""), rows)
    if not recipients.current:
        session.note("nobody is a recipient, so nothing can be sealed here: solidarity keys add")
    session.note(f"{count.records} records have a key here, and {count.open} of these keys open here")
    if count.stale:
        session.note(f"{count.stale} keys are still wrapped for the recipients of before: solidarity sync")
    for oddity in register.oddities():
        session.note(f"warning: {oddity}")
    _warn(session, recipients)


def _about(key: str, vouched_keys: set[str], local_keys: frozenset[str]) -> str:
    if key not in vouched_keys:
        return "not vouched for: nothing is sealed for them"
    return "yours" if key in local_keys else ""


def _plain(recipients: Recipients, count: Count, local_keys: frozenset[str], vouched_keys: set[str]) -> dict[str, Any]:
    return {
        "recipients": [
            {
                "name": recipient.name,
                "key": recipient.key,
                "since": recipient.since,
                "yours": recipient.key in local_keys,
                "vouched": recipient.key in vouched_keys,
            }
            for recipient in recipients.current
        ],
        "retired": [
            {
                "name": recipient.name,
                "key": recipient.key,
                "until": recipient.until,
                "destroyed": recipient.destroyed,
                "yours": recipient.key in local_keys,
            }
            for recipient in recipients.retired
        ],
        "keys": {"records": count.records, "open": count.open, "stale": count.stale},
    }


def _warn(session: Session, recipients: Recipients) -> None:
    from solidarity_cli.crypto.identities import public_keys

    local_keys = frozenset(public_keys())
    if local_keys & set(recipients.keys) and any(recipient.key in local_keys for recipient in recipients.retired):
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
        session.carry_out(step.plan, answer="", message="", dry_run=True)
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
        session.carry_out(step.plan, answer="", message="", dry_run=True)
        return
    describe_result(
        session, session.register.take(step), "written down" if step.closed_stay else "they unseal nothing new now"
    )
    session.note("what they could read until now they may have kept: no program takes that back")
    if not destroyed:
        session.note("older copies of the keyring open with their identity until that is destroyed; when it is:")
        session.note("  solidarity keys remove NAME --destroyed; an erasure waits for it")
    _warn(session, session.register.recipients)
    for oddity in session.register.oddities():
        session.note(f"warning: {oddity}")
    session.note("next: solidarity sync")


def ready(ctx: typer.Context, *, dry_run: bool) -> Session:
    """The session, after what an earlier call left half done is finished."""
    session: Session = ctx.obj
    if not dry_run and session.register.finish_rotations():
        session.note("a retired identity that was still on this machine is destroyed")
    return session


def describe_result(session: Session, commit: str, message: str) -> None:
    """What was done, with its commit where there is one."""
    session.say(commit[:10] if session.quiet else f"{message} ({commit[:10]})" if commit else message)
