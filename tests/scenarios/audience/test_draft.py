"""Drafts: what they say, what they leave out, and where they go."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import ryaml
from markdown_it import MarkdownIt

from solidarity_cli.interchange.documents.drafts import LANGUAGES, phrases
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
from solidarity_cli.reports.draft_values import KINDS
from tests.support.audiences import PRIVATE, SECRETS
from tests.support.program import CHECKOUT, Answer, Run

Good = Callable[..., Answer]
NAME = str(PRIVATE["subject_name"])
EVERY = [(kind, language) for kind in KINDS for language in LANGUAGES]
ALLEGED = {"en": "Reportedly", "ru": "По сообщениям", "de": "Nach Angaben"}
SEE = {"en": "(see ", "ru": "(см. ", "de": "(siehe "}
MONTH = {"en": "in October 2026", "ru": "в октябре 2026 года", "de": "im Oktober 2026"}
NOT_OUT = {
    "en": "Nobody has allowed publicity|Nothing may be published",
    "ru": "нет действующего согласия",
    "de": "keine gültige Einwilligung",
}
NEUTRAL = {
    "en": "a person active in civil society|an individual",
    "ru": "человека, который занимается|отдельного человека",
    "de": "engagierten Menschen|einer Einzelperson",
}
SCHEMAS = Schemas(files_in(schema_folder(None)))


@pytest.fixture
def drafted(good: Good) -> Callable[..., Answer]:
    """`drafted(case, kind, language)`: the answer."""
    return lambda name, kind, language, *more: good("draft", name, "--type", kind, "--language", language, *more)


@pytest.fixture
def public(good: Good, assessed: str) -> str:
    """A case of which something may be public, the name too, with one hearing for all and one behind closed doors."""
    good("consent", assessed, "--use", "publicity-person", "--answer", "granted")
    good("hearing", assessed, "--at", "2026-11-20", "--kind", "verdict", "--access", "open")
    good("hearing", assessed, "--at", "2026-12-02", "--kind", "merits", "--access", "closed")
    return assessed


def told(answer: Answer) -> str:
    return answer.out + answer.err


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_without_consent_a_draft_is_neutral_and_says_why(
    drafted: Callable[..., Answer], assessed: str, git: Callable[..., str], kind: str, language: str
) -> None:
    before = git("rev-parse", "HEAD")
    answer = drafted(assessed, kind, language)
    assert not [secret for secret in SECRETS if secret in told(answer)]
    assert re.search(NEUTRAL[language], answer.out)
    assert re.search(NOT_OUT[language], answer.out)
    assert ALLEGED[language] in answer.out
    assert MONTH[language] in answer.out
    assert "no consent to publicity counts today" in answer.err
    assert (assessed in answer.out) == (kind == "mission-brief")
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (before, "")


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_with_consent_the_name_stands_there_and_nothing_else_that_is_private(
    drafted: Callable[..., Answer], public: str, kind: str, language: str
) -> None:
    answer = drafted(public, kind, language)
    assert [secret for secret in SECRETS if secret in told(answer)] == [NAME]
    assert not re.search(NOT_OUT[language], answer.out)
    assert "2026-10-12" not in answer.out
    days = {
        "en": ("20 November 2026", "2 December 2026"),
        "ru": ("20 ноября 2026", "2 декабря 2026"),
        "de": ("November 2026", "Dezember 2026"),
    }
    assert (days[language][0] in answer.out) == (kind != "letter")
    assert (days[language][1] in answer.out) == (kind == "mission-brief")


@pytest.mark.parametrize(
    "more",
    [("--answer", "conditional"), ("--answer", "refused"), ("--answer", "granted", "--embargo", "2026-11-01"),
     ("--answer", "granted", "--embargo", "2026-10-31")],
)  # fmt: skip
def test_the_newest_answer_and_an_embargo_count(
    good: Good, drafted: Callable[..., Answer], public: str, more: tuple[str, ...]
) -> None:
    good("consent", public, "--use", "publicity-person", *more)
    for kind, language in EVERY:
        answer = drafted(public, kind, language)
        assert NAME not in told(answer)
        assert re.search(NOT_OUT[language], answer.out)


def test_a_withdrawn_consent_and_a_sealed_name_are_not_told(
    good: Good, drafted: Callable[..., Answer], public: str, without_key: Callable[[], Any]
) -> None:
    with without_key():
        answer = drafted(public, "statement", "en")
        assert NAME not in told(answer)
        assert "sealed to you" in answer.err
        assert "enc:" not in answer.out
    good("consent", public, "--withdraw")
    assert NAME not in told(drafted(public, "statement", "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_basis_is_cited_as_see_and_unverified_numbers_are_left_out(
    good: Good, drafted: Callable[..., Answer], public: str, language: str
) -> None:
    basis = [one for provision in SCHEMAS.words.provisions for one in ("--basis", provision)]
    good("assess", public, *["--decision", "assist", "--life-at-risk", "no", "--freedom-at-risk", "yes", "--risk-level", "low"],
         *basis, "--reason", "All of them.")  # fmt: skip
    answer = drafted(public, "statement", language)
    lines = [line for line in answer.out.splitlines() if SEE[language] in line]
    assert len(lines) == len(SCHEMAS.words.provisions)
    for provision, line in zip(SCHEMAS.words.provisions.values(), lines, strict=True):
        cited = line.rpartition(SEE[language])[2]
        instrument = SCHEMAS.words.instruments[provision.instrument]["name"][language]
        assert instrument in cited
        number = cited.rpartition(instrument)[2]
        assert bool(re.search(r"\w", number)) <= provision.verified, line
        if re.fullmatch(r"\d+", provision.number) and provision.verified:
            assert f" {provision.number})" in number, line
    assert "look them up in the original" in answer.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_incident_of_the_vocabulary_has_a_sentence_that_says_it_is_alleged(language: str) -> None:
    sentences = phrases(language)["incidents"]
    assert list(sentences) == list(SCHEMAS.words.codes("incident"))
    assert len(phrases(language)["months"]) == 12
    assert set(phrases(language)["citing"]) == set(SCHEMAS.words.instruments)
    for sentence in sentences.values():
        assert sentence.startswith(ALLEGED[language])
        assert sentence.count("{when}") == 1
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("day", "said"), [("2026-10-12", "{month}"), ("2026-10", "{month}"), ("2026", "2026"), ("", "")]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_whole_with_a_month_a_year_or_no_date(
    good: Good, run: Run, drafted: Callable[..., Answer], language: str, day: str, said: str
) -> None:
    types = [
        one for code in SCHEMAS.words.codes("incident") for one in ("--incident", f"{code}@{day}" if day else code)
    ]
    made = run("-q", "--no-input", "new-case", "--country", "XX", "--subject-kind", "event", *types).out.strip()
    lines = [line for line in drafted(made, "letter", language).out.splitlines() if ALLEGED[language] in line]
    assert len(lines) == len(SCHEMAS.words.codes("incident"))
    for line in lines:
        assert said.format(month=MONTH[language]) in line
        assert not re.search(r"\{|\}| {2}| [.,]|,,", line), line


@pytest.mark.parametrize("kind", ["individual", "organisation", "informal-group", "event", ""])
def test_every_kind_of_subject_is_spoken_of_in_every_language(
    run: Run, drafted: Callable[..., Answer], kind: str
) -> None:
    subject = ("--subject-kind", kind) if kind else ()
    made = run(
        "-q", "--no-input", "new-case", *subject, "--country", "RU", "--name", "Общество Зеленый Луг"
    ).out.strip()
    for kind_of_text, language in EVERY:
        answer = drafted(made, kind_of_text, language)
        assert "Зеленый" not in told(answer)
        assert "#" not in MarkdownIt("commonmark").render(answer.out)
        assert "no assessment cites" in answer.err


def test_a_name_is_words_and_never_markup(run: Run, good: Good, drafted: Callable[..., Answer]) -> None:
    name = "<img src=x> [Foe](https://evil.example) *Star* {{ group }} \u202eevil"
    made = run("-q", "--no-input", "new-case", "--subject-kind", "individual", "--name", name).out.strip()
    good("consent", made, "--use", "publicity-person", "--answer", "granted")
    for kind, language in EVERY:
        out = drafted(made, kind, language).out
        shown = MarkdownIt("commonmark").render(out)
        assert not re.search(r"<(img|a|em>Star)", shown)
        assert "{{ group }}" in shown.replace("\\", "")
        assert "\u202e" not in out


def test_a_draft_goes_into_a_new_file_of_the_callers_own(
    run: Run, drafted: Callable[..., Answer], public: str, tmp_path: Path, register: Path
) -> None:
    file = tmp_path / "statement.md"
    answer = drafted(public, "statement", "ru", "-o", str(file))
    assert answer.out == ""
    assert NAME in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for place in (file, register / "statement.md", tmp_path / "no" / "s.md", tmp_path):
        assert run("draft", public, "--type", "statement", "-o", str(place)).exit_code in (1, 2)
    assert not (register / "statement.md").exists()


def test_an_erased_case_makes_no_draft(run: Run, good: Good, public: str) -> None:
    good("erase", public, "--reason", "persons-wish", "--confirm", public)
    answer = run("draft", public, "--type", "statement")
    assert (answer.exit_code, answer.out) == (1, "")
    assert NAME not in answer.err


def test_wrong_usage_is_told_without_repeating_it(run: Run, assessed: str) -> None:
    for more in ((), ("--type", NAME), ("--type", "statement", "--language", NAME)):
        answer = run("draft", assessed, *more)
        assert (answer.exit_code, answer.out) == (2, "")
        assert NAME not in answer.err


def test_the_language_is_the_registers_where_none_is_named(run: Run, assessed: str, register: Path) -> None:
    charter = register / "register.yaml"
    plain = ryaml.loads(charter.read_text(encoding="utf-8"))
    assert ALLEGED[plain["languages"][0]] in run("draft", assessed, "--type", "letter").out


def test_the_page_in_the_docs_lists_every_value_that_a_template_may_use(
    monkeypatch: pytest.MonkeyPatch, run: Run, public: str
) -> None:
    given: dict[str, Any] = {}

    def kept(_root: Path, _kind: str, _language: str, values: dict[str, Any]) -> str:
        given.update(values)
        return "text"

    monkeypatch.setattr("solidarity_cli.interchange.documents.drafts.draft", kept)
    assert run("draft", public, "--type", "mission-brief").exit_code == 0
    page = (CHECKOUT / "docs" / "guide" / "drafts.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    listed = {name.partition(".")[0] for row in rows for name in re.findall(r"`([a-z_.]+)`", row)}
    assert listed == set(given)
