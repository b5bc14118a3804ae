"""The whole history verified, act by act.

What was found about an act is kept and not looked for again: it depends on the act, on what it follows, and on this
program alone.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

from solidarity_cli.core.audit import OF_AN_ACT, OF_STEPS, UNPROVEN, Act, Finding, history
from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.findings import Severity
from solidarity_cli.git.objects import address
from solidarity_cli.git.process import git, start
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.history.audit import clocks, object_integrity, preconditions, undo
from solidarity_cli.history.audit.files import files
from solidarity_cli.history.audit.labels import path_label
from solidarity_cli.history.audit.schema_check import Rules
from solidarity_cli.history.audit.signer_lists import FILE, Trust
from solidarity_cli.history.index import AS_STORED, Commit, Index, Row, with_index
from solidarity_cli.system.code_stamp import code_stamp

__all__ = ["Audited", "Unproven", "audit"]


@dataclass(frozen=True, slots=True)
class Unproven:
    """Something that the history does not prove: what, of how many acts, and the first of them."""

    what: str
    commits: int = 0
    first: str = ""


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found in a number of commits, in the order of the history."""

    commits: int
    findings: tuple[Finding, ...]
    unproven: tuple[Unproven, ...]


class _HistoryChangedError(Exception):
    """What is kept tells of acts that git does not find any more, or of fewer than it finds."""


@dataclass
class Verdict:
    """What was found about one act, and the list of allowed signers and the rules for files that counted after it."""

    findings: list[Finding]
    unproven: list[str]
    list_after: str
    rules: Rules


def audit(root: Path, shared: Path, head: str, branch: str, *, today: date, use_cache: bool = True) -> Audited:
    """Verify all that `head` reaches; `shared` is the git folder, `branch` empty where none is checked out.

    What is dated after `today` is still to come. `use_cache`: believe what was found before. Raises ExternalError
    for a history that is not there as a whole or not as it is stored, Refused for one that is damaged.
    """
    preconditions.firm(root, shared)

    def run(*, use_cache: bool) -> Audited:
        return with_index(
            root, shared, head, lambda index: _audit_index(root, index, head, branch, today, use_cache=use_cache)
        )

    try:
        if use_cache:
            with contextlib.suppress(_HistoryChangedError):
                return run(use_cache=True)
        with contextlib.suppress(OSError):  # of no use or in use: another takes its place
            (shared / "solidarity" / "past.sqlite").unlink()
        return run(use_cache=False)
    except ExternalError:
        # Git says that it cannot read something, and not always what.
        object_integrity.check_readable(root, git(root, "rev-list", head, env=AS_STORED).decode().split())
        raise


def _audit_index(root: Path, index: Index, head: str, branch: str, today: date, *, use_cache: bool) -> Audited:
    args = ("--no-replace-objects", "ls-tree", "-r", "-z", "--name-only", head, "--", "cases", "actions")
    record_files = start(root, *args)  # git lists the records of today while we read what is known of the past
    count = preconditions.counting(root, head)
    lost_heads = preconditions.find_lost_heads(root, branch)
    parents = index.parents(head)
    _check_complete(parents, head)
    stamp = code_stamp()
    verdicts = _read_rows(index.verdicts(stamp), parents) if use_cache else {}
    fresh = index.commits(commit for commit in parents if commit not in verdicts)
    object_integrity.whole(root, fresh)
    new_verdicts = _verdicts(root, index, fresh, verdicts, parents)
    index.keep_verdicts(stamp, ((commit, _to_row(verdict)) for commit, verdict in new_verdicts.items()))
    verdicts |= new_verdicts
    findings = [finding for commit in parents for finding in verdicts[commit].findings]
    findings += [
        *clocks.findings(index, parents, today),
        *_check_roots(parents, head),
        *_check_files(record_files, index, head),
    ]
    for commit, published in lost_heads(parents):
        findings += history.rewritten.check(commit, published)
    # What is no longer part of the history comes first, whether or not its place is still known here.
    places = index.places(finding.commit for finding in findings if finding.commit in parents)
    findings.sort(key=lambda finding: (places.get(finding.commit, 0), finding))
    if use_cache and count() != len(parents):
        raise _HistoryChangedError
    return Audited(len(parents), tuple(findings), tuple(_unproven(parents, verdicts)))


def _check_complete(parents: undo.Parents, head: str) -> None:
    missing = next((parent for above in parents.values() for parent in above if parent not in parents), "")
    missing = missing or ("" if head in parents else head)
    if missing:
        raise Refused(f"commit {missing[:10]} is missing from this clone: its history is cut off", hint="git fsck")


