"""Who can unseal, changed: each change is one commit of `recipients.yaml` and a keyring wrapped anew.

The keyring follows `recipients.yaml` and never leads: first the commit, which a hook or a signing key may refuse, then
the wrapped keys, then the end of an old identity. A power cut leaves a keyring that is wrapped for the recipients of
before, whose identities still exist: nothing is lost, and the next call goes on from there. A new key of the group
alone goes before the commit, which holds what it vouches for.

Whoever can push can write anything into `recipients.yaml`. Nothing here gives a key to, or destroys an identity on the
word of, an entry that nobody has vouched for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from solidarity_cli.core.edits import Set
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model.recipients import RECOVERY, Recipient, Recipients
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.keyring.keyring import Keyring
from solidarity_cli.crypto.keyring.vouch_recipients import group_of, vouched
from solidarity_cli.crypto.recipients import FILE, plain_of, read_recipients
from solidarity_cli.crypto.vouches import Group
from solidarity_cli.git.committer import Act, Committer
from solidarity_cli.git.snapshot import bytes_of
from solidarity_cli.records.canonical import compose
from solidarity_cli.records.edit import edit
from solidarity_cli.register.commit import Change, Plan, save


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the recipients, checked. Nothing has happened yet.

    `closed_stay`: keys that do not open here stay as they are; else they forbid the step. `group`: a new key of the
    group, whose vouches `after` holds.
    """

    plan: Plan
    after: Recipients
    closed_stay: bool = False
    group: Group | None = None


@dataclass(frozen=True)
class Parts:
    """What of a register a change of its recipients works on; `shape` gives the schema of `recipients.yaml`."""

    ledger: Committer
    recipients: Recipients
    keyring: Keyring
    shape: Callable[[], Mapping[str, Any]]
    ask: identities.AskOnce | None = None

    @cached_property
    def text(self) -> str | None:
        """`recipients.yaml` as it stands; None when there is none yet."""
        file = self.ledger.root / FILE
        return bytes_of(file).decode() if file.exists() or file.is_symlink() else None

    def step(
        self, verb: str, after: Recipients, *, by: str, closed_stay: bool = False, group: Group | None = None
    ) -> Step:
        """The change to `after`. Raises Refused, in words, when that would be no `recipients.yaml`."""
        plain = plain_of(after)
        if self.text is None:
            text = compose(plain, "recipients", self.shape())
        else:
            before = plain_of(self.recipients)
            changed = [Set(field, plain[field]) for field in plain if plain[field] != before.get(field)]
            # A file in braces, which JSON is, has no lines of its own for its fields: it is written anew.
            is_edited = re.search(r"^recipients:", self.text, re.MULTILINE)
            rewritten = (
                edit(self.text, changed, self.shape()) if is_edited else compose(plain, "recipients", self.shape())
            )
            text = rewritten if changed else self.text
        read_recipients(text.encode())
        changes = (Change(FILE, self.text, text),) if text != self.text else ()
        return Step(Plan(Act(verb), changes, by), after, closed_stay, group)

    def vouching(self, verb: str, after: Recipients, *newcomers: str, by: str, anew: bool = False) -> Step:
        """The change to `after`, where `newcomers` and all who are trusted are vouched for.

        `anew`: with a new key of the group, because somebody leaves who knows the old one. Raises ExternalError unless
        every key opens here, the group's among them.
        """
        self.keyring.count().all_open()
        known = self.keyring.group()
        group = Group.new(known) if anew and known else group_of(self.keyring)
        after = vouched(self.keyring, after, group, *newcomers)
        return self.step(verb, after, by=by, group=group if group != known else None)

    def take(self, step: Step) -> str:
        """Carry a step out; its commit, empty when the recipients stay as they are and only the keys were behind."""
        counts = self.keyring.count()
        if not step.closed_stay:
            counts.all_open()
        with self.keyring.grouped(step.group, step.after.current) if step.group else nullcontext():
            commit = save(step.plan, self.ledger) if step.plan.changes else ""
        if counts.is_behind or step.after.current != self.recipients.current:
            self.keyring.rewrap(step.after.current, closed_stay=step.closed_stay)
        self.keyring.purge()
        return commit


def mine(recipients: Recipients) -> Recipient | None:
    """The recipient whose identity is on this machine. The recovery identity is nobody's own, even where it lies."""
    held = frozenset(identities.public_keys())
    return next(
        (recipient for recipient in recipients.current if recipient.key in held and recipient.name != RECOVERY), None
    )


