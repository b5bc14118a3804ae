"""Tokens: any value comes back, from its own place only; nothing changed opens; what did not change stays."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.token_format import mask_tokens
from solidarity_cli.crypto.tokens import (
    Broken,
    has_plaintext,
    is_token,
    new_key,
    padded_size,
    seal,
    seal_private,
    unseal,
    unseal_private,
)

KEY = b"k" * 32
PLACE: dict[str, Any] = {"key": KEY, "record": "SG-2026-K7QX4M", "field": "private.contact", "version": 1}
RECORD: dict[str, Any] = {"key": KEY, "record": "SG-2026-K7QX4M", "version": 1}
PRIVATE = {
    "subject_name": "Анна Ковалёва",
    "other_names": ["Anna Kovaleva", "A. K."],
    "notes": {"n1": "called", "n2": "wrote"},
    "attachments": [{"name": "a.pdf", "size": 3}],
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=12,
)
TEXTS = st.text(min_size=1).filter(lambda text: not text.startswith("sealed:1:"))
PRIVATES = st.fixed_dictionaries(
    {},
    optional={
        "subject_name": TEXTS,
        "contact": TEXTS,
        "other_names": st.lists(TEXTS),
        "notes": st.dictionaries(st.from_regex(r"n[0-9]{1,3}", fullmatch=True), TEXTS),
    },
)


@given(VALUES)
def test_any_value_comes_back(value: Any) -> None:
    token = seal(value, **PLACE)
    assert is_token(token)
    assert unseal(token, **PLACE) == value


def test_half_a_surrogate_pair_comes_back() -> None:
    assert unseal(seal("\udc80", **PLACE), **PLACE) == "\udc80"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"field": "private.court"},
        {"record": "SG-2026-AB2CD3"},
        {"version": 2},
        {"key": b"another register's".ljust(32)},
        {"record": 'SG-2026-K7QX4M","private', "field": "contact"},
        {"key": b"short"},
    ],
)
def test_a_token_opens_in_its_own_place_only(elsewhere: dict[str, Any]) -> None:
    token = seal("+49 30 1234567", **PLACE)
    with pytest.raises(Broken, match="does not open: it was changed, moved from another place, or sealed with another"):
        unseal(token, **{**PLACE, **elsewhere})


def test_every_cut_and_every_changed_letter_is_broken() -> None:
    token = seal("secret words", **PLACE)
    spoiled = [token[:end] for end in range(len(token))]
    spoiled += [
        token[:at] + other + token[at + 1 :] for at in range(len(token)) for other in "Aa9_~" if other != token[at]
    ]
    spoiled += [token + tail for tail in ("A", "=", "\n", " ", "AAAA")]
    for one in spoiled:
        with pytest.raises(Broken) as trouble:
            unseal(one, **PLACE)
        assert "secret" not in trouble.value.message + trouble.value.hint


@given(st.integers(0, 91), st.integers(1, 255))
@settings(max_examples=60)
def test_every_flipped_byte_is_broken(at: int, flip: int) -> None:
    sealed = bytearray(base64.urlsafe_b64decode(seal("x", **PLACE).removeprefix("sealed:1:") + "="))
    sealed[at] ^= flip
    with pytest.raises(Broken):
        unseal("sealed:1:" + base64.urlsafe_b64encode(bytes(sealed)).rstrip(b"=").decode(), **PLACE)


def test_lengths_of_tokens_fall_into_few_sizes() -> None:
    lengths = {len(seal("я" * count, **PLACE)) for count in range(0, 4000, 7)}
    assert len(lengths) == 8  # 64, 128 … 8192
    assert {len(seal(name, **PLACE)) for name in ("Ян", "Анна Ковалёва", "x" * 50)} == {132}
    assert padded_size(65_536) == 65_536
    assert padded_size(65_537) == 131_072
    assert len(seal("x" * 700_000, **PLACE)) < 1_000_000  # still a record


def test_the_same_value_twice_gives_two_tokens() -> None:
    assert seal("x", **PLACE) != seal("x", **PLACE)
    assert new_key() != new_key()


@pytest.mark.parametrize(
    "text", ["", "sealed:1:", "sealed:1:abc", "sealed:1: and then I was told", "x" * 200, 5, None, ["a"]]
)
def test_what_is_no_token(text: object) -> None:
    assert not is_token(text)


def test_each_field_and_each_note_is_a_token() -> None:
    sealed = seal_private(PRIVATE, **RECORD)
    assert list(sealed) == list(PRIVATE)
    assert is_token(sealed["attachments"])
    assert list(sealed["notes"]) == ["n1", "n2"]
    assert has_plaintext(sealed) == ()
    assert has_plaintext(PRIVATE) == (
        "private.subject_name", "private.other_names", "private.notes.n1", "private.notes.n2", "private.attachments",
    )  # fmt: skip
    assert unseal_private(sealed, **RECORD) == PRIVATE
    assert mask_tokens(sealed)["notes"] == {"n1": "[sealed]", "n2": "[sealed]"}
    assert set(mask_tokens(sealed)) == set(PRIVATE)
    assert mask_tokens(PRIVATE) == PRIVATE


@given(PRIVATES, PRIVATES)
@settings(max_examples=80)
def test_only_what_changed_gets_another_token(before: dict[str, Any], after: dict[str, Any]) -> None:
    old = seal_private(before, **RECORD)
    new = seal_private(after, **RECORD, before=old)
    assert unseal_private(new, **RECORD) == after
    assert has_plaintext(new) == ()
    assert seal_private(after, **RECORD, before=new) == new
    assert seal_private(old, **RECORD, before=old) == old
    for field in set(before) & set(after) - {"notes"}:
        assert (new[field] == old[field]) == (after[field] == before[field])
    for note in set(before.get("notes", {})) & set(after.get("notes", {})):
        assert (new["notes"][note] == old["notes"][note]) == (after["notes"][note] == before["notes"][note])


def test_one_is_not_true() -> None:
    old = seal_private({"contact": True}, **RECORD)
    assert unseal_private(seal_private({"contact": 1}, **RECORD, before=old), **RECORD)["contact"] is not True


def test_notes_under_names_are_sealed_whole() -> None:
    sealed = seal_private({"notes": {"Anna Kovaleva": "told me"}}, **RECORD)
    assert "Anna" not in json.dumps(sealed)
    assert unseal_private(sealed, **RECORD) == {"notes": {"Anna Kovaleva": "told me"}}


def test_a_moved_token_is_neither_kept_nor_opened() -> None:
    sealed = seal_private(PRIVATE, **RECORD)
    moved = {**sealed, "contact": sealed["subject_name"]}
    with pytest.raises(Broken, match=r"private\.contact"):
        unseal_private(moved, **RECORD)
    with pytest.raises(Broken, match=r"private\.contact"):
        seal_private(moved, **RECORD, before=sealed)


def test_words_that_look_like_a_token_are_not_stored_as_they_are() -> None:
    pretended = "sealed:1:" + "A" * 123
    assert is_token(pretended)
    for text in (pretended, "sealed:1:Anna"):
        with pytest.raises(Broken) as trouble:
            seal_private({"contact": text}, **RECORD)
        assert "Anna" not in trouble.value.message


def test_a_cut_token_is_not_shown_as_words() -> None:
    sealed = seal_private(PRIVATE, **RECORD)
    cut = {**sealed, "subject_name": sealed["subject_name"][:-7]}
    assert has_plaintext(cut) == ("private.subject_name",)
    with pytest.raises(Broken, match="was cut or changed"):
        unseal_private(cut, **RECORD)


def test_one_broken_token_does_not_stop_other_edits() -> None:
    sealed = seal_private(PRIVATE, **RECORD)
    spoiled = {**sealed, "subject_name": sealed["subject_name"][:-7]}
    again = seal_private({**spoiled, "contact": "new"}, **RECORD, before=spoiled)
    assert again["subject_name"] == spoiled["subject_name"]
    assert unseal(again["contact"], **PLACE) == "new"


def test_a_record_is_not_sealed_with_two_keys() -> None:
    sealed = seal_private(PRIVATE, **RECORD)
    with pytest.raises(Broken, match="another key"):
        seal_private({**PRIVATE, "contact": "x"}, **{**RECORD, "key": new_key()}, before=sealed)
