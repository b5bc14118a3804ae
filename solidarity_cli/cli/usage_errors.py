"""A command that was typed wrong: told without what was typed, which may be somebody's name; what was perhaps meant."""

from __future__ import annotations

import re
from typing import Any


def next_step(message: str, context: Any) -> str:
    """What to type after a usage message of typer's, given in the context of a verb; None where there is no context."""
    path = context.command_path if context else "solidarity"
    return (
        _nearest_verb(message, context)
        or _global_option_hint(message, path)
        or _nearest_option(message, context)
        or f"{path} --help"
    )


_QUOTED = re.compile(r"(?P<own>\b(?:for|argument|[Oo]ption) '(?:-[a-z-]+(?: / -[a-z-]+)*|[\[\]A-Z_|…-]+)')|'[^']*'")
"""What a usage message quotes: an option or an argument by its `own` name, or what was typed for it."""


def without_values(message: str) -> str:
    """A usage message without what was typed, which may be somebody's name; option names stay."""
    message = _QUOTED.sub(lambda match: match["own"] or "this", message)
    message = message.replace("o such command this", "o such command")
    message = re.sub(r"(o such option)\b.*", r"\1", message, flags=re.DOTALL)  # a name may have been typed for one
    message = re.sub(r"\.? *\(?Did you mean .*", "", message, flags=re.DOTALL)  # ours is in the next line
    message = re.sub(r"(unexpected extra argument\S*) \(.*\)", r"\1", message, flags=re.DOTALL)
    message = message.replace("\n", " ").strip().rstrip(".")
    return message[:1].lower() + message[1:] if message else "the command cannot be read"


def _nearest_verb(message: str, context: Any) -> str:
    """For a verb that there is not: the one that was perhaps meant, in the same family of verbs."""
    from difflib import get_close_matches

    match = re.match(r"No such command '([^']*)'", message)
    if not match or context is None:
        return ""
    suggestions = get_close_matches(match[1], context.command.list_commands(context), n=1)
    path = context.command_path
    return f"did you mean: {path} {suggestions[0]}? all of them: {path} --help" if suggestions else ""


def _nearest_option(message: str, context: Any) -> str:
    """For an option that there is not: the one that was perhaps mistyped; what is not near any is not repeated."""
    from difflib import get_close_matches

    match = re.match(r"No such option:? '?(--[^\s'=(]+)", message)
    if not match or context is None:
        return ""
    known = [
        name
        for parameter in context.command.get_params(context)
        for name in (*parameter.opts, *parameter.secondary_opts)
    ]
    suggestions = get_close_matches(match[1], [name for name in known if name.startswith("--")], n=1, cutoff=0.75)
    path = context.command_path
    return f"did you mean {suggestions[0]}? all of them: {path} --help" if suggestions else ""


_GLOBAL = {"-q": "-q", "--quiet": "-q", "-C": "-C DIR", "--color": "--color WHEN", "--no-input": "--no-input"}
"""The options of the program itself, as they are typed."""


def _global_option_hint(message: str, path: str) -> str:
    """For an option of the program that was typed behind a verb: where it goes."""
    match = re.match(r"No such option:? '?(-[A-Za-z-]+)", message)
    program, _, verb = path.partition(" ")
    option = _GLOBAL.get(match[1], "") if match and verb else ""
    return f"it goes before the verb: {program} {option} {verb}" if option else ""
