"""`solidarity directory`: written down, looked through, checked; and what is refused, in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.organisations import AID, RELIEF
from tests.support.program import Good, Run


def test_an_organisation_is_one_file_and_one_commit(
    run: Run, good: Good, register: Path, git: Callable[..., str]
) -> None:
    shown = good(*RELIEF, "-n")
    assert "+services: [legal, relocation, medical]" in shown.out
    assert not (register / "directory" / "example-relief.yaml").exists()
    before = int(git("rev-list", "--count", "HEAD"))
    assert good(*RELIEF, "--by", "Member <member@forum.example>").out.startswith("example-relief added")
    assert int(git("rev-list", "--count", "HEAD")) == before + 1
    assert git("log", "-1", "--format=%ae%n%B").split() == [
        "member@forum.example",
        "directory-add",
        "Act:",
        "directory-add",
    ]
    assert git("status", "--porcelain") == ""
    text = (register / "directory" / "example-relief.yaml").read_text(encoding="utf-8")
    assert 'countries: ["BY", "RU"]' in text
    assert 'checked: "2026-10-31"' in text
    for verb in (("validate",), ("fmt", "--check"), ("audit",)):
        assert run(*verb).exit_code == 0, run(*verb)


def test_the_directory_is_looked_through_by_help_country_and_language(good: Good, listed: None) -> None:
    def ids(*asked: str) -> list[str]:
        return good("-q", "directory", "list", *asked).out.split()

    assert ids() == ["example-relief", "wide-aid"]
    assert ids("--service", "legal") == ["example-relief", "wide-aid"]
    assert ids("--service", "medical") == ["example-relief"]
    assert ids("--country", "de") == ["wide-aid"]  # it helps everywhere
    assert ids("--language", "ru") == ["example-relief"]
    assert ids("--country", "DE", "--language", "ru") == []
    line = good("directory", "list").out.splitlines()[1].split("\t")
    assert line == ["wide-aid", "digital-security,legal", "everywhere", "de", "", "2026-10-31", "Wide Aid"]
    (entry,) = json.loads(good("directory", "list", "--service", "medical", "--json").out)
    assert entry == {
        "id": "example-relief", "name": "Example Relief", "services": ["legal", "relocation", "medical"],
        "accepts": "", "countries": ["BY", "RU"], "languages": ["en", "ru"], "channel": "intake@relief.example",
        "public_key": "", "response_days": 5, "checked": "2026-10-31", "unchecked": False, "fit": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--service", "leagl"), 2, "legal"),
        (("--country", "Rusia"), 2, "did you mean RU (Russia)?"),
        (("--country", "ZZ"), 2, "two letters"),
        (("--country", "XX"), 2, "two letters"),
        (("--language", "russian"), 2, "--language ru"),
        (("--public-key", "age1qqqq"), 2, "no whole key"),
        (("--name", "Two\nlines"), 1, "one line"),
        (("--response-days", "-1"), 2, "range"),
        (("--date", "2026-11-30"), 2, "still to come"),
    ],
)
def test_what_is_wrong_is_refused_in_words(
    run: Run, register: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = run(
        "directory",
        "add",
        "some-aid",
        "--name",
        "Some Aid",
        "--service",
        "legal",
        "--channel",
        "a@b.example",
        *arguments,
    )
    assert (answer.exit_code, answer.out) == (code, "")
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert arguments[1] not in ("Rusia", "russian", "leagl") or arguments[1] not in answer.err
    assert not (register / "directory" / "some-aid.yaml").exists()


@pytest.mark.parametrize("name", ["Example Relief", "../cases/x", "SG-2026-K7QX4M", "-", "a--b", "2026", ""])
def test_an_id_that_is_none_is_refused(run: Run, name: str, git: Callable[..., str]) -> None:
    answer = run("directory", "add", "--name", "Some Aid", "--service", "legal", "--channel", "a@b.example", "--", name)
    assert answer.exit_code == 2
    assert git("status", "--porcelain") == ""


def test_an_id_is_given_once_and_what_is_missing_is_listed(run: Run, good: Good) -> None:
    good(*AID)
    again = run(*AID)
    assert again.exit_code == 1
    assert "solidarity directory check wide-aid" in again.err
    missing = run("directory", "add", "other-aid")
    assert missing.exit_code == 2
    assert "--name, --service, --channel" in missing.err


def test_a_check_is_written_down_and_what_nobody_checked_is_on_the_desk(
    run: Run, good: Good, git: Callable[..., str], register: Path
) -> None:
    good(*RELIEF, "--date", "2025-10-31")
    good(*AID, "--date", "2025-10-30")
    (section,) = json.loads(run("--json").out)["sections"]
    assert (section["kind"], section["command"]) == ("directory", "solidarity directory list")
    assert [(one["case"], one["command"], one["days"]) for one in section["lines"]] == [
        ("wide-aid", "solidarity directory check wide-aid", -366)
    ]
    assert run("-q", "--fail-on", "directory").exit_code == 1
    assert "Organisations to be checked" in run().out
    listed = good("directory", "list")
    assert "solidarity directory check wide-aid" in listed.err
    assert "directory check example-relief" not in listed.err
    assert "nothing was changed" in good("directory", "check", "wide", "-n").err
    good("directory", "check", "wide", "--set", "response_days=9")
    assert git("log", "-1", "--format=%s").strip() == "directory-check"
    text = (register / "directory" / "wide-aid.yaml").read_text(encoding="utf-8")
    assert "response_days: 9" in text
    assert 'checked: "2026-10-31"' in text
    assert run("-q", "--fail-on", "directory").exit_code == 0
    assert "nothing to change" in good("directory", "check", "wide-aid").err
    earlier = run("directory", "check", "wide-aid", "--date", "2026-01-01")
    assert earlier.exit_code == 1
    assert "after that day" in earlier.err
    wrong = run("directory", "check", "wide-iad")
    assert wrong.exit_code == 1
    assert "did you mean wide-aid? all organisations: solidarity directory list" in wrong.err
    assert run("directory", "check", "wide-aid", "--set", "services=").exit_code != 0


def test_a_case_that_cannot_be_read_fits_nobody(run: Run, listed: None, case: str, register: Path) -> None:
    file = register / "cases" / "2026" / f"{case}.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "unknown: 1\n", encoding="utf-8")
    answer = run("directory", "list", "--for", case)
    assert (answer.exit_code, answer.out) == (1, "")
    assert f"solidarity validate {case}" in answer.err


def test_who_may_fit_a_case_comes_first(good: Good, listed: None, case: str, new_case: Callable[..., str]) -> None:
    def fits(one: str, *more: str) -> list[tuple[str, list[str], bool | None]]:
        found = json.loads(good("directory", "list", "--for", one, "--json", *more).out)
        return [(entry["id"], entry["fit"]["services"], entry["fit"]["language"]) for entry in found]

    assert fits(case) == [
        ("wide-aid", ["digital-security", "legal"], False),
        ("example-relief", ["legal"], True),
    ]
    assert fits(case, "--language", "ru") == [("example-relief", ["legal"], True)]
    assert fits(case, "--country", "GE") == [("wide-aid", ["digital-security", "legal"], False)]
    answer = good("directory", "list", "--for", case)
    assert f"next: solidarity link-action {case} --type referral --to-organisation wide-aid" in answer.err
    assert f"next: solidarity directory list --for {case}" in good("show", case).err
    good("link-action", case, "--type", "referral", "--to-organisation", "relief", "--service", "legal")
    assert "directory list --for" not in good("show", case).err
    group = new_case("--country", "RU", "--subject-kind", "organisation", "--incident", "smear")
    answer = good("directory", "list", "--for", group)
    assert answer.out == "" or "example-relief" in answer.out
    assert "only individuals" in answer.err
