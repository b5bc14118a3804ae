"""What it is to ask on a terminal: the shape that both ways of asking have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from solidarity_cli.cli.wizard.ui.choices import Choices

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
