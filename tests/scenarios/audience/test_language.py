"""One case in three languages: everything is said in the language asked for, and no audience sees more or less by it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.audiences import SECRETS
from tests.support.program import Answer, Run

Good = Callable[..., Answer]
LANGUAGES = ("en", "ru", "de")
AUDIENCES = ("internal", "reviewer", "public", "recipient:example-relief")
REASON = "Held for ordinary work."


@pytest.fixture
def whole(good: Good, referred: str) -> str:
    """A case with something in every section of every page."""
    good("consent", referred, "--use", "publicity-person", "--answer", "granted", "--embargo", "2026-10-01")
    good("note", referred, "Seen at the gate.")
    good("hearing", referred, "--at", "2026-11-05T10:00:00+03:00", "--kind", "merits", "--access", "open")
    good("hearing", referred, "--at", "2026-12")
    good("link-action", referred, "--type", "statement", "--status", "done", "--public", "--date", "2026-10-31",
         "--url", "https://forum.example/one")  # fmt: skip
    good("edit", referred, *(part for one in (
        "incidents.i1.perpetrators=police,prosecutor", "incidents.i1.verification=corroborated",
        "incidents.i1.country=BY", "deadlines.d1.date=2026-11", "deadlines.d1.what=appeal",
        "subject.number_of_people=1234", "retention.review=2027-10-31") for part in ("--set", one)))  # fmt: skip
    return referred


def shown(run: Run, case: str, audience: str, language: str, form: str = "md") -> str:
    """A page; without the escapes of Markdown, every space an ordinary one."""
    answer = run("show", case, "--audience", audience, "--language", language, "--format", form)
    assert answer.exit_code == 0, answer
    return re.sub(r"[\u00a0\u202f]", " ", answer.out.replace("\\", "") if form == "md" else answer.out)


def skeleton(page: str) -> list[str]:
    """The tags of an HTML page and the days that stand in them for machines, without a word of its texts."""
    return [re.sub(r' (lang|aria-label)="[^"]*"', "", tag) for tag in re.findall(r"<[^>]+>", page)]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_an_audience_sees_does_not_depend_on_the_language(run: Run, whole: str, audience: str) -> None:
    english = skeleton(shown(run, whole, audience, "en", "html"))
    assert english.count("<dt>") > 1
    assert '<time datetime="2026-11-05T10:00:00+03:00">' in english
    for language in ("ru", "de"):
        assert skeleton(shown(run, whole, audience, language, "html")) == english
    told = [shown(run, whole, audience, language, "json") for language in LANGUAGES]
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_russian_page_holds_no_english_but_what_people_wrote(run: Run, whole: str, audience: str) -> None:
    page = shown(run, whole, audience, "ru")
    # Findings and questions hold commands; a commit is a number.
    text = "\n".join(line for line in page.splitlines() if "solidarity " not in line and "по коммиту" not in line)
    said = [*SECRETS, REASON, "Seen at the gate.", "https://forum.example/one", "coordinator@forum.example", ", RU",
            "example-relief", "Example Relief", "Test Register", "role@forum.example", "application/pdf", "un-hrd-12",
            "[private]", "(UTC+03:00)"]  # fmt: skip
    text = re.sub(r"S[GA]-2026-\w{6}", "", text)
    for words in said:
        text = text.replace(words, "")
    assert re.findall(r"[A-Za-z]{3,}", text) == []
    assert "5 ноября 2026 г., 10:00 (UTC+03:00)" in page


GERMAN = {
    "internal": ["Betroffen:** Einzelperson, Russland", "Land |", "Belarus", "Nicht kontaktieren", "Noch zu fragen",
                 "Bewertung a1, 31. Oktober 2026", "Noch offen", "Gesundheit", "nur an: example-relief",
                 "erst nach dem 1. Oktober 2026", "Eingegangen:** 31. Oktober 2026, Messenger",
                 "November 2026 | Ende der Rechtsmittelfrist", "Prüfung der Aufbewahrung", "7 Bytes"],
    "reviewer": ["Name:** [private]", "Hoch, erneut zu prüfen am 30. November 2026"],
    "public": ["Mit Einwilligung genannt", "Oktober 2026 | Belarus", "Stellungnahme | 31. Oktober 2026"],
    "recipient:example-relief": ["Sprache:** Russisch", "Anzahl der Menschen:** 1.234", "Worum wir Sie bitten",
                                 "12. Oktober 2026 | Belarus | Polizei; Staatsanwaltschaft", "Im Vertrauen mitgeteilt",
                                 "5. November 2026, 10:00 Uhr (UTC+03:00)", "Das Hilfsgesuch"],
}  # fmt: skip


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_german_page_says_what_it_says_in_german(run: Run, whole: str, audience: str) -> None:
    page = shown(run, whole, audience, "de")
    assert [words for words in GERMAN[audience] if words not in page] == []
    assert page.startswith("# Inhaftierung, Einzelperson, RU\n")


def test_without_the_option_the_first_language_of_the_register_is_spoken(run: Run, whole: str, register: Path) -> None:
    assert run("show", whole).out == run("show", whole, "--language", "en").out
    charter = register / "register.yaml"
    charter.write_text(re.sub(r"languages: .*", 'languages: ["de", "en"]', charter.read_text()))
    assert run("show", whole).out == run("show", whole, "--language", "de").out
    assert "Dringlichkeit: Dringend" in run("show", whole, "--format", "screen").out


def test_a_title_that_somebody_gave_and_their_words_stay_as_they_are(run: Run, good: Good, whole: str) -> None:
    good("edit", whole, "--set", "title=The Tver matter", "--set", "deadlines.d1.what=call them")
    for language in LANGUAGES:
        page = shown(run, whole, "internal", language)
        assert page.startswith("# The Tver matter\n")
        for words in ("call them", REASON, "Моего брата задержали вчера"):
            assert words in page, (language, words)


def test_questions_and_findings_keep_their_commands_in_every_language(run: Run, case: str) -> None:
    for language in LANGUAGES:
        page = shown(run, case, "internal", language)
        assert f"solidarity consent {case} --use … --answer …" in page


@pytest.mark.parametrize("language", ["fr", "RU", "en,ru", "../en"])
def test_a_language_that_nobody_wrote_is_refused_and_the_three_are_named(
    run: Run, whole: str, tmp_path: Path, language: str
) -> None:
    for more in ((), ("--format", "md"), ("--json",), ("--audience", "recipient:example-relief", "-o", tmp_path / "p")):
        answer = run("show", whole, "--language", language, *map(str, more))
        assert (answer.exit_code, answer.out) == (2, ""), more
        assert "en, ru, de" in answer.err
    assert not (tmp_path / "p").exists()


def test_json_is_codes_whatever_the_language(run: Run, whole: str) -> None:
    view = json.loads(shown(run, whole, "internal", "ru", "json"))
    assert view["case"]["subject"]["country"] == "RU"
    assert view["case"]["status"] == "active"
    assert run("-q", "show", whole, "--language", "de").out.strip() == whole
