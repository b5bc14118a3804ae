"""Private values where they must not stand, across records: a case's in the open fields of an action that serves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from solidarity_cli.core import rules
from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.register.matching.fold import fold


def leaks_of_cases(
    action: Mapping[str, Any], cases: Iterable[Mapping[str, Any]], *, words: Vocabulary
) -> tuple[Finding, ...]:
    """The open fields of a plain `action` that hold a private value of the plain `cases` it serves."""
    texts = rules.open_texts(action)
    return tuple(
        Finding(
            str(action["id"]),
            "private-only",
            Severity.ERROR,
            f"{field} holds something from the private part of {case['id']}",
            field,
            f"solidarity edit {action['id']} --set {field}=…",
        )
        for case in cases
        if case.get("private")
        for field in rules.leaks(texts, case["private"], words=words, fold=fold)
    )
