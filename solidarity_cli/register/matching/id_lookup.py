"""An id from what a person typed: any unambiguous part; a mistyped one is told apart from an unknown one."""

from __future__ import annotations

from collections.abc import Iterable

from solidarity_cli.core.errors import Refused

_NOUNS = {"case": "case", "action": "action", "directory": "organisation"}
_LISTINGS = {
    "case": "all cases: solidarity list",
    "action": "the actions of a case: solidarity show ID",
    "directory": "all organisations: solidarity directory list",
}


def find(text: str, ids: Iterable[str], kind: str = "case") -> str:
    """The one of `ids` that `text` means. Raises Refused, with the nearest id, when there is none or more than one."""
    from solidarity_cli.register.ids import is_mistyped, normal

    known = sorted(ids)
    normalized = text.strip().casefold() if kind == "directory" else normal(text)
    if normalized in known:
        return normalized
    matches = [known_id for known_id in known if normalized and normalized in known_id]
    if len(matches) == 1:
        return matches[0]
    noun, shown = _NOUNS[kind], _safe(text, normalized)
    if matches:
        some = ", ".join(matches[:5]) + (", …" if len(matches) > 5 else "")
        raise Refused(f"{shown} means {len(matches)} {noun}s: {some}", hint="type more of the id")
    nearest = (
        _alike(normalized, known)
        if kind == "directory"
        else next((known_id for known_id in known if _is_near(known_id, normalized)), "")
    )
    guess, listing = f"did you mean {nearest}? " if nearest else "", _LISTINGS[kind]
    if kind != "directory" and is_mistyped(normalized):
        raise Refused(f"{shown} is mistyped: its last character does not fit the others", hint=guess + listing)
    raise Refused(f"no {noun} {shown} in this register", hint=guess + listing)


def _safe(typed: str, normalized: str) -> str:
    """What was typed, if it looks like an id: a name typed by mistake is not repeated.

    Judged by what was typed: put right as an id is, `Zvontsova` has digits too.
    """
    is_like_an_id = len(typed) <= 20 and typed.replace("-", "").isalnum() and typed.isascii()
    return normalized if is_like_an_id and any(char.isdigit() for char in typed) else "of that id"


def _alike(typed: str, known: list[str]) -> str:
    """The organisation whose id is most like what was typed: words, where an id of a case has letters by chance."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(typed, known, n=1, cutoff=0.6)), "")


def _is_near(known_id: str, typed: str) -> bool:
    """Whether one character of the id's end, or two neighbours, were typed wrong."""
    tail = known_id[-len(typed) :] if typed else ""
    if len(tail) != len(typed) or len(typed) < 5:
        return False
    off = [i for i, (a, b) in enumerate(zip(tail, typed, strict=True)) if a != b]
    return len(off) == 1 or (len(off) == 2 and tail[off[0]] == typed[off[1]] and tail[off[1]] == typed[off[0]])
