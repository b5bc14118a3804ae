"""Text as it is compared: no case, no accents, Latin letters. A Cyrillic spelling meets the Latin one."""

from __future__ import annotations

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
