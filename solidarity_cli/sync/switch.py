"""To where something waits for review, on a branch of this clone or of somebody else's, and back to the main branch."""

from __future__ import annotations

from dataclasses import dataclass

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.git import branches
from solidarity_cli.git.fast_forward import fast_forward, sync_lock
from solidarity_cli.git.process import git
from solidarity_cli.register.commit import writing
from solidarity_cli.register.ids import normal
from solidarity_cli.register.register import Register
from solidarity_cli.sync.remote import Remote
from solidarity_cli.sync.submit import go_to

_NAMED = 5
"""Reviews named in a refusal."""


@dataclass(frozen=True, slots=True)
class Switched:
    """The branch that is checked out now; `offline` says why nobody could be asked what is new there, else empty."""

    branch: str
    record: str = ""
    offline: str = ""


def to_review(register: Register, text: str) -> Switched:
    """To the branch of the record or the view that `text` means, as it stands at the remote, if nothing here is newer.

    What is needed to read it comes along. Raises Refused where nothing waits under that id, ExternalError where a file
    holds what is in no commit.
    """
    offline = ""
    remote = _remote(register)
    if remote:
        with sync_lock(register.ledger):
            try:
                remote.fetch_reviews()
            except ExternalError as error:
                offline = error.message
    here, there = _waiting(register, remote)
    branch = _find_branch(text, list(dict.fromkeys((*there, *here))))
    _check_out(register, branch, here.get(branch, ""), there.get(branch, ""))
    if remote and not offline:
        _with_keys(register)
    return Switched(branch, branches.label(branch), offline)


def to_main(register: Register) -> Switched:
    """Back to the main branch of this clone. Raises ExternalError as `to_review` does."""
    remote = _remote(register)
    main = branches.main_of(register.root, remote.name if remote else "")
    go_to(register, main)
    return Switched(main)


def _find_branch(text: str, waiting: list[str]) -> str:
    """The branch that an id, a part of one, or a view means. Raises Refused when there is none, or several."""
    if not waiting:
        raise Refused("nothing waits for review", hint="solidarity list")
    # An id is read as people write it, O for 0; organisations and views are words.
    matches = branches.matching_branches(text, waiting) or branches.matching_branches(normal(text), waiting)
    if len(matches) == 1:
        return matches[0]
    examples = ", ".join(sorted(map(branches.label, matches or waiting))[:_NAMED])
    if matches:
        raise Refused("several reviews are meant by that", hint=f"type more of the id: {examples}")
    raise Refused("nothing waits for review under that id", hint=f"what waits: {examples}")


def _remote(register: Register) -> Remote | None:
    return Remote.of(register.root, register.now.charter.keyring.get("remote", ""), asks=register.asks)


def _waiting(register: Register, remote: Remote | None) -> tuple[dict[str, str], dict[str, str]]:
    """Branch -> commit of those that wait, in this clone and at the remote."""
    by_place = []
    for place in ("refs/heads/", f"refs/remotes/{remote.name}/" if remote else ""):
        args = ("for-each-ref", "--format=%(objectname) %(refname)", place)
        lines = git(register.root, *args).decode().splitlines() if place else []
        refs = ((ref.removeprefix(place), commit) for commit, _, ref in (line.partition(" ") for line in lines))
        by_place.append({branch: commit for branch, commit in refs if branches.is_ours(branch)})
    return by_place[0], by_place[1]


def _check_out(register: Register, branch: str, ours: str, theirs: str) -> None:
    root = register.root
    is_behind = bool(ours and theirs) and not git(root, "rev-list", "--max-count=1", ours, f"^{theirs}")
    with writing(register.ledger):
        register.ledger.ready()
        if not ours:
            git(root, "update-ref", f"refs/heads/{branch}", theirs, "0" * 40)
            # It was up for review before it came here: `sync` may bring it up to date there.
            branches.note_submitted(root, branch, theirs)
        fast_forward(register.ledger, theirs if is_behind or not ours else ours, branch=branch)
    register.forget()


def _with_keys(register: Register) -> None:
    """The keys that came with the branch: the record is to be read as soon as it is here."""
    remote = _remote(register)
    heads = remote.fetch() if remote else None
    if remote and heads and heads.keyring:
        register.keyring.merge(heads.keyring, erased=frozenset(register.now.erasures()))
        remote.forget_incoming()
