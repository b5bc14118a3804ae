"""The keys of records, wrapped for every recipient, in one commit without history: what is dropped is gone.

`Keyring` opens keys with the identities of this machine and replaces the commit by compare-and-swap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from solidarity_cli.core.errors import Outside
from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.keyring import identities, remains, tree
from solidarity_cli.keyring.wrapping import Count, Opener, fingerprint, wrap

_TRIES = 8
"""Replacements tried before somebody else's are taken for a storm."""


@dataclass(frozen=True, slots=True)
class _Change:
    """The next keyring: wrapped keys by blob id or bytes, records that go; `base` is the folder of keys to start from.

    `leaves` names the keyrings that hold wrapped keys which the next one does not: `purge` is to remove them.
    """

    base: str
    put: Mapping[str, str | bytes]
    gone: frozenset[str] = frozenset()
    leaves: tuple[str, ...] = ()


class Keyring:
    """The wrapped keys of one register. Without an identity it knows which records have a key, and no key.

    `ask` asks for a passphrase: called only when no other identity opens what is wanted. `erased`: records whose key
    is never read, added or merged again.
    """

    def __init__(
        self,
        root: Path,
        recipients: tuple[Recipient, ...],
        *,
        ask: identities.Ask | None = None,
        erased: frozenset[str] = frozenset(),
    ) -> None:
        self.root = root
        self.recipients = recipients
        self.erased = erased
        self._opener = Opener(root, ask)
        self._known: dict[str, bytes] = {}
        self._why: dict[str, str] = {}

    def key(self, record: str) -> bytes | None:
        """The key of a record; None when there is none, or when no identity here opens it: see `why`."""
        return self.keys([record]).get(record)

    def keys(self, records: Iterable[str]) -> dict[str, bytes]:
        """The keys of those records that open, in four processes however many."""
        wanted = list(dict.fromkeys(records))
        unknown = [one for one in wanted if not (one in self._known or one in self._why or one in self.erased)]
        if unknown:
            stored = tree.read(self.root, years={one.split("-")[1] for one in unknown if tree.path_of(one)})
            here = {one: stored.blobs[one] for one in unknown if one in stored.blobs}
            opened = self._opener.tried(here, self.recipients).opened
            self._known |= {one: found.key for one, found in opened.items()}
            self._why |= {one: "no-identity" if one in here else "no-key" for one in unknown if one not in opened}
        return {one: self._known[one] for one in wanted if one in self._known and one not in self.erased}

    def why(self, record: str) -> Literal["", "no-key", "no-identity", "erased"]:
        """Why a record has no key here; empty when it has one."""
        if record in self.erased:
            return "erased"
        if self.key(record) is not None:
            return ""
        return "no-identity" if self._why.get(record) == "no-identity" else "no-key"

    def records(self) -> frozenset[str]:
        """The records that have a wrapped key, whoever can open it."""
        return frozenset(tree.read(self.root).blobs) - self.erased

    def count(self) -> Count:
        """What is here, and what of it opens. Asks for a passphrase when nothing else opens a key."""
        kept = {one: blob for one, blob in tree.read(self.root).blobs.items() if one not in self.erased}
        opened = self._opener.tried(kept, self.recipients).opened
        current = fingerprint(self.recipients)
        return Count(len(kept), len(opened), sum(found.wrapped_for != current for found in opened.values()))

    def commit(self) -> str:
        """The commit of the keyring; empty when there is no keyring."""
        return tree.read(self.root, years=()).commit

    def add(self, keys: Mapping[str, bytes]) -> str:
        """Wrap new keys for all recipients; the new commit.

        A key that exists is never replaced: what it sealed would be lost.
        Raises Outside for a record that has a key, was erased, or has no proper id.
        """
        wrapped = {}
        for record, key in keys.items():
            if not tree.path_of(record) or record in self.erased or len(key) != 32:
                raise Outside("a key cannot be kept for this record", hint="it was erased, or its id is none")
            wrapped[record] = wrap(key, record, self.recipients)
        years = {record.split("-")[1] for record in keys}

        def change() -> tuple[str, _Change | None]:
            now = tree.read(self.root, years=years)
            if twice := sorted(set(wrapped) & set(now.blobs)):
                raise Outside(f"{twice[0]} has a key already", hint="run the command again")
            return now.commit, _Change(now.keys, wrapped) if wrapped else None

        commit = self._replace(change)
        self._known |= keys
        return commit

    def drop(self, records: Iterable[str]) -> str:
        """Take wrapped keys out; the new commit. `purge` then removes them from the object store."""
        gone = frozenset(records)

        def change() -> tuple[str, _Change | None]:
            now = tree.read(self.root)
            there = gone & set(now.blobs)
            return now.commit, _Change(now.keys, {}, there, (now.commit,)) if there else None

        commit = self._replace(change)
        for record in gone:
            self._known.pop(record, None)
        return commit

    def rewrap(self, recipients: tuple[Recipient, ...], *, closed_stay: bool = False) -> str:
        """Wrap every key anew for `recipients` and nobody else; the new commit.

        Raises Outside when some cannot be opened here: they would stay readable for those who are leaving. With
        `closed_stay` these stay as they are: whoever changes their own key takes nothing from anybody by it, and what
        they never could open must not keep them from it.
        """

        def change() -> tuple[str, _Change | None]:
            now = tree.read(self.root)
            kept = {one: blob for one, blob in now.blobs.items() if one not in self.erased}
            opened = self._opener.tried(kept, self.recipients).opened
            closed = {one: blob for one, blob in kept.items() if one not in opened}
            if not closed_stay:
                Count(len(kept), len(opened)).all_open()
            put: dict[str, str | bytes] = {one: wrap(found.key, one, recipients) for one, found in opened.items()}
            return now.commit, _Change("", {**closed, **put}, leaves=(now.commit,)) if now.commit else None

        commit = self._replace(change)
        self.recipients = recipients
        return commit

    def refresh(self) -> int:
        """Wrap anew those keys that open here and are not wrapped for the present recipients; how many."""
        stale: dict[str, str | bytes] = {}

        def change() -> tuple[str, _Change | None]:
            now = tree.read(self.root)
            current = fingerprint(self.recipients)
            opened = self._opener.tried(now.blobs, self.recipients).opened
            stale.clear()
            for one, found in opened.items():
                if found.wrapped_for != current and one not in self.erased:
                    stale[one] = wrap(found.key, one, self.recipients)
            return now.commit, _Change(now.keys, dict(stale), leaves=(now.commit,)) if stale else None

        self._replace(change)
        return len(stale)

    def merge(self, theirs: str, *, erased: frozenset[str] = frozenset()) -> str:
        """The union of this keyring and the fetched commit `theirs`, minus the erased; the new commit.

        A record in both, wrapped differently: the one wrapped for the present recipients, theirs first, so that all
        clones come to the same bytes; when neither is, the key is wrapped anew. What nobody here can open is taken as
        they have it. Raises Outside when both open and hold different keys: either choice would lose data.
        """
        self.erased = self.erased | erased

        def change() -> tuple[str, _Change | None]:
            now, other = tree.read(self.root), tree.read(self.root, theirs)
            gone = self.erased & set(now.blobs)
            put = self._settled(
                {one: blob for one, blob in now.blobs.items() if one not in self.erased},
                {one: blob for one, blob in other.blobs.items() if one not in self.erased},
            )
            after = {one: blob for one, blob in now.blobs.items() if one not in gone} | put
            leaves = [one.commit for one in (now, other) if not set(one.blobs.values()) <= set(after.values())]
            remains.remember(self.root, leaves)  # theirs is to be removed even where ours stays as it is
            return now.commit, _Change(now.keys, put, gone) if put or gone or not now.commit else None

        return self._replace(change)

    def purge(self, old: str = "") -> frozenset[str]:
        """Remove what replaced keyrings left in the object store; the objects that could not be removed."""
        return remains.purge(self.root, old)

    def _settled(self, ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str | bytes]:
        """What changes here for the union: record -> a blob id of theirs, or a key wrapped anew."""
        differ = [one for one in sorted(set(ours) | set(theirs)) if ours.get(one) != theirs.get(one)]
        mine = self._opener.tried({one: ours[one] for one in differ if one in ours}, self.recipients)
        other = self._opener.tried({one: theirs[one] for one in differ if one in theirs}, self.recipients)
        both = set(mine.opened) & set(other.opened)
        if split := sorted(one for one in both if mine.opened[one].key != other.opened[one].key):
            raise Outside(
                f"{len(split)} records have another key on the other side, {split[0]} among them",
                hint="somebody replaced it, or two clones sealed the register at once: ask before you sync again",
            )
        put: dict[str, str | bytes] = {}
        current = fingerprint(self.recipients)
        for one in differ:
            from_us, from_them = mine.opened.get(one), other.opened.get(one)
            if from_them and from_them.wrapped_for == current:
                put[one] = theirs[one]
            elif from_us and from_us.wrapped_for == current:
                continue
            elif (known := from_them or from_us) and self.recipients:
                put[one] = wrap(known.key, one, self.recipients)
            elif from_them or (one in other.closed and not from_us):
                put[one] = theirs[one]
        return put

    def _replace(self, change: Callable[[], tuple[str, _Change | None]]) -> str:
        """Carry out `change` on the keyring as it is; again when somebody was faster. The commit that stands then."""
        self._why.clear()  # what was closed may open afterwards
        for _ in range(_TRIES):
            old, wanted = change()
            if wanted is None:
                return old
            new = tree.written(self.root, wanted.base, put=wanted.put, gone=wanted.gone)
            if new == old:
                return old
            remains.remember(self.root, wanted.leaves)
            if tree.swapped(self.root, new, old):
                return new
        raise Outside("the keyring is being replaced by others all the time", hint="wait a moment, then try again")
