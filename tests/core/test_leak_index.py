"""The lookout finds what the rule finds, and nothing else: it only saves the looking."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.rules import leaks
from solidarity_cli.core.rules.leak_index import LeakIndex
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
from solidarity_cli.register.matching.fold import fold

WORDS = Schemas(files_in(schema_folder(None))).words
NAMES = ("Зинаида Морозова", "Anna-Maria Köhler", "Пётр Щукин", "O'Brien", "Ли", "Суд города Твери", "Nora Nord")
CONTACTS = ("zinaida.m@north-lantern.example", "+7 912 345-67-89", "8 (912) 345 67 89", "nora@gmail.com", "030 1234567")
SAID = (
    *NAMES,
    *CONTACTS,
    *("morozova", "Морозовой", "Koehlers", "shchukin", "Щукину", "9123456789", "lantern", "zinaida", "court", "Tver"),
    *("Office search, organisation, RU", "SG-2026-K7QX4M", "2026-10-31", "the minutes", "o brien", "912 345"),
)
private = st.fixed_dictionaries(
    {},
    optional={
        "subject_name": st.sampled_from(NAMES),
        "contact": st.lists(st.sampled_from(CONTACTS), min_size=1, max_size=2).map(", ".join),
        "court": st.sampled_from(NAMES),
        "notes": st.dictionaries(st.sampled_from(("n1", "n2")), st.sampled_from(SAID), max_size=2),
    },
)
texts = st.dictionaries(
    st.sampled_from(("line 1", "line 2.by", "title", "assessments.a1.by")),
    st.lists(st.sampled_from(SAID), max_size=4).map(" ".join),
    max_size=3,
)


@given(st.lists(private, max_size=4), st.lists(texts, max_size=3))
@settings(max_examples=150, deadline=None)
def test_the_lookout_finds_what_the_rule_finds(parts: list[dict[str, object]], documents: list[dict[str, str]]) -> None:
    named = {str(number): document for number, document in enumerate(documents)}
    records = [(f"SG-{number}", part) for number, part in enumerate(parts)]
    by_rule = {
        (name, place, record)
        for name, document in named.items()
        for record, part in records
        for place in leaks(document, part, words=WORDS, fold=fold)
    }
    assert set(LeakIndex(records, words=WORDS, fold=fold).matches(named)) == by_rule
