"""`solidarity hook`: what git asks on a server."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import typer

from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import ExternalError

_HELP = {"help_option_names": ["-h", "--help"]}
_MAX_BYTES = 1_048_576
"""Bytes that git may say: a thousand refs, each with a long name."""

family = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    context_settings=_HELP,
    help="What a server asks before it takes a push.",
)


@family.callback()
def main() -> None:
    """What a server asks before it takes a push; `solidarity init --server DIR` sets it up: docs/security/server.md."""


@family.command("pre-receive", context_settings=_HELP)
def pre_receive(ctx: typer.Context) -> None:
    """Look at a push before it is taken: git gives `old new ref` lines. Exit code 0 takes all of it, 1 nothing."""
    from solidarity_cli.sync.server import receive

    session: Session = ctx.obj
    root = Path(os.environ.get("GIT_DIR") or ".").absolute()
    if not (root / "HEAD").is_file():
        raise ExternalError("this is called by git, in a bare repository", hint="solidarity init --server DIR")
    # Where somebody east of the server acts, it may be tomorrow already.
    receive(root.resolve(), sys.stdin.buffer.read(_MAX_BYTES), session.today + timedelta(days=1))
