"""How days, times, numbers and codes are said where one case is shown; without a register."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from solidarity_cli.render.locale_names import Names
from solidarity_cli.reports.pages.case_wording import CaseWording
from solidarity_cli.reports.pages.page import DisplayValue
from tests.support.figure_records import words


def wording(language: str) -> CaseWording:
    return CaseWording(words(), Names(language), language)


def spaced(text: str) -> str:
    """With ordinary spaces only."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("language", "day", "month", "time"),
    [
        ("en", "3 October 2026", "October 2026", "5 November 2026, 09:30 (UTC+03:00)"),
        ("ru", "3 октября 2026 г.", "октябрь 2026 г.", "5 ноября 2026 г., 09:30 (UTC+03:00)"),
        ("de", "3. Oktober 2026", "Oktober 2026", "5. November 2026, 09:30 Uhr (UTC+03:00)"),
    ],
)
def test_a_day_is_said_as_far_as_it_is_known(language: str, day: str, month: str, time: str) -> None:
    said = wording(language)
    assert spaced(said.day("2026-10-03")) == day
    assert spaced(said.day("2026-10")) == month
    assert said.day("2026") == "2026"
    assert spaced(said.day("2026-11-05T09:30:00+03:00")) == time
    assert spaced(said.day("2026-11-05T09:30+03:00")) == time
    assert said.day("2026-11-05T23:59Z").endswith("(UTC)")
    assert said.day("") == ""


@pytest.mark.parametrize("iso", ["2026-02-31", "0000-01-01", "2026-02-31T10:00Z", "soon", "2026-13"])
def test_what_the_calendar_does_not_have_stays_as_it_was_written(iso: str) -> None:
    assert wording("ru").day(iso) == iso
    assert wording("ru").cell(iso) == iso


def test_a_cell_holds_a_day_or_a_time_for_machines_only_where_it_is_known() -> None:
    said = wording("de")
    full, time, partial = said.cell("2026-10-03"), said.cell("2026-11-05T09:30:00+03:00"), said.cell("2026-10")
    assert isinstance(full, DisplayValue)
    assert full.value == date(2026, 10, 3)
    assert isinstance(time, DisplayValue)
    assert time.value == datetime.fromisoformat("2026-11-05T09:30:00+03:00")
    assert partial == "Oktober 2026"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["serves 1 case", "serves 2 cases", "serves 5 cases", "serves 21 cases", "serves 1,200 cases"]),
        ("ru", ["касается 1 дела", "касается 2 дел", "касается 5 дел", "касается 21 дела", "касается 1 200 дел"]),
        (
            "de",
            ["betrifft 1 Fall", "betrifft 2 Fälle", "betrifft 5 Fälle", "betrifft 21 Fälle", "betrifft 1.200 Fälle"],
        ),
    ],
)
def test_what_is_counted_takes_the_form_of_its_number(language: str, said: list[str]) -> None:
    assert [spaced(wording(language).count("case.serves", number)) for number in (1, 2, 5, 21, 1200)] == said


def test_languages_and_countries_have_names_and_unknown_ones_their_codes() -> None:
    assert [wording(one).names.language_name("uk") for one in ("en", "ru", "de")] == [
        "Ukrainian",
        "Украинский",
        "Ukrainisch",
    ]
    assert wording("ru").names.language_name("zz") == "zz"
    assert [wording(one).country("XX") for one in ("en", "ru", "de")] == [
        "Country withheld",
        "Страна не указана",
        "Land nicht genannt",
    ]
    assert wording("en").country("") == ""


def test_what_stands_in_no_list_is_called_by_itself() -> None:
    said = wording("ru")
    assert said.labels("recipient", ["eu", "example-relief"]) == "Европейский союз; example-relief"
    assert said.label("deadline", "call them") == "call them"
    assert said.label("urgency", "") == ""
