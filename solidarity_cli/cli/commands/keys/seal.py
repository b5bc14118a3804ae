"""`solidarity keys seal`: an open register becomes a sealed one."""

from __future__ import annotations

import typer

from solidarity_cli.cli.commands.options import By, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused


def seal(ctx: typer.Context, by: By = "", dry_run: DryRun = False) -> None:
    """Seal a register that began open: every private value, in one act."""
    from solidarity_cli.crypto.clone_identity import make_identity
    from solidarity_cli.register.plan import plan_sealing

    session: Session = ctx.obj
    register = session.register
    if not register.recipients.current and not dry_run:
        register.add_recipient(register.ledger.caller_or(by), make_identity(session.root), session.today, by)
    plan = plan_sealing(register.now, by=by)
    sealed = len(plan.changes) - any(change.path == "register.yaml" for change in plan.changes)
    if not plan.changes:
        raise Refused("everything is sealed already", hint="solidarity keys list")
    if dry_run:
        session.say(f"keys-seal: the private parts of {sealed} records would be sealed")
        session.note("nothing was changed (--dry-run)")
        return
    session.carry_out(
        plan, answer=register.now.charter.name, message=f"the private parts of {sealed} records are sealed"
    )
    session.note("what was committed before stays readable in the history: only a new history would take it out")
    session.note("next: solidarity keys add, lest one lost laptop lose everything; then: solidarity sync")
