"""A private value is found wherever it stands in the open, in any alphabet; neutral words never are."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from anyascii import anyascii
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solidarity_cli.core import rules
from solidarity_cli.core.rules import leak_patterns as looked_for
from solidarity_cli.core.rules import privacy
from solidarity_cli.core.rules.leak_patterns import Needle
from solidarity_cli.core.rules.stop_words import PlainWords, tokens
from solidarity_cli.records.schemas import Schemas, files_in
from solidarity_cli.register.matching.fold import fold
from tests.support.examples import record
from tests.support.program import CHECKOUT

WORDS = Schemas(files_in(CHECKOUT / "schemas")).words

SYLLABLES = [
    "ба",
    "во",
    "гу",
    "ди",
    "жё",
    "за",
    "кий",
    "лов",
    "мир",
    "ны",
    "ор",
    "пе",
    "рья",
    "сто",
    "ху",
    "цев",
    "ща",
    "ющ",
    "эл",
    "яр",
]
names = st.lists(st.sampled_from(SYLLABLES), min_size=3, max_size=5).map(lambda parts: "".join(parts).capitalize())
spellings = st.sampled_from([str, str.upper, lambda name: fold(name).capitalize(), anyascii, str.lower])
OPEN = [
    "title",
    "subject.region",
    "notes.n1.by",
    "assessments.a1.by",
    "assessments.a1.reason",
    "assessments.a1.impact_reason",
]
OPEN += ["deadlines.d1.what", "closure.reason", "consent.c1.share_with", "hearings.h1.at", "links"]
NAMED = ["subject_name", "contact_name", "lawyer", "court", "place", "contact"]
labels = [
    str(entry[language])
    for codes in WORDS.lists.values()
    for entry in codes.values()
    for language in ("en", "ru", "de")
]


def found(plain: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding.field, finding.message) for finding in rules.check_record(plain, words=WORDS, fold=fold)]


def planted(field: str, text: str, private: dict[str, Any]) -> dict[str, Any]:
    plain = copy.deepcopy(record("cases", "member-organisation"))
    plain["private"] = private
    if field == "links":
        plain["links"] = [{"case": text, "relation": "follows"}]
    elif field == "consent.c1.share_with":
        plain["consent"][0]["share_with"] = ["eu", text]
    else:
        plain = record("cases", "member-organisation", private=None, **{field.replace(".", "__"): text})
        plain["private"] = private
    return plain


def is_neutral(word: str) -> bool:
    from solidarity_cli.core.rules.stop_words import PlainWords, tokens

    return all(one in PlainWords(WORDS, fold) for one in tokens(fold(word)))


@given(
    names,
    names,
    spellings,
    st.sampled_from(OPEN),
    st.sampled_from(NAMED),
    st.sampled_from(["{}", "Search at {}", "Обыск, {}, RU"]),
)
def test_a_planted_name_is_found_in_any_open_field(
    first: str, last: str, spelling: Any, field: str, private: str, around: str
) -> None:
    assume(not is_neutral(last))
    plain = planted(field, around.format(spelling(f"{first} {last}")), {private: f"{first} {last}"})
    assert [one for one, _ in found(plain)] == [
        {"consent.c1.share_with": "consent.c1.share_with.1", "links": "links.0.case"}.get(field, field)
    ]


@given(
    names,
    names,
    spellings,
    st.sampled_from(NAMED[:5]),
    st.sampled_from(["{}", "Search at {}", "Обыск у {}, RU", "appeal/{}-1"]),
)
def test_half_a_name_is_found(first: str, last: str, spelling: Any, private: str, around: str) -> None:
    assume(not is_neutral(last))
    text = around.format(spelling(last))
    # Among words with capitals a name without one is read as a common word.
    assume(text == text.lower() or spelling is not str.lower)
    assert found(planted("title", text, {private: f"{first} {last}"}))


@given(st.lists(st.sampled_from(labels), min_size=1, max_size=4), st.sampled_from(WORDS.codes("status")), names, names)
def test_a_title_made_of_labels_is_no_leak(said: list[str], code: str, first: str, last: str) -> None:
    assume(not is_neutral(first) and not is_neutral(last))
    private = {"subject_name": f"{first} {last}", "contact_name": ", ".join(said), "place": said[0], "court": code}
    assert not found(planted("title", ", ".join([*said, "RU"]), private))


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        ("Zvontsova", True),
        ("Обыск у Звонцовой", True),
        ("Kol'tsov is a lawyer", True),
        ("Statement for Koltsov", True),
        ("zvontsova-search", True),
        ("Northern Lantern Archive", True),
        ("Yevgeny Fyodorov", True),
        ("Evgenij Fedorow", True),
        ("Евгений, RU", True),
        ("Lantern, RU", True),
        ("the archive in the northern region", False),
        ("Archive, Northern region", False),
        ("a lantern at the door, said Anna", False),
        ("see lantern-archive.example", True),
        ("office@lantern-archive.example", True),
        ("for example, the office", False),
        ("Call 8 (912) 345 67 89", True),
        ("79123456789", True),
        ("2026-10-12 and 12.10.2026", False),
        ("ვწერთ ნინოშვილი", True),
        ("Court hearing in Russia, October", False),
        ("Moscow", False),
    ],
)
def test_what_is_a_leak_and_what_is_not(text: str, leaks: bool) -> None:
    private = {
        "subject_name": "Northern Lantern Archive",
        "other_names": ["ნინო ნინოშვილი", "Евгений Фёдоров"],
        "contact_name": "Таисия Звонцова",
        "contact": "office@lantern-archive.example, +7 912 345-67-89",
        "lawyer": "Пётр Кольцов",
        "place": "Russia",
        "narrative": "On 2026-10-12 and 12.10.2026 we said: a lantern at the door. Moscow is far. " * 3,
        "attachments": [{"name": "appeal.pdf", "media_type": "application/pdf", "size": 20261012, "sha256": "a" * 64}],
    }
    assert (rules.leaks({"text": text}, private, words=WORDS, fold=fold) == ("text",)) == leaks


def test_an_address_inside_a_long_text_counts() -> None:
    private = {
        "narrative": "We have written to you before and ask for your help once more. "
        + "Write to tamar.zvontsova@inbox.example, +995 599 12 34 56."
    }
    for text in ("tamar.zvontsova@inbox.example", "zvontsova", "599 123456", "+995599123456"):
        assert rules.leaks({"text": text}, private, words=WORDS, fold=fold), text
    for text in ("inbox", "We ask for your help once more"):
        assert not rules.leaks({"text": text}, private, words=WORDS, fold=fold), text


def test_a_member_may_sign_with_the_same_organisation_and_the_same_first_name() -> None:
    private = {"contact_name": "Marina Zvontsova", "contact": "marina@lantern-archive.example"}
    signed = {"assessments.a1.by": "marina.karlova@lantern-archive.example"}
    assert not rules.leaks(signed, private, words=WORDS, fold=fold)
    assert rules.leaks({"notes.n1.by": "marina@lantern-archive.example"}, private, words=WORDS, fold=fold)
    assert rules.leaks({"notes.n1.by": "Zvontsova"}, private, words=WORDS, fold=fold)


@pytest.mark.parametrize(
    "private", [None, [], "Zvontsova", {"notes": ["x"]}, {"notes": {"Zvontsova": "Zvontsova was here"}}]
)
def test_a_record_of_any_shape_is_read_and_repeats_no_value(private: Any) -> None:
    plain: dict[str, Any] = {"id": ["no", {"id": 7}], "title": "Zvontsova was here", "private": private}
    for finding in rules.check_record(plain, words=WORDS, fold=fold):
        assert "Zvontsova" not in f"{finding.message} {finding.field} {finding.hint}"


PLAIN = PlainWords(WORDS, fold)


def slowly(texts: dict[str, str], private: dict[str, Any]) -> list[tuple[str, Needle]]:
    """The rule as it reads: every value in every form, each folded by itself, looked for in every text."""
    forms = [form for field, text in looked_for._values(private, "private") for form in looked_for._forms(field, text)]
    wanted: dict[Needle, None] = {}
    for field, kind, text in forms:
        words = tokens(fold(text))
        if kind == "digits":
            wanted[Needle(field, kind, text)] = None
        elif looked_for._is_telling(kind, words, PLAIN):
            wanted[Needle(field, kind, " ".join(words))] = None
    found = []
    for key, text in texts.items():
        if len(text) < 3 or text in PLAIN.codes or privacy._NEUTRAL.fullmatch(text):
            continue
        where = privacy._OpenText.of(key, text, tokens(fold(text)))
        first = next((one for one in wanted if privacy._is_in(one, where, PLAIN, fold)), None)
        found += [(key, first)] if first else []
    return found


# Few pieces, so that what is private stands in the open often; odd ones, that folding makes more or less of.
PIECES = [
    "Звонцова",
    "звонцовой",
    "Zvontsova",
    "Kol'tsov",
    "Кольцов",
    "Iwanow",
    "Ivanov",
    "ия",
    "io",
    "ea",
    "a",
    "member",
]
PIECES += [
    "Archive",
    "архив",
    "example",
    "ნინო",
    "№",
    "™",
    "½",
    "北京",
    "ﷺ",
    "e\u0301",
    "\u0306",
    "ʼ",
    "'",
    "’",
    "0" * 40,
]
PIECES += ["ł", "x", "shch", "linden-aid", "2026-10-12", "+7 912 345-67-89", "9123456789", "tamar.zvontsova", "inbox"]
joints = st.sampled_from(["", " ", " ", "-", "_", ".", "@", ", ", "\n", "@lantern-archive.example "])
spoken = st.lists(st.tuples(st.sampled_from(PIECES), joints), min_size=1, max_size=5).map(
    lambda parts: "".join(piece + joint for piece, joint in parts)
)
PRIVATE_FIELDS = ["subject_name", "contact", "place", "narrative", "other_names"]


@settings(max_examples=500, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["title", "notes.n1.by", "closure.reason"]), spoken | st.text(max_size=12), min_size=1
    ),
    st.dictionaries(
        st.sampled_from(PRIVATE_FIELDS), spoken | st.lists(spoken, max_size=2) | st.text(max_size=12), min_size=1
    ),
)
def test_what_is_found_fast_is_what_is_found_slowly(texts: dict[str, str], private: dict[str, Any]) -> None:
    assert list(privacy._search(texts, private, WORDS, fold)) == slowly(texts, private)


@settings(max_examples=200, deadline=None)
@given(st.lists(spoken, max_size=4), st.lists(spoken, max_size=4))
def test_a_text_that_could_hold_something_is_never_called_silent(open_texts: list[str], names_: list[str]) -> None:
    texts = {str(place): text for place, text in enumerate(open_texts)}
    if rules.leaks(texts, {"other_names": names_}, words=WORDS, fold=fold):
        assert privacy.can_hold_private_value(open_texts, words=WORDS, fold=fold)
