"""A branch put up for review: checked, brought up to the main branch by fields, sent, and proposed there."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.git import branches
from solidarity_cli.git.fast_forward import fast_forward
from solidarity_cli.git.process import git
from solidarity_cli.git.snapshot import RECORD_FOLDERS, name_of, record_kind
from solidarity_cli.register.commit import writing
from solidarity_cli.register.register import Register
from solidarity_cli.sync import pull_request
from solidarity_cli.sync.merge_commit import Resolver, no_resolver
from solidarity_cli.sync.preflight import new_errors
from solidarity_cli.sync.pull_request import Opened, Place, Proposal
from solidarity_cli.sync.remote import PushRejectedError, Remote, RemoteHeads
from solidarity_cli.sync.sync import Synced, exchange, remote_of

_SUBJECT = re.compile(r"(?P<verb>[a-z-]+)(?P<ids>(?: [A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6})*)")
_ALONE = frozenset({"directory-add", "directory-check", "fmt", "list-save", "undo"})
"""Acts that may name no record: of a word that stands alone nothing else says that it is ours."""
_TRIES = 6
_NAMED = 5
"""Acts named in a title; the body names all."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A branch that is up for review. `again`: it was before; `has_news`: more acts came to it since."""

    proposal: Proposal
    opened: Opened
    synced: Synced
    again: bool = False
    has_news: bool = True


def submit(register: Register, branch: str, choose: Resolver = no_resolver) -> Submitted:
    """Put `branch`, one that was opened for a review, up for review; again: bring its pull request up to date.

    Raises Refused with what the branch breaks, Undecided or MergeBreaksRules as `sync` does, ExternalError without a
    remote, or when the way that the Group has chosen does not lead there. Before the branch is sent nothing is changed
    but by merging.
    """
    go_to(register, branch)
    root = register.root
    remote = remote_of(register)
    _refuse_new_errors(register, _main_here(remote))
    before = branches.submitted_commit(root, branch)
    done = Synced()
    for attempt in range(_TRIES):
        # The keys go first: a reviewer who opens the branch at once is to be able to read it.
        done = exchange(register, choose, silent=True)
        heads, head = remote.last_heads(), register.ledger.head()
        if heads.main and branches.is_in(root, head, heads.main):
            raise Refused(f"everything on {branch} is on {remote.main} already", hint="solidarity sync")
        _refuse_new_errors(register, _main_here(remote))
        proposal = Proposal(branch, remote.main, *_title_and_body(register, branch, head, _main_here(remote)))
        try:
            opened = _open(remote, proposal, heads, head, register.now.charter.review.get("open", ""))
        except PushRejectedError:
            time.sleep(random.uniform(0.5, 1) * 0.3 * 2**attempt)  # noqa: S311 two clones must not keep step
            continue
        branches.note_submitted(root, branch, head)
        # A forge that takes a push to `refs/for` shows no branch: there only we know what was up for review.
        known = heads.branch or before
        return Submitted(proposal, opened, done, bool(known), has_news=head != known)
    raise ExternalError(
        "the remote is being written to all the time", hint="your acts are safe here; try again in a minute"
    )


def propose(register: Register, branch: str) -> Proposal:
    """What `submit` would propose, from what was last heard of the main branch: nobody is asked, nothing is sent."""
    remote = remote_of(register)
    main = _main_here(remote)
    return Proposal(branch, remote.main, *_title_and_body(register, branch, branches.tip(register.root, branch), main))


def which(register: Register, text: str) -> str:
    """The branch that an id, or a part of one, or nothing means. Raises Refused when there is none, or several."""
    here = branches.current(register.root)
    waiting = [branch for branch in branches.local(register.root) if branches.is_ours(branch)]
    if not text and branches.is_ours(here):
        return here
    matches = branches.matching_branches(text, waiting)
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise Refused("several branches wait here", hint=f"solidarity submit {branches.label(matches[0])}")
    if register.now.charter.mode != "review":
        raise Refused(
            "acts are not put up for review in this register",
            hint="send them with: solidarity sync; or let acts wait, in register.yaml: mode: review",
        )
    raise Refused("nothing waits for review here" + (" under this id" if text else ""), hint="solidarity history ID")


