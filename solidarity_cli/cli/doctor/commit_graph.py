"""Git's own list of commits: a damaged one stops whatever asks about the past, a missing one only slows it down."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from solidarity_cli.cli.doctor.problem import Checkup, Problem
from solidarity_cli.core.findings import Severity
from solidarity_cli.git import commit_graph


def look(checkup: Checkup) -> Iterator[Problem]:
    """What is wrong with the list; nothing is lost with it, for git makes it from the commits."""
    root = checkup.root
    if commit_graph.is_damaged(root):
        yield Problem(
            "git",
            "git's list of commits, the commit-graph, is damaged: git may stop on it, or tell a wrong past",
            "solidarity doctor --fix",
            mend=partial(commit_graph.renew, root),
        )
    elif count := commit_graph.missing(root):
        yield Problem(
            "git",
            f"git has no list of what {count} acts changed: whatever asks it about the past is slower than need be",
            "solidarity doctor --fix",
            Severity.WARNING,
            mend=partial(commit_graph.write, root),
        )
