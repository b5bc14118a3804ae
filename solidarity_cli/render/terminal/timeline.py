"""What happened as a line of time: a head for each act, its changes below it. Colour says nothing that is not said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from solidarity_cli.render.escape import clean


@dataclass(frozen=True, slots=True)
class Moment:
    """One act: when, what was done, beside it who and how it is known, and its changes."""

    when: str
    what: str
    beside: str
    changes: tuple[str, ...] = ()


def timeline_to_text(moments: Iterable[Moment], *, drawn: bool, color: bool) -> str:
    """The moments one below the other; `drawn` puts a line beside them, for a screen."""
    return "\n".join(line for moment in moments for line in _lines(moment, drawn=drawn, color=color))


def _lines(moment: Moment, *, drawn: bool, color: bool) -> Iterable[str]:
    dot, line = ("● ", "│ ") if drawn else ("", "")
    yield f"{dot}{_set(moment.when, '36', color)}  {_set(moment.what, '1', color)}  {_set(moment.beside, '2', color)}"
    yield from (f"{line}    {clean(change)}" for change in moment.changes)


def _set(text: str, style: str, color: bool) -> str:  # noqa: FBT001 three of them in one line above
    return f"\x1b[{style}m{clean(text)}\x1b[0m" if color else clean(text)
