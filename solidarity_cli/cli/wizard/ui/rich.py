"""Questions with completion while typing and menus. The only module that loads questionary, which takes long."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import questionary
from prompt_toolkit.application import get_app_session
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.input.typeahead import get_typeahead, store_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.output import ColorDepth

from solidarity_cli.cli.wizard.ui.choices import key
from solidarity_cli.cli.wizard.ui.interface import Check, Offers


class Boxes:
    """Asks with questionary."""

    lists_choices = False

    def __init__(self, *, in_color: bool) -> None:
        # Bold and underline stay; without colour nothing is lost, for nothing is said by colour alone.
        self._look: dict[str, Any] = {"qmark": "?"}
        if not in_color:
            self._look["color_depth"] = ColorDepth.DEPTH_1_BIT

    def say(self, text: str) -> None:
        """Show text."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def line(self, prompt: str, *, check: Check, offers: Offers | None = None) -> str:
        """An answer on one line; what is wrong with it stands below it while it is put right."""
        rule: dict[str, Any] = {"validate": lambda answer: check(answer) or True, "validate_while_typing": False}
        if offers:
            question = questionary.autocomplete(prompt, choices=[], completer=_Completer(offers), **rule, **self._look)
        else:
            question = questionary.text(prompt, **rule, **self._look)
        return str(question.unsafe_ask())

    def text(self, prompt: str, *, so_far: Callable[[str], None]) -> str:
        """Lines until an empty one or a single dot. A paste goes in whole, its empty lines too."""
        question = questionary.text(prompt, multiline=True, instruction="", key_bindings=_story_keys(), **self._look)
        question.application.current_buffer.on_text_changed += lambda buffer: so_far(buffer.text)
        return str(question.unsafe_ask())

    def choose(self, prompt: str, options: Sequence[str]) -> int:
        """The place of an option, by the arrow keys."""
        choices = [questionary.Choice(option, value=place) for place, option in enumerate(options)]
        question = questionary.select(prompt, choices=choices, **self._look)
        keys = question.application.key_bindings or KeyBindings()
        question.application.key_bindings = merge_key_bindings([keys, _exit_keys()])
        return int(question.unsafe_ask())

    def ahead(self) -> bool:
        """Whether something was typed before it was asked for."""
        source = get_app_session().input
        read_already = get_typeahead(source)
        store_typeahead(source, read_already)
        return bool(read_already) or _has_input()


class _Completer(Completer):
    """Completes the last of several codes, from any of its names."""

    def __init__(self, offers: Offers) -> None:
        self._offers = offers

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The codes whose names hold a word that begins like what was typed."""
        del complete_event
        word = document.text_before_cursor
        if self._offers.several:
            word = word.replace(";", ",").rpartition(",")[2].lstrip()
        if "@" in word:
            return
        prefix = key(word)
        if word.strip() and not prefix:
            return
        for choice in self._offers.choices.all:
            if any(f" {name}".find(f" {prefix}") >= 0 for name in (*choice.names, key(choice.code))):
                yield Completion(choice.code, -len(word), display_meta=choice.label)


def _story_keys() -> KeyBindings:
    keys = _exit_keys()

    @keys.add("enter")
    def _enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        line = buffer.document.current_line.strip()
        # A terminal that does not mark a paste sends it as keys: then more of them wait behind an empty line.
        pasted = bool(event.key_processor.input_queue) or _has_input()
        if line in ("", ".") and buffer.document.is_cursor_at_the_end and not pasted:
            _delete_dot(buffer)
            buffer.validate_and_handle()
        else:
            buffer.newline(copy_margin=False)

    return keys


def _delete_dot(buffer: Buffer) -> None:
    if buffer.document.current_line.strip() == ".":
        buffer.delete_before_cursor(len(buffer.document.current_line_before_cursor))


def _exit_keys() -> KeyBindings:
    """Ctrl-D leaves, also where the library does not listen to it."""
    keys = KeyBindings()

    @keys.add("c-d", eager=True)
    def _leave(event: KeyPressEvent) -> None:
        event.app.exit(exception=EOFError)

    return keys


def _has_input() -> bool:
    try:
        return bool(select.select([sys.stdin.fileno()], [], [], 0)[0])
    except (OSError, ValueError):
        return False
