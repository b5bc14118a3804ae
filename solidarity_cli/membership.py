"""Who can unseal, changed: each change is one commit of `recipients.yaml` and a keyring wrapped anew.

The keyring follows `recipients.yaml` and never leads: first the commit, which a hook or a signing key may refuse, then
the wrapped keys, then the end of an old identity. A power cut leaves a keyring that is wrapped for the recipients of
before, whose identities still exist: nothing is lost, and the next call goes on from there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from solidarity_cli.core.edits import Put
from solidarity_cli.core.errors import Outside, Refused
from solidarity_cli.core.model.recipients import RECOVERY, Recipient, Recipients
from solidarity_cli.keyring import identities
from solidarity_cli.keyring.own import made, remembered
from solidarity_cli.keyring.recipients import FILE, plain_of, read_recipients
from solidarity_cli.keyring.ring import Keyring
from solidarity_cli.ledger import Act, Ledger
from solidarity_cli.records.editing import edit
from solidarity_cli.records.form import compose
from solidarity_cli.saving import Change, Plan, save
from solidarity_cli.snapshot import bytes_of


@dataclass(frozen=True, slots=True)
class Rotation:
    """Somebody's public key before and after; the old identity is destroyed."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the recipients, checked. Nothing has happened yet.

    `closed_stay`: keys that do not open here stay as they are; else they forbid the step.
    """

    plan: Plan
    after: Recipients
    closed_stay: bool = False


@dataclass(frozen=True)
class Parts:
    """What of a register a change of its recipients works on; `shape` gives the schema of `recipients.yaml`."""

    ledger: Ledger
    recipients: Recipients
    keyring: Keyring
    shape: Callable[[], Mapping[str, Any]]
    ask: identities.AskOnce | None = None

    @cached_property
    def text(self) -> str | None:
        """`recipients.yaml` as it stands; None when there is none yet."""
        file = self.ledger.root / FILE
        return bytes_of(file).decode() if file.exists() or file.is_symlink() else None

    def step(self, verb: str, after: Recipients, *, by: str, closed_stay: bool = False) -> Step:
        """The change to `after`. Raises Refused, in words, when that would be no `recipients.yaml`."""
        plain = plain_of(after)
        if self.text is None:
            text = compose(plain, "recipients", self.shape())
        else:
            before = plain_of(self.recipients)
            changed = [Put(field, plain[field]) for field in plain if plain[field] != before.get(field)]
            text = edit(self.text, changed, self.shape()) if changed else self.text
        read_recipients(text.encode())
        changes = (Change(FILE, self.text, text),) if text != self.text else ()
        return Step(Plan(Act(verb), changes, by), after, closed_stay)

    def take(self, step: Step) -> str:
        """Carry a step out; its commit, empty when the recipients stay as they are and only the keys were behind."""
        here = self.keyring.count()
        if not step.closed_stay:
            here.all_open()
        commit = save(step.plan, self.ledger) if step.plan.changes else ""
        if here.stale or set(step.after.keys) != set(self.recipients.keys):
            self.keyring.rewrap(step.after.current, closed_stay=step.closed_stay)
        self.keyring.purge()
        return commit


def mine(recipients: Recipients) -> Recipient | None:
    """The recipient whose identity is on this machine. The recovery identity is nobody's own, even where it lies."""
    held = frozenset(identities.held())
    return next((one for one in recipients.current if one.key in held and one.name != RECOVERY), None)


def letting_in(parts: Parts, name: str, key: str, *, on: date, by: str = "") -> Step:
    """One more recipient. Raises Refused: no public key, a key or a name that is taken, a key that was retired."""
    name, key, now = name.strip(), identities.public_key(key), parts.recipients
    if _same(name, RECOVERY):
        raise Refused(f"the name {RECOVERY} is kept for shares", hint="solidarity keys recovery split")
    known = now.named(name)
    if known and known.key == key and parts.keyring.count().stale:
        return parts.step("keys-add", now, by=by)  # cut off before the keys were wrapped
    if known or any(_same(name, one.name) for one in now.current):
        raise Refused("a recipient has this name already", hint="choose another name: solidarity keys list")
    if key in now.keys:
        raise Refused("this key is a recipient's already", hint="solidarity keys list")
    if any(one.key == key for one in now.retired):
        raise Refused("this key is retired and never comes back", hint="a new one: solidarity keys init")
    return parts.step("keys-add", now.joined_by(Recipient(name, key, on.isoformat())), by=by)


def letting_go(parts: Parts, who: str, *, on: date, by: str = "", destroyed: bool = False) -> Step:
    """Without a recipient, named or by their public key; or their word, later, that the identity is `destroyed`.

    Raises Refused: nobody of that name, or nobody else would be left who opens the records on a machine.
    """
    now, who = parts.recipients, who.strip()
    if leaving := next((one for one in now.current if who in (one.name, one.key)), None):
        staying = [one for one in now.current if one != leaving]
        if not any(one.name != RECOVERY for one in staying):
            raise Refused(
                "nobody else would be left who opens the records", hint="let somebody in first: solidarity keys add"
            )
        return parts.step("keys-remove", now.left_by(leaving.name, on.isoformat(), destroyed=destroyed), by=by)
    gone = [one for one in now.retired if who in (one.name, one.key)]
    if not gone:
        raise Refused("there is no recipient of this name", hint="solidarity keys list")
    if destroyed:
        # It takes nothing from anybody to write this down, so it asks for no keys either.
        return parts.step("keys-remove", now.destroyed(one.key for one in gone), by=by, closed_stay=True)
    if parts.keyring.count().stale:
        return parts.step("keys-remove", now, by=by)  # cut off before the keys were wrapped
    raise Refused(
        "they are no recipient any more",
        hint="when their identity is destroyed: solidarity keys remove NAME --destroyed",
    )


