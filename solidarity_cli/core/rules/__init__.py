"""What the Group knows: the mandate, consent, lifecycle. One small function a rule; its docstring is its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solidarity_cli.core.facts import Facts, Fold
from solidarity_cli.core.findings import Finding, Severity
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.rules import assessment, consent, erasure, lifecycle, mandate, privacy, record
from solidarity_cli.core.rules.consent import Permission, effective
from solidarity_cli.core.rules.privacy import leaks, open_texts
from solidarity_cli.core.rules.rule import Rule
from solidarity_cli.core.vocabulary import Vocabulary

__all__ = [
    "RULES",
    "Permission",
    "Rule",
    "Severity",
    "check_action",
    "check_all",
    "check_case",
    "check_record",
    "effective",
    "leaks",
    "open_texts",
]

RULES: tuple[Rule, ...] = (
    mandate.no_money,
    mandate.referral_life_or_freedom,
    mandate.referral_directory,
    consent.consent_sharing,
    consent.consent_publicity,
    mandate.wider_impact,
    mandate.assessed_first,
    assessment.basis_cited,
    assessment.basis_scope,
    assessment.reason_given,
    assessment.quorum,
    lifecycle.lifecycle,
    record.dates,
    record.links,
    privacy.private_only,
    erasure.erased,
    assessment.risk_review,
    lifecycle.told,
    assessment.waiting,
)
"""Every rule, in the order in which they are explained."""

_OF_A_CASE = tuple(rule for rule in RULES if rule.subject in ("case", "either"))
_OF_AN_ACTION = tuple(rule for rule in RULES if rule.subject in ("action", "either"))
_OF_A_RECORD = tuple(rule for rule in RULES if rule.subject == "record")


def check_case(case: Case, facts: Facts) -> tuple[Finding, ...]:
    """What the rules have against a case."""
    return tuple(finding for rule in _OF_A_CASE for finding in rule.check(case, facts))


def check_action(action: Action, facts: Facts) -> tuple[Finding, ...]:
    """What the rules have against an action."""
    return tuple(finding for rule in _OF_AN_ACTION for finding in rule.check(action, facts))


def check_record(record: Mapping[str, Any], *, words: Vocabulary, fold: Fold) -> tuple[Finding, ...]:
    """What the rules have against a plain record with its private part; its shape need not be valid."""
    return tuple(finding for rule in _OF_A_RECORD for finding in rule.check(record, words=words, fold=fold))


def check_all(facts: Facts) -> tuple[Finding, ...]:
    """What the rules have against every case and action of a snapshot, sorted."""
    cases = (finding for case in facts.cases.values() for finding in check_case(case, facts))
    actions = (finding for action in facts.actions.values() for finding in check_action(action, facts))
    return tuple(sorted([*cases, *actions]))
