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
    found = audit(session.root, register.ledger.shared_folder, head, branch, today=session.today, afresh=full)
    found = _with_erasures(session, found, head)
    errors = sum(one.severity == "error" for one in found.findings)
    if as_json:
        from solidarity_cli.render.json import to_json

        session.say(to_json(_plain(found)))
    else:
        session.say("\n".join([*_lines(found.findings), *map(_unproven, found.unproven)]))
        warnings = len(found.findings) - errors
        session.note(
            f"{_count(found.commits, 'act')} verified: {_count(errors, 'error')}, {_count(warnings, 'warning')}"
        )
        if found.findings:
            session.note("what a rule means and what to do: solidarity explain RULE, the word in brackets")
    if errors:
        raise typer.Exit(1)


def _with_erasures(session: Session, found: Audited, head: str) -> Audited:
    """Erasures that wait for somebody are of now, not of an act."""
    try:
        if not session.register.now.erasures():
            return found  # nearly always, and then the exchange need not be loaded
        from solidarity_cli.core.audit import history as whole
        from solidarity_cli.sync.sync import waiting_for

        waiting = waiting_for(session.register)
    except SolidarityError:
        return found  # recipients that cannot be read are told by the rule `shape`
    open_ones = [one for item in waiting.items() for one in whole.erasure_open.check(head, *item)]
    return replace(found, findings=(*found.findings, *open_ones))


def _lines(findings: Sequence[Finding]) -> list[str]:
    told: dict[str, int] = {}
    lines = []
    for one in findings:
        told[one.rule] = told.get(one.rule, 0) + 1
        if told[one.rule] <= _SHOWN:
            lines.append(clean(f"{one.severity}: {one.commit[:10]} {one.message} [{one.rule}]"))
    rest = ((rule, count - _SHOWN) for rule, count in told.items() if count > _SHOWN)
    return [*lines, *(f"and {more} more [{rule}]: solidarity audit --json" for rule, more in rest)]


def _unproven(one: Unproven) -> str:
    said = f"not proven: {one.what}"
    return f"{said} ({_count(one.commits, 'act')}, first {one.first[:10]})" if one.commits else said


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _plain(found: Audited) -> dict[str, Any]:
    return {
        "commits": found.commits,
        "findings": [
            {
                "commit": one.commit,
                "record": one.record,
                "rule": one.rule,
                "severity": one.severity.value,
                "message": one.message,
            }
            for one in found.findings
        ],
        "unproven": [{"what": one.what, "commits": one.commits, "first": one.first} for one in found.unproven],
    }
