"""The report on paper, in three languages: whole text, changed only with UPDATE_GOLDEN=1 and reviewed as text."""

from __future__ import annotations

import os
import re
import string
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from solidarity_cli.core.audience.visibility import CASE
from solidarity_cli.core.dates import Period
from solidarity_cli.core.facts import Facts
from solidarity_cli.render.markdown import page_to_markdown
from solidarity_cli.reports.pages.alphabetical_order import alphabetical
from solidarity_cli.reports.pages.page import Page, Paragraph, Table
from solidarity_cli.reports.pages.period import period_page
from solidarity_cli.reports.phrases import LANGUAGES, de, en, phrase, ru
from solidarity_cli.reports.phrases.cases import de as case_de
from solidarity_cli.reports.phrases.cases import en as case_en
from solidarity_cli.reports.phrases.cases import ru as case_ru
from tests.support.figure_names import Names
from tests.support.figure_records import OCTOBER, a_case, an_action, decided, facts_of, report, words
from tests.support.program import CHECKOUT

GOLDEN = Path(__file__).parent / "golden"
FIGURES = CHECKOUT / "solidarity_cli" / "reports"


def a_month() -> Facts:
    """A small register with something in every section."""
    hearing: dict[str, Any] = {"id": "h1", "at": "2026-10-21T10:00+03:00", "kind": "merits", "state": "held"}
    cases = [
        a_case(
            1,
            title="Office search, organisation, RU",
            status="active",
            assessments=[decided("assist", "2026-10-08")],
            hearings=[hearing, {"id": "h2", "at": "2026-11-12", "kind": "verdict", "state": "announced"}],
        ),
        a_case(
            2,
            title="Arrest, individual, BY",
            urgency="urgent",
            received="2026-10-20",
            subject={"kind": "individual", "membership": "non-member", "country": "BY"},
            incidents=[{"id": "i1", "type": "arrest"}, {"id": "i2", "type": "search"}],
            deadlines=[{"id": "d1", "date": "2026-11", "what": "appeal"}],
        ),
        a_case(
            3,
            title="Smear campaign, informal group, DE",
            status="closed",
            received="2026-09-03",
            subject={"kind": "informal-group", "country": "DE"},
            incidents=[{"id": "i1", "type": "smear"}],
            assessments=[decided("express-solidarity", "2026-09-10")],
            closure={"date": "2026-10-30", "outcome": "threat-ended"},
        ),
    ]
    ids = [case.id for case in cases]
    actions = [
        an_action(1, type="court-observation", cases=ids, hearing={"case": ids[0], "id": "h1"}),
        an_action(2, cases=ids[2:], date="2026-09-12"),
        an_action(
            3,
            type="referral",
            cases=ids[1:2],
            status="planned",
            referral={
                "organisation": "example-relief",
                "state": "sent",
                "history": [{"state": "sent", "date": "2026-10-22"}],
            },
        ),
    ]
    return facts_of(cases, actions)


def a_public_month() -> Facts:
    """Enough appeals to show something, and some too few to show."""
    places = ["RU"] * 9 + ["BY"] * 6 + ["DE"] * 3 + ["FR"] * 3 + ["BR"]
    cases = [
        a_case(
            number,
            title=f"Hidden title {number}",
            status="active" if number % 2 else "received",
            subject={"country": place, "membership": "member" if number % 3 else "non-member"},
            incidents=[
                {"id": "i1", "type": "search" if number % 4 else "arrest"},
                {"id": "i2", "type": "smear" if number > 20 else "search"},
            ],
            assessments=[decided("assist", "2026-10-15")] if number % 2 else [],
        )
        for number, place in enumerate(places)
    ]
    types = ["statement"] * 6 + ["media"] * 2 + ["court-observation"] * 3 + ["letter-support"] * 2
    actions = [an_action(n, type=kind, cases=[cases[n].id]) for n, kind in enumerate(types)]
    return facts_of(cases, actions)


def page(facts: Facts, audience: str = "internal", language: str = "en", period: Period = OCTOBER) -> Page:
    return period_page(report(facts, audience, period), words(), Names(language), language)


@pytest.mark.parametrize("language", ["en", "ru", "de"])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_the_whole_report(language: str, audience: str) -> None:
    facts = a_month() if audience == "internal" else a_public_month()
    text = page_to_markdown(page(facts, audience, language))
    golden = GOLDEN / f"{audience}.{language}.md"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _whole(key: str) -> str:
    """A sentence without its plural form: `span` of `span:few`."""
    return key.partition(":")[0]


def test_every_language_says_the_same_things_with_the_same_places() -> None:
    english = {_whole(key): _places(sentence) for key, sentence in LANGUAGES["en"].items()}
    for language in LANGUAGES.values():
        assert {_whole(key) for key in language} == set(english)
        assert {key for key, sentence in language.items() if _places(sentence) != english[_whole(key)]} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_sentence_has_every_form_that_the_language_knows(language: str) -> None:
    wanted = {*Locale.parse(language).plural_form.tags, "other"}
    counted = {_whole(key) for key in LANGUAGES[language] if key != _whole(key)}
    assert counted == {"span", "span-open", "case.serves", "case.bytes"}
    for stem in counted:
        assert {key.partition(":")[2] for key in LANGUAGES[language] if _whole(key) == stem} == wanted


