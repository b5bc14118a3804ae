"""A referral by the front door: to whom, how far it has come, and when an answer is overdue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import Good, Run


@pytest.fixture
def referral(good: Good, listed: None, case: str) -> str:
    """A referral to the first organisation, thought about."""
    made = good("-q", "link-action", case, "--type", "referral", "--to-organisation", "relief", "--service", "legal")
    return made.out.strip()


def test_a_referral_names_an_organisation_that_there_is(run: Run, good: Good, listed: None, case: str) -> None:
    for typed, said in (
        ("example-releif", "did you mean example-relief?"),
        ("Ivan Ivanov", "no organisation of that id in this register"),
        ("e", "means 2 organisations: example-relief, wide-aid"),
    ):
        answer = run("link-action", case, "--type", "referral", "--to-organisation", typed)
        assert (answer.exit_code, answer.out) == (1, "")
        assert said in answer.err
        assert "solidarity directory list" in answer.err or "type more of the id" in answer.err
        assert "Ivan" not in answer.err
    nobody = run("link-action", case, "--type", "referral")
    assert nobody.exit_code == 2
    assert f"solidarity directory list --for {case}" in nobody.err
    service = run("link-action", case, "--type", "referral", "--to-organisation", "relief", "--service", "leagl")
    assert service.exit_code == 2
    assert "legal" in service.err
    other = ("--service", "legal", "--service", "digital-security", "-n")
    other_help = good("link-action", case, "--type", "referral", "--to-organisation", "relief", *other)
    assert "warning: by the directory example-relief gives no digital-security" in other_help.err
    assert "gives no legal" not in other_help.err


def test_a_referral_goes_its_way_and_every_step_is_kept(run: Run, good: Good, case: str, referral: str) -> None:
    for state in ("consent-asked", "sent", "acknowledged", "no-response", "sent", "accepted", "service-given"):
        good("update-action", referral, "--referral-state", state)
    (action,) = json.loads(good("show", case, "--json").out)["actions"]
    assert action["referral"]["state"] == "service-given"
    assert [one["state"] for one in action["referral"]["history"]] == [
        "considered", "consent-asked", "sent", "acknowledged", "no-response", "sent", "accepted", "service-given"
    ]  # fmt: skip
    told = json.loads(good("report", "--month", "2026-10", "--format", "json").out)["referrals"]
    assert (told["total"], told["by"]["state"]) == (1, {"service-given": 1})


def test_an_impossible_step_is_refused_and_says_which_there_are(run: Run, good: Good, case: str, referral: str) -> None:
    def refused(state: str) -> str:
        answer = run("update-action", referral, "--referral-state", state)
        assert (answer.exit_code, answer.out) == (1, ""), answer
        return answer.err

    assert "is considered and cannot become accepted by one step" in refused("accepted")
    assert "what may follow: consent-asked, sent" in refused("no-response")
    assert "is considered already" in refused("considered")
    good("update-action", referral, "--referral-state", "sent")
    for back in ("considered", "consent-asked"):
        assert f"is sent and cannot become {back} by one step" in refused(back)
    good("update-action", referral, "--referral-state", "rejected")
    said = refused("sent")
    assert "is rejected, which ends a referral" in said
    assert f"solidarity link-action {case} --type referral" in said
    assert "solidarity undo" in said
    assert run("update-action", referral, "--referral-state", "acepted").exit_code == 2


def test_an_answer_that_is_due_is_on_the_agenda_and_an_overdue_one_on_the_desk(
    run: Run, good: Good, case: str, referral: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def agenda() -> list[tuple[str, bool]]:
        items = json.loads(good("agenda", "--json").out)
        return [(one["date"], one["overdue"]) for one in items if one["kind"] == "referral-answer"]

    def answers() -> list[str]:
        sections = json.loads(good("--json").out)["sections"]
        return [line["command"] for one in sections if one["kind"] == "answers" for line in one["lines"]]

    assert agenda() == []
    good("update-action", referral, "--referral-state", "sent")
    assert (agenda(), answers()) == ([("2026-11-05", False)], [])
    monkeypatch.setenv("SOLIDARITY_TODAY", "2026-11-06")
    overdue = [f"solidarity update-action {referral} --referral-state no-response"]
    assert (agenda(), answers()) == ([("2026-11-05", True)], overdue)
    # That they had it is no answer yet: the days begin anew.
    good("update-action", referral, "--referral-state", "acknowledged")
    assert (agenda(), answers()) == ([("2026-11-11", False)], [])
    assert f"{case}.referral-answer.{referral}@" in good("agenda", "--ics", "-").out.replace("\r\n ", "")
    good("update-action", referral, "--status", "cancelled")
    assert agenda() == []


def test_no_step_is_taken_by_editing_the_field(run: Run, referral: str) -> None:
    answer = run("edit", referral, "--set", "referral.state=accepted")
    assert answer.exit_code == 1
    assert "update-action AID --referral-state" in answer.err


def test_a_row_of_an_import_takes_no_step_and_changes_the_rest(run: Run, tmp_path: Path, referral: str) -> None:
    def taken(**referred: object) -> dict[str, str]:
        (tmp_path / "rows.jsonl").write_text(json.dumps({"id": referral, "referral": referred}))
        (row,) = json.loads(run("import", str(tmp_path / "rows.jsonl"), "--json").out)["rows"]
        return dict(row)

    for changed in ({"state": "sent"}, {"history": [{"state": "sent", "date": "2026-10-02"}]}):
        row = taken(**changed)
        assert row["what"] == "refused", row
        assert "--referral-state" in row["hint"]
    assert taken(state="considered", services=["medical"])["what"] == "updated"


def test_a_step_has_the_day_on_which_it_was_taken(run: Run, good: Good, listed: None, case: str) -> None:
    to = ("--type", "referral", "--to-organisation", "example-relief", "--service", "legal")
    sent = good("-q", "link-action", case, *to, "--state", "sent", "--date", "2026-09-20").out.strip()
    agenda = json.loads(good("agenda", "--json").out)
    assert [one["date"] for one in agenda if one["kind"] == "referral-answer"] == ["2026-09-25"]
    good("update-action", sent, "--referral-state", "acknowledged", "--date", "2026-09-23")
    (action,) = json.loads(good("show", case, "--json").out)["actions"]
    assert action["date"] == "2026-09-20"  # the day on which it was sent stays
    assert [one["date"] for one in action["referral"]["history"]] == ["2026-09-20", "2026-09-23"]
    ahead = run("update-action", sent, "--referral-state", "accepted", "--date", "2026-11-01")
    assert (ahead.exit_code, ahead.out) == (2, "")
    assert "recorded when it was taken" in ahead.err
    thought = good("-q", "link-action", case, *to, "--date", "2026-12-24").out.strip()
    good("update-action", thought, "--referral-state", "sent")
    actions = {one["id"]: one for one in json.loads(good("show", case, "--json").out)["actions"]}
    assert [one["date"] for one in actions[thought]["referral"]["history"]] == ["2026-10-31", "2026-10-31"]
    assert (actions[thought]["status"], actions[thought]["date"]) == ("done", "2026-10-31")
