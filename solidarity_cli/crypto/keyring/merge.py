"""Two keyrings made one: which wrapped key stands for each record, and which key of the group."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.model.recipients import Recipient
from solidarity_cli.crypto.keyring.key_wrapping import Opener, Tried, fingerprint, wrap
from solidarity_cli.crypto.keyring.store import GROUP
from solidarity_cli.crypto.keyring.trust import accepted, bound, judged, recall
from solidarity_cli.crypto.vouches import Group

Blobs = Mapping[str, str]
"""Record -> the blob of its wrapped key."""


def united(
    root: Path, listed: tuple[Recipient, ...], opener: Opener, ours: Blobs, theirs: Blobs
) -> dict[str, str | bytes]:
    """What changes here for the union: record -> a blob id of theirs, or a key wrapped anew.

    A record in both, wrapped differently: the one wrapped for those who are trusted now, theirs first, so that all
    clones come to the same bytes; when neither is, the key is wrapped anew. What nobody here can open is taken as they
    have it. Raises ExternalError when both open and hold different keys: either choice would lose data.
    """
    differ = [one for one in sorted(set(ours) | set(theirs)) if ours.get(one) != theirs.get(one)]
    mine = opener.tried({one: ours[one] for one in differ if one in ours}, listed)
    other = opener.tried({one: theirs[one] for one in differ if one in theirs}, listed)
    _alike(mine, other)
    put: dict[str, str | bytes] = {}
    joint, side = _group(root, mine, other)
    blobs = {**theirs, **ours} | ({GROUP: theirs[GROUP]} if side == "theirs" else {})
    group = joint or accepted(root, blobs, opener, listed)
    trust = judged(root, listed, group, lambda: bound(blobs, opener, listed))
    current = fingerprint(trust.people, trust.under)
    for one in differ:
        from_us, from_them = mine.opened.get(one), other.opened.get(one)
        if one == GROUP and (joint or not group or side):
            # Wrapped for others than those of now, it is refreshed later, like any key.
            put |= {one: wrap(joint.data, one, trust.people, joint.id)} if joint else {}
            put |= {one: theirs[one]} if side == "theirs" else {}
        elif from_them and from_them.wrapped_for == current:
            put[one] = theirs[one]
        elif from_us and from_us.wrapped_for == current:
            continue
        elif (known := from_them or from_us) and trust.is_sure and trust.people:
            put[one] = wrap(known.key, one, trust.people, trust.under)
        elif from_them or (one in other.closed and not from_us):
            put[one] = theirs[one]
    return put


def _alike(mine: Tried, other: Tried) -> None:
    both = (set(mine.opened) & set(other.opened)) - {GROUP}
    if split := sorted(one for one in both if mine.opened[one].key != other.opened[one].key):
        raise ExternalError(
            f"{len(split)} records have another key on the other side, {split[0]} among them",
            hint="somebody replaced it, or two clones sealed the register at once: ask before you sync again",
        )


def _group(root: Path, mine: Tried, other: Tried) -> tuple[Group | None, Literal["", "ours", "theirs"]]:
    """A new key of the group in the place of both, or None; and whose stands, empty when it is the same.

    The newer one of two carries the older. Where neither carries the other, two people have made one at once, or
    somebody has pushed one of their own: a new one that carries both is believed by everybody who believed either,
    and known to nobody but those who are trusted here.
    """
    from_us, from_them = mine.opened.get(GROUP), other.opened.get(GROUP)
    if not (from_us and from_them):
        return None, "theirs" if from_them or (GROUP in other.closed and not from_us) else "ours"
    ours, theirs, memory = Group.of(from_us.key), Group.of(from_them.key), recall(root)
    if ours.keys == theirs.keys:
        return None, ""
    if theirs.id in ours.ids:
        return None, "ours"
    if ours.id in theirs.ids or not (memory and memory.group in ours.ids):
        return None, "theirs"
    return Group.new(ours, theirs), ""
