"""The acts that a push brings to a branch: what they leave behind, and each of them by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from solidarity_cli.core.audit import Finding as AuditFinding
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.git.objects import list_commits, parse_commit, texts
from solidarity_cli.git.process import git
from solidarity_cli.git.snapshot import name_of
from solidarity_cli.history.audit import audit
from solidarity_cli.history.index import AS_STORED, Commit
from solidarity_cli.register.reader import Reader
from solidarity_cli.register.validate import inspect
from solidarity_cli.sync.server.context import Server
from solidarity_cli.sync.server.leaks import find_leaks, readable_without_a_key
from solidarity_cli.sync.server.register_check import fit_to_be_a_register
from solidarity_cli.sync.server.signers import OF_SIGNERS, wrongly_signed

_NAME = re.compile(
    r"[A-Z]{2,4}-\d{4}-[0-9A-Z]{6}|a file in (cases|actions)|register(\.yaml)?|recipients\.yaml|allowed_signers"
)
"""What a finding may call a file: names that are ours, and nobody's words."""
_TOLD = 10
"""Things told of one push: whoever has to put them right begins with the first."""


def judge(server: Server, tip: str) -> None:
    """Raises Refused with what a commit brings that the main branch does not have, and that is wrong."""
    fresh = _fresh(server, tip)
    if not fresh:
        return
    is_sealed = fit_to_be_a_register(server, tip)
    if is_sealed:
        _refuse(readable_without_a_key(server, tip), _again(server))
    older = _where_rules_are_older(server, tip)
    found = (replace(one, hint=older or one.hint) for one in _records(server, tip))
    _refuse(found, f"look at it: solidarity validate --changed-since origin/{server.main}; put it right by a new act")
    if not is_sealed:
        _refuse(find_leaks(server, tip, fresh), _again(server))
    _refuse(_history(server, tip, fresh), _again(server))


def _fresh(server: Server, tip: str) -> list[Commit]:
    names = list_commits(server.root, tip, [server.at] if server.at else [])
    found = [parse_commit(one, text) for one, text in texts(server.root, names)]
    crowd = next((one for one in found if len(one.parents) > 2), None)
    if crowd:
        raise Refused(
            f"commit {crowd.id[:10]} merges more than two sides at once, which nobody can check",
            hint="merge them one after the other: solidarity sync",
        )
    return found


def _refuse(found: Iterable[Finding], hint: str) -> None:
    """Raises Refused with the first things found, the next step of each where it has one of its own."""
    wrong = list({one.message: one for one in reversed(list(found))}.values())[::-1]
    if not wrong:
        return
    first, more = wrong[0], len(wrong) - _TOLD
    others = wrong[:_TOLD]
    if more > 0:
        others.append(Finding("", "more", Severity.ERROR, f"{more} more things are wrong"))
    raise Refused(f"{first.message} [{first.rule}]", hint=first.hint or hint, findings=tuple(others))


def _again(server: Server) -> str:
    return (
        "make these acts anew on top of the server's, with solidarity: git branch kept; "
        f"git reset --keep origin/{server.main}"
    )


# The records as the push leaves them


def _records(server: Server, tip: str) -> Iterator[Finding]:
    """What is wrong with the records that differ and was not before, by the rules of the main branch."""
    parted = server.fork_point(tip)
    now, was = server.reading(tip), server.reading(parted) if parted else None
    differ = _differ(now, was)
    known = {_about(one) for one in _errors(was, differ, None)} if was else set()
    for one in _errors(now, differ, was):
        if _about(one) not in known:
            yield _named(one)


def _differ(now: Reader, was: Reader | None) -> set[str]:
    before = was.snapshot.blobs if was else {}
    return {path for path, blob in now.snapshot.records() if before.get(path) != blob}


def _errors(reading: Reader, paths: set[str], before: Reader | None) -> list[Finding]:
    there = {path for path in paths if path in reading.snapshot.blobs}
    if not there:
        return []
    return [one.finding for one in inspect(reading, there, before=before, lines=False) if one.finding.refuses]


def _about(one: Finding) -> tuple[str, str, str]:
    return one.record, one.rule, one.field


def _named(one: Finding) -> Finding:
    """A finding that names its record; a file that was named by hand may bear a person's name, and is not named."""
    if _NAME.fullmatch(one.record) and "/" not in one.message:
        said = one.message if one.record in one.message else f"{one.record}: {one.message}"
        return replace(one, message=said)
    hint = "name it by its id: solidarity validate, in your clone, says which one"
    return Finding("", one.rule, one.severity, "a file of a record is not named or made as one", "", hint)


def _where_rules_are_older(server: Server, tip: str) -> str:
    """The next step where the push brings other rules along, which may be what the records were made for; else ""."""
    if not server.at:
        return ""
    asked = ("rev-list", "--max-count=1", tip, f"^{server.at}", "--", "schemas", "register.yaml")
    found = git(server.root, *asked, world=AS_STORED).decode().strip()
    step = f"git push origin {found[:10]}:{server.main}"
    return f"the rules here are older: first push their change alone: {step}" if found else ""


# The acts one by one


def _history(server: Server, tip: str, fresh: list[Commit]) -> Iterator[Finding]:
    own = {one.id for one in fresh}
    judged_here = bool(server.signers)
    for one in audit(server.root, server.place, tip, "", today=server.today).findings:
        is_error = one.severity is Severity.ERROR and one.commit in own
        if is_error and not (one.rule in OF_SIGNERS and (judged_here or _is_off(server, one))):
            yield _told(one)
    yield from wrongly_signed(server, fresh)
    if any(len(one.parents) > 1 for one in fresh):
        yield from _gone(server, tip)


def _is_off(server: Server, one: AuditFinding) -> bool:
    return server.signatures == "off" and one.rule != "signers"


def _gone(server: Server, tip: str) -> Iterator[Finding]:
    """Records of the main branch that only a merge has taken out: not every merge can be made again by the audit."""
    if server.fork_point(tip) != server.at:
        return
    here = server.reading(tip).paths
    gone = {one: path for one, path in server.reading(server.at).paths.items() if one not in here}
    if gone:
        asked = ("log", "--no-merges", "--diff-filter=D", "--no-renames", "--name-only", "-z", "--format=")
        by_acts = git(server.root, *asked, tip, f"^{server.at}", world=AS_STORED).decode(errors="surrogateescape")
        for one in sorted(gone.keys() - {name_of(path.strip("\n")) for path in by_acts.split("\0")}):
            said = one if _NAME.fullmatch(one) else "a record"
            yield Finding("", "kept", Severity.ERROR, f"{said} was taken out by a merge")


def _told(one: AuditFinding) -> Finding:
    """What the audit says of an act. A file that is no record of ours may be named by somebody, and is not repeated."""
    about = one.record or (one.message.partition(": ")[0] if one.rule == "merge" else "")
    message = one.message if not about or _NAME.fullmatch(about) else "a file is not what it has to be"
    said = f"commit {one.commit[:10]}: {message}"
    return Finding(one.record, one.rule, one.severity, said, "", _STEPS.get(one.rule, ""))


_STEPS = {
    "clock": "set the clock of this machine right, then make the act anew",
    "one-root": "push only what grew out of the register: solidarity sync, in a clone of it",
}
"""The next step where it is another than to make the acts anew."""
