"""Who a report is for, and which cases and actions may be counted for them."""

from __future__ import annotations

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.rules.consent import effective

INTERNAL = "internal"
PUBLIC = "public"

WITHHELD = "XX"
"""The country code of a case whose country is not told."""


def may_count(case: Case, audience: str) -> bool:
    """Whether a case may be counted for an audience.

    Inside the Group every case counts. In public only a case whose consent grants statistics, and whose country
    is told, counts. Source: the monthly report; "what is missing is refused".
    """
    if audience != PUBLIC:
        return True
    return case.country != WITHHELD and effective(case, "statistics").is_granted


def countable_cases(facts: Facts, audience: str) -> dict[str, Case]:
    """The cases that may be counted, by id, in the order of their ids."""
    return {key: case for key, case in sorted(facts.cases.items()) if may_count(case, audience)}


def countable_actions(facts: Facts, cases: dict[str, Case], audience: str) -> list[Action]:
    """The actions that may be counted: in public those with at least one linked case that is counted."""
    actions = [action for _, action in sorted(facts.actions.items())]
    if audience != PUBLIC:
        return actions
    return [action for action in actions if any(case in cases for case in action.cases)]
