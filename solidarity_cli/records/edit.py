"""Edits carried out in a file's text: the lines of other fields, their comments and quotes, stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, MutableSequence
from copy import deepcopy
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from solidarity_cli.core.edits import Append, Edit, Remove, Set, carry_out
from solidarity_cli.records.canonical_fast import text_of
from solidarity_cli.records.read import read
from solidarity_cli.records.scalar_style import PARAGRAPHS, in_order
from solidarity_cli.records.sections import Section, join, split
from solidarity_cli.records.yaml_nodes import canonical_node, editor, node_text


def edit(text: str, edits: Iterable[Edit], shape: Mapping[str, Any]) -> str:
    """The text of a record after `edits`; `shape` is its schema, which gives the order of new fields.

    Raises Refused when an edit leads nowhere. Says so loudly when the text would not mean what was asked.
    """
    edits = tuple(edits)
    target = read(text.encode())
    # A later edit may go into an item that an earlier one brought: the edits themselves stay as they are.
    carry_out(deepcopy(edits), target)
    if (composed := _compose_canonical(text, target, shape)) is not None:
        return composed
    result = _edit_lines(text, edits, target, shape)
    if read(result.encode()) != target:
        raise AssertionError("an edit changed more than it was asked to")
    return result


def _compose_canonical(text: str, target: Mapping[str, Any], shape: Mapping[str, Any]) -> str | None:
    """`target` in canonical form, where the text was in it and had no comments; None for any other text.

    There is nothing to keep in such a file but its values, and to compose it takes a hundredth of the time.
    """
    head, line_end, body = text.partition("\n")
    before = read(text.encode())
    if not head.startswith("# yaml-language-server:") or text_of(before, shape) != body:
        return None
    # Whoever sees the change sees the lines of the edited field only: no blank line comes or goes with another.
    old_order, new_order = in_order(before, shape), in_order(target, shape)
    if PARAGRAPHS & {*old_order}.symmetric_difference(new_order) or old_order[:1] != new_order[:1]:
        return None
    after = text_of(target, shape)
    return head + line_end + after if after is not None and read(after.encode()) == target else None


def _edit_lines(text: str, edits: tuple[Edit, ...], target: Mapping[str, Any], shape: Mapping[str, Any]) -> str:
    """The text with the lines of the edited fields changed, and all others as they were."""
    sections, tail = split(text)
    if tail.strip() == "" and sections and not sections[-1].body.endswith("\n"):
        sections[-1] = Section(sections[-1].name, sections[-1].above, sections[-1].body + "\n")
    for name in dict.fromkeys(edit.path.partition(".")[0] for edit in edits):
        field_edits = [edit for edit in edits if edit.path.partition(".")[0] == name]
        sections = _replace_section(sections, name, field_edits, target, shape)
    return join(sections, tail)


def _replace_section(
    sections: list[Section], name: str, edits: list[Edit], target: Mapping[str, Any], shape: Mapping[str, Any]
) -> list[Section]:
    """The sections with one of them changed, added in its place, or gone."""
    position = next((index for index, section in enumerate(sections) if section.name == name), None)
    if name not in target:
        return [section for section in sections if section.name != name]
    if position is None:
        body = node_text(canonical_node({name: target[name]}, shape))
        names = in_order([*(section.name for section in sections), name], shape)
        new_position = names.index(name)
        return [*sections[:new_position], Section(name, "", body), *sections[new_position:]]
    edited = sections[position]
    body = _edit_body(edited.body, edits, shape)
    return [*sections[:position], Section(name, edited.above, body), *sections[position + 1 :]]


def _edit_body(body: str, edits: list[Edit], shape: Mapping[str, Any]) -> str:
    yaml = editor()
    node = yaml.load(body)
    for edit in edits:
        match edit:
            case Set(path, value):
                carry_out([Set(path, canonical_node(value, _shape_at(shape, path, node)))], node)
            case Append(path, item):
                item_shape = _shape_at(shape, path, node).get("items", {})
                _make_block(_node_at(node, path), canonical_node(item, item_shape))
                carry_out([Append(path, canonical_node(item, item_shape))], node)
            case Remove():
                carry_out([edit], node)
        _reorder(node, shape)
    return node_text(node, yaml)


def _shape_at(shape: Mapping[str, Any], path: str, node: Any) -> Mapping[str, Any]:
    """The part of the schema that describes a path."""
    for part in path.split("."):
        if "properties" in shape and part in shape["properties"]:
            shape = shape["properties"][part]
        else:
            shape = shape.get("items", {})
    return shape


def _node_at(node: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(node, MutableMapping):
            node = node.get(part)
        elif isinstance(node, MutableSequence):
            node = next((item for item in node if isinstance(item, MutableMapping) and item.get("id") == part), None)
        else:
            return None
    return node


def _make_block(items: Any, item: Any) -> None:
    """A comment below the last item hangs on that item; a block list shows it above the new one, which is its place.

    A one-line list that outgrows its line, or gets a mapping, becomes a block.
    """
    if isinstance(items, CommentedSeq) and isinstance(item, CommentedMap):
        items.fa.set_block_style()


def _reorder(node: Any, shape: Mapping[str, Any]) -> None:
    """Put fields that were added last where the schema has them; others keep the order they were written in."""
    if isinstance(node, CommentedMap):
        for key in list(node):
            _reorder(node[key], shape.get("properties", {}).get(key, {}))
        keys = _order_keys(list(node), shape)
        if keys != list(node):
            for key in keys:
                node.move_to_end(key)
    elif isinstance(node, CommentedSeq):
        for item in node:
            _reorder(item, shape.get("items", {}))


def _order_keys(keys: list[str], shape: Mapping[str, Any]) -> list[str]:
    rank = {key: index for index, key in enumerate(in_order(shape.get("properties", ()), shape))}
    placed: list[str] = []
    for key in keys:
        key_rank = rank.get(key, len(rank))
        position = next((i for i, other in enumerate(placed) if rank.get(other, len(rank)) > key_rank), len(placed))
        placed.insert(position, key)
    return placed
