"""A record's key wrapped for all recipients, as an age file; opened again with the identities of this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.keyring.store import GROUP
from solidarity_cli.git.process import blobs

_LARGEST = 65_536
"""Bytes of one wrapped key; about a hundred a recipient."""

_AGE = b"age-encryption.org/v1\n"
_FIRST = b"solidarity-key:1"


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """A record's key; for which recipients it is wrapped: their `fingerprint`; under which key of the group."""

    key: bytes
    wrapped_for: str
    under: str = ""


def fingerprint(recipients: Sequence[Recipient], under: str = "") -> str:
    """Tells one set of recipients, vouched for `under` a key of the group, from another, whatever order and names."""
    return hashlib.sha256("\n".join([under, *sorted(one.key for one in recipients)]).encode()).hexdigest()


def wrap(key: bytes, record: str, recipients: Sequence[Recipient], under: str = "") -> bytes:
    """A record's key as an age file that each of the recipients opens.

    Inside stand the record, so that a wrapped key renamed to another record is not taken for its key and does not
    outlive an erasure, and the fingerprint, so that a merge knows which of two is current. `under` is the id of the
    group's key: who cannot open a key cannot bind it to a group's key of their own. age shows none of it outside.
    """
    if not recipients:
        raise ExternalError("there is nobody to wrap a key for", hint="solidarity keys add NAME PUBLIC-KEY")
    import pyrage

    about = "\n".join([record, fingerprint(recipients, under), under, key.hex()])
    said = _FIRST + b"\n" + about.encode()
    return bytes(pyrage.encrypt(said, [pyrage.x25519.Recipient.from_str(one.key) for one in recipients]))


def unwrap(wrapped: bytes, record: str, opened: Sequence[Any]) -> Unwrapped | None:
    """What an age file holds for `record`; None when no identity opens it, or when it was made for another record."""
    if not opened or not wrapped.startswith(_AGE):
        return None
    import pyrage

    try:
        said = bytes(pyrage.decrypt(wrapped, list(opened)))
        first, whose, wrapped_for, under, key = said.split(b"\n")
        is_whole = len(key) == 64 or (record == GROUP and key and len(key) % 64 == 0)
        if (first, whose) == (_FIRST, record.encode()) and is_whole:
            return Unwrapped(bytes.fromhex(key.decode("ascii")), wrapped_for.decode("ascii"), under.decode("ascii"))
    except (pyrage.DecryptError, ValueError):
        pass
    return None


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of wrapped keys: those that opened, and those that are age files for somebody else."""

    opened: Mapping[str, Unwrapped]
    closed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Count:
    """How many records have a wrapped key, and how many of those open here.

    `stale` are the open ones that are not wrapped for the present recipients; `group_stale`: the group's key is not.
    """

    records: int
    open: int
    stale: int = 0
    group_stale: bool = False

    @property
    def is_behind(self) -> bool:
        """Whether anything that opens here is to be wrapped anew."""
        return self.group_stale or self.stale > 0

    def all_open(self) -> None:
        """Raises ExternalError unless every key opens here: only then can all be wrapped anew for others."""
        if closed := self.records - self.open:
            raise ExternalError(
                f"{closed} of {self.records} keys cannot be opened with the identities on this machine",
                hint="somebody who can open them must do this: solidarity keys list",
            )


class Opener:
    """The identities of this machine, each opened when first needed; those with a passphrase last, and asked for once.

    Without `ask` they stay closed. What was tried is kept: a blob stays as it is, and so do the identities.
    """

    def __init__(self, root: Path, ask: identities.Ask | None) -> None:
        self._root = root
        self._ask = ask
        self._open: list[Any] = []
        self._waiting: list[str] | None = None
        self._tried: dict[tuple[str, str], Unwrapped | None] = {}

    def tried(self, wanted: Mapping[str, str], recipients: Sequence[Recipient]) -> Tried:
        """The wrapped keys, record -> blob id, as far as they open; identities of `recipients` are asked for first."""
        by_blob: dict[str, list[str]] = {}
        for record, blob in wanted.items():
            if (blob, record) not in self._tried:
                by_blob.setdefault(blob, []).append(record)
        for blob, data in blobs(self._root, by_blob, at_most=_LARGEST):
            for record in by_blob[blob]:
                if data is not None and data.startswith(_AGE):
                    self._tried[blob, record] = self._unwrapped(data, record, recipients)
        known = {record: self._tried[blob, record] for record, blob in wanted.items() if (blob, record) in self._tried}
        opened = {record: found for record, found in known.items() if found}
        return Tried(opened, frozenset(known.keys() - opened.keys()))

    def _unwrapped(self, data: bytes, record: str, recipients: Sequence[Recipient]) -> Unwrapped | None:
        if self._waiting is None:
            self._begin({one.key for one in recipients})
        found = unwrap(data, record, self._open)
        while found is None and self._waiting:
            self._open.append(identities.open_identity(self._waiting[0], self._ask))
            del self._waiting[0]
            found = unwrap(data, record, self._open)
        return found

    def _begin(self, named: set[str]) -> None:
        held = sorted(identities.public_keys(), key=lambda one: (one not in named, one))
        waiting = [one for one in held if identities.is_protected(one)]
        self._open = [identities.open_identity(one) for one in held if one not in waiting]
        self._waiting = waiting if self._ask else []
