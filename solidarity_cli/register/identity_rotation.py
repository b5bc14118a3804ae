"""An identity that ends: replaced by a new one, or destroyed after its key was retired; always after what it opens.

Whoever can push can retire anybody's key, and write anybody's key into an erasure. So an identity is destroyed only
where another one, of a recipient who was vouched for, is on this machine, and every key that opens was wrapped for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.model.recipients import RECOVERY, Recipient, Retired
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.clone_identity import make_identity, recall_identity
from solidarity_cli.crypto.keyring.trust import Trust
from solidarity_cli.crypto.keyring.vouch_recipients import group_of, vouched
from solidarity_cli.crypto.recipients import FILE
from solidarity_cli.register.recipients import Parts


@dataclass(frozen=True, slots=True)
class Rotation:
    """Somebody's public key before and after; the old identity is destroyed."""

    old: str
    new: str


def rotate(parts: Parts, *, on: date, by: str = "") -> Rotation | None:
    """A new identity for whoever is here, what opens here wrapped for it, the old one destroyed: a confirmation.

    A rotation that was cut off is finished instead. None when nobody here is a recipient. The new identity has the
    passphrase of the old one. Raises ExternalError when it cannot be asked for, or git refuses.
    """
    recipient = _local_recipient(parts)
    cut_off = [retired.key for retired in _retired_here(parts) if recipient and retired.name == recipient.name]
    for key in cut_off:
        _passphrase(key, parts.ask)
    finish(parts, by=by)
    if recipient is None or cut_off:
        return Rotation(cut_off[-1], recipient.key) if recipient else None
    passphrase = _passphrase(recipient.key, parts.ask)
    try:
        group = group_of(parts.keyring)
    except ExternalError:
        group = None  # the old identity must go all the same; for the new one somebody else vouches
    new = _unfinished_identity(parts, protected=bool(passphrase)) or make_identity(parts.ledger.root, passphrase)
    after = parts.recipients.rotate(recipient.key, new, on.isoformat())
    after = vouched(parts.keyring, after, group, new) if group else after
    minted = group if group != parts.keyring.group() else None
    parts.take(parts.step("keys-rotate", after, by=by, closed_stay=True, group=minted))
    identities.destroy(recipient.key)
    return Rotation(recipient.key, new)


def finish(parts: Parts, *, by: str = "") -> int:
    """Destroy the identities on this machine whose keys are retired, and say so in `recipients.yaml`; how many.

    Only while the identity of a recipient who was vouched for is on this machine, and only identities that were such
    a recipient's in this clone: whoever retires everybody destroys nothing, and who was removed keeps what they have.
    What opens here is wrapped for the present recipients first: an identity that alone opens a key is not destroyed
    before that, and one with a passphrase waits until somebody can be asked. A retired recovery identity goes from
    this machine, and its shares are not said to be gone by it. Raises ExternalError when git refuses.
    """
    ended = [retired for retired in _retired_here(parts) if parts.ask or not identities.is_protected(retired.key)]
    if not ended:
        return 0
    if parts.ledger.differs([FILE]):
        raise ExternalError(f"{FILE} holds changes that are in no commit", hint=f"git diff -- {FILE}")
    for retired in ended:
        _passphrase(retired.key, parts.ask)
    confirmed = [retired.key for retired in ended if retired.name != RECOVERY and not retired.destroyed]
    parts.take(parts.step("keys-destroyed", parts.recipients.confirm_destroyed(confirmed), by=by, closed_stay=True))
    for retired in ended:
        identities.destroy(retired.key)
    return len(ended)


def vouching_again(parts: Parts, *, by: str = "") -> bool:
    """Vouch with the group's key of now for those whom this clone has verified and whose vouch is another, or gone.

    A vouch made before somebody was removed elsewhere is of a key that they know; and whoever can push can take one
    out. Whether anything had to be done.
    """
    group = parts.keyring.group()
    trust = parts.keyring.trusted()
    if group is None or _local_recipient(parts, trust) is None:
        return False
    after = vouched(parts.keyring, parts.recipients, group, trust=trust)
    if after != parts.recipients:
        parts.take(parts.step("keys-vouch", after, by=by, closed_stay=True))
    return after != parts.recipients


def _local_recipient(parts: Parts, trust: Trust | None = None) -> Recipient | None:
    """The recipient whose identity is on this machine, and who was vouched for or whose identity this clone made.

    Any key of ours may stand in a hostile `recipients.yaml`, one of another register too.
    """
    held, trust, root = frozenset(identities.public_keys()), trust or parts.keyring.trusted(), parts.ledger.root
    if not trust.is_sure:
        return None
    candidates = (
        recipient for recipient in parts.recipients.current if recipient.key in held and recipient.name != RECOVERY
    )
    return next(
        (
            recipient
            for recipient in candidates
            if recipient.key in trust.vouched or recipient.key == recall_identity(root)
        ),
        None,
    )


def _retired_here(parts: Parts) -> list[Retired]:
    """The retired keys whose identities are to go from this machine, in the order in which they were retired."""
    held = frozenset(identities.public_keys())
    if not any(retired.key in held for retired in parts.recipients.retired):
        return []
    recipient = _local_recipient(parts)
    if recipient is None or recipient.key not in parts.keyring.trusted().vouched:
        return []
    own = parts.keyring.own() | {recall_identity(parts.ledger.root)}
    return [retired for retired in parts.recipients.retired if retired.key in held & own]


def _passphrase(public: str, ask: identities.AskOnce | None) -> str:
    """The passphrase of an identity on this machine; empty when it has none.

    Raises ExternalError as opening it does.
    """
    if not identities.is_protected(public):
        return ""
    identities.open_identity(public, ask)
    if ask is None:
        raise ExternalError(
            "the identity asks for its passphrase, and nobody can be asked", hint="run it on a terminal"
        )
    return ask.right[public]


def _unfinished_identity(parts: Parts, *, protected: bool) -> str:
    """An identity that a rotation made before it was cut off: remembered here, and no recipient's yet."""
    known = {*parts.recipients.keys, *(retired.key for retired in parts.recipients.retired)}
    key = recall_identity(parts.ledger.root)
    return key if key and key not in known and identities.is_protected(key) == protected else ""
