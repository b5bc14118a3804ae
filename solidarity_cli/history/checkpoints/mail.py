"""A text of named lines and signatures as it comes back from the mail: quoted, wrapped, with other line ends, encoded.

What is signed is never what came, but the text composed again from the values that were read. So what the mail does to
spaces and line ends is harmless, and what changes a value breaks the signature.
"""

from __future__ import annotations

import quopri
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from solidarity_cli.core.errors import Refused

BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70
"""Columns in which ssh-keygen sets a signature."""
_HEADING = re.compile(r"solidarity (checkpoint|proof) (\d{1,4})")
_FIELD = re.compile(r"([a-z]+):(?: (.*))?")
_ENCODED = re.compile(rb"=[0-9A-Fa-f]{2}|^[>\s]*register:.*=\s*$", re.MULTILINE)
"""Quoted-printable. No text of ours has an equals sign other than to fill up a signature; only names are long."""
_LAST = "time"
"""The field that ends a checkpoint, and with it everything that is signed."""
_LONGEST = 1_048_576
"""Bytes."""
AGAIN = "ask for it again, as an attachment"


@dataclass(slots=True)
class Section:
    """The lines under one heading, in their order: name and value."""

    kind: str
    version: int
    lines: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether its last line was read: below it come signatures, and what else a mail says."""
        return bool(self.lines) and self.lines[-1][0] == _LAST and self.lines[-1][1] != ""


@dataclass(frozen=True, slots=True)
class Mailed:
    """What was read: sections, and signatures as ssh-keygen writes them."""

    sections: tuple[Section, ...]
    signatures: tuple[str, ...]

    def section(self, kind: str) -> Section:
        """The one section of a kind. Raises Refused when there is none, or several, or one of a later form."""
        matches = [section for section in self.sections if section.kind == kind]
        if not matches:
            raise Refused(f"this file holds no {kind}", hint="it begins with the line: solidarity " + kind + " 1")
        if len(matches) > 1:
            raise Refused(f"this file holds {len(matches)} {kind}s", hint="give them one by one, each in its own file")
        if matches[0].version != 1:
            raise Refused(f"this {kind} was made by a later version of the program", hint="update the program")
        return matches[0]


def read_mailed(data: bytes, *, names: Mapping[str, tuple[str, ...]]) -> Mailed:
    """The sections and signatures in a text, whatever stands around them; `names` are the fields of each kind.

    Raises Refused when a signature is cut off or garbled.
    """
    if len(data) > _LONGEST:
        raise Refused("this file is too large", hint=AGAIN)
    lines = [_strip_quotation(line) for line in _decode(data).splitlines()]
    sections: list[Section] = []
    signatures = []
    rest = iter(lines)
    for line in rest:
        if heading := _HEADING.fullmatch(line):
            sections.append(Section(heading[1], int(heading[2])))
        elif line == BEGIN:
            signatures.append(_read_signature(rest))
        elif line and sections and not sections[-1].is_whole:
            _add_line(sections[-1], line, names[sections[-1].kind])
    return Mailed(tuple(sections), tuple(signatures))


def _decode(data: bytes) -> str:
    text = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    if _ENCODED.search(text):
        text = quopri.decodestring(text)
    return text.decode(errors="replace").replace("\xa0", " ")


def _strip_quotation(line: str) -> str:
    """A line without the marks of a quotation and without spaces around it."""
    return re.sub(r"^[>\s]+", "", line).rstrip()


def _add_line(section: Section, line: str, names: tuple[str, ...]) -> None:
    """One more line: a field of its own, or the rest of one that was wrapped."""
    match = _FIELD.fullmatch(line)
    if match and match[1] in names:
        section.lines.append((match[1], (match[2] or "").strip()))
    elif section.lines:
        name, value = section.lines.pop()
        # Only the name of a register has spaces to be wrapped at.
        glue = " " if name == "register" and value else ""
        section.lines.append((name, f"{value}{glue}{line}"))


def _read_signature(rest: Iterator[str]) -> str:
    """The lines of a signature up to its end, set anew."""
    body = []
    for line in rest:
        if line == END:
            break
        body.append(line)
    else:
        raise Refused("the last signature in this file is cut off", hint=AGAIN)
    try:
        return armor(b64decode("".join("".join(body).split()), validate=True))
    except ValueError:
        raise Refused("a signature in this file is garbled", hint=AGAIN) from None


def armor(raw: bytes) -> str:
    """A signature as text."""
    text = b64encode(raw).decode()
    return "\n".join([BEGIN, *(text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)), END, ""])
