"""Values as nodes of the round-trip YAML, which keeps comments and quotes; how each is written, `scalar_style` says."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, PlainScalarString

from solidarity_cli.records.scalar_style import fits_a_block, fits_a_line, in_order, is_code


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


def node_text(node: Any, yaml: YAML | None = None) -> str:
    """The text of a node."""
    stream = StringIO()
    (yaml or editor()).dump(node, stream)
    return stream.getvalue()


def canonical_node(value: Any, shape: Mapping[str, Any]) -> Any:
    """A value as it is written canonically: keys in the order of `shape`, scalars quoted as the profile asks."""
    if isinstance(value, Mapping):
        ordered = CommentedMap()
        for key in in_order(value, shape):
            ordered[key] = canonical_node(value[key], shape.get("properties", {}).get(key, {}))
        return ordered
    if isinstance(value, list | tuple):
        items = CommentedSeq([canonical_node(item, shape.get("items", {})) for item in value])
        if fits_a_line(value):
            items.fa.set_flow_style()
        return items
    return scalar(value)


def scalar(value: Any) -> Any:
    """One scalar as it is written canonically."""
    if not isinstance(value, str):
        return value
    if is_code(value):
        return PlainScalarString(value)
    if fits_a_block(value):
        return LiteralScalarString(value)
    return DoubleQuotedScalarString(value)