def oddities(parts: Parts) -> list[str]:
    """What somebody should look into: a sentence for each recipient who was not let in, and for having been removed."""
    trust, held = parts.keyring.trusted(), frozenset(identities.public_keys())
    if not held & set(parts.recipients.keys) and (gone := held & parts.keyring.own()):
        what, it = ("your identity is", "it") if len(gone) == 1 else ("identities of yours are", "them")
        return [f"{what} no recipient's any more, and nothing here destroys {it}: ask why: git log recipients.yaml"]
    if not trust.is_sure:
        return ["this clone cannot tell yet who of recipients.yaml was let in: solidarity sync"]
    why = (
        "nobody who can unseal has let them in: ask who put them there; to let them in: solidarity keys add NAME KEY"
        if trust.under
        else "this clone has no key to tell whether they were let in: what is recorded here is not sealed for them"
    )
    names = (recipient.name for recipient in parts.recipients.current if recipient not in trust.people)
    return [f"{name} stands in recipients.yaml and {why}" for name in names]


def add_recipient(parts: Parts, name: str, key: str, *, on: date, by: str = "") -> Step:
    """One more recipient. Raises Refused: no public key, a key or a name that is taken, a key that was retired."""
    name, key, now = name.strip(), identities.public_key(key), parts.recipients
    if _same(name, RECOVERY):
        raise Refused(f"the name {RECOVERY} is kept for shares", hint="solidarity keys recovery split")
    known = now.by_name(name)
    if known and known.key == key:
        if key not in parts.keyring.trusted().vouched:
            return parts.vouching("keys-add", now, key, by=by)
        if parts.keyring.count().is_behind:
            return parts.step("keys-add", now, by=by)  # cut off before the keys were wrapped
    if known or any(_same(name, recipient.name) for recipient in now.current):
        raise Refused("a recipient has this name already", hint="choose another name: solidarity keys list")
    if key in now.keys:
        raise Refused("this key is a recipient's already", hint="solidarity keys list")
    if any(retired.key == key for retired in now.retired):
        raise Refused("this key is retired and never comes back", hint="a new one: solidarity keys init")
    return parts.vouching("keys-add", now.add(Recipient(name, key, on.isoformat())), key, by=by)


def remove_recipient(parts: Parts, who: str, *, on: date, by: str = "", destroyed: bool = False) -> Step:
    """Without a recipient, named or by their public key; or their word, later, that the identity is `destroyed`.

    Raises Refused: nobody of that name, or nobody else would be left who opens the records on a machine.
    """
    now, who = parts.recipients, who.strip()
    if leaving := next((recipient for recipient in now.current if who in (recipient.name, recipient.key)), None):
        staying = [recipient for recipient in now.current if recipient != leaving]
        if not any(recipient.name != RECOVERY for recipient in staying):
            raise Refused(
                "nobody else would be left who opens the records", hint="let somebody in first: solidarity keys add"
            )
        after = now.retire(leaving.name, on.isoformat(), destroyed=destroyed)
        return parts.vouching("keys-remove", after, by=by, anew=leaving.key in parts.keyring.trusted().vouched)
    matches = [retired for retired in now.retired if who in (retired.name, retired.key)]
    if not matches:
        raise Refused("there is no recipient of this name", hint="solidarity keys list")
    if destroyed:
        # It takes nothing from anybody to write this down, so it asks for no keys either.
        return parts.step(
            "keys-remove", now.confirm_destroyed(retired.key for retired in matches), by=by, closed_stay=True
        )
    if parts.keyring.count().is_behind:
        return parts.step("keys-remove", now, by=by)  # cut off before the keys were wrapped
    raise Refused(
        "they are no recipient any more",
        hint="when their identity is destroyed: solidarity keys remove NAME --destroyed",
    )


def splitting(parts: Parts, public: str, *, on: date, by: str = "", destroyed: bool = False) -> Step:
    """The recovery identity replaced by the one of `public`; `destroyed` when all old shares are said to be gone."""
    day, now = on.isoformat(), parts.recipients
    if all(recipient.name == RECOVERY for recipient in now.current):
        raise Refused("a register needs a recipient with a machine first", hint="solidarity keys add NAME PUBLIC-KEY")
    earlier = [retired.key for retired in now.retired if retired.name == RECOVERY]
    after = now.retire(RECOVERY, day, destroyed=destroyed).add(Recipient(RECOVERY, public, day))
    after = after.confirm_destroyed(earlier) if destroyed else after
    return parts.vouching("keys-recovery", after, public, by=by, anew=now.by_name(RECOVERY) is not None)


def restore(parts: Parts, secret: str) -> str:
    """The recovery identity, given back by its shares, on this machine; its public key.

    Raises Refused, and stores nothing, when it is not the one that records are sealed for now.
    """
    public = identities.public_of(secret)
    if any(retired.key == public for retired in parts.recipients.retired):
        raise Refused(
            "these shares are of an earlier split, which opens nothing any more",
            hint="destroy them, and ask for the shares of the newest split",
        )
    if (now := parts.recipients.by_name(RECOVERY)) is None or now.key != public:
        raise Refused(
            "these shares give back an identity that is no recipient of this register",
            hint="they are of another register, or this clone is behind: solidarity sync",
        )
    return identities.keep(secret)


def _same(name: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", name).casefold() == unicodedata.normalize("NFKC", other).casefold()
