"""The steps of a case, and that a status cannot be reached beside them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core import rules
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Case, Charter, Decision, Status
from solidarity_cli.core.model.status_transitions import is_step, steps_from
from solidarity_cli.core.vocabulary import Vocabulary
from tests.support.examples import record

statuses = st.sampled_from(list(Status))


@given(statuses, statuses)
def test_a_step_is_one_of_the_steps_and_never_a_stay(old: Status, new: Status) -> None:
    assert is_step(old, new) == (new in steps_from(old))
    assert not is_step(old, old)


@given(statuses)
def test_nothing_ends_without_an_assessment_and_all_but_duplicates_can_go_on(status: Status) -> None:
    assert not is_step(Status.RECEIVED, status) or status is Status.ASSESSING
    assert bool(steps_from(status)) == (status is not Status.DUPLICATE)


@given(statuses, statuses)
def test_without_a_new_assessment_only_a_step_passes(old: Status, new: Status) -> None:
    before = case(old)
    assert refused(before, case(new)) == (old is not new and not is_step(old, new))


@pytest.mark.parametrize("decision", list(Decision))
@pytest.mark.parametrize("old", list(Status))
def test_a_new_assessment_moves_to_where_its_decision_leads(old: Status, decision: Decision) -> None:
    allowed = is_step(old, decision.leads_to) or old is decision.leads_to or old is not Status.DUPLICATE
    assert refused(case(old), case(decision.leads_to, decision)) != allowed


def case(status: Status, *decisions: str) -> Case:
    assessments = [
        {"id": f"a{number}", "date": "2026-10-01", "by": "assessor", "decision": decision}
        for number, decision in enumerate(decisions, 1)
    ]
    return Case.from_plain(record("cases", "closed-case", status=status.value, assessments=assessments))


def refused(before: Case, after: Case) -> bool:
    facts = Facts(
        Charter("Example"), date(2026, 10, 31), Vocabulary({}), cases={after.id: after}, before={before.id: before}
    )
    return any("by one step" in finding.message for finding in rules.check_case(after, facts))
