"""The group's key: who holds it vouches for a recipient, and can tell who was vouched for.

Anybody who can push can write a name and a public key into `recipients.yaml`, and anybody who knows public keys can
wrap something for them. What neither can do is answer with a secret: only those who unseal already know the key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass

from solidarity_cli.core.model.recipients import Recipient

_SIZE = 32
_LONGEST = 200
"""Keys of one group that are kept: a wrapped key stays small, whatever somebody puts on the other side."""


@dataclass(frozen=True, slots=True)
class Group:
    """The group's key of now, and those of before: `keys`, 32 bytes each, the newest first.

    A newer one carries the older ones: that it does proves that whoever made it knew them.
    """

    keys: tuple[bytes, ...]

    @classmethod
    def new(cls, *before: Group) -> Group:
        """A new key in the place of those of `before`, the first of which weighs most."""
        older = dict.fromkeys(key for one in before for key in one.keys)
        return cls((secrets.token_bytes(_SIZE), *older)[:_LONGEST])

    @classmethod
    def of(cls, data: bytes) -> Group:
        """What `data` gave."""
        return cls(tuple(data[at : at + _SIZE] for at in range(0, len(data), _SIZE)))

    @property
    def data(self) -> bytes:
        """All of it, to be wrapped."""
        return b"".join(self.keys)

    @property
    def id(self) -> str:
        """Tells the key of now from others, and tells nothing of it."""
        return _id(self.keys[0])

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the key of now and of those before."""
        return frozenset(_id(key) for key in self.keys)

    def vouch(self, name: str, key: str) -> str:
        """The vouch for a name with a public key: 64 hexadecimal digits."""
        said = json.dumps(["solidarity-recipient:1", name, key], ensure_ascii=False, separators=(",", ":"))
        return hmac.new(self.keys[0], said.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def vouches_for(self, one: Recipient) -> bool:
        """Whether the vouch of an entry was made with the key of now, for this name and this public key."""
        return hmac.compare_digest(one.vouch.encode(), self.vouch(one.name, one.key).encode())


def is_well_formed(vouch: str) -> bool:
    """Whether it looks like a vouch; only who has the group's key can say more."""
    return bool(re.fullmatch(r"[0-9a-f]{64}", vouch))


def _id(key: bytes) -> str:
    return hashlib.sha256(b"solidarity-group:1" + key).hexdigest()
