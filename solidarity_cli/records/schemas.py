"""The shape of records: a fast verdict for all, a careful explanation for the few that fail. And the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from solidarity_cli.core.dates import bounds
from solidarity_cli.core.errors import ExternalError
from solidarity_cli.core.vocabulary import Provision, Vocabulary
from solidarity_cli.records.minimal_schema import skeleton
from solidarity_cli.records.read import Fault, UnreadableError, read
from solidarity_cli.records.schema_refs import SchemaFileError, inline_references

KINDS = ("case", "action", "directory", "register", "recipients")

EARLIER = "an earlier one: git log --oneline -- schemas; git checkout COMMIT -- schemas"
"""The next step where the schemas of a register cannot be used."""

_BACKTRACK_LIMIT, _PATTERN_SIZE_LIMIT = 10_000, 250_000
"""Steps that a pattern may take with one value, and bytes that it may take when compiled."""


def schema_folder(root: Path | None) -> Path:
    """Where the schemas are: in the register, else in the installed package, else in the checkout."""
    package = Path(__file__).parent.parent
    folders = [*([root / "schemas"] if root else []), package / "data" / "schemas", package.parent / "schemas"]
    for folder in folders:
        if (folder / "case.schema.json").is_file() and not folder.is_symlink():
            return folder
    raise ExternalError("the schemas are missing", hint="install solidarity again, or: git checkout -- schemas")


Files = Mapping[str, Callable[[], bytes]]
"""Path below `schemas/` -> what reads it."""


def files_in(folder: Path) -> Files:
    """The schema files of a folder."""
    paths = [*folder.glob("*.schema.json"), *folder.glob("*.yaml"), *folder.glob("vocabulary/*.yaml")]
    return {path.relative_to(folder).as_posix(): path.read_bytes for path in sorted(paths)}


class Schemas:
    """The schemas, vocabularies and standards of one place, each read when first asked for.

    Every method raises ExternalError, with `hint` as the next step, where the file that it needs cannot be used.
    """

    def __init__(self, files: Files, hint: str = EARLIER) -> None:
        self._files = files
        self._hint = hint
        self._compiled: dict[str, tuple[_CompiledSchema, ...]] = {}
        self._unusable: dict[str, str] = {}

    def shape(self, kind: str) -> Mapping[str, Any]:
        """The JSON Schema of a kind of record with its local references filled in."""
        return self._schemas_of(kind)[0].shape

    def fits(self, kind: str, plain: Any) -> bool:
        """The fast verdict: whether a plain mapping has the shape of its kind."""
        try:
            return all(schema.validator.is_valid(plain) for schema in self._schemas_of(kind))
        except (ValueError, TypeError):
            return False

    def explain(self, kind: str, plain: Any) -> list[Fault]:
        """Why the verdict is no, in our words, by field; empty when it is yes."""
        schemas = self._schemas_of(kind)
        try:
            faults = [
                fault for schema in schemas for error in schema.errors(plain) for fault in _faults(error, plain, schema)
            ]
        except (ValueError, TypeError):
            return [Fault("a value is nothing that a record can hold")]
        return sorted(dict.fromkeys(faults), key=lambda fault: (fault.field, fault.message))

    @cached_property
    def words(self) -> Vocabulary:
        """Codes with labels, provisions, offers, country groups."""
        names = [name for name in self._files if name.startswith("vocabulary/")]
        try:
            lists = {name[len("vocabulary/") : -len(".yaml")]: _codes(self._yaml(name)) for name in names}
            standards = self._yaml("standards.yaml")
            groups = self._yaml("country_groups.yaml")["groups"]
            return Vocabulary(
                lists=lists,
                provisions={item["id"]: _provision(item) for item in standards["provisions"]},
                instruments={item["id"]: item for item in standards["instruments"]},
                offers={incident: tuple(ids) for incident, ids in standards["offers"].items()},
                groups={name: frozenset(group["members"]) for name, group in groups.items()},
            )
        except (KeyError, TypeError, AttributeError, ValueError):
            raise ExternalError("the lists of codes in schemas cannot be used", hint=self._hint) from None

    def _schemas_of(self, kind: str) -> tuple[_CompiledSchema, ...]:
        """What judges records of a kind; a schema that cannot be used is not tried again for every record."""
        if kind not in self._compiled and kind not in self._unusable:
            try:
                data = self._files[f"{kind}.schema.json"]()
                schema = _CompiledSchema(inline_references(data))
                self._compiled[kind] = (schema,) if data == _shipped_schema(kind) else (schema, _minimal_schema(kind))
            except (OSError, KeyError):
                self._unusable[kind] = "it cannot be read"
            except SchemaFileError as error:
                self._unusable[kind] = error.why
        if kind in self._unusable:
            raise ExternalError(f"schemas/{kind}.schema.json cannot be used: {self._unusable[kind]}", hint=self._hint)
        return self._compiled[kind]

    def _yaml(self, name: str) -> dict[str, Any]:
        try:
            return read(self._files[name]())
        except (OSError, UnreadableError, KeyError):
            raise ExternalError(f"schemas/{name} cannot be read", hint=self._hint) from None


class _CompiledSchema:
    """What judges by a schema. It calls no address, and a pattern that would try for ever is given up: no fit."""

    def __init__(self, shape: Mapping[str, Any]) -> None:
        """Raises SchemaFileError for what is no JSON Schema."""
        import jsonschema_rs

        self.shape = shape
        try:
            self.validator = jsonschema_rs.Draft202012Validator(
                dict(shape),
                validate_formats=True,
                formats=dict(_FORMATS),
                retriever=_refuse_address,
                pattern_options=jsonschema_rs.FancyRegexOptions(
                    backtrack_limit=_BACKTRACK_LIMIT, size_limit=_PATTERN_SIZE_LIMIT
                ),
            )
        except jsonschema_rs.ValidationError as error:
            at = ".".join(map(str, error.instance_path))
            raise SchemaFileError(f"it is no valid JSON Schema{f' at {at}' if at else ''}") from None
        except (ValueError, TypeError):
            raise SchemaFileError("it is no valid JSON Schema") from None

    def errors(self, plain: Any) -> Iterator[Any]:
        return iter(self.validator.iter_errors(plain))


@cache
def _shipped_schema(kind: str) -> bytes:
    """The program's own schema."""
    return (schema_folder(None) / f"{kind}.schema.json").read_bytes()


