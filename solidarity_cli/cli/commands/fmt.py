"""`solidarity fmt`: record files in their canonical form."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.options import By, DryRun
from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import UsageError
from solidarity_cli.register.canonical import not_canonical, restore_canonical


def main(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Only say which files are not; exit code 1 if any.")] = False,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Write record files in their canonical form: same values, same comments, one order, one way to quote."""
    session: Session = ctx.obj
    register = session.register
    texts, unreadable = not_canonical(register.now)
    for path, fault in unreadable:
        session.note(f"{path}:{fault.line}:{fault.column}: {fault.message}")
    if check:
        session.say("\n".join(register.now.paths[record] for record in texts))
        session.note(f"files not in canonical form: {len(texts)}" if texts else "all files are in canonical form")
        if texts or unreadable:
            raise typer.Exit(1)
        return
    restored = (
        frozenset()
        if dry_run
        else restore_canonical(register.now, register.committed_text(None), register.ledger, texts)
    )
    if restored:
        register.forget()
        session.say(f"files put back as they were saved, for only their form was another: {len(restored)}")
    texts = {record: text for record, text in texts.items() if record not in restored}
    if not texts and not restored:
        session.note("all files are in canonical form")
    if texts:
        plan = register.plan("fmt", texts=texts, by=by)
        session.carry_out(
            plan, answer=str(len(texts)), message=f"files put in canonical form: {len(texts)}", dry_run=dry_run
        )
    if unreadable:
        raise UsageError(
            f"files that cannot be read, and were left as they are: {len(unreadable)}", hint="solidarity validate"
        )
