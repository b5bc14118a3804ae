"""A keyring in the place of another, by compare-and-swap; what is left behind is noted before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.crypto.keyring import purge as remains
from solidarity_cli.crypto.keyring import store as tree

_TRIES = 8
"""Replacements tried before somebody else's are taken for a storm."""


@dataclass(frozen=True, slots=True)
class Change:
    """The next keyring: wrapped keys by blob id or bytes, records that go; `base` is the folder of keys to start from.

    `leaves` names the keyrings that hold wrapped keys which the next one does not: `purge` is to remove them.
    """

    base: str
    put: Mapping[str, str | bytes]
    gone: frozenset[str] = frozenset()
    leaves: tuple[str, ...] = ()


def replaced(root: Path, change: Callable[[], tuple[str, Change | None]]) -> str:
    """Carry out `change` on the keyring as it is; again when somebody was faster. The commit that stands then."""
    for _ in range(_TRIES):
        old, wanted = change()
        if wanted is None:
            return old
        new = tree.written(root, wanted.base, put=wanted.put, gone=wanted.gone)
        if new == old:
            return old
        remains.remember(root, wanted.leaves)
        if tree.swapped(root, new, old):
            return new
    raise ExternalError("the keyring is being replaced by others all the time", hint="wait a moment, then try again")
