"""`solidarity keys recovery split` and `restore`: the recovery identity on paper, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from solidarity_cli.cli.commands.keys.recipients import ready
from solidarity_cli.cli.commands.options import By, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.model.recipients import RECOVERY

if TYPE_CHECKING:
    from shamir_mnemonic import Share

    from solidarity_cli.crypto.recovery.secret_sharing import Split

_TRIES = 3


def split_recovery(
    ctx: typer.Context,
    shares: Annotated[int, typer.Option(metavar="N", help="How many people keep one.")] = 5,
    threshold: Annotated[int, typer.Option(metavar="N", help="How many of them together give it back.")] = 2,
    folder: Annotated[
        Path | None, typer.Option("-o", metavar="DIR", help="One file a share there, instead of the screen.")
    ] = None,
    old_gone: Annotated[
        bool, typer.Option("--old-shares-destroyed", help="Every holder of an earlier share says so.")
    ] = False,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Make a new recovery identity in shares; retire the old one."""
    from solidarity_cli.crypto.recovery import paper_shares
    from solidarity_cli.crypto.recovery.secret_sharing import split_identity
    from solidarity_cli.register.recipients import splitting

    session = ready(ctx, dry_run=dry_run)
    register, split = session.register, split_identity(shares, threshold)
    replaced = register.recipients.by_name(RECOVERY)
    step = splitting(register.parts, split.public, on=session.today, by=by, destroyed=old_gone)
    if dry_run:
        session.say(f"keys-recovery: {shares} shares would be made, {threshold} of them needed")
        session.note("nothing was changed (--dry-run)")
        return
    leaves = paper_shares.leaves(split.shares, threshold, session.today)
    files = paper_shares.write_shares(folder, leaves, outside=session.root) if folder else ()
    try:
        register.take(step)
    finally:
        # Even where the keys could not be wrapped any more: what is committed is a recipient, and has its shares.
        now = register.recipients.by_name(RECOVERY)
        if now is None or now.key != split.public:
            paper_shares.unmade(files)
        elif files:
            session.say("\n".join(str(file) for file in files))
        else:
            session.say("\n".join(split.shares if session.quiet else leaves))
    _after_split(session, split, threshold, replaced=replaced.key if replaced and not old_gone else "")


def _after_split(session: Session, split: Split, threshold: int, *, replaced: str) -> None:
    session.note(f"give each of the {len(split.shares)} shares to another person, on paper, and keep no copy here")
    session.note(f"any {threshold} of them open every record: choose people who will not be searched together")
    if replaced:
        session.note("the shares of before open older copies of the keyring, and erasures wait for recovery, until")
        session.note("  their holders have destroyed them; then write it down:")
        session.note(f"  solidarity keys remove {replaced} --destroyed")
    session.note("next: solidarity sync")


def restore(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Option("--share", metavar="FILE", help="A file with a share; may be repeated.")
    ] = [],  # noqa: B006 typer copies it
) -> None:
    """Give the recovery identity back from its shares."""
    from solidarity_cli.crypto.recovery.paper_shares import read_leaf
    from solidarity_cli.crypto.recovery.secret_sharing import join_shares, read_share
    from solidarity_cli.register.recipients import restore

    session: Session = ctx.obj
    if files:
        shares = [read_share(read_leaf(file, number), number) for number, file in enumerate(files, 1)]
    elif session.asks:
        shares = _prompt_shares(session)
    else:
        raise UsageError("still missing: --share", hint="--share FILE, once for each share")
    session.say(restore(session.register.parts, join_shares(shares)))
    session.note("the recovery identity is on this machine now, and opens what it opened; it must not stay:")
    session.note("  1. solidarity keys init                  make an identity of your own")
    session.note("  2. solidarity keys add NAME PUBLIC-KEY   let it in")
    session.note("  3. solidarity keys recovery split        new shares; the restored identity is then retired")
    session.note("  4. solidarity sync                       the restored identity is destroyed here")


def _prompt_shares(session: Session) -> list[Share]:
    """Shares typed unseen, until they are enough. Raises Refused for one mistyped three times."""
    from getpass import getpass

    from solidarity_cli.crypto.recovery.secret_sharing import read_share, still_needed

    shares: list[Share] = []
    failures = 0
    while still_needed(shares):
        number = len(shares) + 1
        try:
            shares.append(read_share(getpass(f"words of share {number} (not shown): "), number))
            failures = 0
        except EOFError:
            raise typer.Abort from None
        except Refused as error:
            failures += 1
            if failures == _TRIES:
                raise
            session.note(f"{error.message}; {error.hint}")
    return shares
