"""`solidarity audit`: the whole history verified; the verbs below it, for checkpoints and proofs."""

from __future__ import annotations

from typing import Annotated

import typer

from solidarity_cli.cli.commands.audit.checkpoint import (
    File,
    Signers,
    check_proof,
    checkpoint,
    prove,
    verify_checkpoint,
)
from solidarity_cli.cli.commands.options import AsJson
from solidarity_cli.core.errors import UsageError

_HELP = {"help_option_names": ["-h", "--help"]}

family = typer.Typer(rich_markup_mode=None, add_completion=False, context_settings=_HELP)
family.command("checkpoint", context_settings=_HELP)(checkpoint)
family.command("prove", context_settings=_HELP)(prove)


@family.callback(invoke_without_command=True)
def main(
    ctx: typer.Context,
    checkpoint: Annotated[
        File, typer.Option("--checkpoint", help="Prove that today's history extends it.", show_default=False)
    ] = None,
    proof: Annotated[File, typer.Option("--proof", help="Check the proof of an act.", show_default=False)] = None,
    signers: Signers = None,
    full: Annotated[bool, typer.Option("--full", help="Verify every act anew, also those verified before.")] = False,
    as_json: AsJson = False,
) -> None:
    """Verify the history of the register; with --checkpoint or --proof, hold one against it.

    Exit code 1 when an error is found. What is proven and what is not: docs/security/audit.md.
    """
    if ctx.invoked_subcommand:
        if checkpoint or proof or signers or full or as_json:
            raise UsageError(
                "options of audit itself go without a verb below it", hint="solidarity audit --checkpoint FILE"
            )
    elif checkpoint:
        verify_checkpoint(ctx.obj, checkpoint, signers, as_json=as_json)
    elif proof:
        check_proof(ctx.obj, proof, signers, as_json=as_json)
    else:
        from solidarity_cli.cli.commands.audit.history import whole_history

        whole_history(ctx.obj, full=full, as_json=as_json)
