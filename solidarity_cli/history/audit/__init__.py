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

from solidarity_cli.core.audit import OF_AN_ACT, OF_STEPS, UNPROVEN, Act, Finding
from solidarity_cli.core.audit import history as whole
from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.core.findings import Severity
from solidarity_cli.git.objects import address
from solidarity_cli.git.process import git, start
from solidarity_cli.git.snapshot import name_of, record_kind
from solidarity_cli.history.audit import clocks
from solidarity_cli.history.audit import object_integrity as stored
from solidarity_cli.history.audit import preconditions as ground
from solidarity_cli.history.audit import undo as undone
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


def audit(root: Path, shared: Path, head: str, branch: str, *, today: date, afresh: bool = False) -> Audited:
    """Verify all that `head` reaches; `shared` is the git folder, `branch` empty where none is checked out.

    What is dated after `today` is still to come. `afresh`: believe nothing that was found before. Raises ExternalError
    for a history that is not there as a whole or not as it is stored, Refused for one that is damaged.
    """
    ground.firm(root, shared)

    def found(*, afresh: bool) -> Audited:
        return with_index(root, shared, head, lambda index: _audited(root, index, head, branch, today, afresh=afresh))

    try:
        if not afresh:
            with contextlib.suppress(_HistoryChangedError):
                return found(afresh=False)
        with contextlib.suppress(OSError):  # of no use or in use: another takes its place
            (shared / "solidarity" / "past.sqlite").unlink()
        return found(afresh=True)
    except ExternalError:
        # Git says that it cannot read something, and not always what.
        stored.check_readable(root, git(root, "rev-list", head, world=AS_STORED).decode().split())
        raise


def _audited(root: Path, index: Index, head: str, branch: str, today: date, *, afresh: bool) -> Audited:
    listing = ("--no-replace-objects", "ls-tree", "-r", "-z", "--name-only", head, "--", "cases", "actions")
    listed = start(root, *listing)  # git lists the records of today while we read what is known of the past
    counted = ground.counting(root, head)
    lost = ground.find_lost_heads(root, branch)
    parents = index.parents(head)
    _whole(parents, head)
    stamp = code_stamp()
    verdicts = {} if afresh else _read_all(index.verdicts(stamp), parents)
    fresh = index.commits(one for one in parents if one not in verdicts)
    stored.whole(root, fresh)
    made = _verdicts(root, index, fresh, verdicts, parents)
    index.keep_verdicts(stamp, ((one, _kept(verdict)) for one, verdict in made.items()))
    verdicts |= made
    found = [finding for one in parents for finding in verdicts[one].findings]
    found += [*clocks.findings(index, parents, today), *_of_roots(parents, head), *_of_files(listed, index, head)]
    for one, published in lost(parents):
        found += whole.rewritten.check(one, published)
    # What is no longer part of the history comes first, whether or not its place is still known here.
    places = index.places(one.commit for one in found if one.commit in parents)
    found.sort(key=lambda one: (places.get(one.commit, 0), one))
    if not afresh and counted() != len(parents):
        raise _HistoryChangedError
    return Audited(len(parents), tuple(found), tuple(_unproven(parents, verdicts)))


def _whole(parents: undone.Parents, head: str) -> None:
    missing = next((one for above in parents.values() for one in above if one not in parents), "")
    missing = missing or ("" if head in parents else head)
    if missing:
        raise Refused(f"commit {missing[:10]} is missing from this clone: its history is cut off", hint="git fsck")


def _of_roots(parents: undone.Parents, head: str) -> Iterator[Finding]:
    """The beginning is where the first-parent line ends; whatever else begins is another history."""
    roots = [one for one, above in parents.items() if not above]
    if len(roots) < 2:
        return
    at = head
    while parents[at]:
        at = parents[at][0]
    for one in roots:
        yield from whole.one_root.check(one, one != at)


