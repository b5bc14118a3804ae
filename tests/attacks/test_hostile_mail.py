"""Whatever the bytes: trouble told in words or a draft, and the same one every time."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.errors import SolidarityError
from solidarity_cli.core.model.draft import Draft
from solidarity_cli.interchange.email import read
from solidarity_cli.interchange.email.mime import clean_text as tidy
from solidarity_cli.interchange.email.mime import remarks
from tests.support.mails import bundle, entry, file, mail, part, private, whole
from tests.support.program import CHECKOUT

SEEDS = [path.read_bytes() for path in sorted((CHECKOUT / "tests" / "interchange" / "mails").glob("*.eml"))] + [
    whole(
        bundle(
            "mixed",
            part("<p>a", "text/html"),
            part(mail("b", Subject="Fwd: c"), "message/rfc822"),
            file(b"d", "a/b; name*0*=x''%41"),
        )
    )
]
SENTENCES = {value for name, value in vars(remarks).items() if name.isupper()}
SCRAPS = st.sampled_from(
    [
        b"\r",
        b"\n\n",
        b"--qq\n",
        b"=?utf-8?b?",
        b"?=",
        b"*0*=",
        b"\0",
        b"; charset=",
        b'"',
        b"<![",
        b"\xd0",
        b"((",
        b"Date: ",
    ]
)


def outcome(data: bytes, name: str) -> Draft | str:
    try:
        return read(data, name=name)
    except SolidarityError as trouble:
        return f"{trouble.message} / {trouble.hint}"


def is_sound(found: Draft | str) -> None:
    if isinstance(found, str):
        return
    json.dumps(found.record, ensure_ascii=False).encode()
    assert all(hint.word.encode() and hint.code for hint in found.hints)


@settings(deadline=None, max_examples=150)
@given(data=st.binary(max_size=400), name=st.sampled_from(["x.eml", "x.yaml", "x", "-"]))
def test_any_bytes(data, name):
    found = outcome(data, name)
    is_sound(found)
    assert found == outcome(data, name)


@settings(deadline=None, max_examples=150)
@given(head=st.binary(max_size=200), body=st.binary(max_size=400))
def test_any_bytes_after_a_sender(head, body):
    found = outcome(b"From: o@x.example\n" + head + b"\n\n" + body, "x.eml")
    is_sound(found)
    if isinstance(found, str):
        assert b"\0" in head or b"\0" in body
        return
    assert set(found.record) <= {"received", "channel", "language", "private"}
    assert set(found.remarks) <= SENTENCES


@settings(deadline=None, max_examples=150)
@given(
    seed=st.sampled_from(SEEDS), cuts=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 30), SCRAPS), max_size=6)
)
def test_damaged_mails(seed, cuts):
    data = seed
    for place, length, scrap in cuts:
        data = data[: place % len(seed)] + scrap + data[place % len(seed) + length :]
    found = outcome(data, "x.eml")
    is_sound(found)
    assert found == outcome(data, "x.eml")


@settings(deadline=None, max_examples=60)
@given(contents=st.lists(st.binary(max_size=300), max_size=4))
def test_files_hash_as_they_are(contents):
    data = whole(bundle("mixed", part("x"), *[file(each, "application/pdf; name=a.pdf") for each in contents]))
    assert private(data)["attachments"] == [entry("a.pdf", "application/pdf", each) for each in contents]


@settings(deadline=None)
@given(raw=st.text(max_size=300))
def test_tidy_text_is_tidy_and_stays_so(raw):
    once = tidy.text(raw)
    assert tidy.text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(char in once for char in "\r\t\0\ufeff\x85\x9b")
    assert "\n\n\n\n\n" not in once
