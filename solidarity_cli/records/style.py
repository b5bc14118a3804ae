"""How a value is written: codes plain, dates and ids quoted, long text as a block. One answer for every value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, PlainScalarString

_CODE = re.compile(r"[a-z][a-z0-9]{2,}(?:[-.@][a-z0-9]+)*|[a-z]{1,2}(?:[-.@][a-z0-9]+)+|[a-z][0-9]+")
# Words that some reader takes for a truth value or nothing: a country or language must stay text everywhere.
_NOT_PLAIN = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
_NO_BLOCK = re.compile("[\t\x85\u2028\u2029\ufeff]|[ ]\n|[ ]$")
_LONGEST_CODE = 48
_SHORT_LIST = 100


class _TextResolver(VersionedResolver):
    """YAML 1.2 has no dates: `2026-10-03` is text, here as in the fast reader."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """The tag of a scalar, a date being text."""
        tag = super().resolve(kind, value, implicit)
        return super().resolve(kind, "text", implicit) if str(tag).endswith("timestamp") else tag


def editor() -> YAML:
    """A round-trip YAML that leaves every untouched line as it was."""
    yaml = YAML()
    yaml.Resolver = _TextResolver
    yaml.preserve_quotes = True
    yaml.width = 10**9
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def written(node: Any, yaml: YAML | None = None) -> str:
    """The text of a node."""
    stream = StringIO()
    (yaml or editor()).dump(node, stream)
    return stream.getvalue()


def styled(value: Any, shape: Mapping[str, Any]) -> Any:
    """A value as it is written canonically: keys in the order of `shape`, scalars quoted as the profile asks."""
    if isinstance(value, Mapping):
        ordered = CommentedMap()
        for key in in_order(value, shape):
            ordered[key] = styled(value[key], shape.get("properties", {}).get(key, {}))
        return ordered
    if isinstance(value, list | tuple):
        items = CommentedSeq([styled(item, shape.get("items", {})) for item in value])
        if all(not isinstance(item, Mapping | list | tuple) for item in value) and _fits(value):
            items.fa.set_flow_style()
        return items
    return scalar(value)


def scalar(value: Any) -> Any:
    """One scalar as it is written canonically."""
    if not isinstance(value, str):
        return value
    if len(value) <= _LONGEST_CODE and _CODE.fullmatch(value) and value not in _NOT_PLAIN:
        return PlainScalarString(value)
    if "\n" in value and _fits_a_block(value):
        return LiteralScalarString(value)
    return DoubleQuotedScalarString(value)


def in_order(keys: Any, shape: Mapping[str, Any]) -> list[str]:
    """The keys in the order of the schema; unknown ones last, as they came."""
    rank = _rank(tuple(shape.get("properties", ())))
    return sorted(keys, key=lambda key: rank.get(key, len(rank)))


@cache
def _rank(names: tuple[str, ...]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _fits(items: Any) -> bool:
    """Whether a list is short enough to stand on one line."""
    return sum(len(str(item)) + 2 for item in items) <= _SHORT_LIST and not any("\n" in str(item) for item in items)


def _fits_a_block(text: str) -> bool:
    """Whether a block scalar gives exactly this text back, whoever reads it."""
    body = text[:-1] if text.endswith("\n") else text
    printable = all(char.isprintable() for char in body.replace("\n", ""))
    return bool(body) and body[0] not in " \n" and not body.endswith("\n") and printable and not _NO_BLOCK.search(text)
