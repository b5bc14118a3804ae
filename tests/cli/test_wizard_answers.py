"""What typed answers mean, without a terminal."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.cli.wizard import answers
from solidarity_cli.cli.wizard.fields import as_line, as_typed, set_field, value_at
from solidarity_cli.cli.wizard.questions import IS_MEMBER, QUESTIONS, Takes
from solidarity_cli.cli.wizard.ui.choices import AnswerError, key, of_countries, of_vocabulary
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder

SCHEMAS = Schemas(files_in(schema_folder(None)))
WORDS = SCHEMAS.words
CODES = SCHEMAS.shape("case")["properties"]["subject"]["properties"]["country"]["enum"]
COUNTRIES = of_countries(CODES, "en")
INCIDENTS = of_vocabulary(WORDS, "incident", "en")
TODAY = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Россия", "RU"), ("Deutschland", "DE"), ("BY", "BY"), ("by", "BY"), ("беларусь", "BY"), ("Белоруссия", "BY"),
        ("Weißrussland", "BY"), ("no", "NO"), ("XX", "XX"), ("withheld", "XX"), ("XK", "XK"), ("Kosovo", "XK"),
        ("Turkey", "TR"), ("Türkiye", "TR"), ("США", "US"), ("uk", "GB"), ("kaza", "KZ"), ("Казах", "KZ"),
        (" Côte d'Ivoire ", "CI"), ("Niger", "NE"), ("Guinea", "GN"),
    ],
)  # fmt: skip
def test_countries(typed, code):
    assert COUNTRIES.find(typed) == code


@pytest.mark.parametrize(
    ("typed", "says"),
    [("Congo", "several"), ("Germny", "DE"), ("zz", "not in the list"), ("😔", "not in the list"), ("...", "list")],
)
def test_no_country(typed, says):
    with pytest.raises(AnswerError, match=says):
        COUNTRIES.find(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("search", "search"), ("14", "search"), ("обыск", "search"), ("Büro", "search"), ("house arrest", "house-arrest"),
     ("threat", "threat"), ("Смерч", ""), ("0", ""), ("99", ""), ("²", ""), ("thre", "")],
)  # fmt: skip
def test_incident_types(typed, code):
    if code:
        assert INCIDENTS.find(typed) == code
    else:
        with pytest.raises(AnswerError):
            INCIDENTS.find(typed)


def test_several_incidents_with_their_days():
    typed = "Пытки, жестокое обращение@2026, search@3.10.2026; arrest"
    found = answers.incidents(typed, INCIDENTS, today=TODAY, latest="2026-10-31")
    assert found == [("torture", "2026"), ("search", "2026-10-03"), ("arrest", "")]
    with pytest.raises(AnswerError, match="after @"):
        answers.incidents("search@", INCIDENTS, today=TODAY)


def test_incidents_keep_what_else_is_known():
    before = [{"id": "i1", "type": "arrest", "perpetrators": ["police"]}, {"id": "i2", "type": "search"}]
    told = [("search", "2026-10-01"), ("arrest", ""), ("arrest", "2026")]
    assert answers.merge_incidents(told, before) == [
        {"id": "i2", "type": "search", "date": "2026-10-01"},
        {"id": "i1", "type": "arrest", "perpetrators": ["police"]},
        {"id": "i3", "type": "arrest", "date": "2026"},
    ]


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2026-10-03", "2026-10-03"), ("3.10.2026", "2026-10-03"), ("03. 10. 2026", "2026-10-03"), ("10.2026", "2026-10"),
     ("2026", "2026"), ("yesterday", "2026-10-30"), ("Сегодня", "2026-10-31"), ("2026-10", "2026-10")],
)  # fmt: skip
def test_days(typed, day):
    assert answers.a_day(typed, today=TODAY, latest="2026-10-31") == day


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "31.2.2026", "0000", "2026-11-01", "03/10/2026", "２０２６", "2026-10-03T10:00+01:00", "x"]
)
def test_no_days(typed):
    with pytest.raises(AnswerError):
        answers.a_day(typed, today=TODAY, latest="2026-10-31")


def test_a_day_is_needed():
    with pytest.raises(AnswerError, match="day is needed"):
        answers.a_day("2026-10", today=TODAY, partial=False)


def test_recipients():
    assert answers.slugs("osce, example-relief; osce") == ["osce", "example-relief"]
    with pytest.raises(AnswerError):
        answers.slugs("Nora Beispiel")


def test_yes_is_a_member():
    choices = of_vocabulary(WORDS, "membership", "en", aliases=IS_MEMBER, first=["unknown"])
    assert [choices.find(one) for one in ("y", "нет", "Mitglied", "1")] == ["member", "non-member", "member", "unknown"]


@given(st.sampled_from(CODES), st.sampled_from(("en", "ru", "de")), st.booleans())
@settings(max_examples=80, deadline=None)
def test_every_country_answers_to_its_code_and_names(code, language, shout):
    from solidarity_cli.render.locale_names import Names

    name = Names(language).country(code)
    for text in (code, code.lower(), name.upper() if shout else name):
        try:
            assert COUNTRIES.find(text) == code
        except AnswerError:
            assert [choice.code for choice in COUNTRIES.all if key(text) in choice.names] != [code]


@given(st.sampled_from([name for name in WORDS.lists if WORDS.codes(name)]), st.data())
@settings(max_examples=80, deadline=None)
def test_every_code_answers_to_its_code_number_and_labels(name, data):
    choices = of_vocabulary(WORDS, name, "en")
    code = data.draw(st.sampled_from(WORDS.codes(name)))
    assert choices.find(code) == choices.find(str(WORDS.codes(name).index(code) + 1)) == code
    label = WORDS.label(name, code, data.draw(st.sampled_from(("en", "ru", "de"))))
    sharing = [choice.code for choice in choices.all if key(label) in choice.names]
    assert code in sharing
    if sharing == [code]:
        assert choices.find(label) == code


@given(st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_answer_is_a_code_or_not_understood(text):
    for choices in (COUNTRIES, INCIDENTS):
        try:
            assert choices.find(text) in [choice.code for choice in choices.all]
        except AnswerError as trouble:
            assert "\n" not in str(trouble)
    try:
        answers.incidents(text, INCIDENTS, today=TODAY, latest="2026-10-31")
        answers.a_day(text, today=TODAY)
    except AnswerError:
        pass


@given(st.text(max_size=80))
def test_typed_text_holds_nothing_that_acts(text):
    typed = as_typed(text)
    assert as_typed(typed) == typed
    assert not set(typed) & set("\r\x00\x1b\x7f\ufeff")
    assert "\n" not in as_line(text)


def test_fields():
    record: dict[str, object] = {}
    set_field(record, "private.contact", "x")
    set_field(record, "private.narrative", "")
    assert record == {"private": {"contact": "x"}}
    set_field(record, "private.contact", "")
    assert record == {}
    assert value_at({"subject": []}, "subject.kind") is None


def test_every_question_has_an_example_and_a_field_of_the_schema():
    shape = SCHEMAS.shape("case")
    for question in QUESTIONS:
        for part in question.parts:
            assert "For example: " in part.ask
            node = shape
            for name in part.field.split("."):
                node = node["properties"][name]
            if part.takes in (Takes.CODE, Takes.CODES):
                assert node.get("x-vocabulary", node.get("items", {}).get("x-vocabulary")) == part.vocabulary
