"""People's text in one plain form: LF, NFC, no control characters, no endless blank lines."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200_000
"""The longest narrative that is kept, in characters."""

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_BIDI = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069]")


def text(raw: str) -> str:
    """Several lines of text, tidied. Words stay as they are."""
    lines = _BREAKS.sub("\n", raw).replace("\t", "    ")
    lines = _CONTROLS.sub("", lines).encode("utf-8", "replace").decode("utf-8")
    lines = unicodedata.normalize("NFC", lines)
    lines = "\n".join(line.rstrip() for line in lines.split("\n"))
    return re.sub(r"\n{5,}", "\n\n\n", lines).strip("\n")


def line(raw: str) -> str:
    """One line of text: a header, a name. Characters that turn the reading direction are removed."""
    return " ".join(_BIDI.sub("", text(raw)).split())


def shortened(narrative: str) -> tuple[str, bool]:
    """The narrative, cut when it is longer than LONGEST, and whether it was."""
    rest = len(narrative) - LONGEST
    if rest <= 0:
        return narrative, False
    return f"{narrative[:LONGEST].rstrip()}\n[{rest} more characters were left out]", True
