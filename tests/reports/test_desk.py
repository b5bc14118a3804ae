"""The desk: what needs somebody now, in order, on one screen whatever the register holds."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pexpect
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from solidarity_cli.core.model import Case, Organisation
from solidarity_cli.render.escape import clean
from solidarity_cli.render.terminal.desk import desk_lines
from solidarity_cli.reports.desk import FAILING, SECTIONS, Desk, Line, Section, desk
from tests.support.figure_records import a_case, an_action, decided, facts_of
from tests.support.program import Run

TODAY = date(2026, 10, 10)
RELIEF = Organisation(id="example-relief", name="Example Relief", response_days=7)
OLD_AID = Organisation(id="old-aid", name="Old Aid", checked="2025-10-09")
HELD = ("--country", "RU", "--subject-kind", "individual", "--incident", "arrest")


def sections(*cases: Case, **more: Any) -> dict[str, list[Line]]:
    directory = [RELIEF, *more.pop("directory", ())]
    shown = desk(facts_of(cases, more.pop("actions", ()), today=TODAY, directory=directory), **more)
    return {section.kind: list(section.lines) for section in shown.sections}


def numbers(lines: list[Line]) -> list[str]:
    return [line.case[-1] for line in lines]


def test_what_waited_too_long_comes_first_and_what_is_urgent_before_that() -> None:
    shown = sections(
        a_case(1, received="2026-10-09"),
        a_case(2, received="2026-09-01"),
        a_case(3, received="2026-10-05", urgency="urgent"),
        a_case(4, received="2026-10-09", urgency="urgent"),
        a_case(5, received="2026-09-01", status="active", assessments=[decided("assist", "2026-09-02")]),
        a_case(6, received="2026-08-01"),
        a_case(7, received="2026-10-09", deadlines=[{"id": "d1", "date": "2026-10-08", "what": "appeal"}]),
    )
    assert list(shown) == ["overdue", "undecided"]
    assert numbers(shown["overdue"]) == ["3", "6", "2", "7"]
    assert numbers(shown["undecided"]) == ["4", "1", "7"]
    assert shown["overdue"][0].command == "solidarity assess SG-2026-000003"
    assert shown["overdue"][3].command == "solidarity edit SG-2026-000007 --set deadlines.d1.done=true"


def test_every_kind_has_its_section_and_its_command() -> None:
    assist = decided("assist", "2026-09-02")
    shown = sections(
        a_case(1, received="2026-08-01"),
        a_case(2, received="2026-10-09"),
        a_case(
            3,
            status="active",
            assessments=[{**assist, "risk_level": "high", "risk_review": "2026-10-09"}],
            deadlines=[{"id": "d1", "date": "2026-10-17"}, {"id": "d2", "date": "2026-10-18"}],
            hearings=[
                {"id": "h1", "at": "2026-10-24"},
                {"id": "h2", "at": "2026-10-25"},
                {"id": "h3", "at": "2026-10-01"},
            ],
            consent=[{"id": "c1", "given": "2026-09-01", "uses": {}, "embargo_until": "2026-10-24"}],
            retention={"review": "2026-10-17"},
        ),
        a_case(4, status="active", assessments=[{**assist, "risk_level": "critical"}]),
        actions=[an_action(type="referral", date="2026-09-01", referral={"organisation": RELIEF.id, "state": "sent"})],
        waiting={"SG-2026-000004": ("one", "two")},
        reviews={"SG-2026-000003": "solidarity review main..case/SG-2026-000003"},
        directory=[OLD_AID],
    )
    assert {kind: [line.command for line in lines] for kind, lines in shown.items()} == {
        "overdue": ["solidarity assess SG-2026-000001"],
        "undecided": ["solidarity assess SG-2026-000002"],
        "due": ["solidarity edit SG-2026-000003 --set deadlines.d1.done=true"],
        "hearings": [
            "solidarity hearing SG-2026-000003 --held h3",
            "solidarity link-action SG-2026-000003 --hearing h1",
        ],
        "erasures": ["solidarity sync"],
        "risk-reviews": ["solidarity assess SG-2026-000004", "solidarity assess SG-2026-000003"],
        "open-reviews": ["solidarity review main..case/SG-2026-000003"],
        "answers": ["solidarity update-action SA-2026-000001 --referral-state no-response"],
        "embargoes": ["solidarity show SG-2026-000003"],
        "retention-reviews": ["solidarity erase --due --dry-run"],
        "directory": ["solidarity directory check old-aid"],
    }
    assert tuple(shown) == SECTIONS


def test_an_empty_desk_is_clear() -> None:
    assert desk(facts_of(today=TODAY)).is_clear


TEXT = st.text(max_size=300) | st.sampled_from(
    ["漢字かな交じりの題名" * 40, "ё\u0301\u0300" * 900, "א" * 4000, "👩‍👩‍👧 " * 60, "\x1b[2J\u202e" * 90]
)
IDS = st.from_regex(r"S[GA]-2026-[0-9A-HJKMNP-TV-Z]{6}", fullmatch=True)
LINES = st.builds(
    lambda case, title, what, day, urgency, verb: Line(case, title, what, day, None, verb.format(case), urgency),
    IDS,
    TEXT,
    st.sampled_from(["", "appeal", "pre-trial-measure"]) | TEXT,
    st.sampled_from(["", "2026", "2026-10-21", "2026-10-20T10:00+03:00"]),
    st.sampled_from(["", "urgent", "low"]),
    st.sampled_from(["solidarity assess {0}", "solidarity link-action {0} --hearing h12"]),
)
COMMANDS = st.sampled_from(["solidarity list --status received", "solidarity erase --due --dry-run"])
DESKS = st.lists(
    st.tuples(st.lists(LINES, min_size=1, max_size=8), st.integers(1, 3000), COMMANDS),
    min_size=len(SECTIONS),
    max_size=len(SECTIONS),
).map(
    lambda rows: Desk(
        tuple(
            Section(kind, tuple(lines * many), command)
            for kind, (lines, many, command) in zip(SECTIONS, rows, strict=True)
        )
    )
)


@settings(max_examples=25, deadline=None)
@given(DESKS, st.integers(1, len(SECTIONS)), st.sampled_from([80, 100]), st.integers(12, 22))
def test_whatever_it_holds_it_fits_the_screen(full: Desk, kinds: int, width: int, height: int) -> None:
    shown = Desk(full.sections[:kinds])
    lines = desk_lines(shown, width=width, height=height, clean=clean)
    assert len(lines) <= height
    assert all("\n" not in line and cell_len(line) <= width for line in lines), max(lines, key=cell_len)
    assert all(clean(line) == line for line in lines)
    for section in shown.sections:
        heading = next(line for line in lines if line.startswith(_first_words(section.kind)))
        told = re.search(r"(\d+)(?: more)?: (.*)\)$", heading)
        listed = len([line for line in lines if line.startswith("  ")])
        assert told is None or (told[2] == section.command and int(told[1]) <= len(section.lines))
        assert listed <= height


def _first_words(kind: str) -> str:
    from solidarity_cli.render.terminal.desk import HEADINGS

    return HEADINGS[kind]


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_the_command_stands_whole_and_what_is_urgent_says_so(line: Line) -> None:
    _, shown = desk_lines(Desk((Section("overdue", (line,), "x"),)), width=80, height=5, clean=clean)
    ending = shown.rpartition("  solidarity ")[2]
    assert line.command.removeprefix("solidarity ").replace(line.case, line.case[-6:]) == ending.replace(
        line.case, line.case[-6:]
    )
    assert shown.startswith("  URGENT") == (
        line.urgency == "urgent" or (line.date + line.what + line.title).startswith("URGENT")
    )


def crowded(count: int) -> list[Case]:
    title = "事務所の捜索 \u202e" + "ё\u0301" * 200 + "\x1b[31m"
    return [
        a_case(
            number,
            title=title,
            received="2026-10-09" if number % 4 else "2026-08-01",
            urgency="urgent" if number % 5 == 0 else "normal",
            status="active" if number % 2 else "received",
            assessments=[decided("assist", "2026-09-02", risk_level="high", risk_review="2026-09-20")]
            if number % 2
            else [],
            hearings=[{"id": "h1", "at": "2026-10-12", "kind": "merits"}],
            deadlines=[{"id": "d1", "date": "2026-10-11", "what": "appeal"}, {"id": "d2", "date": "2026-10-01"}],
            consent=[{"id": "c1", "given": "2026-10-05", "uses": {}, "embargo_until": "2026-10-12"}],
            retention={"review": "2026-10-12"},
        )
        for number in range(1, count + 1)
    ]


def test_thousands_of_cases_fit_the_screen_and_the_rest_is_counted() -> None:
    sent = {"organisation": RELIEF.id, "state": "sent"}
    actions = [an_action(n, type="referral", date="2026-09-01", referral=sent) for n in range(1, 900)]
    waiting = {f"SG-2026-{n:06d}": ("one",) for n in range(1, 900)}
    reviews = {f"SG-2026-{n:06d}": f"solidarity review main..case/SG-2026-{n:06d}" for n in range(1, 900)}
    facts = facts_of(crowded(4000), actions, today=TODAY, directory=[RELIEF, OLD_AID])
    shown = desk(facts, waiting, reviews)
    assert tuple(section.kind for section in shown.sections) == SECTIONS
    lines = desk_lines(shown, width=80, height=20, clean=clean)
    assert len(lines) == 20
    assert max(map(cell_len, lines)) <= 80
    assert "Overdue (and 4999 more: solidarity list --status received)" in lines
    # A heading each; a line for as many, the most pressing first, as there is room for.
    assert sum(not line.startswith("  ") for line in lines) == len(SECTIONS)
    assert sum(line.startswith("  ") for line in lines) == 20 - len(SECTIONS)


def test_a_terminal_of_80_by_24_shows_all_of_it_at_once(
    register: Path, run: Run, new_case: Callable[..., str], program: str
) -> None:
    for number in range(12):
        case = new_case(*HELD, "--received", "2026-10-01", "--urgency", "urgent", "--title", "長い題名" * 30)
        run("hearing", case, "--at", f"2026-11-{number + 1:02d}")
    touched = register / "cases" / "2026" / f"{case}.yaml"
    touched.write_text(touched.read_text(encoding="utf-8") + "# touched\n", encoding="utf-8")
    child = pexpect.spawn(program, cwd=str(register), dimensions=(24, 80), encoding="utf-8", timeout=180)
    child.expect(pexpect.EOF)
    lines = child.before.replace("\r\n", "\n").rstrip("\n").split("\n")
    child.close()
    assert child.exitstatus == 0
    assert len(lines) == 23
    assert max(map(cell_len, lines)) <= 80
    assert lines[0] == "Test Register, 2026-10-31"
    assert lines[1].startswith("Overdue (and ")
    assert lines[2].startswith("  URGENT 2026-10-01 長い題名")
    assert lines[-1] == "files that are in no commit: 1; which: git status"


def test_a_cron_job_asks_by_the_exit_code(run: Run, new_case: Callable[..., str]) -> None:
    assert run("-q", "--fail-on", "overdue").exit_code == 0
    case = new_case(*HELD, "--received", "2026-10-30", "--urgency", "urgent")
    assert [run("-q", "--fail-on", kind).exit_code for kind in ("overdue", "undecided", "urgent", "due")] == [
        0,
        1,
        1,
        0,
    ]
    assert run("--fail-on", "overdue,undecided").exit_code == 1
    assert run("--fail-on", "overdue", "--fail-on", "undecided").exit_code == 1
    loud, quiet = run("--fail-on", "undecided"), run("-q", "--fail-on", "undecided")
    assert case in loud.out
    assert (quiet.out, quiet.err) == ("", "")
    assert all(run("-q", "--fail-on", kind).exit_code in (0, 1) for kind in FAILING)


@pytest.mark.parametrize("value", ["", ",", "Ivan Ivanov", "overdue,nothing"])
def test_a_kind_that_there_is_not_is_refused_without_repeating_it(run: Run, value: str) -> None:
    answer = run("--fail-on", value)
    assert (answer.exit_code, answer.out) == (2, "")
    assert "overdue, undecided, due" in answer.err
    assert "Ivan" not in answer.err


def test_the_desk_as_json_holds_every_line(run: Run, new_case: Callable[..., str]) -> None:
    made = {new_case(*HELD, "--received", "2026-10-01") for _ in range(30)}
    (section,) = json.loads(run("--json").out)["sections"]
    assert (section["kind"], section["total"]) == ("overdue", 30)
    assert {line["case"] for line in section["lines"]} == made
    assert set(section["lines"][0]) == {"case", "title", "what", "date", "days", "command", "urgency"}
    assert run("--json", "list").exit_code == 2
    assert run("--fail-on", "due", "list").exit_code == 2


def test_a_branch_that_waits_for_review_is_on_the_desk_until_it_is_merged(
    run: Run, new_case: Callable[..., str], git: Callable[..., str], tmp_path: Path, register: Path
) -> None:
    case = new_case(*HELD, "--received", "2026-10-31")
    git("branch", "case/not-an-id")
    git("switch", "--quiet", "-c", f"case/{case}")
    assert run("note", case, "Called back.").exit_code == 0
    git("switch", "--quiet", "main")
    reviews = {one["kind"]: one for one in json.loads(run("--json").out)["sections"]}["open-reviews"]["lines"]
    assert [(one["case"], one["command"]) for one in reviews] == [(case, f"solidarity review main..case/{case}")]
    # Another clone sees it as its remote's.
    subprocess.run(["git", "clone", "--quiet", str(register), str(tmp_path / "other")], check=True)
    there = {one["kind"]: one for one in json.loads(run("--json", at=tmp_path / "other").out)["sections"]}
    assert [one["command"] for one in there["open-reviews"]["lines"]] == [f"solidarity review main..origin/case/{case}"]
    git("merge", "--quiet", f"case/{case}")
    assert "open-reviews" not in {one["kind"] for one in json.loads(run("--json").out)["sections"]}


def test_a_branch_name_is_never_a_command_for_the_shell(
    run: Run, new_case: Callable[..., str], git: Callable[..., str]
) -> None:
    case = new_case(*HELD)
    git("branch", "-m", "main", "$(reboot)")
    git("switch", "--quiet", "-c", f"case/{case}")
    assert run("note", case, "Called back.").exit_code == 0
    git("switch", "--quiet", "$(reboot)")
    assert "reboot" not in run().out
    assert "Open reviews" in run().out


def test_days_are_counted_from_the_fixed_day(
    run: Run, new_case: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new_case(*HELD, "--received", "2026-10-01")
    line = json.loads(run("--json").out)["sections"][0]["lines"][0]
    assert line["days"] == (date(2026, 10, 31) - date(2026, 10, 1)).days
    monkeypatch.setenv("SOLIDARITY_TODAY", (date(2026, 10, 1) + timedelta(days=1)).isoformat())
    assert json.loads(run("--json").out)["sections"][0]["kind"] == "undecided"


def test_the_day_and_the_hour_of_a_hearing_stand_on_a_narrow_screen(run: Run, new_case: Callable[..., str]) -> None:
    case = new_case(*HELD, "--urgency", "urgent", "--title", "A title that is longer than any screen would hold")
    assert run("hearing", case, "--at", "2026-11-05T10:00+04:00").exit_code == 0
    (section,) = [one for one in json.loads(run("--json").out)["sections"] if one["kind"] == "hearings"]
    (line,) = [line for line in run().out.split("\n") if "--hearing h1" in line]
    assert line.startswith("  URGENT 2026-11-05 10:00 ")
    # The command on the desk is one that works as it stands.
    typed = section["lines"][0]["command"].removeprefix("solidarity ").split()
    reasons = ("--decision", "assist", "--reason", "help is asked for", "--basis", "un-hrd-12.2")
    asked = ("--wider-impact", "yes", "--impact-reason", "others are meant too")
    assert run("assess", case, *reasons, *asked, "--life-at-risk", "no").exit_code == 0
    action = run("-q", *typed)
    assert json.loads(run("show", case, "--json").out)["actions"][0]["type"] == "court-observation", action
