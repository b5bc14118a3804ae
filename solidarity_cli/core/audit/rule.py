"""What a rule of the audit is: an id, a sentence, a page for people, and the function that looks at one act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from solidarity_cli.core.findings import Severity


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong with the history: the commit, the record if it is about one, the rule. Never a private value."""

    commit: str
    record: str
    rule: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class AuditViolation:
    """What a rule has against an act, before its ids are put to it. `severity` is the rule's own unless given."""

    message: str
    record: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class AuditRule:
    """One thing that holds in a history. `page` is what `explain` shows: sentence and advice."""

    id: str
    severity: Severity
    sentence: str
    page: str
    check: Callable[..., Iterator[Finding]]


def audit_rule(name: str, *, severity: Severity = Severity.ERROR) -> Callable[[Callable[..., Any]], AuditRule]:
    """Make a rule of a function that takes an act, or what it has to know of one, and tells its objections.

    The docstring's first line is the sentence, the whole of it the page. `check(commit, …)` gives the findings.
    """

    def decorate(function: Callable[..., Iterator[AuditViolation]]) -> AuditRule:
        def check(commit: str, *args: Any, **kwargs: Any) -> Iterator[Finding]:
            for violation in function(*args, **kwargs):
                yield Finding(commit, violation.record, name, violation.severity or severity, violation.message)

        page = cleandoc(function.__doc__ or "")
        return AuditRule(name, severity, page.partition("\n")[0], page, check)

    return decorate
