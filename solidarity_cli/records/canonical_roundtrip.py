"""Canonical text by the round-trip YAML, field by field: every value, and the comments that a person wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from solidarity_cli.records.scalar_style import PARAGRAPHS, in_order
from solidarity_cli.records.sections import Section, join, split
from solidarity_cli.records.yaml_nodes import canonical_node, editor, node_text, scalar


def text_of(plain: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
    """The fields of a plain record as canonical text."""
    parts: list[str] = []
    for name in in_order(plain, shape):
        if parts and name in PARAGRAPHS:
            parts.append("\n")
        parts.append(node_text(canonical_node({name: plain[name]}, shape)))
    return "".join(parts)


def canonical_text(text: str, shape: Mapping[str, Any]) -> str:
    """The text of a record in canonical order and quotes, with its comments."""
    sections, tail = split(text)
    rank = {name: index for index, name in enumerate(in_order([s.name for s in sections], shape))}
    lines = [_tidy(section, shape) for section in sorted(sections, key=lambda section: rank[section.name])]
    return join(lines, tail.rstrip() + "\n" if tail.strip() else "").lstrip("\n")


def _tidy(section: Section, shape: Mapping[str, Any]) -> Section:
    yaml = editor()
    node = yaml.load(section.body)
    _restyle(node, shape)
    above = re.sub(r"\n{2,}", "\n", section.above)
    return Section(section.name, above, node_text(node, yaml))


def _restyle(node: Any, shape: Mapping[str, Any]) -> None:
    """Canonical order and quotes on a node that keeps its comments."""
    if isinstance(node, CommentedMap):
        for key in in_order(list(node), shape):
            child_shape = shape.get("properties", {}).get(key, {})
            node[key] = _restyle_value(node[key], child_shape)
            node.move_to_end(key)
        node.fa.set_block_style()
    elif isinstance(node, CommentedSeq):
        for index, item in enumerate(node):
            node[index] = _restyle_value(item, shape.get("items", {}))
        canonical = canonical_node(list(node), shape)
        if canonical.fa.flow_style():
            node.fa.set_flow_style()
        else:
            node.fa.set_block_style()


def _restyle_value(value: Any, shape: Mapping[str, Any]) -> Any:
    if isinstance(value, CommentedMap | CommentedSeq):
        _restyle(value, shape)
        return value
    return scalar(str(value) if isinstance(value, str) else value)
