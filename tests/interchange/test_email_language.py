"""Which language a text is in, or none rather than a wrong one."""

from __future__ import annotations

import pytest

from solidarity_cli.interchange.email.suggestions.language import guess

TEXTS = {
    "en": "We have been working with the people of this harbour for ten years, and they are our friends.",
    "ru": "Мы уже десять лет работаем вместе с жителями этой гавани, и они были нашими друзьями и соседями.",
    "de": "Wir haben zehn Jahre mit den Leuten im Hafen gearbeitet, und sie sind uns Freunde geworden.",
    "uk": "Ми вже десять років працюємо з мешканцями цієї гавані, і вони є нашими друзями та сусідами.",
    "be": "Мы ўжо дзесяць гадоў працуем з жыхарамі гэтай гавані, і яны сталі нам сябрамі і суседзямі.",
    "pl": "Od dziesięciu lat pracujemy z mieszkańcami portu i są oni dla nas przyjaciółmi, a nie tylko sąsiadami.",
    "fr": "Nous travaillons depuis dix ans avec les gens du port, et ils sont pour nous des amis dans la ville.",
    "es": "Trabajamos desde hace diez años con la gente del puerto y ellos son para nosotros los amigos de la ciudad.",
    "it": "Lavoriamo da dieci anni con la gente del porto, e sono per noi gli amici della città che non ci lasciano.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_sentence_is_enough(code):
    assert guess(TEXTS[code]) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Help us, please.",
        "Помогите нам, пожалуйста.",
        "1234567890 " * 20,
        "Ние работим от десет години с хората от пристанището и те са наши приятели и съседи по улица.",
        "Ми радимо десет година са људима из луке, и они су нам постали пријатељи и комшије у граду.",
        "Біз осы порттың тұрғындарымен он жыл бойы жұмыс істеп келеміз, олар біздің достарымыз болды.",
        "Wij werken al tien jaar met de mensen van de haven en zij zijn onze vrienden geworden in de stad.",
        "Liman sakinleriyle on yıldır birlikte çalışıyoruz ve onlar bizim dostlarımız oldular, komşularımız.",
        TEXTS["en"][:60] + TEXTS["ru"][:60],
    ],
)
def test_short_mixed_and_other_languages_are_left_open(text):
    assert guess(text) is None
