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
_MAX_FINDINGS = 10
"""Things told of one push: whoever has to put them right begins with the first."""


def judge(server: Server, tip: str) -> None:
    """Raises Refused with what a commit brings that the main branch does not have, and that is wrong."""
    commits = _new_commits(server, tip)
    if not commits:
        return
    is_sealed = fit_to_be_a_register(server, tip)
    if is_sealed:
        _refuse(readable_without_a_key(server, tip), _redo_hint(server))
    older_rules_hint = _older_rules_hint(server, tip)
    findings = (replace(finding, hint=older_rules_hint or finding.hint) for finding in _record_findings(server, tip))
    _refuse(
        findings, f"look at it: solidarity validate --changed-since origin/{server.main}; put it right by a new act"
    )
    if not is_sealed:
        _refuse(find_leaks(server, tip, commits), _redo_hint(server))
    _refuse(_history_findings(server, tip, commits), _redo_hint(server))


def _new_commits(server: Server, tip: str) -> list[Commit]:
    names = list_commits(server.root, tip, [server.at] if server.at else [])
    commits = [parse_commit(name, text) for name, text in texts(server.root, names)]
    octopus = next((commit for commit in commits if len(commit.parents) > 2), None)
    if octopus:
        raise Refused(
            f"commit {octopus.id[:10]} merges more than two sides at once, which nobody can check",
            hint="merge them one after the other: solidarity sync",
        )
    return commits


def _refuse(findings: Iterable[Finding], hint: str) -> None:
    """Raises Refused with the first things found, the next step of each where it has one of its own."""
    distinct = list({finding.message: finding for finding in reversed(list(findings))}.values())[::-1]
    if not distinct:
        return
    first, more = distinct[0], len(distinct) - _MAX_FINDINGS
    shown = distinct[:_MAX_FINDINGS]
    if more > 0:
        shown.append(Finding("", "more", Severity.ERROR, f"{more} more things are wrong"))
    raise Refused(f"{first.message} [{first.rule}]", hint=first.hint or hint, findings=tuple(shown))


def _redo_hint(server: Server) -> str:
    return (
        "make these acts anew on top of the server's, with solidarity: git branch kept; "
        f"git reset --keep origin/{server.main}"
    )


# The records as the push leaves them


def _record_findings(server: Server, tip: str) -> Iterator[Finding]:
    """What is wrong with the records that differ and was not before, by the rules of the main branch."""
    fork_point = server.fork_point(tip)
    after, before = server.reading(tip), server.reading(fork_point) if fork_point else None
    changed = _changed_paths(after, before)
    known = {_finding_key(finding) for finding in _errors(before, changed, None)} if before else set()
    for finding in _errors(after, changed, before):
        if _finding_key(finding) not in known:
            yield _redact_path(finding)


def _changed_paths(after: Reader, before: Reader | None) -> set[str]:
    old_blobs = before.snapshot.blobs if before else {}
    return {path for path, blob in after.snapshot.records() if old_blobs.get(path) != blob}


def _errors(reading: Reader, paths: set[str], before: Reader | None) -> list[Finding]:
    present = {path for path in paths if path in reading.snapshot.blobs}
    if not present:
        return []
    return [
        located.finding for located in inspect(reading, present, before=before, lines=False) if located.finding.refuses
    ]


def _finding_key(finding: Finding) -> tuple[str, str, str]:
    return finding.record, finding.rule, finding.field


def _redact_path(finding: Finding) -> Finding:
    """A finding that names its record; a file that was named by hand may bear a person's name, and is not named."""
    if _NAME.fullmatch(finding.record) and "/" not in finding.message:
        message = finding.message if finding.record in finding.message else f"{finding.record}: {finding.message}"
        return replace(finding, message=message)
    hint = "name it by its id: solidarity validate, in your clone, says which one"
    return Finding("", finding.rule, finding.severity, "a file of a record is not named or made as one", "", hint)


def _older_rules_hint(server: Server, tip: str) -> str:
    """The next step where the push brings other rules along, which may be what the records were made for; else ""."""
    if not server.at:
        return ""
    args = ("rev-list", "--max-count=1", tip, f"^{server.at}", "--", "schemas", "register.yaml")
    commit = git(server.root, *args, env=AS_STORED).decode().strip()
    step = f"git push origin {commit[:10]}:{server.main}"
    return f"the rules here are older: first push their change alone: {step}" if commit else ""


# The acts one by one


def _history_findings(server: Server, tip: str, commits: list[Commit]) -> Iterator[Finding]:
    new_ids = {commit.id for commit in commits}
    judged_here = bool(server.signers)
    for finding in audit(server.root, server.place, tip, "", today=server.today).findings:
        is_error = finding.severity is Severity.ERROR and finding.commit in new_ids
        if is_error and not (finding.rule in OF_SIGNERS and (judged_here or _is_off(server, finding))):
            yield _describe(finding)
    yield from wrongly_signed(server, commits)
    if any(len(commit.parents) > 1 for commit in commits):
        yield from _removed_records(server, tip)


def _is_off(server: Server, finding: AuditFinding) -> bool:
    return server.signatures == "off" and finding.rule != "signers"


def _removed_records(server: Server, tip: str) -> Iterator[Finding]:
    """Records of the main branch that only a merge has taken out: not every merge can be made again by the audit."""
    if server.fork_point(tip) != server.at:
        return
    paths_at_tip = server.reading(tip).paths
    missing = {record: path for record, path in server.reading(server.at).paths.items() if record not in paths_at_tip}
    if missing:
        args = ("log", "--no-merges", "--diff-filter=D", "--no-renames", "--name-only", "-z", "--format=")
        deleted = git(server.root, *args, tip, f"^{server.at}", env=AS_STORED).decode(errors="surrogateescape")
        for record in sorted(missing.keys() - {name_of(path.strip("\n")) for path in deleted.split("\0")}):
            label = record if _NAME.fullmatch(record) else "a record"
            yield Finding("", "kept", Severity.ERROR, f"{label} was taken out by a merge")


def _describe(finding: AuditFinding) -> Finding:
    """What the audit says of an act. A file that is no record of ours may be named by somebody, and is not repeated."""
    subject = finding.record or (finding.message.partition(": ")[0] if finding.rule == "merge" else "")
    message = finding.message if not subject or _NAME.fullmatch(subject) else "a file is not what it has to be"
    text = f"commit {finding.commit[:10]}: {message}"
    return Finding(finding.record, finding.rule, finding.severity, text, "", _STEPS.get(finding.rule, ""))


_STEPS = {
    "clock": "set the clock of this machine right, then make the act anew",
    "one-root": "push only what grew out of the register: solidarity sync, in a clone of it",
}
"""The next step where it is another than to make the acts anew."""
