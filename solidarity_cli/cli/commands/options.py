"""Options and arguments that several verbs share, their completion, and codes checked in our words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from solidarity_cli.core.dates import bounds
from solidarity_cli.core.errors import SolidarityError, UsageError

if TYPE_CHECKING:
    from solidarity_cli.core.vocabulary import Vocabulary


def record_ids(folder: str) -> Callable[[str], list[str]]:
    """Completion of ids from file names: no record is opened, so nothing of a case is shown."""

    def complete(incomplete: str) -> list[str]:
        from solidarity_cli.cli.session import find_root

        try:
            root = find_root(None)
        except SolidarityError:
            return []
        part = incomplete.upper()
        return sorted(file.stem for file in root.glob(f"{folder}/*/*.yaml") if part in file.stem)

    return complete


def audiences(incomplete: str) -> list[str]:
    """Completion of audiences; the organisations of the directory from their file names."""
    from solidarity_cli.cli.session import find_root

    try:
        organisations = sorted(file.stem for file in find_root(None).glob("directory/*.yaml"))
    except SolidarityError:
        organisations = []
    known = ["internal", "reviewer", "public", *(f"recipient:{organisation}" for organisation in organisations)]
    return [audience for audience in known if audience.startswith(incomplete)]


def codes_of(name: str) -> Callable[[str], list[tuple[str, str]]]:
    """Completion of the codes of a vocabulary, with their labels, from the JSON schemas: no YAML is opened."""

    def complete(incomplete: str) -> list[tuple[str, str]]:
        return [(code, about) for code, about in _enum(name) if code.startswith(incomplete)]

    return complete


def _enum(name: str) -> list[tuple[str, str]]:
    from solidarity_cli.cli.session import find_root
    from solidarity_cli.records.schemas import schema_folder

    try:
        root: Path | None = find_root(None)
    except SolidarityError:
        root = None
    try:
        folder = schema_folder(root)
        for kind in ("case", "action", "directory"):
            schema = json.loads((folder / f"{kind}.schema.json").read_text(encoding="utf-8"))
            if definition := _with_vocabulary(schema, name):
                about = definition.get("markdownEnumDescriptions", [""] * len(definition["enum"]))
                return list(zip(definition["enum"], about, strict=True))
    except (SolidarityError, OSError, ValueError):
        pass
    return []


def _with_vocabulary(node: Any, name: str) -> dict[str, Any] | None:
    if isinstance(node, dict):
        if node.get("x-vocabulary", node.get("x-standards")) == name and "enum" in node:
            return node
        node = list(node.values())
    if isinstance(node, list):
        return next((definition for below in node if (definition := _with_vocabulary(below, name))), None)
    return None


CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="The case, or any unambiguous part of its id.", autocompletion=record_ids("cases")
    ),
]
CasesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="ID…", help="The cases, or unambiguous parts of their ids.", autocompletion=record_ids("cases")
    ),
]
ActionArgument = Annotated[
    str,
    typer.Argument(
        metavar="AID", help="The action, or any unambiguous part of its id.", autocompletion=record_ids("actions")
    ),
]
DryRun = Annotated[bool, typer.Option("-n", "--dry-run", help="Show the change, change nothing.")]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who acts; without it git's user.", show_default=False)]
AsOf = Annotated[
    str,
    typer.Option(
        "--as-of",
        metavar="DATE|REV",
        help="As it was at the end of a day, month or year (UTC), or at a revision.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="The data as JSON.")]
OnDate = Annotated[
    str, typer.Option("--date", metavar="D", help="The day it happened; without it today.", show_default=False)
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; no names.", show_default=False)]


def code_option(vocabulary: str, *names: str, help: str) -> Any:  # noqa: A002 the word that typer uses
    """An option whose value is a code of a vocabulary."""
    return typer.Option(*names, metavar="CODE", help=help, show_default=False, autocompletion=codes_of(vocabulary))


def code(words: Vocabulary, vocabulary: str, value: str, option: str) -> str:
    """`value` if it is a code of the vocabulary.

    Raises UsageError with the nearest codes, without repeating the value.
    """
    known = words.codes(vocabulary)
    if not value or value in known:
        return value
    suggestions = get_close_matches(value.casefold(), known, n=3, cutoff=0.5)
    examples = ", ".join(suggestions or known[:8]) + ("" if suggestions or len(known) <= 8 else ", …")
    raise UsageError(f"{option} has no such code", hint=f"{examples} (all: solidarity explain {vocabulary})")


def codes(words: Vocabulary, vocabulary: str, values: Iterable[str], option: str) -> list[str]:
    """Several codes; one option may hold some between commas."""
    parts = [part.strip() for value in values for part in value.split(",") if part.strip()]
    return [code(words, vocabulary, part, option) for part in dict.fromkeys(parts)]


def a_date(value: str, option: str, *, partial: bool = True) -> str:
    """`value` if it is a date; partial ones (2026, 2026-10) where allowed. Raises UsageError otherwise."""
    if not value:
        return value
    try:
        first, last = bounds(value)
    except (ValueError, OverflowError):
        raise UsageError(f"{option} is no day of the calendar", hint=f"{option} 2026-10-31") from None
    if not partial and first != last:
        raise UsageError(f"{option} needs the day", hint=f"{option} {last}")
    return value


def require_options(**answers: str) -> None:
    """Raises UsageError that lists every option still missing."""
    missing = [f"--{name.replace('_', '-')}" for name, value in answers.items() if not value]
    if missing:
        raise UsageError(f"still missing: {', '.join(missing)}", hint=" ".join(f"{name} …" for name in missing))
