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

_NEUTRAL = re.compile(
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
    for key, needle in _search(texts, private, words, fold):
        yield Violation(
            f"{key} holds a value of {needle.field}, or a part of it",
            field=key,
            hint=f"say it in neutral words: solidarity edit {_id_of(record)} --set {key}=…",
        )


def can_hold_private_value(texts: Iterable[str], *, words: Vocabulary, fold: Fold) -> bool:
    """Whether any of the texts could hold a private value: codes, dates, ids and the shortest words never do."""
    plain = _plain_words(words, fold)
    return any(_can_identify(text, plain) for text in texts)


def leaks(texts: Mapping[str, str], private: Mapping[str, Any], *, words: Vocabulary, fold: Fold) -> tuple[str, ...]:
    """The keys of the texts (commit messages, paths, branch names) that hold a private value, or a part of one."""
    return tuple(key for key, _ in _search(texts, private, words, fold)) if private else ()


def open_texts(record: Mapping[str, Any]) -> dict[str, str]:
    """Every text outside `private` by its dotted field; list items by their id, else by their place."""
    texts: dict[str, str] = {}
    _gather({key: child for key, child in record.items() if key != "private"}, "", texts)
    return texts


def _gather(node: Mapping[Any, Any] | list[Any] | tuple[Any, ...], above: str, texts: dict[str, str]) -> None:
    parts = _by_id(node, above, texts) if isinstance(node, list | tuple) else node.items()
    for part, child in parts:
        field = f"{above}{part}"
        if isinstance(child, str):
            texts[field] = child
        elif isinstance(child, (dict, list, tuple, Mapping)):  # in this order: a Mapping takes long to tell
            _gather(child, f"{field}.", texts)


def _by_id(items: list[Any] | tuple[Any, ...], above: str, texts: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for place, child in enumerate(items):
        name = child.get("id") if not isinstance(child, str) and isinstance(child, (dict, Mapping)) else None
        part = name if isinstance(name, str) and is_item_id(name) else str(place)
        # Two items of one id are a finding of `links`; neither may hide the other here.
        yield f"{part}.{place}" if f"{above}{part}.id" in texts else part, child


_cached_plain_words: list[tuple[Vocabulary, Fold, PlainWords]] = []
"""The plain words of the vocabulary in use: a register has one, and ten thousand records."""


def _plain_words(words: Vocabulary, fold: Fold) -> PlainWords:
    if not _cached_plain_words or _cached_plain_words[0][0] is not words or _cached_plain_words[0][1] is not fold:
        _cached_plain_words[:] = [(words, fold, PlainWords(words, fold))]
    return _cached_plain_words[0][2]


@dataclass(frozen=True, slots=True)
class _OpenText:
    """One open text as it is compared: as it stands, folded with spaces around, its telephone numbers."""

    text: str
    folded: str
    digits: tuple[str, ...]
    is_signature: bool

    @classmethod
    def of(cls, key: str, text: str, words: list[str]) -> _OpenText:
        # Whoever signs may work for the same organisation, and may have the same first name.
        is_signature = key.rpartition(".")[2] == "by" and "@" in text
        return cls(text, f" {' '.join(words)} ", tuple(numbers(text)), is_signature)


def _search(
    texts: Mapping[str, str], private: Mapping[str, Any], words: Vocabulary, fold: Fold
) -> Iterator[tuple[str, Needle]]:
    """Each text that holds a private value, with the first needle found in it."""
    plain = _plain_words(words, fold)
    candidates = {key: text for key, text in texts.items() if _can_identify(text, plain)}
    if not candidates:
        return
    tokenized = tokens_all(list(candidates.values()), fold)
    compared = {
        key: _OpenText.of(key, text, tokens_)
        for (key, text), tokens_ in zip(candidates.items(), tokenized, strict=True)
    }
    patterns = needles(private, plain, fold, "".join(open_text.folded for open_text in compared.values()))
    if not patterns:
        return
    for key, open_text in compared.items():
        needle = next((pattern for pattern in patterns if _is_in(pattern, open_text, plain, fold)), None)
        if needle:
            yield key, needle


def _can_identify(text: str, plain: PlainWords) -> bool:
    return text not in plain.codes and len(text) >= 3 and not _NEUTRAL.fullmatch(text)


def _is_in(needle: Needle, open_text: _OpenText, plain: PlainWords, fold: Fold) -> bool:
    match needle.kind:
        case "digits":
            return any(needle.form in run for run in open_text.digits)
        case "whole":
            return f" {needle.form} " in open_text.folded
        case "part":
            return not open_text.is_signature and f" {needle.form} " in open_text.folded
        case "word":
            return not open_text.is_signature and _is_named(needle, open_text, plain, fold)


def _is_named(needle: Needle, open_text: _OpenText, plain: PlainWords, fold: Fold) -> bool:
    """Whether a word of a name stands there, as it is or with another ending."""
    start = needle.stem
    if f" {start or needle.form}" not in open_text.folded:
        return False
    # Without a capital anywhere (a path, a branch, a hurried sentence) every word may be a name.
    is_lowercase = open_text.text == open_text.text.lower()
    names = (tokens(fold(word)) for word in words_of(open_text.text) if is_lowercase or begins_a_name(word))
    return any(_is_same(needle, start, name, plain) for name in names)


def _is_same(needle: Needle, start: str, words: list[str], plain: PlainWords) -> bool:
    if " ".join(words) == needle.form:
        return True
    if not start or len(words) != 1 or words[0] in plain:
        return False
    return words[0].startswith(start) and len(words[0]) - len(start) <= 3


def _id_of(record: Mapping[str, Any]) -> str:
    record_id = record.get("id")
    return record_id if isinstance(record_id, str) and _NEUTRAL.fullmatch(record_id) else "ID"
