"""Which cases hold the words that somebody looks for, however these are spelled; and with a letter or two changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from solidarity_cli.register.matching.fold import fold, phonetic

if TYPE_CHECKING:
    from solidarity_cli.core.vocabulary import Vocabulary
    from solidarity_cli.reports.case_row import Row

_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SIGNS = str.maketrans("", "", "'`\"")
"""What stands in a folded text for soft and hard signs, and for the apostrophe of other alphabets."""

_ANYWHERE = 3
"""Letters from which a word is found inside another, as digits are; a shorter one only where a word begins."""

_TYPO, _TWO_TYPOS, _FIRST_SURE = 5, 9, 7
"""Letters from which one may be wrong, missing or swapped; from which two; and up to which the first one is right."""

_ENDING = 3
"""So many letters more make another case of the same noun: `Ивановой`."""

_VOCABULARIES = {
    "status": "status",
    "subject_kind": "subject-kind",
    "urgency": "urgency",
    "decision": "decision",
    "incidents": "incident",
}
"""The columns of a list whose codes are found by what people call them, and the vocabulary of each."""


class Query:
    """The words of one search. What was looked at lives as long as it does: private words are kept nowhere else."""

    def __init__(self, text: str) -> None:
        self._words = [_Word(word) for word in dict.fromkeys(_WORD.findall(_signless(text)))]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for: no letter, no digit."""
        return not self._words

    def matches_with_typos(self, texts: Iterable[str]) -> bool | None:
        """Whether all words stand in `texts` only with a letter changed; None when they do not stand there at all."""
        spelled = " ".join(_spelled(" ".join(texts)))
        sounding = phonetic(spelled)
        is_changed = False
        for word in self._words:
            if word.stands_in(spelled) or word.sounds_in(sounding):
                continue
            if not word.nearly_in(sounding):
                return None
            is_changed = True
        return is_changed


class _Word:
    """One word that is looked for, as it is spelled and in the ways that it may sound."""

    def __init__(self, spelled: str) -> None:
        self._parts = [_Word(part) for part in spelled.split("-")] if "-" in spelled else []
        self._spelled = spelled.replace("-", "")
        plain = phonetic(self._spelled)
        # Г is g in a Russian passport, h in a Ukrainian and a Belarusian one.
        spellings = (plain, plain.replace("h", "g"), plain.replace("g", "h"))
        # A number sounds like no other: one of an id or a telephone is found as it stands, or not.
        self._sounds = tuple(dict.fromkeys(spellings)) if plain.isalpha() else ()
        ending = f"[a-z]{{0,{max(len(plain) - 2, 0)}}}(?: |$)" if len(plain) < _TYPO else ""
        self._begins = re.compile(f"(?:^| )(?:{'|'.join(self._sounds)}){ending}") if self._sounds else None
        self._typos = 0 if not self._sounds or len(plain) < _TYPO else 1 + (len(plain) >= _TWO_TYPOS)
        self._near_words: dict[str, bool] = {}

    def stands_in(self, spelled: str) -> bool:
        """Whether it stands among folded words that single spaces divide; two halves may stand apart."""
        halves = bool(self._parts) and all(part.stands_in(spelled) for part in self._parts)
        return halves or _is_among(self._spelled, spelled)

    def sounds_in(self, sounding: str) -> bool:
        """The same among words as they sound: where one begins with it, a short one being nearly all of the word."""
        halves = bool(self._parts) and all(part.sounds_in(sounding) for part in self._parts)
        return halves or (self._begins is not None and self._begins.search(sounding) is not None)

    def nearly_in(self, sounding: str) -> bool:
        """Whether a word among them is this one with a letter changed, or two in a long one."""
        if self._parts and all(part.sounds_in(sounding) or part.nearly_in(sounding) for part in self._parts):
            return True
        return bool(self._typos) and any(map(self._is_near, sounding.split(" ")))

    def _is_near(self, other: str) -> bool:
        # A thousand narratives are made of the same few thousand words.
        if (is_near := self._near_words.get(other)) is None:
            is_near = self._near_words[other] = any(_is_near(sound, other, self._typos) for sound in self._sounds)
        return is_near


def _is_near(word: str, other: str, typos: int) -> bool:
    more = len(other) - len(word)
    if not -typos <= more <= typos + _ENDING or (len(word) < _FIRST_SURE and word[0] != other[0]):
        return False
    from rapidfuzz.distance import OSA

    # Of a longer word its beginning is compared, by as many letters as there may be in it.
    beginnings = {other} | {other[: len(word) + missed] for missed in range(min(more, typos) + 1)}
    return any(OSA.distance(word, beginning, score_cutoff=typos) <= typos for beginning in beginnings)


def _is_among(word: str, words: str) -> bool:
    if len(word) >= _ANYWHERE or word.isdigit():
        return word in words
    return words.startswith(word) or f" {word}" in words


def _signless(text: str) -> str:
    return fold(text).translate(_SIGNS)


def _spelled(text: str) -> Iterator[str]:
    """The folded words of a text; one with a hyphen whole, and its halves."""
    for word in dict.fromkeys(_WORD.findall(_signless(text))):
        if "-" in word:
            yield word.replace("-", "")
            yield from word.split("-")
        else:
            yield word


def search(
    query: Query, rows: Iterable[Row], privates: Iterable[tuple[str, Mapping[str, Any]]], words: Vocabulary
) -> tuple[list[Row], list[Row]]:
    """The rows that hold all the words, and those that do so only with a letter changed.

    Looked at are id, title and country, what its codes are called in any language, and the private part as far as it
    is among `privates`: (case id, what can be read of it).
    """
    by_id = {row.id: row for row in rows}
    private_by_case = {case: private for case, private in privates if case in by_id}
    matches: tuple[list[Row], list[Row]] = ([], [])
    for case, row in by_id.items():
        is_changed = query.matches_with_typos((*_open(row, words), *_texts(private_by_case.get(case, {}))))
        if is_changed is not None:
            matches[is_changed].append(row)
    return matches


def _open(row: Row, words: Vocabulary) -> Iterator[str]:
    """What the open columns of a row say, in every language."""
    yield from (row.id, row.title, row.country)
    for column, vocabulary in _VOCABULARIES.items():
        value = getattr(row, column)
        for code in value if isinstance(value, tuple) else (value,):
            if code:
                yield code
                yield from (words.label(vocabulary, code, language) for language in ("en", "ru", "de"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = value.values()
    if isinstance(value, str):
        yield value
    elif not isinstance(value, (int, float, type(None))):
        for below in value:
            yield from _texts(below)
