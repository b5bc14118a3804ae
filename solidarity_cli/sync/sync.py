"""One clone and its remote brought together: fetch, merge, confirm erasures, push; again when somebody was faster."""

from __future__ import annotations

import contextlib
import random
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from solidarity_cli.core.errors import ExternalError
from solidarity_cli.git import branches, commit_graph, merge_driver
from solidarity_cli.git.fast_forward import fast_forward, sync_lock
from solidarity_cli.git.process import git
from solidarity_cli.register.commit import writing
from solidarity_cli.register.register import Register
from solidarity_cli.sync.merge_commit import (
    Decisions,
    Fields,
    MergeResult,
    Resolver,
    merge_histories,
    no_resolver,
    on_published_line,
)
from solidarity_cli.sync.preflight import MergeBreaksRules, in_time, new_errors
from solidarity_cli.sync.remote import PushRejectedError, Remote, RemoteHeads

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

    `confirmed`: whether the caller's identity was replaced, which confirms every erasure so far. `returned`: the
    branch whose review is over, `removed`: all such branches. `waits`: the branch here that nobody was asked to review.
    `unconfirmed`: why the confirmation had to wait. `oddities`: what somebody should look into: recipients
    whom nobody let in, oneself removed.
    """

    came: list[Arrived] = field(default_factory=list)
    went: int = 0
    merged: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    confirmed: bool = False
    keys: int = 0
    returned: str = ""
    removed: tuple[str, ...] = ()
    waits: str = ""
    unconfirmed: str = ""
    oddities: list[str] = field(default_factory=list)


def sync(register: Register, choose: Resolver = no_resolver) -> Synced:
    """Bring this clone and its remote together. Raises ExternalError without a remote or when it cannot be reached.

    `choose` is asked where two values stand against each other. Raises Undecided when nobody decides, MergeBreaksRules
    when only the combination is wrong, Refused for an act that is dated in the future. Whatever happens, no merge is
    left half done.
    """
    with contextlib.suppress(ExternalError, OSError):  # a set-up that cannot be written to is for doctor to tell
        merge_driver.install(register.root)
    done = exchange(register, choose)
    commit_graph.keep_up(register.root)
    return done


def remote_of(register: Register) -> Remote:
    """The remote of the branch that is checked out. Raises ExternalError where there is none."""
    remote = Remote.of(register.root, register.now.charter.keyring.get("remote", ""), asks=register.asks)
    if remote is None:
        raise ExternalError("this register has no remote to sync with", hint="git remote add origin ADDRESS")
    return remote


def exchange(register: Register, choose: Resolver, *, silent: bool = False) -> Synced:
    """The exchange itself; a `silent` one sends everything but the branch, and stays on it.

    A branch that waits for review goes out only if it did before. Raises as `sync`.
    """
    with sync_lock(register.ledger):
        with writing(register.ledger):  # what a cut has left is put right before anything is looked at
            register.forget()
        register.finish_rotations()
        return _exchange(register, choose, silent=silent)


def _exchange(register: Register, choose: Resolver, *, silent: bool) -> Synced:
    done = Synced()
    for attempt in range(_TRIES):
        remote = remote_of(register)
        heads = remote.fetch()
        in_time(register, heads)
        if not silent and register.now.charter.mode == "review":
            remote.fetch_reviews()
        if not silent and _leave_finished_branches(register, remote, heads, done):
            remote = remote_of(register)
            heads = RemoteHeads(heads.main, heads.keyring, heads.main)
        for theirs in dict.fromkeys((heads.branch, heads.main)):
            if theirs:
                merge(register, theirs, done, choose)
        _merge_keyring(register, heads.keyring, done)
        if heads.keyring:
            remote.forget_incoming()
        on_line = _put_published_line_first(register, heads.main) if heads.main and remote.branch == remote.main else ""
        goes = not silent and (bool(heads.branch) or remote.branch == remote.main)
        head = (on_line or register.ledger.head()) if goes else ""
        done.went = _count_unsent(register, head, heads) if goes else 0
        try:
            remote.push(heads, head, register.keyring.commit())
        except PushRejectedError:
            done.went = 0
            time.sleep(random.uniform(0.5, 1) * 0.3 * 2**attempt)  # noqa: S311 two clones must not keep step
            continue
        sent = goes or silent or branches.submitted_commit(register.root, remote.branch) == register.ledger.head()
        done.waits = "" if sent else remote.branch
        register.keyring.purge()
        done.oddities = register.oddities()
        return done
    raise ExternalError(
        "the remote is being written to all the time", hint="your acts are safe here; try again in a minute"
    )


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """What was carried out: records whose key went; whether the caller's identity was replaced, or why that waits."""

    erased: tuple[str, ...]
    confirmed: bool = False
    waits: str = ""


def settle(register: Register) -> ErasureResult:
    """Carry out on this machine what erasures in the register ask for; again without harm.

    The keys of erased records go, and if the caller's identity could open them, a new one takes its place and the old
    one is destroyed: what a copy of the keyring still holds opens for nobody. An identity whose passphrase nobody is
    there to say, or that cannot be replaced for another reason, waits: what else there is to do is done.
    """
    erasures = register.now.erasures()
    erased = tuple(sorted(register.keyring.records() & erasures.keys())) if erasures else ()
    if erased:
        register.keyring.drop(erased)
    recipient, confirmed, waits = register.mine(), False, ""
    is_rotation_due = recipient is not None and any(recipient.key in erasure.keys for erasure in erasures.values())
    if is_rotation_due and branches.is_ours(here := branches.current(register.root)):
        # On a branch that waits for review the others would not learn of the new key, and go on using the old one.
        waits = f"{here} is checked out, and it belongs on the main branch"
    elif is_rotation_due:
        try:
            confirmed = bool(register.rotate(register.today))
        except ExternalError as error:
            waits = error.message
    if erased or confirmed:
        register.keyring.purge()
    return ErasureResult(erased, confirmed, waits)


