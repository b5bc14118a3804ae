"""A JSON Schema with its references filled in; whatever leads out of the file, or might never end, is refused.

Anybody who can push can write the schemas of a register, and the server reads them before anybody else: a schema calls
no address, opens no other file, and takes no more time than there is in a schema.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from solidarity_cli.core.record_size import LARGEST_RECORD

_VERSION = "https://json-schema.org/draft/2020-12/schema"
_PREFIX = "#/$defs/"
_MOST_PARTS, _DEEPEST = 10_000, 64
"""Values in a schema with everything filled in, and how deep they lie: four and seven times what our largest has."""


class SchemaFileError(Exception):
    """Why a text is no schema for us: the end of a sentence that begins with the name of the file."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def inline_references(data: bytes) -> dict[str, Any]:
    """The schema that a file holds, without references. Raises SchemaFileError."""
    if len(data) > LARGEST_RECORD:
        raise SchemaFileError("it is larger than 1 MB")
    if not data.strip():  # what is no file of its own, or is too large, is read as nothing
        raise SchemaFileError("it is empty, a link, or larger than 1 MB")
    try:
        schema = json.loads(data, parse_constant=_refuse_constant)
    except RecursionError:
        raise SchemaFileError("it is nested too deeply") from None
    except ValueError:
        raise SchemaFileError("it is no JSON") from None
    if not isinstance(schema, dict):
        raise SchemaFileError("it is no JSON Schema")
    if schema.pop("$schema", _VERSION) != _VERSION:
        raise SchemaFileError(f"it names another version of JSON Schema than {_VERSION}")
    schema.pop("$id", None)
    definitions = schema.pop("$defs", {})
    filled: dict[str, Any] = _Inliner(definitions if isinstance(definitions, dict) else {}).inline(schema, (), 0)
    return filled


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


class _Inliner:
    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._parts = 0

    def inline(self, node: Any, enclosing: tuple[str, ...], depth: int) -> Any:
        """A part of the schema with what it refers to put there; `enclosing`: the definitions around it."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise SchemaFileError("it is too large, with all that it refers to")
        if depth > _DEEPEST:
            raise SchemaFileError("it is nested too deeply")
        if isinstance(node, list):
            return [self.inline(item, enclosing, depth + 1) for item in node]
        if not isinstance(node, dict):
            return node
        filled = {
            key: self.inline(child, enclosing, depth + 1) for key, child in node.items() if key not in ("$ref", "$defs")
        }
        if unsupported := [key for key in filled if key.startswith("$") and key != "$comment"]:
            raise SchemaFileError(f"it uses {unsupported[0]}, and a schema here refers only to its own $defs")
        for key in ("properties", "patternProperties"):
            if isinstance(filled.get(key), dict):
                filled[key] = {name: _as_mapping(child) for name, child in filled[key].items()}
        if "items" in filled:
            filled["items"] = _as_mapping(filled["items"])
        return {**self._resolve(node["$ref"], enclosing, depth), **filled} if "$ref" in node else filled

    def _resolve(self, reference: Any, enclosing: tuple[str, ...], depth: int) -> dict[str, Any]:
        name = reference[len(_PREFIX) :] if isinstance(reference, str) and reference.startswith(_PREFIX) else ""
        if not isinstance(self._definitions.get(name), dict):
            raise SchemaFileError("it refers to what is not among its own $defs")
        if name in enclosing:
            raise SchemaFileError("it refers to itself without end")
        definition: dict[str, Any] = self.inline(self._definitions[name], (*enclosing, name), depth + 1)
        return definition


def _as_mapping(schema: Any) -> Any:
    """`true` and `false`, which a schema may be as well, as the mappings that say the same."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    return schema
