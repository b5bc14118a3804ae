"""The two ways to ask on a terminal share one shape; which of them it is, a person decides by their environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from solidarity_cli.session import Session
from solidarity_cli.wizard.choices import Choices

Check = Callable[[str], str]
"""What is wrong with an answer, in words; empty when nothing is."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What may be completed while typing; `several` of them between commas."""

    choices: Choices
    several: bool = False


class Asker(Protocol):
    """Asks one thing at a time. Ctrl-C raises KeyboardInterrupt, Ctrl-D and a closed terminal EOFError."""

    lists_choices: bool
    """Whether the choices are to be printed before the question, because nothing will show them while typing."""

    def say(self, text: str) -> None:
        """Show text that is safe to show."""

    def line(self, prompt: str, *, check: Check, offers: Offers | None = None) -> str:
        """An answer on one line that passed `check`."""

    def text(self, prompt: str, *, so_far: Callable[[str], None]) -> str:
        """An answer of many lines; `so_far` hears of it while it grows, so that an interruption loses nothing."""

    def choose(self, prompt: str, options: Sequence[str]) -> int:
        """The place of one of the options; the first is what Enter means."""

    def ahead(self) -> bool:
        """Whether something was typed or pasted before it was asked for."""


def asker_for(session: Session) -> Asker:
    """Plain numbered prompts for screen readers and simple terminals; completion and menus elsewhere."""
    if os.environ.get("ACCESSIBLE") not in (None, "", "0") or os.environ.get("TERM", "dumb") in ("dumb", "", "unknown"):
        from solidarity_cli.wizard.plain import Plain

        return Plain()
    from solidarity_cli.wizard.boxes import Boxes

    return Boxes(in_color=session.in_color)
