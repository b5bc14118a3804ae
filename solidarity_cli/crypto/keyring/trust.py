"""For whom keys are wrapped in this clone: recipients that the group's key vouches for, and those it vouched for here.

What was verified is remembered in a file of the clone's own, so that nobody who can push takes trust away or gives it,
and a clone whose identity is closed, or that has none, goes on with those it knows.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.model.recipients import RECOVERY, Recipient
from solidarity_cli.crypto import identities
from solidarity_cli.crypto.keyring.key_wrapping import Opener
from solidarity_cli.crypto.keyring.store import GROUP
from solidarity_cli.crypto.vouches import Group, is_well_formed
from solidarity_cli.git.process import git_folders

_FILE = "vouched"

Who = tuple[str, str]
"""A name and a public key."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a clone remembers. `group`: the id of the group's key that it accepted last; empty while it has seen none.

    `people`: those verified when it last looked; without a `group`, those who stood there when it first looked.
    `own`: the keys of recipients whose identity was on this machine: no other is ever destroyed.
    """

    group: str = ""
    people: frozenset[Who] = frozenset()
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trust:
    """`people`: those for whom keys are wrapped; `vouched`: the keys of those among them who were verified.

    `under`: the id of the group's key. `is_sure`: False where it cannot be told who was let in, and nothing that is
    wrapped already may be wrapped anew.
    """

    people: tuple[Recipient, ...]
    vouched: frozenset[str] = frozenset()
    under: str = ""
    is_sure: bool = True

    def to_wrap_for(self, listed: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        """`people`, for a key that is to be wrapped. Raises ExternalError when nobody is known who could open it."""
        if listed and not (self.is_sure and any(one.name != RECOVERY for one in self.people)):
            raise ExternalError(
                "this clone cannot tell who of recipients.yaml was let in, so nothing is sealed for anybody",
                hint="solidarity sync; then compare solidarity keys list with a colleague's: docs/security/privacy.md",
            )
        return self.people


def recall(root: Path) -> Memory | None:
    """What this clone remembers; None when it has never looked, or what it wrote is spoiled."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        plain = json.loads(file(root).read_text(encoding="utf-8"))
        people = frozenset((str(name), str(key)) for name, key in plain["people"])
        return Memory(str(plain["group"]), people, frozenset(map(str, plain["own"])))
    return None


def remember(root: Path, known: Memory) -> None:
    """Keep it, readable by its owner alone."""
    if known == recall(root):
        return
    plain = {"group": known.group, "people": sorted(known.people), "own": sorted(known.own)}
    file(root).parent.mkdir(mode=0o700, exist_ok=True)
    identities.write_durably(file(root), json.dumps(plain, ensure_ascii=False, indent=1).encode("utf-8", "replace"))


def file(root: Path) -> Path:
    """Where it is kept."""
    return git_folders(root)[1] / "solidarity" / _FILE


def quick(root: Path, listed: Iterable[Recipient]) -> Trust | None:
    """Those listed, when this clone has verified each of them before; nothing is opened for that. Else None."""
    memory, people = recall(root), tuple(listed)
    if memory and memory.group and people and all((one.name, one.key) in memory.people for one in people):
        return Trust(people, frozenset(one.key for one in people), memory.group)
    return None


def accepted(root: Path, blobs: Mapping[str, str], opener: Opener, listed: tuple[Recipient, ...]) -> Group | None:
    """The group's key among wrapped keys, id -> blob; None when there is none, or none that this clone may believe.

    Everybody can wrap a key of their own making for us. It is believed when it carries the one accepted before, or,
    in a clone that has accepted none, when every record's key that opens here was wrapped under it.
    """
    found = opener.tried({GROUP: blobs[GROUP]}, listed).opened.get(GROUP) if GROUP in blobs else None
    if found is None:
        return None
    group, memory = Group.of(found.key), recall(root)
    if memory and memory.group:
        return group if memory.group in group.ids else None
    return group if bound(blobs, opener, listed) <= group.ids else None


def bound(blobs: Mapping[str, str], opener: Opener, listed: tuple[Recipient, ...]) -> frozenset[str]:
    """The ids of the group's keys under which the keys that open here were wrapped."""
    if not identities.public_keys():
        return frozenset()
    opened = opener.tried({one: blob for one, blob in blobs.items() if one != GROUP}, listed).opened
    return frozenset(found.under for found in opened.values() if found.under)


def judged(
    root: Path, listed: tuple[Recipient, ...], group: Group | None, wrapped_under: Callable[[], frozenset[str]]
) -> Trust:
    """For whom of those listed keys are wrapped; `group` as accepted, `wrapped_under` as `bound` says it.

    With the group's key: who is vouched for, who was before in this clone and still stands there, and ourselves.
    Without: who was. In a clone that has never verified anybody: those who stood there when it first looked, unless it
    could verify: it has an identity, and the group's key is not here yet, or somebody has taken it away.
    """
    memory, held = recall(root), frozenset(identities.public_keys())
    known = memory.people if memory and memory.group else frozenset()
    vouched = frozenset(one.key for one in listed if (one.name, one.key) in known or (group and group.vouches_for(one)))
    people = tuple(one for one in listed if one.key in vouched or one.key in held)
    if group:
        return Trust(people, vouched, group.id)
    if memory and memory.group:
        return Trust(people, vouched, memory.group)
    if wrapped_under() or (people and any(one.vouch for one in listed)):
        return Trust(people, is_sure=False)
    seen = memory.people if memory and memory.people else _first_sight(listed)
    return Trust(tuple(one for one in listed if (one.name, one.key) in seen or one.key in held))


def learned(root: Path, trust: Trust, *, accepted: bool) -> None:
    """Remember who was verified just now, or who stood there when a clone that can verify nothing first looked."""
    memory = recall(root)
    if accepted:
        people = frozenset((one.name, one.key) for one in trust.people if one.key in trust.vouched)
        own = trust.vouched & frozenset(identities.public_keys())
        remember(root, Memory(trust.under, people, (memory.own if memory else frozenset()) | own))
    elif memory is None and trust.is_sure and trust.people:
        remember(root, Memory("", frozenset((one.name, one.key) for one in trust.people)))


def _first_sight(listed: tuple[Recipient, ...]) -> frozenset[Who]:
    some = [one for one in listed if is_well_formed(one.vouch)] or listed
    return frozenset((one.name, one.key) for one in some)
