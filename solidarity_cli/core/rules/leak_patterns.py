"""What to look for: the values of a private part in the forms in which they might stand in the open."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from solidarity_cli.core.edits import is_item_id
from solidarity_cli.core.facts import Fold
from solidarity_cli.core.rules.stop_words import PlainWords, stem, tokens
from solidarity_cli.core.token_format import is_sealed

Kind = Literal["whole", "word", "part", "digits"]

_NAMES = frozenset(
    {"subject_name", "other_names", "contact_name", "contact", "lawyer", "court", "place"}
    | {"perpetrator_names", "observers", "attachments"}
)
"""Private fields whose single words count: half a name is enough to find somebody."""

_NOT_VALUES = frozenset({"special_categories", "media_type", "sha256", "size"})
_LONG = 60
_LONGEST_NAME = 200

_SEPARATOR = "0" * 40
"""Stands between texts that are taken apart together. Where a text has it too, each is taken apart by itself."""

_ADDRESS = re.compile(r"([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_DAY = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}(?:T[\d:]+)?|\d{1,2}\.\d{1,2}\.\d{2,4})\b")
_NUMBER = re.compile(r"\d(?:[\s().\-–/]{0,3}\d){5,}")

_PROVIDERS = """
gmail googlemail mail inbox list bk yandex ya rambler proton protonmail pm tuta tutanota tutamail riseup outlook
hotmail live msn yahoo icloud me mac gmx web posteo mailbox ukr tut zoho aol disroot autistici systemli online
"""
_PUBLIC_PROVIDERS = frozenset(_PROVIDERS.split())
"""Providers of mail for everybody: their domain identifies nobody."""


@dataclass(frozen=True, slots=True)
class Needle:
    """One form of one private value. `form` is folded, its words one space apart; digits stand alone."""

    field: str
    kind: Kind
    form: str

    @property
    def stem(self) -> str:
        """The part of a word that its endings leave as it is; empty where too little would be left."""
        short = stem(self.form)
        return short if self.kind == "word" and len(short) >= 5 else ""


def needles(private: Mapping[str, Any], plain: PlainWords, fold: Fold, haystack: Container[str]) -> list[Needle]:
    """All forms of all values that can stand in `haystack`, folded words with spaces around; the most telling first.

    Nearly every record is clean, and most of the time would go into forms that are nowhere: where a form stands, there
    stands the beginning of its first word, five letters of it, for so many are left by `stem`.
    """
    forms = [form for field, text in _values(private, "private") for form in _forms(field, text)]
    tokenized = tokens_all([text for _, kind, text in forms if kind != "digits"], fold)
    unique: dict[Needle, None] = {}
    for field, kind, text in forms:
        if kind == "digits":
            unique[Needle(field, kind, text)] = None
            continue
        words = next(tokenized)
        if words and f" {words[0][:5]}" in haystack and _is_telling(kind, words, plain):
            unique[Needle(field, kind, " ".join(words))] = None
    return list(unique)


def tokens_all(texts: list[str], fold: Fold) -> Iterator[list[str]]:
    """The tokens of each text, folded, in one go where that is possible: both have a price for each call."""
    lines = fold_all(texts, fold)
    flat = tokens(f" {_SEPARATOR} ".join(lines))
    ends = [place for place, token in enumerate(flat) if token == _SEPARATOR]
    if len(ends) != len(lines) - 1:
        return map(tokens, lines)
    return (flat[start + 1 : end] for start, end in pairwise([-1, *ends, len(flat)]))


def fold_all(texts: list[str], fold: Fold) -> list[str]:
    """Each text folded, in one go where that is possible: folding has a price for each call."""
    lines = fold("\n".join(text.replace("\n", " ") for text in texts)).split("\n")
    return lines if len(lines) == len(texts) else [fold(text) for text in texts]


def numbers(text: str) -> Iterator[str]:
    """The runs of six digits and more that may be telephone numbers; dates are none."""
    if not _NUMBER.search(text):
        return
    for run in _NUMBER.findall(_DAY.sub(";", text)):
        yield "".join(filter(str.isdigit, run))


def words_of(text: str) -> list[str]:
    """The words of an unfolded text."""
    return _WORD.findall(text)


def begins_a_name(word: str) -> bool:
    """Whether a word has a capital. Georgian has none in use, and every word counts."""
    return not word[0].islower() or "\u10d0" <= word[0] <= "\u10ff"


def _values(node: Any, field: str) -> Iterator[tuple[str, str]]:
    """Every text of the private part by its field. A key that could be somebody's words is not repeated."""
    match node:
        case str():
            if not is_sealed(node):
                yield field, node
        case Mapping():
            for key, child in node.items():
                if key not in _NOT_VALUES:
                    known = field == "private" or is_item_id(str(key)) or key in ("name", "kept")
                    yield from _values(child, f"{field}.{key}" if known and str(key).isascii() else field)
        case list() | tuple():
            for child in node:
                yield from _values(child, field)


def _forms(field: str, text: str) -> Iterator[tuple[str, Kind, str]]:
    is_name = field.split(".")[1:2] and field.split(".")[1] in _NAMES and not field.endswith(".kept")
    if len(text) < _LONG:
        yield field, "whole", text
    if "@" in text:
        for local, domain in _ADDRESS.findall(text):
            yield field, "whole", f"{local}@{domain}"
            yield from ((field, "part", part) for part in _parts(local, domain))
    if is_name and len(text) <= _LONGEST_NAME:
        # An address has been taken apart already; its pieces are no names by themselves.
        for word in words_of(_ADDRESS.sub(" ", text) if "@" in text else text):
            if begins_a_name(word) and len(word) >= 4:
                yield field, "word", word
    for digits in numbers(text):
        if len(digits) >= (6 if is_name or len(text) < _LONG else 7):
            yield field, "digits", digits[-9:] if len(digits) >= 10 else digits


def _parts(local: str, domain: str) -> Iterator[str]:
    """What an address gives away beside itself: who, and which organisation."""
    labels = domain.casefold().split(".")[:-1]
    if _PUBLIC_PROVIDERS.isdisjoint(labels):
        yield from (label for label in labels if len(label) >= 4)
    pieces = [piece for piece in re.split(r"[^\w]+|_|\d+", local) if len(piece) >= 5]
    yield from dict.fromkeys([local, *pieces] if len(local) >= 5 else pieces)


def _is_telling(kind: Kind, words: list[str], plain: PlainWords) -> bool:
    """Whether finding these words in the open would tell anything."""
    letters = sum(len(word) for word in words if not word.isdigit())
    if kind == "whole":
        return letters >= 3 and not plain.only_labels(words) and not (len(words) == 1 and words[0] in plain)
    return letters >= 4 and not all(word in plain or len(word) <= 2 for word in words)