def waiting_for(register: Register) -> dict[str, tuple[str, ...]]:
    """Erased record -> the names of those who have not confirmed yet; records that all have confirmed are left out."""
    recipients = register.recipients
    waiting = {
        record: recipients.waiting_for(erasure.keys) for record, erasure in sorted(register.now.erasures().items())
    }
    return {record: names for record, names in waiting.items() if names}


def merge(
    register: Register, theirs: str, done: Synced, choose: Resolver, *, agreed: Callable[[], None] = lambda: None
) -> None:
    """The branch with what came in; the files of the working tree follow, unless they hold something uncommitted.

    `agreed` is called when a person has decided and nothing has happened yet: what it raises ends the merge. Raises as
    `sync`, with everything as it was.
    """
    schemas = register.now.schemas
    fields = Fields(schemas.shape, schemas.fits, register.reseal)
    expected, merged = "", MergeResult("")
    if choose is not no_resolver:
        # Asked before the register is held: others go on meanwhile, and Ctrl-C is heard.
        decisions = Decisions(choose)
        expected = register.ledger.head()
        merged = merge_histories(register.root, expected, theirs, fields, decisions)
        agreed()
        choose = decisions.again
    with writing(register.ledger):
        register.ledger.ready()
        ours = register.ledger.head()
        if not expected or ours != expected:
            merged = merge_histories(register.root, ours, theirs, fields, choose)
        if merged.commit == ours:
            return
        if errors := new_errors(register, merged.commit, merged.changed, parents=(ours, theirs)):
            raise MergeBreaksRules(errors)
        fast_forward(register.ledger, merged.commit)
    done.came += _list_arrived(register, ours, theirs)
    done.merged = tuple(dict.fromkeys((*done.merged, *merged.records)))
    register.forget()


def _put_published_line_first(register: Register, theirs: str) -> str:
    """Return the commit of the branch, with the published line first after a merge by git. See `merge_histories`."""
    with writing(register.ledger):
        ours = register.ledger.head()
        commit = on_published_line(register.root, ours, theirs)
        if commit != ours:
            register.ledger.ready()
            fast_forward(register.ledger, commit)
            register.forget()
    return commit


def _leave_finished_branches(register: Register, remote: Remote, heads: RemoteHeads, done: Synced) -> bool:
    """Off a branch whose review is over, and without all such branches; whether another branch is checked out now."""
    root, main = register.root, heads.main
    if not main:
        return False
    waiting = {branch: branches.tip(root, branch) for branch in branches.local(root) if branches.is_ours(branch)}
    finished = [branch for branch, tip in waiting.items() if branches.is_in(root, tip, main)]
    returned = remote.branch in finished
    if finished:
        with writing(register.ledger):
            register.ledger.ready()
            if returned:
                _switch(register, remote.main, main, done)
            for branch in finished:
                branches.drop(root, branch, waiting[branch])
        register.forget()
    done.returned = remote.branch if returned else done.returned
    done.removed += tuple(finished)
    # There too it goes, if nothing was added to it since: a branch of the same name is opened for the next review.
    if returned and heads.branch and branches.is_in(root, heads.branch, main):
        remote.remove(remote.branch, heads.branch)
    return returned


def _switch(register: Register, branch: str, theirs: str, done: Synced) -> None:
    root = register.root
    tip = branches.tip(root, branch)
    if not tip:
        git(root, "update-ref", f"refs/heads/{branch}", tip := theirs, "0" * 40)
    # What is on the main branch here and nowhere else is merged with the rest, in a moment.
    is_behind = not git(root, "rev-list", "--max-count=1", tip, f"^{theirs}")
    before = register.ledger.head()
    fast_forward(register.ledger, theirs if is_behind else tip, branch=branch)
    if is_behind:
        done.came += _list_arrived(register, before, theirs)


def _count_unsent(register: Register, head: str, heads: RemoteHeads) -> int:
    """How many commits the other side has not got yet."""
    known = [f"^{commit}" for commit in dict.fromkeys((heads.branch, heads.main)) if commit]
    if f"^{head}" in known:
        return 0
    return int(git(register.root, "rev-list", "--count", head, *known))


def _merge_keyring(register: Register, theirs: str, done: Synced) -> None:
    """The keyring with theirs, without the erased; every key wrapped for the recipients of now."""
    if theirs:
        register.keyring.merge(theirs, erased=frozenset(register.now.erasures()))
    settled = settle(register)
    done.erased = tuple(dict.fromkeys((*done.erased, *settled.erased)))
    done.confirmed, done.unconfirmed = done.confirmed or settled.confirmed, settled.waits
    if register.mine():
        register.vouch_again()
        done.keys += register.keyring.refresh()


def _list_arrived(register: Register, ours: str, theirs: str) -> Iterable[Arrived]:
    """The acts that came in, oldest first. A subject that is none of ours may hold anything, and is not repeated."""
    args = ("log", "--reverse", "--no-merges", "-z", "--format=%h%x1f%s%x1f%ae")
    for line in git(register.root, *args, f"{ours}..{theirs}").decode(errors="replace").split("\0"):
        if line:
            commit, subject, author = line.split("\x1f")
            yield Arrived(subject if _OURS.fullmatch(subject) else f"git commit {commit}", author)
