"""Text as it is compared: no case, no accents, Latin letters. A Cyrillic spelling meets the Latin one."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from anyascii import anyascii

# Letters that people and offices write in several ways: e for ё and э, i for й and ы, as passports do.
_EVEN = str.maketrans({"ё": "е", "Ё": "Е", "й": "и", "Й": "И"})


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`Ковалёва`, `Ковалева`, `KOVALEVA` and `Kovalëva` are one."""
    if text.isascii():
        return text.casefold()
    return str(anyascii(normalize("NFKC", text).translate(_EVEN))).casefold()


# What one letter becomes in English, German, Polish, passports of several years: the longer ones are met first.
_SPELLINGS = (
    *(("schtsch", "sh"), ("shch", "sh"), ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"), ("kh", "h"), ("zh", "z")),
    *(("ck", "k"), ("ts", "c"), ("tz", "c"), ("x", "ks"), ("q", "k"), ("ph", "f"), ("w", "v"), ("y", "i"), ("j", "i")),
    *(("ie", "e"), ("io", "e"), ("ae", "a"), ("oe", "o"), ("ue", "u")),
)
_TWICE = re.compile(r"([a-z])\1+")


def phonetic(folded: str) -> str:
    """A folded text, of one word or many, as if all had spelled its names alike.

    `Щербаков`, `Shcherbakov`, `Schtscherbakow` are one, and so are `Алексеев` and `Alexeyev`, `Müller` and `Mueller`.
    """
    for letters, sound in _SPELLINGS:
        folded = folded.replace(letters, sound)
    return _TWICE.sub(r"\1", folded)
