"""The order of names in a list, as a dictionary of English, Russian or German has it, not as letters are numbered."""

from __future__ import annotations

import unicodedata

_SHORT_I = "\u0438\u0306"
"""й taken apart. It is a letter of its own, after и, while ё stands with е, ä with a, å with a."""


def alphabetical(name: str) -> tuple[str, str]:
    """A key to sort names by: letters without their marks, ß as ss; equal ones by the marks.

    Source: DIN 5007-1 for German lists; in Russian ё is filed as е.
    """
    apart = unicodedata.normalize("NFD", name.casefold()).replace(_SHORT_I, "й")
    return "".join(letter for letter in apart if not unicodedata.combining(letter)), name
