"""What must not go out: two lines of acts that are right each and wrong together; an act that is still to come."""

from __future__ import annotations

from collections.abc import Collection

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.findings import Finding
from solidarity_cli.git.process import git
from solidarity_cli.history.clock_skew import latest
from solidarity_cli.register.reader import Reader
from solidarity_cli.register.register import Register
from solidarity_cli.register.validate import inspect
from solidarity_cli.sync.remote import RemoteHeads


class MergeBreaksRules(Refused):
    """Both sides keep the rules, and what comes of them does not."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        field = first.field.partition(":")[0]
        give_way = f"; or give way: solidarity resolve --take theirs {first.record}:{field}" if field else ""
        super().__init__(
            f"right here, right at the remote, and wrong together: {first.message} [{first.rule}]",
            hint=f"change yours, then again: solidarity edit {first.record}{give_way}",
            findings=findings,
        )


def new_errors(
    register: Register, commit: str, ids: Collection[str], *, parents: Collection[str]
) -> tuple[Finding, ...]:
    """The errors in some records of a commit that none of its `parents` has; another wording of one is no new one."""
    if not ids:
        return ()
    errors = _errors(register.reading(commit), ids)
    known: set[tuple[str, str, str]] = set()
    if errors:
        known = {_key(finding) for parent in parents for finding in _errors(register.reading(parent), ids)}
    return tuple(finding for finding in errors if _key(finding) not in known)


def in_time(register: Register, heads: RemoteHeads) -> None:
    """Raises Refused where an act that has not gone out yet is dated more than a day from now.

    Out there it could not be taken back, and would stand there as the newest until its day has come.
    """
    head = register.ledger.head()
    known = [f"^{commit}" for commit in dict.fromkeys((heads.branch, heads.main)) if commit]
    args = ("rev-list", "--topo-order", "--timestamp", head, *known, "--")
    output = git(register.root, *args) if head and f"^{head}" not in known else b""
    acts = [line.split() for line in output.decode().splitlines()]
    until = latest(register.today)
    ahead = [commit for seconds, commit in acts if int(seconds) > until]
    if ahead:
        first = ahead[-1][:10]
        raise Refused(
            f"an act here is dated in the future, and has to be dated anew before it goes out: commit {first}",
            hint=f"look at the clock of this machine (date); when it is right: git rebase --reset-author-date {first}^",
        )


def _errors(reading: Reader, ids: Collection[str]) -> list[Finding]:
    present = [record for record in sorted(ids) if record in reading.paths]
    return (
        [located.finding for located in inspect(reading, present, lines=False) if located.finding.refuses]
        if present
        else []
    )


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.record, finding.rule, finding.field