def go_to(register: Register, branch: str) -> None:
    """Check out a branch of this clone. Raises ExternalError where a file holds what is in no commit."""
    if branches.current(register.root) == branch:
        return
    with writing(register.ledger):
        register.ledger.ready()
        fast_forward(register.ledger, branches.tip(register.root, branch), branch=branch)
    register.forget()


def _main_here(remote: Remote) -> str:
    """The main branch as it was last seen: there, else here."""
    return remote.last_heads().main or branches.tip(remote.root, remote.main)


def _refuse_new_errors(register: Register, main: str) -> None:
    """Refuse what the branch breaks and the main branch does not."""
    head = register.ledger.head()
    base = git(register.root, "merge-base", head, main, quiet_codes=(1,)).decode().strip() if main else ""
    args = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", base or head, head)
    paths = git(register.root, *args).decode(errors="surrogateescape").split("\0")
    kinds = {name_of(path): record_kind(path) for path in paths if record_kind(path) in RECORD_FOLDERS.values()}
    if errors := new_errors(register, head, kinds, parents=(base,) if base else ()):
        first = errors[0]
        is_entry = kinds.get(first.record) == "directory"
        way = "directory check {} --set FIELD=VALUE" if is_entry else "validate {}"
        raise Refused(
            f"{first.record}: {first.message} [{first.rule}]",
            hint=first.hint or f"solidarity {way.format(first.record)}",
            findings=errors,
        )


def _title_and_body(register: Register, branch: str, head: str, main: str) -> tuple[str, str]:
    """Title and body: ids, and the names of acts. A commit made by hand may say anything, and is told by its id."""
    acts = list(_acts(register, head, main))
    verbs = list(dict.fromkeys(verb for verb, _ in acts if verb))
    title = ", ".join(verbs[:_NAMED]) + (", …" if len(verbs) > _NAMED else "")
    body = "\n".join(f"- {line}" for _, line in acts)
    # Not `@name`: on a forge that would call somebody.
    folder, _, name = branch.partition("/")
    about = f"view {name}" if folder == "view" else name
    return f"{about}: {title or 'changes'}", body


def _acts(register: Register, head: str, main: str) -> Iterator[tuple[str, str]]:
    args = (
        "log",
        "--reverse",
        "--no-merges",
        "-z",
        "--format=%h%x1f%s%x1f%(trailers:key=Act,valueonly,separator=%x20)",
    )
    output = git(register.root, *args, head, *([f"^{main}"] if main else [])).decode(errors="replace")
    for line in filter(None, output.split("\0")):
        commit, subject, act = line.split("\x1f")
        match = _SUBJECT.fullmatch(subject)
        is_ours = match is not None and match["verb"] == act.strip() and bool(match["ids"] or match["verb"] in _ALONE)
        yield (act.strip(), subject) if is_ours else ("", f"commit {commit}")


def _open(remote: Remote, proposal: Proposal, heads: RemoteHeads, head: str, configured: str) -> Opened:
    """Send the branch and open its pull request by the first way that leads there.

    Raises PushRejectedError, ExternalError.
    """
    place = Place.of(remote.address)
    link = place.to_click(place.forge(configured), proposal.branch, proposal.main)
    output = ""
    for way in pull_request.ways(remote, configured):
        try:
            if way == "agit" and not heads.branch:
                if pushed := pull_request.agit(remote, proposal, head):
                    return Opened(way, pull_request.address_in(pushed.output, place) or link, pushed.output)
            elif way == "push-options":
                options = pull_request.push_options(proposal)
                if pushed := remote.offer(head, f"refs/heads/{proposal.branch}", options):
                    return Opened(way, pull_request.address_in(pushed.output, place) or link, pushed.output)
            elif way != "agit":
                remote.push(RemoteHeads(heads.branch), head, "")
                return Opened(way, pull_request.by_command(remote, way, proposal) or link)
        except ExternalError:
            if configured:
                raise
    pushed = remote.push(RemoteHeads(heads.branch), head, "")
    output = pushed.output if pushed else ""
    return Opened("", pull_request.address_in(output, place) or link, output)
