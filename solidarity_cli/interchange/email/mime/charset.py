"""Bytes of a message as text: the declared character set where it is true, else the likeliest one."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise
from math import log
from typing import NamedTuple


class Decoded(NamedTuple):
    """Text, and whether its character set had to be guessed."""

    text: str
    guessed: bool


# Python also calls rot13, zip and unicode_escape "encodings"; a message must not choose those.
_KNOWN = re.compile(
    r"(?:x-)?(?:us-?ascii|ascii|ansi.*|utf-?(?:7|8|16|32)(?:-?[lb]e)?|iso-?8859-?\d+(?:-[ie])?|latin-?\d+|windows-?\d+"
    r"|cp-?\d+|ibm-?\d+|koi8-?[rut]|mac-?(?:cyrillic|roman|latin2|centraleurope)|gb2312|gbk|gb18030|big5|shift-?jis"
    r"|euc-(?:jp|kr)|iso-2022-(?:jp|kr)|tis-?620|viscii|kz-?1048|ptcp154)"
)
_LATIN = {"iso8859-1", "iso8859-15", "cp1252", "ascii"}
# Programs say the smaller set and write the larger one.
_WIDER = {"iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_CYRILLIC = {"koi8-r", "koi8-u", "cp1251"}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip

# Russian, in per cent; the few letters that only its neighbours use stand at the end.
_LETTERS = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё" + "іїєґў",
        (11.0, 8.5, 8.0, 7.4, 6.7, 6.3, 5.5, 4.7, 4.5, 4.4, 3.5, 3.2, 3.0, 2.8, 2.6, 2.0, 1.9, 1.7, 1.7, 1.7, 1.6, 1.4,
         1.2, 1.0, 0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.3, 0.05, 0.1, 0.3, 0.1, 0.1, 0.05, 0.1),
        strict=True,
    )
)  # fmt: skip
_SURE = 0.5
"""How much likelier (natural logarithm per letter) another Cyrillic set must be to overrule the declared one."""


def decode(data: bytes, declared: str | None) -> Decoded:
    """`data` as text. `declared` is what the message says, and is doubted: mail programs get it wrong."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Decoded(data.decode(name, "replace").removeprefix("\ufeff"), guessed=False)
    if declared:
        return _declared(data, declared)
    if text := _strictly(data, "utf-8"):
        return Decoded(text, guessed=False)
    return _guess(data) if data else Decoded("", guessed=False)


def _declared(data: bytes, declared: str) -> Decoded:
    name = _codec(declared)
    if name is None or (name == "ascii" and not data.isascii()):
        return Decoded(data.decode("ascii"), guessed=name is None) if data.isascii() else _guess(data)
    if name.startswith(("utf-16", "utf-32")):
        return _wide(data, name)
    if name == "utf-8" or data.isascii():
        text = _strictly(data, name)
        return _guess(data) if text is None else Decoded(text, guessed=False)
    text = _strictly(data, _WIDER.get(name, name)) or _strictly(data, name)
    if text is None or _overruled(data, name):
        return _guess(data)
    return Decoded(text, guessed=False)


def _codec(declared: str) -> str | None:
    name = declared.strip().strip("\"'").lower().replace("_", "-")
    if not _KNOWN.fullmatch(name):
        return None
    short = name.removeprefix("x-").replace("-", "")
    for spelling in (name, short, short.replace("koi8", "koi8-"), "iso8859-8" if "8859-8" in name else name):
        try:
            return codecs.lookup(spelling).name
        except LookupError:
            continue
    return None


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None


def _overruled(data: bytes, name: str) -> bool:
    """Whether the bytes speak against the declared one-byte set; such a set never fails by itself."""
    if name not in _LATIN | _CYRILLIC:
        return False
    if (text := _strictly(data, "utf-8")) is not None:
        foreign = [char for char in text if char > "\x7f"]
        # One "Ü" before a closing guillemet is UTF-8 by accident, but for a letter nobody here writes.
        return len(foreign) > 2 or all(char < "\u0530" or "\u1e00" <= char <= "\u20ff" for char in foreign)
    if not _is_cyrillic(data):
        return False
    best = max(sorted(_CYRILLIC - {"koi8-r"}), key=lambda other: _likeness(data, other))
    return name in _LATIN or _likeness(data, best) - _likeness(data, name) > _SURE


def _wide(data: bytes, name: str) -> Decoded:
    """UTF-16 or UTF-32 without a mark: the byte order in which more ordinary letters come out."""
    if b"\0" not in data and not any(byte in (4, 5) for byte in data):
        return decode(data, None)._replace(guessed=True)
    family = name[:6]
    texts = [data.decode(f"{family}-{order}", "replace") for order in ("be", "le")]
    best = max(texts, key=lambda text: sum(char < "\u0530" and char != "\0" for char in text))
    return Decoded(best, guessed=False)


def _guess(data: bytes) -> Decoded:
    """The likeliest reading of bytes that nobody vouches for: UTF-8 with a flaw, Cyrillic, then Western Europe."""
    mended = data.decode("utf-8", "replace")
    flaws = mended.count("\ufffd")
    if sum(char > "\x7f" for char in mended) - flaws >= 4 * flaws:
        return Decoded(mended, guessed=True)
    if _is_cyrillic(data):
        name = max(("cp1251", "koi8-u"), key=lambda other: _likeness(data, other))
        return Decoded(data.decode(name, "replace"), guessed=True)
    if any(0x80 <= byte < 0xA0 for byte in data):
        return Decoded(_strictly(data, "cp1252") or data.decode("latin-1"), guessed=True)
    return Decoded(data.decode("iso8859-15"), guessed=True)


def _is_cyrillic(data: bytes) -> bool:
    """Cyrillic words are whole runs of high letters; Western accents stand alone, or two together ("Größe")."""
    runs = [len(run) for run in re.findall(rb"[\xa3\xa8\xb3\xb8\xc0-\xff]+", data)]
    return sum(run for run in runs if run > 2) * 2 > sum(runs)


def _likeness(data: bytes, name: str) -> float:
    """How much the text looks Russian: frequent letters, and no capitals inside words (KOI8 read as 1251)."""
    letters = [char for char in data[:20_000].decode(name, "replace") if char > "\x7f"]
    if not letters:
        return 0.0
    score = sum(log(_LETTERS.get(char.lower(), 0.02)) for char in letters)
    swapped = sum(a.islower() and b.isupper() for a, b in pairwise(letters))
    return (score - 2 * swapped - 0.3 * sum(char.isupper() for char in letters)) / len(letters)
