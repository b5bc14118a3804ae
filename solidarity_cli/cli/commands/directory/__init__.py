"""`solidarity directory`: the organisations that give emergency help; the verbs below it."""

from __future__ import annotations

from collections.abc import Callable

import typer

from solidarity_cli.cli.commands.directory import add
from solidarity_cli.cli.commands.directory import list as listing

_HELP = {"help_option_names": ["-h", "--help"]}

family = typer.Typer(
    help="Know who gives emergency help: list, add and check organisations.",
    rich_markup_mode=None,
    add_completion=False,
    context_settings=_HELP,
)

_ACTS: dict[str, Callable[..., None]] = {
    "list": listing.list_organisations,
    "add": add.add,
    "check": add.check,
}

for name, act in _ACTS.items():
    family.command(name, context_settings=_HELP)(act)