@cache
def _minimal_schema(kind: str) -> _CompiledSchema:
    return _CompiledSchema(skeleton(inline_references(_shipped_schema(kind))))


def _refuse_address(address: str) -> Any:
    raise ValueError(address)


def _codes(plain: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Code -> what is said of it; empty for a code of which nothing is said. Raises as `dict` for what is no list."""
    return {code: dict(entry or {}) for code, entry in dict(plain["codes"]).items()}


def _provision(item: Mapping[str, Any]) -> Provision:
    return Provision(item["id"], item["instrument"], item.get("number") or "", item["title"], bool(item["verified"]))


def _faults(error: Any, plain: Any, compiled: _CompiledSchema) -> list[Fault]:
    """One schema error as faults: the schema's own words where it has them, never the value that was found."""
    field, keyword = dotted_field(error.instance_path, plain), str(error.schema_path[-1])
    schema = _subschema(compiled.shape, error.schema_path[:-1])
    if keyword == "additionalProperties":
        known = set(schema.get("properties", ()))
        return [
            Fault(
                "there is no such field here",
                field=f"{field}.{key}".strip("."),
                hint=_suggest(key, known),
                is_unknown=True,
            )
            for key in sorted(set(error.instance) - known, key=str)
        ]
    if keyword == "required":
        missing = [key for key in schema["required"] if key not in error.instance]
        return [Fault(f"the field {key} is missing", field=f"{field}.{key}".strip(".")) for key in missing]
    message = schema.get("errorMessage")
    if keyword == "type" and isinstance(error.instance, int | float) and not isinstance(message, str):
        message = "this is read as a number: write it between double quotes"
    return [Fault(message if isinstance(message, str) else f"the value does not fit ({keyword})", field=field)]


def _subschema(shape: Any, path: Sequence[str | int]) -> Mapping[str, Any]:
    """The part of a schema that stands at a path in it; an empty one where there is none."""
    for part in path:
        try:
            shape = shape[part]
        except (KeyError, IndexError, TypeError):
            return {}
    return shape if isinstance(shape, Mapping) else {}


def dotted_field(path: Any, plain: Any) -> str:
    """A path of keys and positions as a dotted field, list items by their id."""
    parts, node = [], plain
    for part in path:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            node = None
        has_id = isinstance(part, int) and isinstance(node, Mapping) and isinstance(node.get("id"), str)
        parts.append(str(node["id"]) if has_id and isinstance(node, Mapping) else str(part))
    return ".".join(parts)


def _suggest(key: Any, known: set[str]) -> str:
    from difflib import get_close_matches

    matches = get_close_matches(str(key), sorted(known), n=1)
    return f"did you mean {matches[0]}?" if matches else "the fields of a record: solidarity explain fields"


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _is_partial_date(text: str) -> bool:
    try:
        bounds(text)
    except (ValueError, OverflowError):
        return False
    return "T" not in text


def _is_moment(text: str) -> bool:
    if "T" not in text:
        return _is_partial_date(text)
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


_FORMATS = {"date": _is_date, "partial-date": _is_partial_date, "moment": _is_moment}
