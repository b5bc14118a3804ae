"""`solidarity audit` without more: the whole history verified, and what it does not prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from solidarity_cli.cli.session import Session
from solidarity_cli.core.errors import Refused, SolidarityError
from solidarity_cli.render.escape import clean

if TYPE_CHECKING:
    from solidarity_cli.core.audit import Finding
    from solidarity_cli.history.audit import Audited, Unproven

_SHOWN = 50
"""Findings of one rule told in full: a fault that goes on for years is one fault."""


def whole_history(session: Session, *, full: bool, as_json: bool) -> None:
    """Say what is wrong with the history, act by act, and what it does not prove. Exit code 1 for an error."""
    from solidarity_cli.git.branches import current
    from solidarity_cli.history.audit import audit

    register = session.register
    register.look()  # for the erasures that wait: git looks through the folder while the history is verified
    head = register.ledger.head()
    if not head:
        raise Refused("there is no act in this register yet", hint="solidarity new-case")
    branch = current(session.root)
    report = audit(session.root, register.ledger.shared_folder, head, branch, today=session.today, use_cache=not full)
    report = _with_erasures(session, report, head)
    errors = sum(finding.severity == "error" for finding in report.findings)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(_plain(report)))
    else:
        session.say("\n".join([*_lines(report.findings), *map(_unproven, report.unproven)]))
        warnings = len(report.findings) - errors
        session.note(
            f"{_count(report.commits, 'act')} verified: {_count(errors, 'error')}, {_count(warnings, 'warning')}"
        )
        if report.findings:
            session.note("what a rule means and what to do: solidarity explain RULE, the word in brackets")
    if errors:
        raise typer.Exit(1)


def _with_erasures(session: Session, report: Audited, head: str) -> Audited:
    """Erasures that wait for somebody are of now, not of an act."""
    try:
        if not session.register.now.erasures():
            return report  # nearly always, and then the exchange need not be loaded
        from solidarity_cli.core.audit import history
        from solidarity_cli.sync.sync import waiting_for

        waiting = waiting_for(session.register)
    except SolidarityError:
        return report  # recipients that cannot be read are told by the rule `shape`
    open_erasures = [finding for erasure in waiting.items() for finding in history.erasure_open.check(head, *erasure)]
    return replace(report, findings=(*report.findings, *open_erasures))


def _lines(findings: Sequence[Finding]) -> list[str]:
    counts: dict[str, int] = {}
    lines = []
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if counts[finding.rule] <= _SHOWN:
            lines.append(clean(f"{finding.severity}: {finding.commit[:10]} {finding.message} [{finding.rule}]"))
    rest = ((rule, count - _SHOWN) for rule, count in counts.items() if count > _SHOWN)
    return [*lines, *(f"and {more} more [{rule}]: solidarity audit --json" for rule, more in rest)]


def _unproven(gap: Unproven) -> str:
    sentence = f"not proven: {gap.what}"
    return f"{sentence} ({_count(gap.commits, 'act')}, first {gap.first[:10]})" if gap.commits else sentence


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _plain(report: Audited) -> dict[str, Any]:
    return {
        "commits": report.commits,
        "findings": [
            {
                "commit": finding.commit,
                "record": finding.record,
                "rule": finding.rule,
                "severity": finding.severity.value,
                "message": finding.message,
            }
            for finding in report.findings
        ],
        "unproven": [{"what": gap.what, "commits": gap.commits, "first": gap.first} for gap in report.unproven],
    }