def test_no_sentence_of_a_report_is_spoken_over_by_one_of_a_case() -> None:
    for of_report, of_case in ((en, case_en), (ru, case_ru), (de, case_de)):
        assert not set(of_report.PHRASES) & set(of_case.PHRASES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_the_private_part_has_a_name(language: str) -> None:
    fields = {field.removeprefix("private.") for field in CASE if field.startswith("private.")}
    named = {key.removeprefix("field.") for key in LANGUAGES[language] if key.startswith("field.")}
    assert named == fields - {"narrative", "notes", "attachments"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_a_report_may_print_is_said_in_every_language(language: str) -> None:
    lists = {**words().lists}
    missing = [
        f"{name}.{code}" for name, codes in lists.items() for code, entry in codes.items() if not entry.get(language)
    ]
    assert missing == []


def test_every_sentence_is_used_and_every_sentence_used_is_written() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FIGURES.rglob("*.py"))
    written = {_whole(key) for key in LANGUAGES["en"]}
    asked = set(re.findall(r"""(?:say|count)\(\s*"([a-z][a-z.-]*)\"""", text))
    asked |= set(re.findall(r"""\"((?:case|paper)\.[a-z-]+)\"""", text))
    assert asked <= written
    built = tuple(prefix for prefix in re.findall(r"""say\(f"([a-z]+\.)\{""", text))
    assert {"by.", "none.", "meaning.", "region."} <= set(built)
    named = set(re.findall(r"""\"([a-z][a-z.-]*)\"""", text))
    assert [key for key in written if key not in named and not key.startswith(built)] == []


def test_counted_days_take_the_form_that_goes_with_the_number() -> None:
    from solidarity_cli.render.locale_names import Names as RealNames
    from solidarity_cli.reports.pages.wording import Wording

    def spans(language: str) -> list[str]:
        wording = Wording(words(), RealNames(language), language)
        return [wording.count("span-open", number, first=number) for number in (1, 3, 21, 61, 111)]

    assert spans("ru") == ["1 день и более", "3 дня и более", "21 день и более", "61 день и более", "111 дней и более"]
    assert spans("de") == ["1 Tag oder mehr", *(f"{number} Tage oder mehr" for number in (3, 21, 61, 111))]
    assert spans("en") == ["1 day or more", *(f"{number} days or more" for number in (3, 21, 61, 111))]


def test_names_are_sorted_as_a_dictionary_sorts_them() -> None:
    for ordered in (
        ["Ежово", "Ёлкино", "Жуково", "Иваново", "Йошкино", "Кирово"],
        ["Ägypten", "Albanien", "Oman", "Österreich", "Polen", "Strasse", "Straße", "Übersee", "Ungarn", "Zypern"],
        ["Åland Islands", "Albania", "Côte d’Ivoire", "Croatia", "Réunion", "Romania", "Türkiye"],
    ):
        assert sorted(set(ordered), key=alphabetical) == ordered


@pytest.mark.parametrize(("language", "said"), [("en", "12,345"), ("ru", "12\u00a0345"), ("de", "12.345")])
def test_thousands_are_set_apart_as_the_language_does_it(language: str, said: str) -> None:
    from solidarity_cli.render.locale_names import Names as RealNames
    from solidarity_cli.reports.pages.wording import Wording

    wording = Wording(words(), RealNames(language), language)
    assert (str(wording.cell(12345)), wording.cell(999), wording.cell("<5")) == (said, 999, "<5")
    assert str(wording.decimal(6.5)) == ("6.5" if language == "en" else "6,5")


def test_an_empty_month_is_said_in_sentences_not_in_empty_grids() -> None:
    shown = page(facts_of())
    assert all(block.rows for block in shown.blocks if isinstance(block, Table))
    said = {block.text for block in shown.blocks if isinstance(block, Paragraph)}
    for name in (
        "received",
        "decided",
        "actions",
        "referrals",
        "closed",
        "open",
        "pressure",
        "waiting",
        "ahead",
        "cases",
    ):
        assert phrase("en", f"none.{name}") in said


def test_an_empty_public_month_has_no_grid_but_the_first() -> None:
    tables = [block for block in page(facts_of(), "public").blocks if isinstance(block, Table)]
    assert [table.caption for table in tables] == [phrase("en", "overview")]


def test_a_public_page_names_no_case() -> None:
    text = repr(page(a_public_month(), "public"))
    assert "SG-" not in text
    assert "Hidden title" not in text


@pytest.mark.parametrize(
    ("period", "days", "title"),
    [
        (Period.month("2026-10"), "--month 2026-10", "10/2026"),
        (Period.year("2025"), "--year 2025", "2025"),
        (Period.between("2026-07", "2026-09-15"), "--from 2026-07-01 --to 2026-09-15", "2026-07-01 to 2026-09-15"),
    ],
)
def test_the_page_says_how_to_make_it_again(period: Period, days: str, title: str) -> None:
    shown = page(a_month(), period=period)
    commit = "0123456789abcdef0123456789abcdef01234567"
    assert f"solidarity report {days} --audience internal --language en --as-of {commit}" in repr(shown.blocks[0])
    assert shown.title.endswith(title)
