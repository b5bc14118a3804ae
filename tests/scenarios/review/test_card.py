"""The card: what it tells of a change, and in which order."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from tests.support.program import Good, Run
from tests.support.reviewing import ASSESSED
from tests.test_architecture import SCHEMAS

Card = Callable[..., dict[str, Any]]


def test_a_branch_is_told_field_by_field_in_labels(run: Run, good: Good, case: str, card: Card) -> None:
    good("assess", case, *ASSESSED)
    told = card()
    (record,) = told["records"]
    assert (record["record"], record["how"], record["kind"]) == (case, "changed", "case")
    assert {"field": "status", "how": "changed", "old": "received", "new": "active"} in record["fields"]
    text = run("review").out
    assert "| Status | Received | Active |" in text
    assert "| Assessments a1, decision | – | Assist |" in text
    assert "- **un-hrd-12:** Peaceful action against violations" in text, "the basis stands with its title"


def test_labels_speak_the_language_asked_for(run: Run, good: Good, case: str) -> None:
    good("assess", case, *ASSESSED)
    russian = SCHEMAS.words.label("status", "active", "ru")
    assert f"| {russian} |" in run("review", "--language", "ru").out
    assert run("review", "--language", "fr").exit_code == 2


def test_ranges(run: Run, good: Good, case: str, card: Card, git: Callable[..., str], register: Path) -> None:
    good("edit", case, "--set", "urgency=urgent")
    git("switch", "-q", "main")
    good("edit", case, "--set", "subject.country=BY")
    fields = lambda told: [one["field"] for record in told["records"] for one in record["fields"]]  # noqa: E731
    assert fields(card("main...case/work")) == ["urgency"]
    assert sorted(fields(card("main..case/work"))) == ["subject.country", "title", "urgency"]
    assert fields(card("case/work~1")) == ["title", "subject.country"], "one revision: against the working tree"
    git("switch", "-q", "case/work")
    assert fields(card()) == ["urgency"]


def test_on_the_main_branch_the_working_tree_is_looked_at(
    case: str, card: Card, git: Callable[..., str], register: Path
) -> None:
    git("switch", "-q", "main")
    assert card()["records"] == []
    file = next(register.glob(f"cases/*/{case}.yaml"))
    file.write_text(file.read_text().replace("country: RU", "country: BY").replace('country: "RU"', 'country: "BY"'))
    told = card()
    assert told["head"] == ""
    assert [one["field"] for one in told["records"][0]["fields"]] == ["subject.country"]


@pytest.mark.parametrize(
    "span", ["main..", "..main", "nothing...HEAD", "no-such", "--all", "--output=x", "@{upstream}"]
)
def test_a_range_that_cannot_be_read_is_told_in_words(run: Run, case: str, span: str, register: Path) -> None:
    answer = run("review", "--", span)
    assert answer.exit_code in (1, 2)
    assert answer.err.startswith("error: ")
    assert not (register / "x").exists()


def test_histories_without_a_common_beginning(run: Run, case: str, git: Callable[..., str]) -> None:
    git("switch", "-q", "--orphan", "other")
    git("commit", "--no-verify", "--allow-empty", "-qm", "other")
    git("switch", "-q", "main")
    answer = run("review", "main...other")
    assert answer.exit_code == 1
    assert "no history in common" in answer.err
    assert run("review", "other..main").exit_code == 1, "an empty base is no register"


def test_new_findings_come_first_and_old_ones_are_only_counted(
    run: Run,
    good: Good,
    new_case: Callable[..., str],
    git: Callable[..., str],
    card: Card,
    commit_by_hand: Callable[..., None],
    register: Path,
) -> None:
    old = new_case("--country", "RU", "--incident", "search", "--received", "2026-01-01")
    quiet = new_case("--country", "BY", "--incident", "search")
    git("switch", "-qc", "case/work")
    good("edit", old, "--set", "urgency=urgent")
    file = next(register.glob(f"cases/*/{quiet}.yaml"))
    commit_by_hand(str(file.relative_to(register)), file.read_text().replace("status: received", "status: closed"))
    told = card(code=1)
    assert told["findings"][0]["severity"] == "error"
    assert {one["record"] for one in told["findings"]} == {quiet}
    assert told["standing"] == 1, "the long wait was there before"
    assert [one["record"] for one in told["records"]] == [quiet, old], "the worst record first"
    assert {"what": "errors", "record": ""} in told["asks"]


def test_what_a_change_settles_is_counted(
    good: Good, new_case: Callable[..., str], git: Callable[..., str], card: Card
) -> None:
    old = new_case("--country", "RU", "--subject-kind", "organisation", "--membership", "member", "--incident", "search", "--received", "2026-01-01")  # fmt: skip
    git("switch", "-qc", "case/work")
    good("assess", old, *ASSESSED)
    assert card()["settled"] == 1


def test_an_action_may_break_its_case(good: Good, case: str, card: Card, git: Callable[..., str]) -> None:
    good("assess", case, *ASSESSED)
    good("consent", case, "--use", "publicity-organisation", "--answer", "granted")
    good("link-action", case, "--type", "statement", "--status", "done", "--url", "https://forum.example/1")
    git("branch", "-f", "main", "HEAD")
    good("consent", case, "--use", "publicity-organisation", "--answer", "refused")
    told = card()
    assert [one["record"] for one in told["records"]] == [case]
    assert {"what": "consent", "record": case} in told["asks"]


def test_dates_ahead_of_the_cases_touched_and_of_no_others(
    good: Good, case: str, new_case: Callable[..., str], card: Card
) -> None:
    other = new_case("--country", "BY", "--incident", "search")
    good("hearing", other, "--at", "2026-11-05")
    good("hearing", case, "--at", "2026-11-04")
    told = card("HEAD~1..HEAD")
    assert [(one["case"], one["date"]) for one in told["ahead"]] == [(case, "2026-11-04")]


def test_a_record_taken_away_is_named_and_not_told(
    case: str, card: Card, git: Callable[..., str], register: Path
) -> None:
    git("rm", "-q", f"cases/2026/{case}.yaml")
    git("commit", "--no-verify", "-qm", "away")
    told = card()
    (record,) = told["records"]
    assert (record["how"], record["title"]) == ("gone", "")
    assert told["asks"] == [{"what": "gone", "record": case}]


def test_a_moved_file_is_no_change(case: str, card: Card, git: Callable[..., str]) -> None:
    git("mv", f"cases/2026/{case}.yaml", "cases/elsewhere.yaml")
    git("mv", "cases/elsewhere.yaml", f"cases/{case}.yaml")
    git("commit", "--no-verify", "-qm", "moved")
    assert card()["records"] == []


def test_a_decision_without_its_quorum_asks_for_it(
    good: Good, case: str, card: Card, numbers: Callable[..., None], git: Callable[..., str]
) -> None:
    git("switch", "-q", "main")
    numbers(quorum=1)
    git("switch", "-qC", "case/work")
    good("assess", case, *ASSESSED)
    assert {"what": "decide", "record": case} in card()["asks"]
    good("approve", case, "--by", "second@forum.example")
    assert {"what": "decide", "record": case} not in card()["asks"]


def test_approvals_in_the_name_of_somebody_else_are_announced(good: Good, case: str, card: Card, commit_by_hand: Callable[..., None], register: Path, git: Callable[..., str]) -> None:  # fmt: skip
    good("assess", case, *ASSESSED)
    good("approve", case, "--by", "second@forum.example")
    (approval,) = card()["records"][0]["approvals"]
    assert approval["is_own"], "who approved made that act"
    file = next(register.glob(f"cases/*/{case}.yaml"))
    commit_by_hand(str(file.relative_to(register)), file.read_text().replace("second@", "third@"))
    told = card()
    assert [(one["by"], one["is_own"]) for one in told["records"][0]["approvals"]] == [("third@forum.example", False)]
    assert {"what": "approvals", "record": case} in told["asks"]
    git("branch", "-f", "main", "HEAD~1")
    removed = [one["by"] for one in card()["records"][0]["approvals"] if one["how"] == "removed"]
    assert removed == ["second@forum.example"]


def test_a_key_of_an_organisation_is_asked_about_and_never_shown(
    run: Run, case: str, card: Card, commit_by_hand: Callable[..., None]
) -> None:
    from tests.support.audiences import ORGANISATION

    commit_by_hand("directory/example-relief.yaml", ORGANISATION)
    key = str(pyrage.x25519.Identity.generate().to_public())
    commit_by_hand("directory/example-relief.yaml", f"{ORGANISATION}public_key: {key}\n")
    told = card("HEAD~1..HEAD")
    assert {"what": "public-key", "record": "example-relief"} in told["asks"]
    assert key not in run("review").out
    assert "intake@relief.example" not in run("review").out


def test_every_format_says_whether_there_are_errors(
    run: Run, case: str, register: Path, commit_by_hand: Callable[..., None]
) -> None:
    file = next(register.glob(f"cases/*/{case}.yaml"))
    commit_by_hand(str(file.relative_to(register)), file.read_text().replace("status: received", "status: closed"))
    for form in ("screen", "md", "json", "text", "github", "gitlab"):
        assert run("review", "--format", form).exit_code == 1, form
    assert run("review", "--format", "pdf").exit_code == 2
    (first, *_) = json.loads(run("review", "--format", "gitlab").out)
    assert first["location"]["path"] == str(file.relative_to(register))


def test_github_gets_ten_of_them_the_worst_first(
    run: Run, new_case: Callable[..., str], register: Path, git: Callable[..., str]
) -> None:
    cases = [new_case("--country", "RU", "--incident", "search") for _ in range(14)]
    git("switch", "-qc", "case/work")
    for one in cases:
        file = next(register.glob(f"cases/*/{one}.yaml"))
        file.write_text(file.read_text().replace("status: received", "status: closed"))
    git("commit", "--no-verify", "-qam", "by hand")
    lines = run("review", "--format", "github").out.splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[-1].startswith("::notice::")
    assert len(lines) == 11


def test_views_are_told_in_words_and_are_no_rules(
    run: Run, good: Good, case: str, card: Card, git: Callable[..., str], register: Path
) -> None:
    for name, country in (("kept", "RU"), ("gone", "KZ"), ("other", "BY")):
        good("list", "--country", country, "--save-as", name)
    git("branch", "-f", "main", "HEAD")
    good("list", "--country", "RU", "--ahead", "14", "--save-as", "soon")
    good("list", "--country", "AM", "--save-as", "other")
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace('  gone:\n    country: "KZ"\n', ""))
    git("commit", "-qam", "x")
    told = card()
    assert told["views"] == [
        {"name": "gone", "old": "--country KZ", "new": ""},
        {"name": "other", "old": "--country BY", "new": "--country AM"},
        {"name": "soon", "old": "", "new": "--country RU --ahead 14"},
    ]
    assert (told["announced"], told["asks"], told["records"], told["others"]) == ([], [], [], 0)
    text = run("review").out
    assert text.startswith("# Review: 3 views")
    assert "- soon, new: --country RU --ahead 14" in text
    assert "- other, changed: --country BY → --country AM" in text
    assert "- gone, taken away: --country KZ" in text


@pytest.mark.parametrize("change", [("quorum: 0", "quorum: 2"), ("sealing: false", "sealing: 0"), ('"RU"', '"Maria"')])
def test_a_view_beside_anything_else_in_the_file_is_announced_as_a_rule(
    good: Good, case: str, card: Card, register: Path, git: Callable[..., str], change: tuple[str, str]
) -> None:
    good("list", "--country", "RU", "--save-as", "soon")
    charter = register / "register.yaml"
    assert change[0] in charter.read_text()
    charter.write_text(charter.read_text().replace(*change))
    git("commit", "-qam", "x")
    told = card()
    assert (told["views"], told["announced"]) == ([], [{"what": "register", "files": 1}])
    assert told["asks"][0]["what"] == "guarded"
    assert "Maria" not in json.dumps(told)


def test_another_file_that_a_disk_may_take_for_the_register_is_announced(
    good: Good, case: str, card: Card, register: Path, git: Callable[..., str]
) -> None:
    good("list", "--country", "RU", "--save-as", "soon")
    (register / "Register.YAML").write_text("sealing: false\n")
    git("add", "-A")
    git("commit", "-qm", "x")
    told = card()
    assert ([one["name"] for one in told["views"]], told["announced"]) == (["soon"], [{"what": "register", "files": 1}])
