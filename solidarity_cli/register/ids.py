"""Record ids: `SG-2026-K7QX4M`, a year, five random characters, one check character. They reveal no count."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which are misread."""

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_id(prefix: str, year: int) -> str:
    """A fresh id. 32^5 a year: two clones do not meet; the register refuses the rest."""
    from stdnum.iso7064 import mod_37_36

    while True:
        body = "".join(secrets.choice(_ALPHABET) for _ in range(5))
        check = mod_37_36.calc_check_digit(body)
        # ISO 7064 MOD 37,36 may answer with a letter that people misread: draw again.
        if check in _ALPHABET:
            return f"{prefix}-{year}-{body}{check}"


def normal(text: str) -> str:
    """An id, or a part of one, as it is stored: capitals, and the letters that people misread put right."""
    head, dash, tail = text.strip().upper().rpartition("-")
    return head + dash + tail.translate(_MISREAD)


def is_mistyped(text: str) -> bool:
    """Whether this is a whole id, or its last six characters, whose check character does not fit."""
    from stdnum.iso7064 import mod_37_36

    tail = normal(text).rpartition("-")[2]
    return len(tail) == 6 and set(tail) <= set(_ALPHABET) and not mod_37_36.is_valid(tail)
