"""The list of allowed signers, in ssh-keygen's format, as a register reads it: each line is one person's own key.

ssh-keygen takes more: patterns that stand for any address, addresses taken out of them, and authorities that let in
keys of their own. With such a line a stranger's key is good as somebody's, so it counts for nobody here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLANK = b" \t\r"
_KEY = re.compile(rb"(?:sk-)?(?:ssh|ecdsa)-")
_PATTERN = frozenset(b"*?!")


def of_persons(listed: bytes) -> bytes:
    """The list without the lines that let in more than one person's key."""
    if not any(_lets_in(line) for line in listed.split(b"\n")):
        return listed
    return b"\n".join(line for line in listed.split(b"\n") if not _lets_in(line))


def unrestricted_lines(before: bytes, listed: bytes) -> Iterator[int]:
    """The numbers, from 1, of the lines of a list that let in others, and that were not in the list `before`."""
    known = set(before.split(b"\n"))
    for number, line in enumerate(listed.split(b"\n"), 1):
        if line not in known and _lets_in(line):
            yield number


def _lets_in(line: bytes) -> bool:
    line = line.strip(_BLANK)
    if not line or line.startswith(b"#"):
        return False
    if b"\0" in line:
        return True  # ssh-keygen reads up to it, and a person beyond it
    names, rest = _word(line)
    options = b"" if _KEY.match(rest) else _word(rest)[0]
    return bool(_PATTERN & set(names)) or b"cert-authority" in options.lower()


def _word(text: bytes) -> tuple[bytes, bytes]:
    """Up to the first blank outside quotes, and what follows it."""
    is_quoted, at = False, 0
    while at < len(text) and (is_quoted or text[at] not in _BLANK):
        if text[at : at + 2] == b'\\"':
            at += 1
        elif text[at] == ord('"'):
            is_quoted = not is_quoted
        at += 1
    return text[:at], text[at:].lstrip(_BLANK)
