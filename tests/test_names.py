"""Names in the program are words that a search engine knows: a few that can mean anything are kept out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import solidarity_cli

PACKAGE = Path(solidarity_cli.__file__).parent
WORDS = frozenset({"one", "ones", "told", "said", "found", "asked", "wanted", "whoever", "somebody", "nobody"})
"""Words that say nothing of what they name (docs/development/style.md). Names alone are looked at, not prose."""

REWRITTEN_SOON = ("crypto/", "reports/public/", "interchange/email/")
"""Packages that are about to be written anew; each leaves this list when it is."""

SCHEMA = frozenset({"person_told"})
"""Fields of the schema that the model names as the schema does."""


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of everything that a module names: functions, classes, variables, parameters, attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(decorator_list=[ast.Call(func=ast.Name(id="rule" | "audit_rule")), *_]):
                pass  # its name is the id of a rule, on which others rely
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield 0, name


def vague(source: str) -> list[tuple[int, str]]:
    """Return the names in a module that hold one of the words."""
    return [
        (line, name)
        for line, name in names(ast.parse(source))
        if name not in SCHEMA and WORDS & set(name.strip("_").lower().split("_"))
    ]


@pytest.mark.parametrize("folder", sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()))
def test_no_name_is_a_word_that_means_anything(folder: str) -> None:
    files = [
        file
        for file in sorted((PACKAGE / folder).rglob("*.py"))
        if not file.relative_to(PACKAGE).as_posix().startswith(REWRITTEN_SOON)
    ]
    assert [
        f"{file.relative_to(PACKAGE)}:{line} {name}" for file in files for line, name in vague(file.read_text())
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "def told(): ...",
        "def f(one): ...",
        "[one for one in ()]",
        "for one in (): ...",
        "class Said: ...",
        "self.last_said = 1",
        "import json as told\n",
        "lambda asked: 1",
        "(found := 1)",
        "try: ...\nexcept OSError as whoever: ...",
        "match 1:\n    case [first, *ones]: ...",
    ],
)
def test_each_place_where_a_name_stands_is_looked_at(source: str) -> None:
    assert vague(source)


def test_prose_and_contract_are_left_alone() -> None:
    source = '"""What one said."""\nperson_told: bool\nf(found=1)\nprint("one")\n@rule("lifecycle")\ndef told(): ...'
    assert vague(source) == []
