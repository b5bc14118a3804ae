"""Header lines as people meant them: encoded words, bare 8-bit letters, addresses, dates, file names."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date
from email.utils import getaddresses, parsedate_to_datetime
from typing import NamedTuple

from solidarity_cli.interchange.email.mime import charset
from solidarity_cli.interchange.email.mime import clean_text as tidy
from solidarity_cli.interchange.email.mime.message import Part

_LONGEST = 20_000
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.*?)\?=", re.S)
_FIRST_YEAR = 1990


class Address(NamedTuple):
    """Somebody's name, which may be empty, and address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part after the @, in lower case."""
        return self.address.rpartition("@")[2].lower()

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def text(message: Part, name: str) -> str:
    """A header as one line; empty when it is absent."""
    return decoded(_raw(message, name))


def addresses(message: Part, *names: str) -> list[Address]:
    """Everybody whom these headers name with an address, each address once."""
    # Decoding comes after splitting: a comma inside an encoded name separates nobody.
    raw = [_raw(message, name) for name in names]
    try:
        pairs = getaddresses(raw)
    except (RecursionError, IndexError, ValueError):  # thousands of brackets, and other riddles
        pairs = [("", address) for line in raw for address in re.findall(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()@]+", line)]
    found: dict[str, Address] = {}
    for name, address in pairs:
        clean = decoded(address).replace(" ", "")
        if re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", clean):
            found.setdefault(clean.lower(), Address(decoded(name), clean))
    return list(found.values())


def day(message: Part) -> date | None:
    """The day of the Date header where the sender was; None when there is none. Raises ValueError when impossible."""
    raw = _raw(message, "date").strip()
    if not raw:
        return None
    try:
        found = parsedate_to_datetime(raw).date()
    except (TypeError, IndexError, OverflowError) as why:
        raise ValueError("no date") from why
    if found.year < _FIRST_YEAR:
        raise ValueError("a clock that was never set")
    return found


def parameter(part: Part, name: str, header: str = "content-type") -> str:
    """A parameter of a header, in any of the ways in which programs write letters outside ASCII; "" when absent."""
    try:
        value = part.get_param(name, header=header)
    except (TypeError, ValueError, LookupError):  # the standard library on contradicting continuations
        return ""
    if isinstance(value, tuple):
        declared, _, extended = value
        return tidy.line(charset.decode(extended.encode("latin-1", "surrogateescape"), declared).text)
    return decoded(value) if isinstance(value, str) else ""


def decoded(raw: str) -> str:
    """A raw header value as one line of text: RFC 2047 words and bare bytes, each in its character set."""
    value = re.sub(r"[\r\n]+[ \t]*", " ", raw[:_LONGEST])
    # Programs cut a letter of several bytes in two; only words joined as bytes give it back.
    pieces: list[tuple[str | None, bytes]] = []
    end = 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        if between.strip() or (between and not end):
            pieces.append((None, _bytes(between)))
        name = match[1].partition("*")[0].lower()
        content = _word(match[2].lower(), match[3])
        if pieces and pieces[-1][0] == name and not between.strip():
            content = pieces.pop()[1] + content
        pieces.append((name, content))
        end = match.end()
    pieces.append((None, _bytes(value[end:])))
    line = tidy.line("".join(charset.decode(content, name).text for name, content in pieces if content))
    # Blanks between encoded words do not count, and some programs leave the one before a quotation mark there.
    return re.sub(r"(?<=\w)(?=[«„]\w)", " ", line) if len(pieces) > 1 else line


def _raw(message: Part, name: str) -> str:
    value = message.get(name, "")
    return value[:_LONGEST] if isinstance(value, str) else ""


def _bytes(raw: str) -> bytes:
    return raw.encode("utf-8", "surrogateescape") if not raw.isascii() else raw.encode("ascii")


def _word(encoding: str, content: str) -> bytes:
    if encoding == "q":
        return binascii.a2b_qp(_bytes(content.replace(" ", "_")), header=True)
    letters = re.sub(r"[^A-Za-z0-9+/]", "", content)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return base64.b64decode(letters + "=" * (-len(letters) % 4))