def _of_files(listed: Callable[[], bytes], index: Index, head: str) -> Iterator[Finding]:
    """Records that stand in two files now, said of the act that touched one last."""
    every = [one for one in listed().decode(errors="replace").split("\0") if one.endswith(".yaml")]
    if len(set(map(name_of, every))) == len(every):
        return
    paths = [one for one in every if record_kind(one)]
    for name, times in Counter(map(name_of, paths)).items():
        if times > 1:
            path = next(one for one in paths if name_of(one) == name)
            acts = [row.commit.id for row in index.rows(head, [name])]
            yield from whole.one_file.check(acts[-1] if acts else head, path_label(path), times)


def _unproven(commits: Iterable[str], verdicts: Mapping[str, Verdict]) -> Iterator[Unproven]:
    said: dict[str, list[str]] = {code: [] for code in UNPROVEN}
    for one in commits:
        for code in verdicts[one].unproven:
            said[code].append(one)
    for code, some in said.items():
        if some or code == "replaced":
            yield Unproven(UNPROVEN[code], len(some), some[0] if some else "")


# One act after the other


def _verdicts(
    root: Path, index: Index, fresh: list[Commit], known: Mapping[str, Verdict], parents: undone.Parents
) -> dict[str, Verdict]:
    """What is found about acts that come parents first, on top of what is known of earlier ones."""
    rows: dict[str, list[Row]] = {}
    for row in index.rows_of(one.id for one in fresh):
        rows.setdefault(row.commit.id, []).append(row)
    made = {one.id: Verdict([], [], "", Rules()) for one in fresh}
    changed = {one: row.new for one, some in rows.items() for row in some if row.path == FILE}
    trust = Trust(root, index, changed, {one: verdict.list_after for one, verdict in known.items()})
    for name, found, codes in trust.findings(fresh):
        made[name].findings += found
        made[name].unproven += codes
        made[name].list_after = trust.counts[name]
    claims = dict(undone.findings(root, index, parents, fresh))
    for one in fresh:
        # What was rightly taken back breaks every rule for records; by an act that only says so it is told twice.
        rules = OF_AN_ACT if len(one.parents) > 1 or claims.get(one.id) == [] else (*OF_AN_ACT, *OF_STEPS)
        act = _act(one, rows.get(one.id, []))
        made[one.id].findings += [finding for rule in rules for finding in rule.check(one.id, act)]
        made[one.id].findings += claims.get(one.id, [])
    before = {one: verdict.rules for one, verdict in known.items()}
    for name, counted, some in files(root, fresh, rows, before):
        made[name].rules = counted
        made[name].findings += some
    for name, some, codes in _of_merges(root, [one for one in fresh if len(one.parents) > 1]):
        made[name].findings += some
        made[name].unproven += codes
    return made


def _of_merges(root: Path, some: list[Commit]) -> Iterator[tuple[str, list[Finding], list[str]]]:
    if some:
        # What merges by fields takes longer to load than a few acts take to verify.
        from solidarity_cli.history.audit import merges

        yield from merges.findings(root, some)


def _act(one: Commit, rows: list[Row]) -> Act:
    steps = tuple(undone.step(row) for row in rows if record_kind(row.path) in ("case", "action"))
    return Act(address(one.author), address(one.committer), steps)


# As it is kept


def _kept(verdict: Verdict) -> str:
    found = [[one.record, one.rule, one.severity.value, one.message] for one in verdict.findings]
    return json.dumps([found, verdict.unproven, verdict.list_after, *astuple(verdict.rules)])


def _read_all(kept: Mapping[str, str], wanted: Iterable[str]) -> dict[str, Verdict]:
    """The verdicts on some commits as far as they are kept; most say the same, and are read once."""
    clear: dict[str, Verdict] = {}
    verdicts = {}
    for one in wanted:
        if (row := kept.get(one)) is not None:
            verdicts[one] = clear[row] if row in clear else _read(one, row)
            if not verdicts[one].findings:
                clear[row] = verdicts[one]
    return verdicts


def _read(commit: str, row: str) -> Verdict:
    found, unproven, list_after, *rules = json.loads(row)
    return Verdict(
        [Finding(commit, record, rule, Severity(severity), message) for record, rule, severity, message in found],
        unproven,
        list_after,
        Rules(*rules),
    )
