"""Questions as plain numbered lines: no boxes, no repainting, no colour. For screen readers and simple terminals."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from solidarity_cli.cli.wizard.ui.interface import Check, Offers
from solidarity_cli.cli.wizard.ui.keyboard import A_PASTE, Keyboard


class Plain:
    """Asks line by line."""

    lists_choices = True

    def __init__(self) -> None:
        self._keyboard = Keyboard()

    def say(self, text: str) -> None:
        """Show text."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def line(self, prompt: str, *, check: Check, offers: Offers | None = None) -> str:
        """An answer on one line; a wrong one is told, and asked again."""
        del offers  # nothing completes here; the choices were printed
        while True:
            answer = self._keyboard.line(f"{prompt}: ")
            error = check(answer)
            if not error:
                return answer
            self.say(f"  {error}")

    def text(self, prompt: str, *, so_far: Callable[[str], None]) -> str:
        """Lines until an empty one or a single dot, unless more is on its way: a pasted letter has empty lines too."""
        self.say(f"{prompt}:")
        lines: list[str] = []
        while True:
            line = self._keyboard.line("")
            if line.strip() in ("", ".") and not self._keyboard.ahead(A_PASTE):
                return "\n".join(_drop_doubled_ends(lines))
            lines.append(line)
            so_far("\n".join(lines))

    def choose(self, prompt: str, options: Sequence[str]) -> int:
        """The place of an option, by its number."""
        for number, option in enumerate(options, start=1):
            self.say(f"  {number}  {option}")

        def check(answer: str) -> str:
            fits = not answer.strip() or answer.strip() in {str(number + 1) for number in range(len(options))}
            return "" if fits else f"type a number from 1 to {len(options)}; Enter is 1"

        return int(self.line(f"{prompt} [1]", check=check).strip() or "1") - 1

    def ahead(self) -> bool:
        """Whether something was typed before it was asked for."""
        return self._keyboard.ahead()


def _drop_doubled_ends(lines: list[str]) -> list[str]:
    """A paste from Windows arrives with an empty line after every line: both CR and LF end one here."""
    doubled = len(lines) >= 5 and not any(lines[1::2])
    return lines[::2] if doubled else lines
