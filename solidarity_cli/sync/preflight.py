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
    found = _errors(register.reading(commit), ids)
    known: set[tuple[str, str, str]] = set()
    if found:
        known = {_key(one) for parent in parents for one in _errors(register.reading(parent), ids)}
    return tuple(one for one in found if _key(one) not in known)


def in_time(register: Register, seen: RemoteHeads) -> None:
    """Raises Refused where an act that has not gone out yet is dated more than a day from now.

    Out there it could not be taken back, and would stand there as the newest until its day has come.
    """
    head = register.ledger.head()
    known = [f"^{one}" for one in dict.fromkeys((seen.branch, seen.main)) if one]
    asked = ("rev-list", "--topo-order", "--timestamp", head, *known, "--")
    told = git(register.root, *asked) if head and f"^{head}" not in known else b""
    acts = [line.split() for line in told.decode().splitlines()]
    until = latest(register.today)
    ahead = [one for seconds, one in acts if int(seconds) > until]
    if ahead:
        first = ahead[-1][:10]
        raise Refused(
            f"an act here is dated in the future, and has to be dated anew before it goes out: commit {first}",
            hint=f"look at the clock of this machine (date); when it is right: git rebase --reset-author-date {first}^",
        )


def _errors(reading: Reader, ids: Collection[str]) -> list[Finding]:
    there = [one for one in sorted(ids) if one in reading.paths]
    return [one.finding for one in inspect(reading, there, lines=False) if one.finding.refuses] if there else []


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.record, finding.rule, finding.field
