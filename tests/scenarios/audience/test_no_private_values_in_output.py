"""Secrets planted through the verbs, then looked for in what every verb says to anybody but internal eyes with a key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from solidarity_cli.cli.commands.options import audiences, codes_of, record_ids
from solidarity_cli.register.matching.fold import fold
from tests.support.audiences import PRIVATE, SECRETS
from tests.support.program import Answer, Run

PLANTED = [*SECRETS, "Глафира Ледоставова", "Observer Thorvald Quist", "letter-to-Ostwald"]
LANGUAGES = ("en", "ru", "de")
BOTH = pytest.mark.parametrize("sealing", ["--sealing", "--no-sealing"])


def leaked(answer: Answer) -> list[str]:
    """The planted secrets in an answer, however they are written; of numbers their digits in a row."""
    text = fold(answer.out + answer.err)
    tight = "".join(char for char in text if char.isalnum())
    shapes = {secret: "".join(char for char in fold(secret) if char.isalnum()) for secret in PLANTED}
    return [secret for secret, shape in shapes.items() if fold(secret) in text or shape in tight]


def plain(page: str) -> str:
    """A page in one line, its escapes and the spaces that do not break taken out."""
    return " ".join(page.replace("\\", "").split())


@pytest.fixture
def planted(good: Callable[..., Answer], referred: str) -> str:
    """A case with a secret in every private field, in a note, and in an action."""
    good("note", referred, "Глафира Ледоставова saw it.")
    good("hearing", referred, "--at", "2026-11-05T10:00:00+03:00", "--kind", "merits", "--access", "open")
    action = good(
        "-q", "link-action", referred, "--type", "letter-authorities", "--text", "letter-to-Ostwald"
    ).out.strip()
    good("edit", action, "--set", "private.correspondence=Observer Thorvald Quist")
    return referred


def said(run: Run, case: str) -> Iterator[tuple[str, Answer]]:
    """Every verb that only tells something, in every format, to anybody but internal eyes."""
    asked = [
        [], ["list"], ["list", "--json"], ["list", "--ids"], ["agenda"], ["agenda", "--json"], ["agenda", "--days", "90"],
        ["fmt", "--check"], ["explain", "consent-sharing"], ["explain", "private.contact"], ["doctor"], ["blame", case],
        *(["show", case, "--audience", "reviewer", "--format", form] for form in ("screen", "md", "json")),
        *(["show", case, "--audience", audience, "--format", form, "--language", language]
          for audience in ("reviewer", "public", "recipient:eu") for form in ("screen", "md", "html", "json")
          for language in LANGUAGES),
        *(["-q", "show", case, "--audience", audience] for audience in ("reviewer", "public", "recipient:example-relief")),
        ["show", case, "--audience", "public"], ["show", case, "--audience", "public", "--json"],
        *(["validate", "--format", form] for form in ("text", "json", "github", "gitlab", "sarif")),
        *(["history", case, "--audience", "reviewer", *form] for form in ([], ["--json"])),
        *(["report", "--month", "2026-10", "--audience", audience, "--format", form, "--language", language]
          for audience in ("internal", "public") for form in ("screen", "md", "json", "csv") for language in ("en", "ru")),
        ["show", "nobody", "--audience", "public"], ["list", "--search", "Pafnuty", "--ids"],
    ]  # fmt: skip
    for arguments in asked:
        yield " ".join(arguments), run("--no-input", *arguments)


@BOTH
def test_no_verb_tells_a_secret_to_others(run: Run, planted: str, register: Path) -> None:
    answers = dict(said(run, planted))
    assert {text: leaked(answer) for text, answer in answers.items() if leaked(answer)} == {}
    assert planted in answers["list"].out, "the verbs did answer"
    assert "[private]" in answers[f"show {planted} --audience reviewer --format json"].out


def test_without_a_key_not_even_the_internal_view_tells_one(
    run: Run, planted: str, without_key: Callable[[], Any]
) -> None:
    with without_key():
        for arguments in (
            ["show", planted],
            ["show", planted, "--json"],
            ["history", planted],
            ["history", planted, "--json"],
        ):
            answer = run(*arguments)
            assert answer.exit_code == 0, answer
            assert not leaked(answer)
            assert "sealed:1:" not in answer.out
        assert dict(said(run, planted))["list"].exit_code == 0
        assert "[sealed]" in run("show", planted, "--audience", "internal", "--format", "screen").out
        assert not leaked(run("show", planted, "--audience", "recipient:example-relief"))


@BOTH
def test_the_public_hears_the_name_that_consent_covers_and_no_other_secret(
    run: Run, good: Callable[..., Answer], planted: str
) -> None:
    good("consent", planted, "--use", "publicity-person", "--answer", "granted")
    for form in ("screen", "md", "html", "json"):
        for language in LANGUAGES:
            told = run("show", planted, "--audience", "public", "--format", form, "--language", language)
            assert leaked(told) == [PRIVATE["subject_name"]], (form, language)
            assert planted not in told.out
            assert "2026-10-12" not in told.out
    case = json.loads(run("show", planted, "--audience", "public", "--json").out)["case"]
    assert set(case) == {"subject", "incidents", "hearings", "private"}
    assert planted not in run("show", planted, "--audience", "public").out
    good("consent", planted, "--use", "publicity-person", "--withdraw")
    assert run("show", planted, "--audience", "public").exit_code == 1


def test_a_report_for_the_public_counts_nobody_who_refused_statistics(
    run: Run, good: Callable[..., Answer], new_case: Callable[..., str], register: Path
) -> None:
    charter = register / "register.yaml"
    charter.write_text(charter.read_text().replace("suppression_threshold: 5", "suppression_threshold: 3"))
    cases = [new_case("--country", "RU", "--incident", "search") for _ in range(3)]

    def counted() -> Any:
        answer = run("report", "--month", "2026-10", "--audience", "public", "--format", "json")
        return json.loads(answer.out)["received"]["total"]

    for case in cases:
        assert counted() == "<3"
        good("consent", case, "--use", "statistics", "--answer", "granted")
    assert counted() == 3
    good("consent", cases[0], "--use", "statistics", "--withdraw")
    assert counted() == "<3"


@BOTH
def test_completion_knows_ids_and_codes_only(planted: str, register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(register)
    offered = [
        *record_ids("cases")(""),
        *record_ids("actions")(""),
        *audiences(""),
        *map(str, codes_of("incident")("")),
    ]
    assert planted in offered
    assert "recipient:example-relief" in offered
    assert not leaked(Answer(0, "\n".join(offered), ""))


def test_an_erased_part_is_told_as_such_and_asked_about_no_more(
    run: Run, good: Callable[..., Answer], case: str, register: Path, git: Callable[..., str]
) -> None:
    file = next(register.glob("cases/*/*.yaml"))
    text = file.read_text(encoding="utf-8").partition("\nprivate:")[0]
    key = "age1" + "q" * 58
    tomb = f'erasure:\n  date: "2026-10-30"\n  ground: "their wish"\n  by: role@forum.example\n  keys: ["{key}"]\n'
    file.write_text(f"{text}\n{tomb}", encoding="utf-8")
    shown = run("show", case)
    assert shown.exit_code == 0, shown
    assert "erased on 30 October 2026, because their wish, by role@forum.example" in shown.out
    assert "удалена 30 октября 2026 г. (основание: their wish" in plain(run("show", case, "--language", "ru").out)
    assert "am 30. Oktober 2026 gelöscht. Grund: their wish." in plain(run("show", case, "--language", "de").out)
    missing = json.loads(run("show", case, "--json").out)["missing"]
    assert missing
    assert not [one for one in missing if one["field"].startswith("private.")]
    for audience in ("public", "recipient:example-relief"):
        assert run("show", case, "--audience", audience).exit_code == 1