def splitting(parts: Parts, public: str, *, on: date, by: str = "", destroyed: bool = False) -> Step:
    """The recovery identity replaced by the one of `public`; `destroyed` when all old shares are said to be gone."""
    day, now = on.isoformat(), parts.recipients
    if all(one.name == RECOVERY for one in now.current):
        raise Refused("a register needs a recipient with a machine first", hint="solidarity keys add NAME PUBLIC-KEY")
    earlier = [one.key for one in now.retired if one.name == RECOVERY]
    after = now.left_by(RECOVERY, day, destroyed=destroyed).joined_by(Recipient(RECOVERY, public, day))
    return parts.step("keys-recovery", after.destroyed(earlier) if destroyed else after, by=by)


def rotate(parts: Parts, *, on: date, by: str = "") -> Rotation | None:
    """A new identity for whoever is here, what opens here wrapped for it, the old one destroyed: a confirmation.

    A rotation that was cut off is finished instead. None when nobody here is a recipient. The new identity has the
    passphrase of the old one. Raises Outside when it cannot be asked for, or git refuses.
    """
    me = mine(parts.recipients)
    cut_off = [one.key for one in _ended(parts) if me and one.name == me.name]
    for key in cut_off:
        _passphrase(key, parts.ask)
    finish(parts, by=by)
    if me is None or cut_off:
        return Rotation(cut_off[-1], me.key) if me else None
    passphrase = _passphrase(me.key, parts.ask)
    new = _prepared(parts, protected=bool(passphrase)) or made(parts.ledger.root, passphrase)
    after = parts.recipients.rotated(me.key, new, on.isoformat())
    parts.take(parts.step("keys-rotate", after, by=by, closed_stay=True))
    identities.destroy(me.key)
    return Rotation(me.key, new)


def finish(parts: Parts, *, by: str = "") -> int:
    """Destroy the identities on this machine whose keys are retired, and say so in `recipients.yaml`; how many.

    What opens here is wrapped for the present recipients first: an identity that alone opens a key is not destroyed
    before that, and one with a passphrase waits until somebody can be asked. A retired recovery identity goes from
    this machine, and its shares are not said to be gone by it. Raises Outside when git refuses.
    """
    ended = [one for one in _ended(parts) if parts.ask or not identities.is_protected(one.key)]
    if not ended:
        return 0
    if parts.ledger.differs([FILE]):
        raise Outside(f"{FILE} holds changes that are in no commit", hint=f"git diff -- {FILE}")
    for one in ended:
        _passphrase(one.key, parts.ask)
    own = [one.key for one in ended if one.name != RECOVERY and not one.destroyed]
    parts.take(parts.step("keys-destroyed", parts.recipients.destroyed(own), by=by, closed_stay=True))
    for one in ended:
        identities.destroy(one.key)
    return len(ended)


def restore(parts: Parts, secret: str) -> str:
    """The recovery identity, given back by its shares, on this machine; its public key.

    Raises Refused, and stores nothing, when it is not the one that records are sealed for now.
    """
    public = identities.public_of(secret)
    if any(one.key == public for one in parts.recipients.retired):
        raise Refused(
            "these shares are of an earlier split, which opens nothing any more",
            hint="destroy them, and ask for the shares of the newest split",
        )
    if (now := parts.recipients.named(RECOVERY)) is None or now.key != public:
        raise Refused(
            "these shares give back an identity that is no recipient of this register",
            hint="they are of another register, or this clone is behind: solidarity sync",
        )
    return identities.keep(secret)


def _ended(parts: Parts) -> list[Any]:
    """The retired keys whose identities are still on this machine, in the order in which they were retired."""
    held = frozenset(identities.held())
    return [one for one in parts.recipients.retired if one.key in held]


def _passphrase(public: str, ask: identities.AskOnce | None) -> str:
    """The passphrase of an identity on this machine; empty when it has none. Raises Outside as opening it does."""
    if not identities.is_protected(public):
        return ""
    identities.open_identity(public, ask)
    if ask is None:
        raise Outside("the identity asks for its passphrase, and nobody can be asked", hint="run it on a terminal")
    return ask.right[public]


def _prepared(parts: Parts, *, protected: bool) -> str:
    """An identity that a rotation made before it was cut off: remembered here, and no recipient's yet."""
    known = {*parts.recipients.keys, *(one.key for one in parts.recipients.retired)}
    key = remembered(parts.ledger.root)
    return key if key and key not in known and identities.is_protected(key) == protected else ""


def _same(name: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", name).casefold() == unicodedata.normalize("NFKC", other).casefold()