def _check_roots(parents: undo.Parents, head: str) -> Iterator[Finding]:
    """The beginning is where the first-parent line ends; whatever else begins is another history."""
    roots = [root for root, above in parents.items() if not above]
    if len(roots) < 2:
        return
    at = head
    while parents[at]:
        at = parents[at][0]
    for root in roots:
        yield from history.one_root.check(root, root != at)


def _check_files(record_files: Callable[[], bytes], index: Index, head: str) -> Iterator[Finding]:
    """Records that stand in two files now, said of the act that touched one last."""
    files = [path for path in record_files().decode(errors="replace").split("\0") if path.endswith(".yaml")]
    if len(set(map(name_of, files))) == len(files):
        return
    paths = [path for path in files if record_kind(path)]
    for name, times in Counter(map(name_of, paths)).items():
        if times > 1:
            first = next(path for path in paths if name_of(path) == name)
            acts = [row.commit.id for row in index.rows(head, [name])]
            yield from history.one_file.check(acts[-1] if acts else head, path_label(first), times)


def _unproven(commits: Iterable[str], verdicts: Mapping[str, Verdict]) -> Iterator[Unproven]:
    commits_by_code: dict[str, list[str]] = {code: [] for code in UNPROVEN}
    for commit in commits:
        for code in verdicts[commit].unproven:
            commits_by_code[code].append(commit)
    for code, affected in commits_by_code.items():
        if affected or code == "replaced":
            yield Unproven(UNPROVEN[code], len(affected), affected[0] if affected else "")


# One act after the other


def _verdicts(
    root: Path, index: Index, fresh: list[Commit], known: Mapping[str, Verdict], parents: undo.Parents
) -> dict[str, Verdict]:
    """What is found about acts that come parents first, on top of what is known of earlier ones."""
    rows: dict[str, list[Row]] = {}
    for row in index.rows_of(commit.id for commit in fresh):
        rows.setdefault(row.commit.id, []).append(row)
    verdicts = {commit.id: Verdict([], [], "", Rules()) for commit in fresh}
    changed = {name: row.new for name, act_rows in rows.items() for row in act_rows if row.path == FILE}
    trust = Trust(root, index, changed, {name: verdict.list_after for name, verdict in known.items()})
    for name, findings, codes in trust.findings(fresh):
        verdicts[name].findings += findings
        verdicts[name].unproven += codes
        verdicts[name].list_after = trust.counts[name]
    claims = dict(undo.findings(root, index, parents, fresh))
    for commit in fresh:
        # What was rightly taken back breaks every rule for records; by an act that only says so it is told twice.
        rules = OF_AN_ACT if len(commit.parents) > 1 or claims.get(commit.id) == [] else (*OF_AN_ACT, *OF_STEPS)
        act = _act(commit, rows.get(commit.id, []))
        verdicts[commit.id].findings += [finding for rule in rules for finding in rule.check(commit.id, act)]
        verdicts[commit.id].findings += claims.get(commit.id, [])
    before = {name: verdict.rules for name, verdict in known.items()}
    for name, file_rules, findings in files(root, fresh, rows, before):
        verdicts[name].rules = file_rules
        verdicts[name].findings += findings
    for name, findings, codes in _check_merges(root, [commit for commit in fresh if len(commit.parents) > 1]):
        verdicts[name].findings += findings
        verdicts[name].unproven += codes
    return verdicts


def _check_merges(root: Path, merge_commits: list[Commit]) -> Iterator[tuple[str, list[Finding], list[str]]]:
    if merge_commits:
        # What merges by fields takes longer to load than a few acts take to verify.
        from solidarity_cli.history.audit import merges

        yield from merges.findings(root, merge_commits)


def _act(commit: Commit, rows: list[Row]) -> Act:
    steps = tuple(undo.step(row) for row in rows if record_kind(row.path) in ("case", "action"))
    return Act(address(commit.author), address(commit.committer), steps)


# As it is kept


def _to_row(verdict: Verdict) -> str:
    findings = [[finding.record, finding.rule, finding.severity.value, finding.message] for finding in verdict.findings]
    return json.dumps([findings, verdict.unproven, verdict.list_after, *astuple(verdict.rules)])


def _read_rows(rows: Mapping[str, str], commits: Iterable[str]) -> dict[str, Verdict]:
    """The verdicts on some commits as far as they are kept; most say the same, and are read once."""
    clear: dict[str, Verdict] = {}
    verdicts = {}
    for commit in commits:
        if (row := rows.get(commit)) is not None:
            verdicts[commit] = clear[row] if row in clear else _from_row(commit, row)
            if not verdicts[commit].findings:
                clear[row] = verdicts[commit]
    return verdicts


def _from_row(commit: str, row: str) -> Verdict:
    findings, unproven, list_after, *rules = json.loads(row)
    return Verdict(
        [Finding(commit, record, rule, Severity(severity), message) for record, rule, severity, message in findings],
        unproven,
        list_after,
        Rules(*rules),
    )
