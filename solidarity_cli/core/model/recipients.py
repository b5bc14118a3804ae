"""Who can unseal, who could, and who has yet to confirm that nothing of an erased record can be opened any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

RECOVERY = "recovery"
"""The name of the recipient whose identity exists in shares only."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can unseal: `key` is an X25519 public key of age, `since` a date as YYYY-MM-DD.

    `vouch`: by which those who unseal know that one of them let this name in with this key; empty when nobody did.
    """

    name: str
    key: str
    since: str
    vouch: str = ""


@dataclass(frozen=True, slots=True)
class Retired:
    """A key that was in use until the day `until`; `destroyed` when its holder says that the identity is gone."""

    name: str
    key: str
    until: str
    destroyed: bool


@dataclass(frozen=True, slots=True)
class Recipients:
    """`recipients.yaml`: each name and each key once among the `current`; a key is never taken out of the `retired`."""

    current: tuple[Recipient, ...] = ()
    retired: tuple[Retired, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The public keys for which records are sealed now."""
        return tuple(recipient.key for recipient in self.current)

    def by_name(self, name: str) -> Recipient | None:
        """The recipient of that name."""
        return next((recipient for recipient in self.current if recipient.name == name), None)

    def add(self, newcomer: Recipient) -> Recipients:
        """One more recipient."""
        return replace(self, current=(*self.current, newcomer))

    def retire(self, name: str, on: str, *, destroyed: bool = False) -> Recipients:
        """Without the recipient of that name, whose key is retired."""
        current = tuple(recipient for recipient in self.current if recipient.name != name)
        retired = tuple(
            Retired(recipient.name, recipient.key, on, destroyed)
            for recipient in self.current
            if recipient.name == name
        )
        return Recipients(current, (*self.retired, *retired))

    def rotate(self, old: str, new: str, on: str) -> Recipients:
        """The holder of the key `old` has the key `new`, and has destroyed the old identity: a confirmation.

        A vouch is for one key: the new one needs its own.
        """
        current = tuple(
            replace(recipient, key=new, since=on, vouch="") if recipient.key == old else recipient
            for recipient in self.current
        )
        retired = tuple(
            Retired(recipient.name, old, on, destroyed=True) for recipient in self.current if recipient.key == old
        )
        return Recipients(current, (*self.retired, *retired))

    def confirm_destroyed(self, keys: Iterable[str]) -> Recipients:
        """Those retired keys are destroyed now."""
        destroyed_keys = frozenset(keys)
        return replace(
            self,
            retired=tuple(
                replace(retired_key, destroyed=retired_key.destroyed or retired_key.key in destroyed_keys)
                for retired_key in self.retired
            ),
        )

    def with_vouches(self, vouches: Mapping[str, str]) -> Recipients:
        """With the vouches, by public key, in the place of those that are there."""
        return replace(
            self,
            current=tuple(
                replace(recipient, vouch=vouches.get(recipient.key, recipient.vouch)) for recipient in self.current
            ),
        )

    @property
    def readers(self) -> tuple[str, ...]:
        """The keys that may open what is wrapped now, or was: the current ones, and the retired not destroyed."""
        return (*self.keys, *(retired_key.key for retired_key in self.retired if not retired_key.destroyed))

    def waiting_for(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The names of those among the holders of `keys` who have not confirmed, in order, each once."""
        destroyed_keys = frozenset(entry.key for entry in self.retired if entry.destroyed)
        names = {entry.key: entry.name for entry in self.retired} | {entry.key: entry.name for entry in self.current}
        return tuple(dict.fromkeys(names.get(key, "an unknown key") for key in keys if key not in destroyed_keys))


def merge(base: Recipients, ours: Recipients, theirs: Recipients) -> Recipients:
    """The recipients after both sides: who joined on either side is in, whose key was retired on either side is out."""
    retired: dict[str, Retired] = {}
    for retired_key in (*base.retired, *theirs.retired, *ours.retired):
        earlier = retired.get(retired_key.key)
        retired[retired_key.key] = replace(
            retired_key, destroyed=retired_key.destroyed or bool(earlier and earlier.destroyed)
        )
    current: dict[str, Recipient] = {}
    for recipient in (*theirs.current, *ours.current):
        if recipient.key not in retired:
            current.setdefault(recipient.name, recipient)
    return Recipients(tuple(current.values()), tuple(retired.values()))
