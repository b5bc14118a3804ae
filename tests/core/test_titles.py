"""A title made from codes is said in the language of the page; one that a person gave is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solidarity_cli.core.titles import title, title_in
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder

WORDS = Schemas(files_in(schema_folder(None))).words
LANGUAGES = ("en", "ru", "de")

CASES = st.fixed_dictionaries(
    {"kind": st.sampled_from(WORDS.codes("kind"))},
    optional={
        "incidents": st.sampled_from(WORDS.codes("incident")).map(lambda code: [{"type": code}]),
    },
).flatmap(
    lambda case: st.fixed_dictionaries(
        {"country": st.sampled_from(["RU", "BY", "DE", "XX"])},
        optional={"kind": st.sampled_from(WORDS.codes("subject-kind"))},
    ).map(lambda subject: {**case, "subject": subject})
)


@given(CASES, st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES))
def test_whatever_it_was_made_in_it_is_said_in_any_language(case: dict[str, object], one: str, other: str) -> None:
    said = title_in(title(case, WORDS, one), WORDS, other)
    # Where two codes have one label in a language, either may be meant; its own words then come back.
    assert title_in(said, WORDS, one) == title(case, WORDS, one)


@pytest.mark.parametrize("said", ["Search in the night", "Detention", "Detention, somebody, RU", "Arrest, Russia", ""])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_wrote_stays(said: str, language: str) -> None:
    assert title_in(said, WORDS, language) == said


def test_as_it_stands_in_a_russian_report() -> None:
    assert title_in("Detention, individual, BY", WORDS, "ru") == "Содержание под стражей, физическое лицо, BY"
