"""One clone and its remote brought together: fetch, merge, confirm erasures, push; again when somebody was faster."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from solidarity_cli.core.errors import Outside
from solidarity_cli.joining import Fields, joined
from solidarity_cli.plumbing import git
from solidarity_cli.register import Register
from solidarity_cli.remote import Overtaken, Remote
from solidarity_cli.saving import writing

_OURS = re.compile(r"[a-z-]+( [A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6})*")

_TRIES = 6
"""Pushes tried before the remote is taken to be too busy; the waits between them double, jittered, to 10 s in all."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One act that came in: its subject, its author."""

    subject: str
    author: str


@dataclass(slots=True)
class Synced:
    """What a sync did. `merged`: records that both sides had changed; `erased`: those whose key went from here.

    `confirmed`: whether the caller's identity was replaced, which confirms every erasure so far.
    """

    came: list[Arrived] = field(default_factory=list)
    went: int = 0
    merged: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    confirmed: bool = False
    keys: int = 0


def sync(register: Register) -> Synced:
    """Bring this clone and its remote together. Raises Outside without a remote or when it cannot be reached.

    Raises Refused when a person has to choose between two values. Whatever happens, no merge is left half done.
    """
    remote = Remote.of(register.root, register.now.charter.keyring.get("remote", ""))
    if remote is None:
        raise Outside("this register has no remote to sync with", hint="git remote add origin ADDRESS")
    done = Synced()
    register.finish_rotations()
    for attempt in range(_TRIES):
        seen = remote.fetched()
        if seen.branch:
            _merge(register, seen.branch, done)
        _keys(register, seen.keyring, done)
        if seen.keyring:
            remote.forget_incoming()
        head = register.ledger.head()
        went = git(register.root, "rev-list", "--count", head, *([f"^{seen.branch}"] if seen.branch else []))
        try:
            remote.push(seen, head, register.keyring.commit())
        except Overtaken:
            time.sleep(random.uniform(0.5, 1) * 0.3 * 2**attempt)  # noqa: S311 two clones must not keep step
            continue
        done.went = int(went)
        register.keyring.purge()
        return done
    raise Outside("the remote is being written to all the time", hint="your acts are safe here; try again in a minute")


def settle(register: Register) -> tuple[tuple[str, ...], bool]:
    """Carry out on this machine what erasures in the register ask for; again without harm.

    The keys of erased records go, and if the caller's identity could open them, a new one takes its place and the old
    one is destroyed: what a copy of the keyring still holds opens for nobody. Returns the records whose key went, and
    whether the identity was replaced.
    """
    erasures = register.now.erasures()
    gone = tuple(sorted(register.keyring.records() & erasures.keys()))
    if gone:
        register.keyring.drop(gone)
    mine = register.mine()
    confirmed = bool(
        mine and any(mine.key in one.keys for one in erasures.values()) and register.rotate(register.today)
    )
    if gone or confirmed:
        register.keyring.purge()
    return gone, confirmed


def waiting_for(register: Register) -> dict[str, tuple[str, ...]]:
    """Erased record -> the names of those who have not confirmed yet; records that all have confirmed are left out."""
    recipients = register.recipients
    waiting = {record: recipients.waiting_for(one.keys) for record, one in sorted(register.now.erasures().items())}
    return {record: names for record, names in waiting.items() if names}


def _merge(register: Register, theirs: str, done: Synced) -> None:
    """The branch with what came in; the files of the working tree follow, unless they hold something uncommitted."""
    with writing(register.ledger):
        register.ledger.ready()
        ours = register.ledger.head()
        schemas = register.now.schemas
        joint = joined(register.root, ours, theirs, Fields(schemas.shape, schemas.fits, register.reseal))
        if joint.commit == ours:
            return
        try:
            git(register.root, "merge", "--ff-only", "--quiet", joint.commit)
        except Outside:
            raise Outside(
                "files here hold changes that are in no commit, and what came in changes them too",
                hint="keep them: git commit -a; or set them aside: git stash; then: solidarity sync",
            ) from None
    done.came += _arrived(register, ours, theirs)
    done.merged = tuple(dict.fromkeys((*done.merged, *joint.records)))
    register.forget()


def _keys(register: Register, theirs: str, done: Synced) -> None:
    """The keyring with theirs, without the erased; every key wrapped for the recipients of now."""
    if theirs:
        register.keyring.merge(theirs, erased=frozenset(register.now.erasures()))
    gone, confirmed = settle(register)
    done.erased = tuple(dict.fromkeys((*done.erased, *gone)))
    done.confirmed = done.confirmed or confirmed
    if register.mine():
        done.keys += register.keyring.refresh()


def _arrived(register: Register, ours: str, theirs: str) -> Iterable[Arrived]:
    """The acts that came in, oldest first. A subject that is none of ours may hold anything, and is not repeated."""
    asked = ("log", "--reverse", "--no-merges", "-z", "--format=%h%x1f%s%x1f%ae")
    for line in git(register.root, *asked, f"{ours}..{theirs}").decode(errors="replace").split("\0"):
        if line:
            commit, subject, author = line.split("\x1f")
            yield Arrived(subject if _OURS.fullmatch(subject) else f"git commit {commit}", author)
