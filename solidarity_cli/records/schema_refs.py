"""A JSON Schema with its references filled in; whatever leads out of the file, or might never end, is refused.

Anybody who can push can write the schemas of a register, and the server reads them before anybody else: a schema calls
no address, opens no other file, and takes no more time than there is in a schema.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from solidarity_cli.core.limits import LARGEST_RECORD

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
        schema = json.loads(data, parse_constant=_no_number)
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
    filled: dict[str, Any] = _Walk(definitions if isinstance(definitions, dict) else {}).through(schema, (), 0)
    return filled


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


class _Walk:
    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._parts = 0

    def through(self, node: Any, inside: tuple[str, ...], depth: int) -> Any:
        """A part of the schema with what it refers to put there; `inside`: the definitions around it."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise SchemaFileError("it is too large, with all that it refers to")
        if depth > _DEEPEST:
            raise SchemaFileError("it is nested too deeply")
        if isinstance(node, list):
            return [self.through(item, inside, depth + 1) for item in node]
        if not isinstance(node, dict):
            return node
        own = {
            key: self.through(below, inside, depth + 1) for key, below in node.items() if key not in ("$ref", "$defs")
        }
        if odd := [key for key in own if key.startswith("$") and key != "$comment"]:
            raise SchemaFileError(f"it uses {odd[0]}, and a schema here refers only to its own $defs")
        for key in ("properties", "patternProperties"):
            if isinstance(own.get(key), dict):
                own[key] = {name: _as_mapping(below) for name, below in own[key].items()}
        if "items" in own:
            own["items"] = _as_mapping(own["items"])
        return {**self._referred(node["$ref"], inside, depth), **own} if "$ref" in node else own

    def _referred(self, reference: Any, inside: tuple[str, ...], depth: int) -> dict[str, Any]:
        name = reference[len(_PREFIX) :] if isinstance(reference, str) and reference.startswith(_PREFIX) else ""
        if not isinstance(self._definitions.get(name), dict):
            raise SchemaFileError("it refers to what is not among its own $defs")
        if name in inside:
            raise SchemaFileError("it refers to itself without end")
        found: dict[str, Any] = self.through(self._definitions[name], (*inside, name), depth + 1)
        return found


def _as_mapping(schema: Any) -> Any:
    """`true` and `false`, which a schema may be as well, as the mappings that say the same."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    return schema
