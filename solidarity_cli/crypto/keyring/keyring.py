"""The keys of records, wrapped for every recipient, in one commit without history: what is dropped is gone.

`Keyring` opens keys with the identities of this machine and replaces the commit by compare-and-swap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.keyring import purge as remains
from solidarity_cli.crypto.keyring import store as tree
from solidarity_cli.crypto.keyring import trust
from solidarity_cli.crypto.keyring.key_wrapping import Count, Opener, fingerprint, wrap
from solidarity_cli.crypto.keyring.merge import united
from solidarity_cli.crypto.keyring.store import GROUP
from solidarity_cli.crypto.keyring.trust import Trust
from solidarity_cli.crypto.keyring.update import Change, replaced
from solidarity_cli.crypto.vouches import Group


class Keyring:
    """The wrapped keys of one register. Without an identity it knows which records have a key, and no key.

    `recipients` are all who are listed; keys are wrapped for those alone who are `trusted`, whatever the list says.
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
        self.erased = erased - {GROUP}
        self._opener = Opener(root, ask)
        self._known: dict[str, bytes] = {}
        self._why: dict[str, str] = {}
        self._read: tree.Known = {}

    def key(self, record: str) -> bytes | None:
        """The key of a record; None when there is none, or when no identity here opens it: see `why`."""
        return self.keys([record]).get(record)

    def keys(self, records: Iterable[str]) -> dict[str, bytes]:
        """The keys of those records that open, in four processes however many."""
        wanted = [one for one in dict.fromkeys(records) if one != GROUP]
        unknown = [one for one in wanted if not (one in self._known or one in self._why or one in self.erased)]
        if unknown:
            stored = self._stored(years={one.split("-")[1] for one in unknown if tree.path_of(one)})
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
        return frozenset(self._stored().blobs) - self.erased - {GROUP}

    def count(self) -> Count:
        """What is here, and what of it opens. Asks for a passphrase when nothing else opens a key."""
        stored = self._stored().blobs
        kept = {one: blob for one, blob in stored.items() if one not in self.erased}
        opened = self._opener.tried(kept, self.recipients).opened
        judged = self._judged(self.recipients, stored)
        current = fingerprint(judged.people, judged.under)
        stale = {one for one, found in opened.items() if found.wrapped_for != current}
        records, here = kept.keys() - {GROUP}, opened.keys() - {GROUP}
        return Count(len(records), len(here), len(stale - {GROUP}), GROUP in stale)

    def group(self) -> Group | None:
        """The group's key; None when there is none, none that opens here, or none that is to be believed."""
        return trust.accepted(self.root, self._stored().blobs, self._opener, self.recipients)

    def trusted(self) -> Trust:
        """For whom of the recipients keys are wrapped here; this clone remembers whom it has verified."""
        return self._judged(self.recipients, self._stored().blobs)

    def own(self) -> frozenset[str]:
        """The public keys that were a vouched recipient's in this clone while their identity was on this machine."""
        memory = trust.recall(self.root)
        return memory.own if memory else frozenset()

    def is_before_vouches(self) -> bool:
        """Whether nobody has ever been vouched for: a register that was made by hand."""
        memory = trust.recall(self.root)
        if any(one.vouch for one in self.recipients) or (memory and memory.group):
            return False
        stored = self._stored().blobs
        return GROUP not in stored and not trust.bound(stored, self._opener, self.recipients)

    @contextmanager
    def grouped(self, group: Group, recipients: tuple[Recipient, ...]) -> Iterator[None]:
        """A key of the group before the commit whose vouches it made; the keyring as it was when that fails.

        Vouches in a commit whose key was lost by a power cut would be worth nothing to anybody.
        """
        people = trust.judged(self.root, recipients, group, frozenset).people
        wrapped = wrap(group.data, GROUP, people, group.id)

        def change() -> tuple[str, Change | None]:
            now = self._stored(years=["0000"])
            leaves = (now.commit,) if now.commit else ()
            return now.commit, Change(now.keys, {GROUP: wrapped}, leaves=leaves)

        before = self.commit()
        new = self._replace(change)
        try:
            yield
        except BaseException:
            tree.put_back(self.root, before, new)
            self.purge(new)
            raise

    def commit(self) -> str:
        """The commit of the keyring; empty when there is no keyring."""
        return self._stored(years=()).commit

    def add(self, keys: Mapping[str, bytes]) -> str:
        """Wrap new keys for all who are trusted; the new commit.

        A key that exists is never replaced: what it sealed would be lost.
        Raises ExternalError for a record that has a key, was erased, or has no proper id, or when nobody is trusted.
        """
        wrapped = {}
        judged = trust.quick(self.root, self.recipients) or (self.trusted() if keys else Trust(()))
        for record, key in keys.items():
            if not tree.path_of(record) or record in {GROUP, *self.erased} or len(key) != 32:
                raise ExternalError("a key cannot be kept for this record", hint="it was erased, or its id is none")
            wrapped[record] = wrap(key, record, judged.to_wrap_for(self.recipients), judged.under)
        years = {record.split("-")[1] for record in keys}

        def change() -> tuple[str, Change | None]:
            now = self._stored(years=years)
            if twice := sorted(set(wrapped) & set(now.blobs)):
                raise ExternalError(f"{twice[0]} has a key already", hint="run the command again")
            return now.commit, Change(now.keys, wrapped) if wrapped else None

        commit = self._replace(change)
        self._known |= keys
        return commit

    def drop(self, records: Iterable[str]) -> str:
        """Take wrapped keys out; the new commit. `purge` then removes them from the object store."""
        gone = frozenset(records) - {GROUP}

        def change() -> tuple[str, Change | None]:
            now = self._stored()
            there = gone & set(now.blobs)
            return now.commit, Change(now.keys, {}, there, (now.commit,)) if there else None

        commit = self._replace(change)
        for record in gone:
            self._known.pop(record, None)
        return commit

    def rewrap(self, recipients: tuple[Recipient, ...], *, closed_stay: bool = False) -> str:
        """Wrap every key anew for those of `recipients` who are trusted, and nobody else; the new commit.

        Raises ExternalError when some cannot be opened here: they would stay readable for those who are leaving. With
        `closed_stay` these stay as they are: whoever changes their own key takes nothing from anybody by it, and what
        they never could open must not keep them from it.
        """

        def change() -> tuple[str, Change | None]:
            now = self._stored()
            kept = {one: blob for one, blob in now.blobs.items() if one not in self.erased}
            opened = self._opener.tried(kept, self.recipients).opened
            closed = {one: blob for one, blob in kept.items() if one not in opened}
            if not closed_stay:
                Count(len(kept.keys() - {GROUP}), len(opened.keys() - {GROUP})).all_open()
            judged = self._judged(recipients, now.blobs)
            people = judged.to_wrap_for(recipients) if opened else ()
            put: dict[str, str | bytes] = {
                one: wrap(found.key, one, people, judged.under) for one, found in opened.items()
            }
            return now.commit, Change("", {**closed, **put}, leaves=(now.commit,)) if now.commit else None

        commit = self._replace(change)
        self.recipients = recipients
        return commit

    def refresh(self) -> int:
        """Wrap anew those keys that open here and are not wrapped for those who are trusted now; how many."""
        stale: dict[str, str | bytes] = {}

        def change() -> tuple[str, Change | None]:
            now = self._stored()
            judged = self._judged(self.recipients, now.blobs)
            current = fingerprint(judged.people, judged.under)
            opened = self._opener.tried(now.blobs, self.recipients).opened
            stale.clear()
            for one, found in opened.items():
                if found.wrapped_for != current and one not in self.erased and judged.is_sure:
                    stale[one] = wrap(found.key, one, judged.people, judged.under)
            return now.commit, Change(now.keys, dict(stale), leaves=(now.commit,)) if stale else None

        self._replace(change)
        return len(stale.keys() - {GROUP})

    def merge(self, theirs: str, *, erased: frozenset[str] = frozenset()) -> str:
        """The union of this keyring and the fetched commit `theirs`, minus the erased; the new commit. See `united`."""
        self.erased = (self.erased | erased) - {GROUP}

        def change() -> tuple[str, Change | None]:
            now, other = self._stored(), self._stored(theirs)
            gone = self.erased & set(now.blobs)
            put = united(
                self.root,
                self.recipients,
                self._opener,
                {one: blob for one, blob in now.blobs.items() if one not in self.erased},
                {one: blob for one, blob in other.blobs.items() if one not in self.erased},
            )
            after = {one: blob for one, blob in now.blobs.items() if one not in gone} | put
            leaves = [one.commit for one in (now, other) if not set(one.blobs.values()) <= set(after.values())]
            remains.remember(self.root, leaves)  # theirs is to be removed even where ours stays as it is
            return now.commit, Change(now.keys, put, gone) if put or gone or not now.commit else None

        commit = self._replace(change)
        self.trusted()
        return commit

    def purge(self, old: str = "") -> frozenset[str]:
        """Remove what replaced keyrings left in the object store; the objects that could not be removed."""
        return remains.purge(self.root, old)

    def _stored(self, name: str = tree.REF, *, years: Iterable[str] | None = None) -> tree.KeyTree:
        """The keyring as the ref names it now, or a commit of one; see `store.read`."""
        return tree.read(self.root, name, years=years, known=self._read)

    def _judged(self, listed: tuple[Recipient, ...], stored: Mapping[str, str]) -> Trust:
        group = trust.accepted(self.root, stored, self._opener, listed)
        judged = trust.judged(self.root, listed, group, lambda: trust.bound(stored, self._opener, listed))
        trust.learned(self.root, judged, accepted=group is not None)
        return judged

    def _replace(self, change: Callable[[], tuple[str, Change | None]]) -> str:
        self._why.clear()  # what was closed may open afterwards
        return replaced(self.root, change)
