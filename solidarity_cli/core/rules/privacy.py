"""That no value of a private part stands where everybody reads: in an open field, a path, or a commit message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solidarity_cli.core.edits import is_item_id
from solidarity_cli.core.facts import Fold
from solidarity_cli.core.rules.leak_patterns import Needle, begins_a_name, needles, numbers, tokens_all, words_of
from solidarity_cli.core.rules.rule import Violation, rule
from solidarity_cli.core.rules.stop_words import PlainWords, tokens
from solidarity_cli.core.vocabulary import Vocabulary

_SAYS_NOTHING = re.compile(
    r"\d{4}(-\d\d(-\d\d(T[\d:]+(Z|[+-][\d:]+)?)?)?)?"  # a date or a time
    r"|[A-Z]{2,4}-\d{4}-[0-9A-HJKMNP-TV-Z]{6}"  # an id: its letters are random
)


@rule("private-only", "record", reference="Default is silence: to stand in this register can endanger a person")
def private_only(record: Mapping[str, Any], *, words: Vocabulary, fold: Fold) -> Iterator[Violation]:
    """No value of `private` stands in an open field, a path, or a commit message.

    Compared are whole values of three letters and more, in any alphabet: a Cyrillic name is found in its Latin
    spelling. Of names, places, courts, and organisations every single word of four letters and more counts, where it
    begins with a capital, with its grammatical endings. Of an address count the whole, the name before the @, and the
    organisation after it; of a telephone number its digits. Addresses and numbers are looked for in long texts too;
    the sentences of a long text are not.

    Words that every title is made of (labels of codes, "archive", "court", countries, months) are no leak by
    themselves. A member who signs with an address of the same organisation is none either.

    What to do: say it in neutral words, such as "Office search, organisation, RU". A name that was committed already
    stays in the history: tell whoever keeps the register.
    """
    private = record.get("private")
    if not isinstance(private, Mapping) or not private:
        return
    texts = open_texts(record)
    for key, needle in _found(texts, private, words, fold):
        yield Violation(
            f"{key} holds a value of {needle.field}, or a part of it",
            field=key,
            hint=f"say it in neutral words: solidarity edit {_id_of(record)} --set {key}=…",
        )


def can_hold_private_value(texts: Iterable[str], *, words: Vocabulary, fold: Fold) -> bool:
    """Whether any of the texts could hold a private value: codes, dates, ids and the shortest words never do."""
    plain = _plain(words, fold)
    return any(_may_tell(text, plain) for text in texts)


def leaks(texts: Mapping[str, str], private: Mapping[str, Any], *, words: Vocabulary, fold: Fold) -> tuple[str, ...]:
    """The keys of the texts (commit messages, paths, branch names) that hold a private value, or a part of one."""
    return tuple(key for key, _ in _found(texts, private, words, fold)) if private else ()


def open_texts(record: Mapping[str, Any]) -> dict[str, str]:
    """Every text outside `private` by its dotted field; list items by their id, else by their place."""
    found: dict[str, str] = {}
    _gather({key: below for key, below in record.items() if key != "private"}, "", found)
    return found


def _gather(node: Mapping[Any, Any] | list[Any] | tuple[Any, ...], above: str, found: dict[str, str]) -> None:
    parts = _by_id(node, above, found) if isinstance(node, list | tuple) else node.items()
    for part, below in parts:
        field = f"{above}{part}"
        if isinstance(below, str):
            found[field] = below
        elif isinstance(below, (dict, list, tuple, Mapping)):  # in this order: a Mapping takes long to tell
            _gather(below, f"{field}.", found)


def _by_id(items: list[Any] | tuple[Any, ...], above: str, found: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for place, below in enumerate(items):
        name = below.get("id") if not isinstance(below, str) and isinstance(below, (dict, Mapping)) else None
        part = name if isinstance(name, str) and is_item_id(name) else str(place)
        # Two items of one id are a finding of `links`; neither may hide the other here.
        yield f"{part}.{place}" if f"{above}{part}.id" in found else part, below


_last: list[tuple[Vocabulary, Fold, PlainWords]] = []
"""The plain words of the vocabulary in use: a register has one, and ten thousand records."""


def _plain(words: Vocabulary, fold: Fold) -> PlainWords:
    if not _last or _last[0][0] is not words or _last[0][1] is not fold:
        _last[:] = [(words, fold, PlainWords(words, fold))]
    return _last[0][2]


@dataclass(frozen=True, slots=True)
class _Open:
    """One open text as it is compared: as it stands, folded with spaces around, its telephone numbers."""

    text: str
    folded: str
    digits: tuple[str, ...]
    signs: bool

    @classmethod
    def of(cls, key: str, text: str, found: list[str]) -> _Open:
        # Whoever signs may work for the same organisation, and may have the same first name.
        signs = key.rpartition(".")[2] == "by" and "@" in text
        return cls(text, f" {' '.join(found)} ", tuple(numbers(text)), signs)


def _found(
    texts: Mapping[str, str], private: Mapping[str, Any], words: Vocabulary, fold: Fold
) -> Iterator[tuple[str, Needle]]:
    """Each text that holds a private value, with the first needle found in it."""
    plain = _plain(words, fold)
    said = {key: text for key, text in texts.items() if _may_tell(text, plain)}
    if not said:
        return
    worded = tokens_all(list(said.values()), fold)
    places = {key: _Open.of(key, text, words_) for (key, text), words_ in zip(said.items(), worded, strict=True)}
    wanted = needles(private, plain, fold, "".join(where.folded for where in places.values()))
    if not wanted:
        return
    for key, where in places.items():
        needle = next((one for one in wanted if _is_in(one, where, plain, fold)), None)
        if needle:
            yield key, needle


def _may_tell(text: str, plain: PlainWords) -> bool:
    return text not in plain.codes and len(text) >= 3 and not _SAYS_NOTHING.fullmatch(text)


def _is_in(needle: Needle, where: _Open, plain: PlainWords, fold: Fold) -> bool:
    match needle.kind:
        case "digits":
            return any(needle.form in run for run in where.digits)
        case "whole":
            return f" {needle.form} " in where.folded
        case "part":
            return not where.signs and f" {needle.form} " in where.folded
        case "word":
            return not where.signs and _is_named(needle, where, plain, fold)


def _is_named(needle: Needle, where: _Open, plain: PlainWords, fold: Fold) -> bool:
    """Whether a word of a name stands there, as it is or with another ending."""
    start = needle.stem
    if f" {start or needle.form}" not in where.folded:
        return False
    # Without a capital anywhere (a path, a branch, a hurried sentence) every word may be a name.
    hurried = where.text == where.text.lower()
    names = (tokens(fold(word)) for word in words_of(where.text) if hurried or begins_a_name(word))
    return any(_is_same(needle, start, found, plain) for found in names)


def _is_same(needle: Needle, start: str, found: list[str], plain: PlainWords) -> bool:
    if " ".join(found) == needle.form:
        return True
    if not start or len(found) != 1 or found[0] in plain:
        return False
    return found[0].startswith(start) and len(found[0]) - len(start) <= 3


def _id_of(record: Mapping[str, Any]) -> str:
    found = record.get("id")
    return found if isinstance(found, str) and _SAYS_NOTHING.fullmatch(found) else "ID"
