"""Letters in any character set, declared truly, falsely, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.interchange.email.mime import remarks
from solidarity_cli.interchange.email.mime.charset import decode
from tests.support.mails import GERMAN, RUSSIAN, bundle, mail, part, taken, text, whole

SHORT = "Дом у реки"
UKRAINIAN = "Їхній дім стоїть біля річки, і ґанок уже зовсім старий."


@pytest.mark.parametrize(
    ("words", "charset"),
    [
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "iso-8859-5"),
        (UKRAINIAN, "koi8-u"),
        (UKRAINIAN, "windows-1251"),
        (GERMAN, "utf-8"),
        (GERMAN, "iso-8859-15"),
        (GERMAN, "windows-1252"),
        ("Zażółć gęślą jaźń", "iso-8859-2"),
        ("東京の港", "iso-2022-jp"),
        ("北京的港口", "gb2312"),
    ],
)
def test_a_true_charset_is_believed(words, charset):
    draft = taken(mail(words.encode(charset), Content_Type=f"text/plain; charset={charset}"))
    assert text(mail(words.encode(charset), Content_Type=f'text/plain; charset="{charset.upper()}"')) == words
    assert draft.remarks == ()


@pytest.mark.parametrize(
    "declared", [None, "us-ascii", "x-unknown", "utf-8", "iso-8859-1", "rot13", "unicode_escape", "zlib", ""]
)
@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251"])
def test_russian_is_found_without_a_true_charset(charset, declared):
    kind = "text/plain" if declared is None else f"text/plain; charset={declared}"
    data = mail(RUSSIAN.encode(charset), Content_Type=kind)
    assert text(data) == RUSSIAN
    assert taken(data).remarks == (remarks.CHARSET,)


@pytest.mark.parametrize(("true", "declared"), [("koi8-r", "windows-1251"), ("windows-1251", "koi8-r")])
def test_one_cyrillic_set_taken_for_the_other(true, declared):
    data = mail(RUSSIAN.encode(true), Content_Type=f"text/plain; charset={declared}")
    assert text(data) == RUSSIAN
    assert taken(data).remarks == (remarks.CHARSET,)


@pytest.mark.parametrize("declared", [None, "us-ascii", "x-unknown", "utf-8"])
@pytest.mark.parametrize("charset", ["iso-8859-15", "windows-1252"])
def test_german_is_found_without_a_true_charset(charset, declared):
    kind = "text/plain" if declared is None else f"text/plain; charset={declared}"
    assert text(mail(GERMAN.encode(charset), Content_Type=kind)) == GERMAN


@pytest.mark.parametrize("declared", ["windows-1251", "koi8-r", "iso-8859-1", "windows-1252", "us-ascii"])
@pytest.mark.parametrize("words", [RUSSIAN, GERMAN, UKRAINIAN])
def test_utf_8_is_known_under_any_name(words, declared):
    data = mail(words.encode(), Content_Type=f"text/plain; charset={declared}")
    assert text(data) == words
    assert taken(data).remarks == (remarks.CHARSET,)


def test_utf_8_needs_no_declaration_and_no_remark():
    data = mail(RUSSIAN, Content_Type="text/plain")
    assert (text(data), taken(data).remarks) == (RUSSIAN, ())


def test_utf_8_with_a_flaw_keeps_its_other_letters():
    data = mail(RUSSIAN.encode()[:-1] + b"\xd0", Content_Type="text/plain; charset=utf-8")
    assert text(data) == RUSSIAN[:-1] + "\ufffd"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("words", [RUSSIAN, GERMAN])
def test_wide_letters(charset, words):
    assert decode(words.encode(charset), "utf-16").text == words


def test_wide_letters_that_are_none():
    assert decode(b"plain words", "utf-16") == ("plain words", True)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_no_letter(charset):
    assert decode(RUSSIAN.encode(charset), "windows-1251").text == RUSSIAN


def test_windows_letters_under_the_name_of_latin_1():
    assert text(mail("“so” – 5 €".encode("cp1252"), Content_Type="text/plain; charset=iso-8859-1")) == "“so” – 5 €"


def test_an_accident_of_latin_1_is_not_utf_8():
    words = "»Ü« steht am Tor"
    assert text(mail(words.encode("latin-1"), Content_Type="text/plain; charset=iso-8859-1")) == words


def test_html_says_its_charset_itself():
    html = f"<html><head><meta http-equiv=Content-Type content='text/html; charset=koi8-r'></head><p>{RUSSIAN}"
    assert text(mail(html.encode("koi8-r"), Content_Type="text/html")) == RUSSIAN


def test_each_part_has_its_own_charset():
    data = whole(
        bundle(
            "mixed",
            part(RUSSIAN.encode("koi8-r"), "text/plain; charset=koi8-r"),
            part(GERMAN.encode("latin-1", "replace"), "text/plain; charset=iso-8859-1"),
        )
    )
    assert text(data) == f"{RUSSIAN}\n\n{GERMAN.replace('€', '?')}"


RUSSIAN_WORDS = st.sampled_from(RUSSIAN.replace(",", "").replace(".", "").split() + SHORT.split())
GERMAN_WORDS = st.sampled_from([*GERMAN.split(), "Fußgänger", "schön", "Käse", "Straße", "zwölf", "übel", "€"])


@settings(deadline=None, max_examples=60)
@given(
    words=st.lists(RUSSIAN_WORDS, min_size=12, max_size=40),
    charset=st.sampled_from(["utf-8", "koi8-r", "windows-1251"]),
    true=st.booleans(),
)
def test_generated_russian_comes_back(words, charset, true):
    sentence = " ".join(words)
    assert decode(sentence.encode(charset), charset if true else None).text == sentence


@settings(deadline=None, max_examples=60)
@given(
    words=st.lists(GERMAN_WORDS, min_size=1, max_size=40),
    charset=st.sampled_from(["utf-8", "iso-8859-15"]),
    true=st.booleans(),
)
def test_generated_german_comes_back(words, charset, true):
    sentence = " ".join(words)
    assert decode(sentence.encode(charset), charset if true else None).text == sentence
