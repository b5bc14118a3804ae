"""Write the generated pages of `docs/reference/`: rules from docstrings, commands from help, the table of the merge.

`python scripts/generate_docs.py [--check]`: with `--check` it writes nothing, names the pages that are not current, and
exits with 1 if there are any.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from merge_page import merge_page

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
WIDTH = "100"


def main() -> int:
    """Write, or compare, every generated page."""
    os.environ["COLUMNS"] = WIDTH
    pages = {"rules.md": rules_page(), "commands.md": commands_page(), "merge.md": merge_page()}
    stale = [name for name, text in pages.items() if not _is_current(REFERENCE / name, text)]
    if "--check" in sys.argv:
        for name in stale:
            print(f"docs/reference/{name} is not current: make docs")
        return 1 if stale else 0
    for name in stale:
        (REFERENCE / name).write_text(pages[name], encoding="utf-8", newline="\n")
        print(f"written: docs/reference/{name}")
    return 0


def rules_page() -> str:
    """Return every rule with its page, in the order in which they are checked."""
    from solidarity_cli.core.rules import RULES

    parts = [
        "# The rules",
        "",
        "Made from `solidarity_cli/core/rules/` by `make docs`. `solidarity explain RULE` says the same.",
        "",
    ]
    for rule in RULES:
        sentence, _, advice = rule.page.partition("\n")
        parts += [f"## {rule.id}", "", f"**{sentence}** ({rule.severity})", ""]
        parts += [advice.strip(), ""] if advice.strip() else []
        parts += [f"Source: {rule.reference}", ""]
    return "\n".join(parts)


def commands_page() -> str:
    """Return the help of the program and of every command."""
    from typer.main import get_command

    from solidarity_cli.cli.main import VERBS, app, load

    parts = ["# The commands", "", "Made from the help of each command by `make docs`.", ""]
    parts += ["## solidarity", "", "```text", _help(get_command(app), "solidarity"), "```", ""]
    for verb in VERBS:
        parts += _pages(load(verb), verb)
    return "\n".join(parts)


def _pages(command: object, name: str) -> list[str]:
    """Return the help of a command and of its subcommands."""
    page = [f"## {name}", "", "```text", _help(command, f"solidarity {name}"), "```", ""]
    for subcommand_name, subcommand in getattr(command, "commands", {}).items():
        page += _pages(subcommand, f"{name} {subcommand_name}")
    return page


def _help(command: object, name: str) -> str:
    make = getattr(command, "make_context")  # noqa: B009 typer's own click is not for import
    context = make(name, [], resilient_parsing=True)
    return "\n".join(line.rstrip() for line in context.get_help().splitlines())


def _is_current(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    raise SystemExit(main())
