"""`solidarity keys init` and `keys rotate`: one's own identity, made and made anew."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import By, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, UsageError


def init(
    ctx: typer.Context,
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Ask for one; it protects the identity.")] = False,
) -> None:
    """Make your identity for this register; print its public key."""
    from solidarity_cli.crypto.clone_identity import make_identity, recall_identity
    from solidarity_cli.register.recipients import mine

    session: Session = ctx.obj
    recipients, root = session.register.recipients, session.root
    if me := mine(recipients):
        session.say(me.key)
        session.note(f"this is your identity; it has opened records since {me.since}")
        return
    known = recall_identity(root)
    if known and any(recipient.key == known for recipient in recipients.retired):
        known = ""
    session.say(known or make_identity(root, _new_passphrase(session) if passphrase else ""))
    session.note("your identity was made before and stays as it is" if known else "your identity is on this machine")
    session.note("next: send the line above to somebody who can open records; they type")
    session.note("  solidarity keys add YOUR-NAME PUBLIC-KEY")


def _new_passphrase(session: Session) -> str:
    """A new passphrase, said twice alike. Raises UsageError when nobody is there to say it, Refused when it was not."""
    from getpass import getpass

    if not session.asks:
        raise UsageError("--passphrase asks, and nobody can be asked", hint="run it on a terminal, without --no-input")
    try:
        first, repeated = getpass("new passphrase: "), getpass("once more: ")
    except EOFError:
        raise typer.Abort from None
    if not first or first != repeated:
        reason = "the two are not the same" if first else "the passphrase is empty"
        raise Refused(f"{reason}; no identity was made", hint="solidarity keys init --passphrase")
    return first


def rotate(ctx: typer.Context, by: By = "", dry_run: DryRun = False) -> None:
    """Replace your identity by a new one, and destroy the old one."""
    from solidarity_cli.register.recipients import mine

    session: Session = ctx.obj
    if dry_run:
        count = session.register.keyring.count() if mine(session.register.recipients) else None
        session.say(f"keys-rotate: {count.open} keys would be wrapped anew" if count else "nobody here is a recipient")
        session.note("nothing was changed (--dry-run)")
        return
    rotation = session.register.rotate(session.today, by)
    if rotation is None:
        raise Refused("no identity on this machine is a recipient's", hint="solidarity keys init")
    session.say(rotation.new)
    session.note("the old identity is destroyed: what was wrapped for it, in whatever copy, stays closed")
    session.note("next: solidarity sync")
