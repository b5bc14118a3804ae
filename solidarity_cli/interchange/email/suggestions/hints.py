"""Codes that the words of an appeal suggest: offered to the person who records it, never recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from solidarity_cli.core.model.draft import Hint
from solidarity_cli.interchange.email.suggestions import date_mentions as mentioned_days

# One letter for one letter: a find must be cut out of the text as it was written.
_SAME_LENGTH = str.maketrans("ёЁ’‘ʼ\xa0‐‑", "еЕ'''" + " --")
_BETWEEN = r"[^\w.!?;:]+"
_SOME_WORDS = r"(?:[^\w.!?;:]+[\w'-]+){0,5}?[^\w.!?;:]+"
_NOTHING = "-"


class _Entry(NamedTuple):
    suggests: tuple[tuple[str, str], ...]
    shape: re.Pattern[str]


class _Find(NamedTuple):
    start: int
    end: int
    field: str
    code: str

    def holds(self, other: _Find) -> bool:
        """Whether this find makes a shorter one with another code in the same field meaningless."""
        longer = self.end - self.start > other.end - other.start
        return longer and self.start <= other.start and other.end <= self.end and self.code != other.code


def find(text: str, *, written: date | None) -> tuple[Hint, ...]:
    """The hints in a text, by field in the order of `hints.yaml`, then by place; each code once.

    `written` is the day of the message: it gives a year to dates without one.
    """
    plain = text.translate(_SAME_LENGTH)
    by_field: dict[str, list[_Find]] = {}
    for entry in _entries():
        for match in entry.shape.finditer(plain):
            for field, code in entry.suggests:
                by_field.setdefault(field, []).append(_Find(*match.span(), field, code))
    found = [_hint(each, text) for finds in by_field.values() for each in _standing(finds)]
    first: dict[tuple[str, str], Hint] = {}
    for hint in (*found, *mentioned_days.find(text, written=written)):
        first.setdefault((hint.field, hint.code), hint)
    return tuple(first.values())


def _standing(finds: list[_Find]) -> Iterator[_Find]:
    """The finds that no longer one holds, by their place."""
    longest: list[_Find] = []
    for each in sorted(finds, key=lambda one: (one.start, -one.end)):
        longest = [one for one in longest if one.end > each.start]
        if not any(one.holds(each) for one in longest) and each.code != _NOTHING:
            yield each
        longest.append(each)


def _hint(found: _Find, text: str) -> Hint:
    return Hint(found.field, found.code, " ".join(text[found.start : found.end].split()))


@cache
def _entries() -> tuple[_Entry, ...]:
    words = [
        _Entry(
            tuple(entry["suggests"].items()),
            _any_of(phrase for key in ("en", "ru", "de") for phrase in entry.get(key, ())),
        )
        for entry in _data("hints.yaml")
    ]
    return (
        *words,
        *(_Entry((("subject.country", entry["code"]),), _any_of(entry["words"])) for entry in _data("countries.yaml")),
    )


def _data(name: str) -> Any:
    import ryaml

    with (files(__package__) / name).open(encoding="utf-8") as lines:
        return ryaml.load(lines)


def _any_of(phrases: Any) -> re.Pattern[str]:
    # The longest phrase first: an alternation takes the first that fits.
    shapes = sorted({_shape(phrase) for phrase in phrases}, key=lambda shape: (-len(shape), shape))
    return re.compile(rf"(?<!\w)(?:{'|'.join(shapes)})(?!\w)", re.IGNORECASE)


def _shape(phrase: str) -> str:
    shape = ""
    separator = ""
    for word in phrase.translate(_SAME_LENGTH).replace(",", "").split():
        if word == "…":
            separator = _SOME_WORDS
            continue
        shape += separator + re.escape(word).replace(r"\*", r"\w*")
        separator = _BETWEEN
    return shape
