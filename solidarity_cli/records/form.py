"""The canonical form of a record file: a fixed point of `solidarity fmt`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from solidarity_cli.records.reading import Unreadable, read
from solidarity_cli.records.sections import Section, cut, joined
from solidarity_cli.records.style import editor, in_order, scalar, styled, written

_DEPTH = {"case": "../../", "action": "../../", "directory": "../", "register": "", "recipients": ""}
_MODELINE = re.compile(r"# yaml-language-server:.*\n")
_PARAGRAPHS = frozenset({"source", "private"})
"""Fields that a blank line stands above, to help the eye."""


def modeline(kind: str) -> str:
    """The first line of a record: by it an editor finds our schema and speaks our words."""
    return f"# yaml-language-server: $schema={_DEPTH[kind]}schemas/{kind}.schema.json\n"


def compose(plain: Mapping[str, Any], kind: str, shape: Mapping[str, Any]) -> str:
    """A new record's text from its plain mapping."""
    parts = [modeline(kind)]
    for name in in_order(plain, shape):
        if name in _PARAGRAPHS and len(parts) > 1:
            parts.append("\n")
        parts.append(written(styled({name: plain[name]}, shape)))
    text = "".join(parts)
    if read(text.encode()) != plain:
        raise AssertionError("a record was not written as it is")
    return text


def canonical(data: bytes, kind: str, shape: Mapping[str, Any]) -> str:
    """The canonical text of a record file: same values, same comments. Raises Unreadable for what is no record.

    A byte-order mark and Windows line endings, which are nobody's content, are taken out here and only here.
    """
    text = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    plain = read(text)
    sections, tail = cut(_MODELINE.sub("", text.decode(), count=1))
    rank = {name: index for index, name in enumerate(in_order([s.name for s in sections], shape))}
    lines = [_tidy(section, shape) for section in sorted(sections, key=lambda section: rank[section.name])]
    result = modeline(kind) + joined(lines, tail.rstrip() + "\n" if tail.strip() else "").lstrip("\n")
    if read(result.encode()) != plain:
        raise AssertionError("canonical form changed a value")
    return result


def _tidy(section: Section, shape: Mapping[str, Any]) -> Section:
    yaml = editor()
    node = yaml.load(section.body)
    _restyle(node, shape)
    above = re.sub(r"\n{2,}", "\n", section.above)
    return Section(section.name, above, written(node, yaml))


def _restyle(node: Any, shape: Mapping[str, Any]) -> None:
    """Canonical order and quotes on a node that keeps its comments."""
    if isinstance(node, CommentedMap):
        for key in in_order(list(node), shape):
            below = shape.get("properties", {}).get(key, {})
            node[key] = _restyled(node[key], below)
            node.move_to_end(key)
        node.fa.set_block_style()
    elif isinstance(node, CommentedSeq):
        for index, item in enumerate(node):
            node[index] = _restyled(item, shape.get("items", {}))
        fresh = styled(list(node), shape)
        if fresh.fa.flow_style():
            node.fa.set_flow_style()
        else:
            node.fa.set_block_style()


def _restyled(value: Any, shape: Mapping[str, Any]) -> Any:
    if isinstance(value, CommentedMap | CommentedSeq):
        _restyle(value, shape)
        return value
    return scalar(str(value) if isinstance(value, str) else value)


__all__ = ["Unreadable", "canonical", "compose", "modeline"]
