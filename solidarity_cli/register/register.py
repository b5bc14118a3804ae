"""The one way in and out: read a snapshot; plan a change, check it, save it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solidarity_cli.git.committer import Committer
from solidarity_cli.git.snapshot import Snapshot, at, bytes_of, name_of, record_kind, working_tree

# What only a verb that writes needs is loaded when one does.
if TYPE_CHECKING:
    from solidarity_cli.core.edits import Edit
    from solidarity_cli.core.model import Action, Case, Recipient, Recipients
    from solidarity_cli.crypto.identities import AskOnce
    from solidarity_cli.crypto.keyring.keyring import Keyring
    from solidarity_cli.register.commit import Change, Plan
    from solidarity_cli.register.identity_rotation import Rotation
    from solidarity_cli.register.reader import Reader
    from solidarity_cli.register.recipients import Parts, Step


class Register:
    """One register on disk, on one day."""

    def __init__(self, root: Path, today: date, ask: Callable[[], str] | None = None) -> None:
        """`ask` asks a person for the passphrase of an identity; None when nobody is there."""
        self.root = root
        self.today = today
        self.ledger = Committer(root)
        self._ask = ask
        self._snapshot_reader: Callable[[], Snapshot] | None = None
        self.opened = ""
        """The branch that the last act opened, or went on with, because acts wait for review; else empty."""

    @cached_property
    def recipients(self) -> Recipients:
        """Who can unseal, now. Raises Refused when `recipients.yaml` cannot be read."""
        from solidarity_cli.core.model import Recipients
        from solidarity_cli.crypto.recipients import FILE, read_recipients

        file = self.root / FILE
        return read_recipients(bytes_of(file)) if os.path.lexists(file) else Recipients()

    @cached_property
    def passphrase(self) -> AskOnce | None:
        """Asks for the passphrase of an identity, once in a command; None when nobody is there."""
        from solidarity_cli.crypto.identities import AskOnce

        return AskOnce(self._ask) if self._ask else None

    @cached_property
    def keyring(self) -> Keyring:
        """The keys of this register's records, as far as an identity on this machine opens them."""
        from solidarity_cli.crypto.keyring.keyring import Keyring

        return Keyring(self.root, self.recipients.current, ask=self.passphrase)

    def look(self) -> None:
        """Let git begin to look through the folder: for whoever has more to load before asking what is there `now`."""
        self._snapshot_reader = working_tree(self.root)

    @cached_property
    def now(self) -> Reader:
        """The working tree. Git looks through the folder while what reads its answer is loaded."""
        read_snapshot = self._snapshot_reader or working_tree(self.root)
        self._snapshot_reader = None
        from solidarity_cli.register.reader import Reader

        return Reader(read_snapshot(), self.ledger, self.today, lambda: self.keyring)

    def reading(self, as_of: str | None) -> Reader:
        """The working tree, or the register as it was on a date or at a revision."""
        if not as_of:
            return self.now
        from solidarity_cli.register.reader import Reader

        return Reader(at(self.root, as_of), self.ledger, self.today, lambda: self.keyring)

    def commit_of(self, reading: Reader) -> str:
        """The commit a reading was made from; with a plus when the working tree holds more than it."""
        if reading.snapshot.commit:
            return reading.snapshot.commit
        head = self.ledger.head()
        return head + (
            "+" if self.ledger.differs(("cases", "actions", "directory", "register.yaml", "schemas")) else ""
        )

    def committed_text(self, as_of: str | None) -> Reader | None:
        """What the newest commit holds, where the working tree differs from it; None otherwise."""
        if as_of or not self.now.snapshot.changed or not self.ledger.head():
            return None
        return self.reading("HEAD")

    def case(self, text: str) -> Case:
        """The case that an id, or a part of one, means; its private part included."""
        from solidarity_cli.core.model import Case

        return Case.from_plain(self.now.valid(self.now.find(text)))

    def action(self, text: str) -> Action:
        """The action that an id, or a part of one, means."""
        from solidarity_cli.core.model import Action

        return Action.from_plain(self.now.valid(self.now.find(text, "action")))

    def record(self, text: str) -> tuple[str, str]:
        """(id, kind) of the case or action that `text` means."""
        kind = self._kind_of(text.strip())
        return self.now.find(text, kind), kind

    def _kind_of(self, typed: str) -> str:
        """Case or action, by the prefix; `register.yaml`, which takes its schema to read, is asked only in doubt."""
        if "-" not in typed:
            return "case"
        if typed in self.now.paths and (kind := record_kind(self.now.paths[typed])) in ("case", "action"):
            return kind
        return "action" if typed.upper().startswith(f"{self.now.charter.action_prefix}-") else "case"

    def fresh_id(self, kind: str) -> str:
        """An id that no record has."""
        from solidarity_cli.register.ids import new_id

        charter = self.now.charter
        prefix = charter.prefix if kind == "case" else charter.action_prefix
        while (record := new_id(prefix, self.today.year)) in self.now.paths:
            pass
        return record

    def plan(
        self,
        verb: str,
        *,
        edits: Mapping[str, Iterable[Edit]] | None = None,
        new: Mapping[str, Mapping[str, Any]] | None = None,
        texts: Mapping[str, str] | None = None,
        by: str = "",
    ) -> Plan:
        """A checked change: `edits` by record id, `new` records by id, whole `texts` by record id.

        Raises Refused with every rule that the change would break and that was not broken before.
        """
        from solidarity_cli.register.plan import plan

        return plan(self.now, verb, edits=edits or {}, new=new or {}, texts=texts or {}, by=by)

    def save(self, plan: Plan) -> str:
        """Write and commit; the commit's id. What was read before is read anew afterwards.

        In `review` mode an act that would go to the main branch goes to one of its own. Raises as `commit.save`, and
        Refused where the records stand there as they do not here.
        """
        from solidarity_cli.register.commit import save

        self.opened = ""
        try:
            if self.now.charter.mode != "review":
                return save(plan, self.ledger, lambda: self.keyring)
            from solidarity_cli.register.review_mode import on_review_branch

            with on_review_branch(self.ledger, plan) as self.opened:
                return save(plan, self.ledger, lambda: self.keyring)
        finally:
            self.forget()

    @property
    def asks(self) -> bool:
        """Whether somebody is there who can be asked."""
        return self._ask is not None

    def forget(self) -> None:
        """Read anew what was read before: the files have changed."""
        for name in ("now", "recipients", "keyring"):
            self.__dict__.pop(name, None)
        self._snapshot_reader = None

    def mine(self) -> Recipient | None:
        """The recipient whose identity is on this machine."""
        from solidarity_cli.register.recipients import mine

        return mine(self.recipients)

    def reseal(self, record: str, token: str, old: str, new: str, version: int) -> str | None:
        """A token sealed anew for another field of its record; None when there is no key here."""
        from solidarity_cli.crypto.keyring.sealer import Seals

        return Seals(lambda: self.keyring).moved(record, token, old, new, version)

    @property
    def parts(self) -> Parts:
        """What a change of the recipients works on, as it is now."""
        from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
        from solidarity_cli.register.recipients import Parts

        # The program's own schema: a register that is older than sealing has none for recipients.
        shape = partial(Schemas(files_in(schema_folder(None))).shape, "recipients")
        return Parts(self.ledger, self.recipients, self.keyring, shape, self.passphrase)

    def take(self, step: Step) -> str:
        """Carry out a change of the recipients; its commit. What was read before is read anew afterwards."""
        try:
            return self.parts.take(step)
        finally:
            self.forget()

    def add_recipient(self, name: str, key: str, on: date, by: str = "") -> str:
        """One more recipient; the commit. See `recipients.add_recipient`."""
        from solidarity_cli.register.recipients import add_recipient

        return self.take(add_recipient(self.parts, name, key, on=on, by=by))

    def remove_recipient(self, name: str, on: date, by: str = "", *, destroyed: bool = False) -> str:
        """Without a recipient, or their word that an identity is destroyed; the commit.

        See `recipients.remove_recipient`.
        """
        from solidarity_cli.register.recipients import remove_recipient

        return self.take(remove_recipient(self.parts, name, on=on, by=by, destroyed=destroyed))

    def rotate(self, on: date, by: str = "") -> Rotation | None:
        """A new identity for whoever is here, the old one destroyed; None when nobody here is a recipient."""
        from solidarity_cli.register.identity_rotation import rotate

        try:
            return rotate(self.parts, on=on, by=by)
        finally:
            self.forget()

    def finish_rotations(self, by: str = "") -> int:
        """Destroy the identities on this machine whose keys are retired, after a cut too; how many."""
        from solidarity_cli.register.identity_rotation import finish

        done: int | None = None
        try:
            return (done := finish(self.parts, by=by))
        finally:
            if done != 0:
                self.forget()

    def vouch_again(self) -> bool:
        """The vouches of those whom this clone has verified, with the group's key of now; whether any was another."""
        from solidarity_cli.register.identity_rotation import vouching_again

        done: bool | None = None
        try:
            return (done := vouching_again(self.parts))
        finally:
            if done is not False:
                self.forget()

    def unverified_recipients(self) -> tuple[str, ...]:
        """The recipients whom this clone, which has verified some, has not verified: asked without opening a key."""
        from solidarity_cli.crypto.keyring.trust import recall

        memory = recall(self.root)
        if memory is None or not memory.group:
            return ()
        return tuple(
            recipient.name
            for recipient in self.recipients.current
            if (recipient.name, recipient.key) not in memory.people
        )

    def oddities(self) -> list[str]:
        """What is odd about the recipients: a sentence for each who was not let in, or for having been removed."""
        from solidarity_cli.register.recipients import oddities

        return oddities(self.parts)

    def decrypted_text(self, record: str) -> str:
        """The text of a record with its private part opened, as far as there are keys: for the person's editor."""
        from solidarity_cli.crypto.keyring.sealer import Seals

        path = self.now.paths[record]
        text = (self.now.snapshot.text(path) or b"").decode()
        return Seals(lambda: self.keyring).opened_text(record, text, self.now.schemas.shape(record_kind(path) or ""))

    def readable(self, plan: Plan) -> list[Change]:
        """The changes of a plan with their private parts opened as far as there are keys: for the person's eyes."""
        from dataclasses import replace

        from solidarity_cli.crypto.keyring.sealer import Seals

        seals = Seals(lambda: self.keyring)
        seals.made.update(plan.keys)

        def opened(path: str, text: str | None) -> str | None:
            kind = record_kind(path)
            if text is None or kind not in ("case", "action"):
                return text
            return seals.opened_text(name_of(path), text, self.now.schemas.shape(kind))

        return [
            replace(change, before=opened(change.path, change.before), after=opened(change.path, change.after))
            for change in plan.changes
        ]
