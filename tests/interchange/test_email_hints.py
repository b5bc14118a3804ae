"""What the words of an appeal suggest, and what they do not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from solidarity_cli.core.model.draft import Hint
from solidarity_cli.interchange.email.suggestions.hints import find
from tests.support.mails import taken

DAY = date(2026, 2, 11)
MAILS = Path(__file__).parent / "mails"


def codes(text: str, field: str, written: date | None = DAY) -> list[str]:
    return [hint.code for hint in find(text, written=written) if hint.field == field]


def plain(hints: Iterable[Hint]) -> list[str]:
    return [f"{hint.field}={hint.code} <- {hint.word}" for hint in hints]


def test_a_whole_english_appeal():
    draft = taken((MAILS / "invented-archive.eml").read_bytes())
    assert plain(draft.hints) == [
        "incidents=funding-restriction <- froze our bank accounts",
        "incidents=designation <- extremist organisation",
        "incidents=travel-ban <- banned from leaving",
        "incidents=dismissal <- was dismissed",
        "requests=court-observation <- attend the hearing",
        "requests=inform-institutions <- inform the EU",
        "requests=referral <- safe place",
        "source.membership=member <- We are a member",
        "subject.membership=member <- We are a member",
        "source.capacity=lawyer <- I am the lawyer",
        "consent.publicity-organisation=granted <- may name the organisation",
        "consent.publicity-person=refused <- do not use my name",
        "subject.country=GE <- Georgia",
        "incidents.date=2026-12-14 <- 14 December",
        "deadlines=2027-01-11 <- January 11",
    ]
    assert set(draft.record) == {"received", "channel", "language", "private"}


def test_a_whole_russian_appeal():
    draft = taken((MAILS / "vydumannaya-initsiativa.eml").read_bytes())
    assert draft.record["language"] == "ru"
    assert plain(draft.hints) == [
        "incidents=arrest <- задержали",
        "incidents=detention <- следственном изоляторе",
        "incidents=criminal-case <- уголовное дело",
        "incidents=threat-to-relatives <- матери звонили и угрожали",
        "incidents=denied-medical-care <- не передают лекарства",
        "requests=court-observation <- прислать наблюдателя",
        "requests=inform-institutions <- сообщить о случае посольству",
        "requests=statement <- опубликовать заявление",
        "source.membership=member <- состоит в Форуме",
        "subject.membership=member <- состоит в Форуме",
        "subject.kind=organisation <- Наша организация",
        "source.capacity=lawyer <- Я адвокат",
        "source.capacity=organisation <- Наша организация",
        "consent.publicity-person=refused <- Имена публиковать нельзя",
        "subject.country=KZ <- Казахстана",
        "incidents.date=2026-05-03 <- 3 мая",
        "deadlines=2026-05-12 <- 12 мая",
    ]


def test_a_whole_german_appeal():
    draft = taken((MAILS / "fiktiver-verein.eml").read_bytes())
    assert plain(draft.hints) == [
        "incidents=search <- Durchsuchung",
        "incidents=confiscation <- beschlagnahmt",
        "incidents=criminal-case <- Ermittlungsverfahren",
        "incidents=death-threat <- Morddrohung",
        "requests=court-observation <- Beobachter zur Verhandlung",
        "requests=statement <- öffentliche Erklärung",
        "source.membership=non-member <- kein Mitglied des Forums",
        "subject.membership=non-member <- kein Mitglied des Forums",
        "subject.kind=organisation <- unser Büro",
        "consent.publicity-person=refused <- nennen Sie keine Namen",
        "incidents.date=2026-02-27 <- 27. Februar",
        "deadlines=2026-03-18 <- 18. März 2026",
    ]


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("We got a death threat.", "incidents", ["death-threat"]),
        ("We got a threat.", "incidents", ["threat"]),
        ("research in the archive, vorgeschlagen, Вобыск", "incidents", []),
        ("Обыска не было, но нашу ёлку подожгли", "incidents", ["search", "property-damage"]),
        ("Der Minister liess uns überwachen; überwacht wird auch mein Haus.", "incidents", ["surveillance"]),
        ("Could you issue a public\nstatement?", "requests", ["statement"]),
        ("We do not ask for money.", "requests", []),
        ("Мы не просим денег.", "requests", []),
        ("Wir bitten nicht um Geld.", "requests", []),
        ("We ask for 900 Euro.", "requests", ["money"]),
        ("We are not a member of your Forum.", "source.membership", ["non-member"]),
        ("We are a member of your Forum.", "source.membership", ["member"]),
        ("Мы не являемся членами Форума.", "subject.membership", ["non-member"]),
        ("Wir sind Mitglied des Forums.", "subject.membership", ["member"]),
        ("In Österreich, в Австрии, from Austria to Poland", "subject.country", ["AT", "PL"]),
        ("the Russian language, mit russischem Pass, Polish songs, русский язык", "subject.country", []),
        ("You may name us, but please do not name me.", "consent.publicity-organisation", ["granted"]),
        ("You may name us, but please do not name me.", "consent.publicity-person", ["refused"]),
        ("Name des Vereins darf nicht erscheinen", "consent.publicity-organisation", ["refused"]),
        ("We don’t want it public.", "consent.publicity-person", []),
        ("Прошу НИЧЕГО не публиковать", "consent.publicity-organisation", ["refused"]),
        ("СРОЧНО", "urgency", ["urgent"]),
        ("My name is Orla and my brother was arrested.", "source.capacity", ["relative"]),
    ],
)
def test_words_and_codes(text, field, expected):
    assert codes(text, field) == expected


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("4 October", "2026-10-04"),
        ("October 4th, 2027", "2027-10-04"),
        ("4th of October 2026", "2026-10-04"),
        ("18 сентября", "2026-09-18"),
        ("14. Oktober 2026", "2026-10-14"),
        ("2026-10-27", "2026-10-27"),
        ("27.10.2026", "2026-10-27"),
        ("1. März", "2026-03-01"),
        ("12 Sept. 2026", "2026-09-12"),
    ],
)
def test_days_to_come_are_deadlines(words, code):
    (hint,) = find(f"until {words}, then", written=DAY)
    assert hint == Hint("deadlines", code, words)


@pytest.mark.parametrize(
    ("text", "written", "field", "code"),
    [
        ("on 4 February", DAY, "incidents.date", "2026-02-04"),
        ("today, 11 February", DAY, "incidents.date", "2026-02-11"),
        ("by 10 January", date(2026, 12, 20), "deadlines", "2027-01-10"),
        ("on 28 December", date(2027, 1, 5), "incidents.date", "2026-12-28"),
        ("by 10 January 2027", None, "deadlines", "2027-01-10"),
    ],
)
def test_a_day_finds_its_year(text, written, field, code):
    assert [(hint.field, hint.code) for hint in find(text, written=written)] == [(field, code)]


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2026",
        "99.99.2026",
        "at 10.10.10.10",
        "version 1.2.2026.1",
        "12 May",
        "may 2026",
        "1234-56-78",
        "the 4 marching bands",
    ],
)
def test_no_day_is_none(text):
    assert find(text, written=None) == ()


def test_each_code_comes_once_with_its_first_word():
    assert plain(find("Obyск, обыск, search warrant, обыски, Poland, Polen", written=DAY)) == [
        "incidents=search <- обыск",
        "subject.country=PL <- Poland",
    ]


def test_codes_stand_in_the_order_in_which_they_are_first_named():
    assert codes("Poland, Latvia, again Poland", "subject.country") == ["PL", "LV"]
