"""What a rule is: an id, a sentence, a page for people, and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, Literal

from solidarity_cli.core.findings import Finding, Severity

Subject = Literal["case", "action", "either", "record"]
"""What a rule looks at: a case, an action, either of the two, or a plain record with its private part."""


@dataclass(frozen=True, slots=True)
class Violation:
    """What a rule has against a record, before the ids of both are put to it.

    `severity` is the rule's own unless it is given.
    """

    message: str
    field: str = ""
    hint: str = ""
    severity: Severity | None = None


RuleFunction = Callable[..., Iterator[Violation]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of the mandate. `page` is what `explain` and the documentation show: sentence and advice."""

    id: str
    subject: Subject
    severity: Severity
    sentence: str
    reference: str
    page: str
    check: Callable[..., Iterator[Finding]]


def rule(
    name: str, subject: Subject, *, reference: str, severity: Severity = Severity.ERROR
) -> Callable[[RuleFunction], Rule]:
    """Make a rule of a function: its docstring's first line is the sentence, the whole of it the page."""

    def decorate(function: RuleFunction) -> Rule:
        def check(record: Any, *args: Any, **kwargs: Any) -> Iterator[Finding]:
            for violation in function(record, *args, **kwargs):
                yield Finding(
                    record=_id_of(record),
                    rule=name,
                    severity=violation.severity or severity,
                    message=violation.message,
                    field=violation.field,
                    hint=violation.hint,
                )

        page = cleandoc(function.__doc__ or "")
        return Rule(name, subject, severity, page.partition("\n")[0], reference, page, check)

    return decorate


def _id_of(record: Any) -> str:
    return str(record.get("id", "")) if isinstance(record, Mapping) else str(record.id)
