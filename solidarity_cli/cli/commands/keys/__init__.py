"""`solidarity keys`: who can unseal private values; the verbs below it, and `keys recovery`."""

from __future__ import annotations

from collections.abc import Callable

import typer

from solidarity_cli.cli.commands.keys import identity, recipients, recovery, seal

_HELP = {"help_option_names": ["-h", "--help"]}


def _family(about: str) -> typer.Typer:
    return typer.Typer(help=about, rich_markup_mode=None, add_completion=False, context_settings=_HELP)


_RECOVERY = _family("The recovery identity, which exists in shares on paper only.")

family = _family("Say who can unseal private values: identities, recipients, recovery.")

_KEYS: dict[str, Callable[..., None]] = {
    "init": identity.init,
    "list": recipients.list_recipients,
    "add": recipients.add,
    "remove": recipients.remove,
    "rotate": identity.rotate,
    "seal": seal.seal,
}
_ON_PAPER: dict[str, Callable[..., None]] = {"split": recovery.split_recovery, "restore": recovery.restore}

for group, acts in ((family, _KEYS), (_RECOVERY, _ON_PAPER)):
    for name, act in acts.items():
        group.command(name, context_settings=_HELP)(act)
family.add_typer(_RECOVERY, name="recovery")
