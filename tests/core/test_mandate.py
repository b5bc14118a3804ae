"""What shuts the back doors of the mandate: money by another name, and values that would stop a check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core import rules
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case, Charter, Organisation
from solidarity_cli.core.vocabulary import Vocabulary
from tests.support.examples import record

WORDS = Vocabulary({"action-type": {"statement": {}, "referral": {}, "legal-fees-grant": {}}})


def facts(*cases: Case, actions: tuple[Action, ...] = (), words: Vocabulary = WORDS) -> Facts:
    by_id = {case.id: case for case in cases}
    relief = Organisation.from_plain(record("directory", "example-relief"))
    return Facts(
        Charter("Example", quorum=1),
        date(2026, 10, 31),
        words,
        cases=by_id,
        actions={action.id: action for action in actions},
        directory={relief.id: relief},
        known=frozenset(by_id),
    )


def names(found: tuple[rules.Finding, ...]) -> set[str]:
    return {finding.rule for finding in found}


@pytest.mark.parametrize("kind", ["legal-fees-grant", "money", "donation", "relocation-fund", "stipend"])
def test_a_type_that_pays_is_refused_even_when_the_vocabulary_has_it(kind: str) -> None:
    action = replace(Action.from_plain(record("actions", "statement")), type=kind)
    assert "no-money" in names(rules.check_action(action, facts()))


def test_a_type_that_the_group_does_not_have_is_refused() -> None:
    action = replace(Action.from_plain(record("actions", "statement")), type="shopping")
    assert "no-money" in names(rules.check_action(action, facts()))


def test_a_service_or_a_form_that_pays_is_refused() -> None:
    paid = record("actions", "referral", referral__services=["cash"])
    assert "no-money" in names(rules.check_action(Action.from_plain(paid), facts()))
    case = Case.from_plain(record("cases", "member-organisation", assessments__a1__forms=["legal-fees-grant"]))
    assert "no-money" in names(rules.check_case(case, facts(case)))


NO_DATE = st.sampled_from(
    ["2026-02-30", "2026-13", "0000", "9999-99-99", "2026-10-03T25:00:00+03:00", "soon", "20261003"]
)
DATES = ["received", "incidents.i1.date", "hearings.h1.at", "deadlines.d1.date", "consent.c1.given"]
DATES += ["consent.c1.embargo_until", "consent.c1.withdrawn", "assessments.a1.date", "assessments.a1.risk_review"]
DATES += ["notes.n1.date", "closure.date", "retention.review"]


@given(st.dictionaries(st.sampled_from(DATES), NO_DATE, min_size=1))
def test_what_is_no_day_is_told_and_stops_no_rule(changes: dict[str, str]) -> None:
    case = Case.from_plain(record("cases", "member-organisation", **dotted(changes)))
    actions = tuple(
        Action.from_plain(record("actions", kind, cases=[case.id], **more))
        for kind, more in (("statement", {"date": "2026-02-30"}), ("referral", {"status": "done"}), ("information", {}))
    )
    found = rules.check_all(facts(case, actions=actions))
    told = {finding.field for finding in found if finding.rule == "dates" and "calendar" in finding.message}
    assert told == {*changes, "date"}


def dotted(changes: dict[str, str]) -> dict[str, Any]:
    return {field.replace(".", "__"): value for field, value in changes.items()}


def test_findings_come_sorted_and_a_rule_is_one_sentence_with_a_page() -> None:
    cases = [
        Case.from_plain(record("cases", like)) for like in ("received-appeal", "member-organisation", "closed-case")
    ]
    found = rules.check_all(facts(*cases))
    assert list(found) == sorted(found)
    for rule in rules.RULES:
        assert rule.sentence.endswith(".")
        assert rule.page.startswith(rule.sentence)
        assert "What to do:" in rule.page, rule.id
        assert rule.reference
    assert len({rule.id for rule in rules.RULES}) == len(rules.RULES) == 19
