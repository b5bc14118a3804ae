"""Whether the acts of this person are signed as the register expects it."""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.cli.doctor.problem import Checkup, Problem
from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git import signing


def look(checkup: Checkup) -> Iterator[Problem]:
    """What is missing for signing; nothing where the register has no list of allowed signers."""
    try:
        address = checkup.register.ledger.caller()
    except ExternalError:
        return  # told with git's own set-up
    yield from (Problem("signing", message, hint) for message, hint in signing.lacking(checkup.root, address))
