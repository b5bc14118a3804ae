"""From an appeal to the report: the job the program is for, through the front door."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run

MEMBER = ("--subject-kind", "organisation", "--membership", "member", "--request", "court-observation")
ASSIST = (
    "--decision",
    "assist",
    "--reason",
    "The mandate covers it.",
    "--basis",
    "un-hrd-9",
    "--form",
    "court-observation",
)


@pytest.fixture
def three_cases(new_case: Callable[..., str], run: Run) -> list[str]:
    """Three assessed cases of members, with one hearing in the first."""
    made = [
        new_case(*MEMBER, "--country", country, "--incident", "criminal-case@2026-10", "--received", "2026-10-05")
        for country in ("RU", "RU", "BY")
    ]
    for case in made:
        assert run("assess", case, *ASSIST, "--form", "statement", "--date", "2026-10-06").exit_code == 0
    assert run("hearing", made[0], "--at", "2026-10-20", "--kind", "merits").exit_code == 0
    return made


def test_one_mission_for_three_cases_counts_once_and_shows_in_all_three(run: Run, three_cases: list[str]) -> None:
    answer = run("-q", "link-action", *three_cases, "--type", "court-observation", "--hearing", "h1", "--observers", "2",
                 "--status", "done", "--date", "2026-10-20")  # fmt: skip
    assert answer.exit_code == 0, answer
    mission = answer.out.strip()
    for case in three_cases:
        assert mission in run("show", case).out
        assert json.loads(run("list", "--json").out)[0]["actions"] == [mission]
    figures = json.loads(run("report", "--month", "2026-10", "--format", "json").out)
    assert figures["actions"] == {"total": 1, "by": {"type": {"court-observation": 1}}}
    assert figures["missions"] == {"total": 1, "hearings": 1}
    assert figures["received"]["total"] == 3


def test_history_tells_who_did_what_when_field_by_field(run: Run, three_cases: list[str]) -> None:
    case = three_cases[0]
    assert run("note", case, "Called back.").exit_code == 0
    told = json.loads(run("history", case, "--json").out)
    assert [event["act"] for event in told] == ["new-case", "assess", "hearing", "note"]
    status = next(change for change in told[1]["changes"] if change["field"] == "status")
    assert (status["old"], status["new"]) == ("received", "active")
    assert "coordinator@forum.example" in told[0]["author"]
    assert "Called back" not in run("history", case, "--json").out
    assert "private.notes.n1: added (private)" in run("history", case).out


def test_a_decision_moves_the_status_and_a_closing_keeps_its_outcome(run: Run, three_cases: list[str]) -> None:
    case = three_cases[0]
    closed = run(
        "set-status", case, "closed", "--outcome", "acquitted", "--reason", "Acquitted.", "--person-told", "yes"
    )
    assert closed.exit_code == 0, closed
    record = json.loads(run("show", case, "--json").out)["case"]
    assert record["status"] == "closed"
    assert record["closure"] == {
        "date": "2026-10-31",
        "outcome": "acquitted",
        "reason": "Acquitted.",
        "person_told": "yes",
    }
    refused = run("assess", case, *ASSIST)
    assert refused.exit_code == 1
    assert f"solidarity set-status {case} assessing" in refused.err


def test_a_duplicate_names_the_kept_case(run: Run, three_cases: list[str], new_case: Callable[..., str]) -> None:
    twin = new_case(*MEMBER, "--country", "RU", "--incident", "search")
    assert run("set-status", twin, "assessing", "--reason", "looked at").exit_code == 0
    without = run("set-status", twin, "duplicate", "--reason", "the same")
    assert without.exit_code == 2
    assert "--duplicate-of" in without.err
    named = run("set-status", twin, "duplicate", "--reason", "the same", "--duplicate-of", three_cases[0])
    assert named.exit_code == 0, named
    assert json.loads(run("show", twin, "--json").out)["case"]["links"] == [
        {"case": three_cases[0], "relation": "duplicate-of"}
    ]


def test_dry_run_shows_the_change_and_changes_nothing(
    run: Run, three_cases: list[str], git: Callable[..., str]
) -> None:
    before = git("rev-parse", "HEAD")
    shown = run("edit", three_cases[0], "--set", "subject.country=KZ", "--dry-run")
    assert '+  country: "KZ"' in shown.out
    assert git("rev-parse", "HEAD") == before
    assert not git("status", "--porcelain")


def test_an_edit_touches_its_own_lines_only(run: Run, three_cases: list[str], git: Callable[..., str]) -> None:
    assert run("edit", three_cases[0], "--set", "incidents.i1.verification=verified").exit_code == 0
    changed = [
        line
        for line in git("show", "--format=", "-U0", "HEAD").splitlines()
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == ["+    verification: verified"]


def test_as_of_shows_the_register_as_it_was(run: Run, three_cases: list[str], git: Callable[..., str]) -> None:
    first = git("rev-list", "--max-parents=0", "HEAD").strip()
    assert json.loads(run("list", "--json", "--as-of", first).out) == []
    assert len(json.loads(run("list", "--json", "--as-of", "2026-10").out)) == 3
    assert run("list", "--as-of", "2026-09").exit_code == 1
    assert run("show", three_cases[0], "--as-of", "HEAD").exit_code == 0


def test_a_report_of_a_past_month_is_the_same_bytes_on_every_day(
    run: Run, three_cases: list[str], git: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    head = git("rev-parse", "HEAD").strip()
    made = {}
    for form in ("md", "json", "csv"):
        for audience in ("internal", "public"):
            asked = ("report", "--month", "2026-09", "--as-of", head, "--format", form, "--audience", audience)
            made[asked] = run(*asked).out
    assert run("note", three_cases[0], "later").exit_code == 0
    monkeypatch.setenv("SOLIDARITY_TODAY", "2027-12-24")
    assert made == {asked: run(*asked).out for asked in made}


def test_commit_messages_hold_ids_and_codes_only(run: Run, three_cases: list[str], git: Callable[..., str]) -> None:
    assert run("edit", three_cases[0], "--set", "private.subject_name=Zinaida Morozova").exit_code == 0
    message = git("log", "-1", "--format=%B")
    assert re.fullmatch(rf"edit {three_cases[0]}\n\nCase: {three_cases[0]}\nAct: edit\n+", message)
    assert "Morozova" not in git("log", "--format=%B", "--name-only")


def test_ids_are_found_by_any_part_and_told_apart_when_mistyped(run: Run, three_cases: list[str]) -> None:
    case = three_cases[0]
    assert run("-q", "show", case[-6:].lower()).out.strip() == case
    wrong = ("0" if case[-1] != "0" else "1").join([case[:-1], ""])
    answer = run("show", wrong)
    assert answer.exit_code == 1
    assert "mistyped" in answer.err
    assert f"did you mean {case}?" in answer.err
    assert run("show", "SG-2026").exit_code == 1
    assert "means 3 cases" in run("show", "SG-2026").err
    for name in ("Zvontsova", "ILLIOLO", "Звонцова", "O'Lilo"):
        unknown = run("show", name)
        assert unknown.exit_code == 1
        assert unknown.err.startswith("error: no case of that id in this register")


def test_consent_withdrawn_refuses_later_public_actions_and_lists_the_done_ones(
    run: Run, three_cases: list[str]
) -> None:
    case = three_cases[0]
    statement = ("link-action", case, "--type", "statement", "--status", "done", "--date", "2026-10-30")
    refused = run(*statement)
    assert refused.exit_code == 1
    assert "[consent-publicity]" in refused.err
    granted = run("consent", case, "--use", "publicity-organisation", "--answer", "granted", "--date", "2026-10-06")
    assert granted.exit_code == 0, granted
    done = run("-q", *statement)
    assert done.exit_code == 0, done
    withdrawn = run("consent", case, "--withdraw")
    assert withdrawn.exit_code == 0, withdrawn
    assert f"already public: {done.out.strip()}" in withdrawn.err
    assert run("link-action", case, "--type", "statement").exit_code == 1


def test_the_desk_and_the_agenda_name_what_is_ahead(run: Run, new_case: Callable[..., str]) -> None:
    late = new_case(*MEMBER, "--country", "RU", "--incident", "search", "--received", "2026-10-01")
    assert run("hearing", late, "--at", "2026-11-05T10:00+03:00").exit_code == 0
    desk = run()
    assert desk.exit_code == 0
    assert f"solidarity assess {late}" in desk.out
    agenda = json.loads(run("agenda", "--json").out)
    assert [(item["date"], item["kind"], item["case"]) for item in agenda] == [
        ("2026-11-05T10:00+03:00", "hearing", late)
    ]


def test_explain_knows_rules_fields_codes_provisions_exit_codes(run: Run) -> None:
    for topic in ("no-money", "subject.country", "designation", "un-hrd-9", "3", "rules", "fields", "outcome", "codes"):
        answer = run("explain", topic)
        assert answer.exit_code == 0, topic
        assert answer.out.strip(), topic
    assert run("explain", "nonsense").exit_code == 1


@pytest.mark.parametrize("where", ["a folder that is no register", "an existing register"])
def test_init_refuses_what_it_must(where: str, run: Run, register: Path, tmp_path: Path) -> None:
    if where == "an existing register":
        assert run("init", ".").exit_code == 1
    else:
        answer = run("list", at=tmp_path)
        assert answer.exit_code == 3
        assert "solidarity init" in answer.err


def test_consent_can_be_taken_back_while_something_public_is_planned(run: Run, three_cases: list[str]) -> None:
    case = three_cases[0]
    given = ("--use", "publicity-organisation", "--answer", "granted", "--date", "2026-10-06")
    assert run("consent", case, *given).exit_code == 0
    planned = run("-q", "link-action", case, "--type", "statement", "--date", "2026-11-20").out.strip()
    withdrawn = run("consent", case, "--withdraw")
    assert withdrawn.exit_code == 0, withdrawn
    assert f"warning: {case} has consent for publicity-organisation withdrawn" in withdrawn.err
    assert planned in withdrawn.err
    assert "[consent-publicity]" in run("validate").out


def test_a_name_of_a_case_in_an_open_field_of_its_action_is_refused_and_found(
    run: Run, three_cases: list[str], register: Path
) -> None:
    case = three_cases[0]
    assert run("edit", case, "--set", "private.subject_name=Северный фонарь").exit_code == 0
    refused = run("link-action", case, "--type", "information", "--url", "https://forum.example/severnyj-fonar")
    assert refused.exit_code == 1
    assert "[private-only]" in refused.err
    linked = run("-q", "link-action", case, "--type", "information", "--url", "https://forum.example/x")
    file = next(register.glob(f"actions/*/{linked.out.strip()}.yaml"))
    file.write_text(file.read_text(encoding="utf-8").replace("/x", "/severnyj-fonar"), encoding="utf-8")
    for _ in range(2):
        found = run("validate")
        assert found.exit_code == 1
        assert f"{file.name}:" in found.out
        assert "private-only" in found.out


def test_a_refused_action_is_not_named_by_an_id_that_nobody_can_type(run: Run, three_cases: list[str]) -> None:
    refused = run("link-action", three_cases[0], "--type", "statement")
    assert refused.exit_code == 1
    assert "SA-2026-" not in refused.err
    assert "--answer granted" in refused.err


def test_a_verb_that_is_nearly_right_is_guessed(run: Run) -> None:
    answer = run("lst")
    assert answer.exit_code == 2
    assert "did you mean: solidarity list?" in answer.err
