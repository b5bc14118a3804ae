"""What a search finds, and what it does not: spellings of names in four languages, typos, and words by chance."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.register.matching.search import Query

SAME = [
    ("иванов", "Иванов Пётр"),
    ("Ivanov", "Иванов"),
    ("Иванов", "Ivanov"),
    ("петр", "Пётр"),
    ("ПЁТР", "петр"),
    ("Ковалёва", "КОВАЛЕВА"),
    ("Kovalyova", "Ковалёва"),
    ("Щербаков", "Shcherbakov"),
    ("Schtscherbakow", "Щербаков"),
    ("Scherbakov", "Щербаков"),
    ("Chaikovsky", "Чайковский"),
    ("Tschaikowskij", "Чайковский"),
    ("Yelena", "Елена"),
    ("Jelena", "Елена"),
    ("Sergey", "Сергей"),
    ("Alexeyev", "Алексеев"),
    ("Dmitry", "Дмитрий"),
    ("Dmitrij", "Дмитрий"),
    ("Юлия", "Iuliia"),
    ("Ксения", "Xenia"),
    ("Наталья", "Natalia"),
    ("Дарья", "Дар'я"),
    ("Дар’я", "Дарья"),
    ("Hanna", "Ганна"),
    ("Ганна", "Hanna"),
    ("Siarhei", "Сяргей"),
    ("Воук", "Воўк"),
    ("Olha", "Ольга"),
    ("Zelenskyy", "Зеленський"),
    ("Єва", "Eva"),
    ("Mueller", "Müller"),
    ("Muller", "Müller"),
    ("STRASSE", "Straße"),
    ("Ярошицкий", "Yaroshitskiy"),
    ("Becker", "Бекер"),
    ("Łukasz", "Lukasz"),
    ("иванов анна", "Анна Сергеевна Иванова"),
    ("Салтыкова", "Салтыкова-Щедрина"),
    ("салтыкова щедрина", "Салтыкова-Щедрина"),
    ("Нурсултан", "Нур-Султан"),
    ("нур-султан", "Нурсултан"),
    ("О'Коннор", "O’Connor OConnor Оконнор"),
    ("K7QX", "SG-2026-K7QX4M"),
    ("+375 29 1234567", "+375291234567"),
    ("anna@example.org", "write to anna@example.org"),
]
NEAR = [
    ("Ивонов", "Иванов"),
    ("Иваов", "Иванов"),
    ("Иваонв", "Иванов"),
    ("Ивванов", "Ивонова"),
    ("Ивоновой", "Ивановой"),
    ("Ивонов", "Ивановой"),
    ("Lukashenko", "Лукашэнка"),
    ("Олександр", "Александр"),
    ("Alexander", "Александр"),
    ("Schmitt", "Schmidt"),
    ("Бондареко", "Бондаренко"),
    ("обыкс", "обыск"),
]
OTHER = [
    ("Анна", "Инна"),
    ("Инна", "Анна Алина"),
    ("Анна", "Анатолий Ананьев"),
    ("Ким", "Том"),
    ("Петров", "Иванов"),
    ("Ветров", "Петров"),
    ("иванов мария", "Иванов Пётр"),
    ("Микола", "Николай"),
    ("Павлова", "Полякова"),
    ("Berg", "Burg"),
    ("K7QX4M", "SG-2026-K7QX4N"),
    ("+375291234567", "+375291234568"),
    ("Мария", "Дария"),
    ("ан", "Иван"),
    ("о", "Пётр"),
    ("Müller", "Mahler"),
    ("Kozlova", "Орлова"),
    ("обыск", "допрос"),
    ("нур-минск", "Нур-Султан"),
]


@pytest.mark.parametrize(("typed", "stands"), SAME)
def test_a_word_is_found_however_it_is_spelled(typed: str, stands: str) -> None:
    assert Query(typed).matches_with_typos([stands, "и ещё слова"]) is False


@pytest.mark.parametrize(("typed", "stands"), NEAR)
def test_a_mistyped_word_is_found_and_told_apart(typed: str, stands: str) -> None:
    assert Query(typed).matches_with_typos(["и ещё слова", stands]) is True


@pytest.mark.parametrize(("typed", "stands"), OTHER)
def test_another_word_is_not_found(typed: str, stands: str) -> None:
    assert Query(typed).matches_with_typos([stands, "и ещё слова"]) is None


def test_nothing_to_look_for_is_told_from_nothing_found() -> None:
    assert Query("… — !").is_empty
    assert not Query("а").is_empty


LETTERS = "абвгдежзийклмнопрстуфхцчшщыэюя"
SOME = random.Random(7)
NARRATIVES = [" ".join("".join(SOME.choices(LETTERS, k=SOME.randint(2, 12))) for _ in range(250)) for _ in range(40)]
"""Ten thousand words that mean nothing."""


def test_words_by_chance_are_found_in_fewer_than_one_text_in_a_hundred() -> None:
    words = ["".join(SOME.choices(LETTERS, k=SOME.randint(6, 14))) for _ in range(60)]
    pairs = [(word, text) for word in words for text in NARRATIVES if word not in text]
    matches = [word for word, text in pairs if Query(word).matches_with_typos([text]) is not None]
    assert len(matches) < len(pairs) / 100


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from("абвгдзклмнпруф"), min_size=6, max_size=14, unique=True).map("".join), st.data())
def test_a_letter_missing_doubled_or_swapped_behind_the_first_is_forgiven(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    slip = data.draw(st.sampled_from(("missing", "doubled", "swapped")))
    mistyped = {
        "missing": word[:at] + word[at + 1 :],
        "doubled": word[: at + 1] + word[at:],
        "swapped": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }[slip]
    assert Query(mistyped).matches_with_typos([f"раз {word} два"]) is not None


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=4))
def test_any_text_can_be_looked_for(text: str, stands: list[str]) -> None:
    wanted = Query(text)
    assert wanted.matches_with_typos(stands) in (None, False, True)
    if not wanted.is_empty:
        assert Query(text).matches_with_typos([*stands, text]) is False
