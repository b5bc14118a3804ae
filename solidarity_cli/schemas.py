"""The shape of records: a fast verdict for all, a careful explanation for the few that fail. And the words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from solidarity_cli.core.dates import bounds
from solidarity_cli.core.errors import Outside
from solidarity_cli.core.vocabulary import Provision, Vocabulary
from solidarity_cli.records.reading import Fault, Unreadable, read

KINDS = ("case", "action", "directory", "register", "recipients")


def schema_folder(root: Path | None) -> Path:
    """Where the schemas are: in the register, else in the installed package, else in the checkout."""
    here = Path(__file__).parent
    places = [*([root / "schemas"] if root else []), here / "data" / "schemas", here.parent / "schemas"]
    for place in places:
        if (place / "case.schema.json").is_file() and not place.is_symlink():
            return place
    raise Outside("the schemas are missing", hint="install solidarity again, or: git checkout -- schemas")


Files = Mapping[str, Callable[[], bytes]]
"""Path below `schemas/` -> what reads it."""


def files_in(folder: Path) -> Files:
    """The schema files of a folder."""
    found = [*folder.glob("*.schema.json"), *folder.glob("*.yaml"), *folder.glob("vocabulary/*.yaml")]
    return {file.relative_to(folder).as_posix(): file.read_bytes for file in sorted(found)}


class Schemas:
    """The schemas, vocabularies and standards of one place, each read when first asked for."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._shapes: dict[str, Mapping[str, Any]] = {}
        self._verdicts: dict[str, Any] = {}

    def shape(self, kind: str) -> Mapping[str, Any]:
        """The JSON Schema of a kind of record with its local references filled in."""
        if kind not in self._shapes:
            schema = self._json(kind)
            self._shapes[kind] = _without_references(schema, schema.get("$defs", {}))
        return self._shapes[kind]

    def fits(self, kind: str, plain: Any) -> bool:
        """The fast verdict: whether a plain mapping has the shape of its kind."""
        if kind not in self._verdicts:
            import jsonschema_rs

            self._verdicts[kind] = jsonschema_rs.Draft202012Validator(
                self._json(kind), validate_formats=True, formats=dict(_FORMATS)
            )
        try:
            return bool(self._verdicts[kind].is_valid(plain))
        except (ValueError, TypeError):
            return False

    def explain(self, kind: str, plain: Any) -> list[Fault]:
        """Why the verdict is no, in our words, by field; empty when it is yes."""
        from jsonschema import Draft202012Validator, FormatChecker

        checker = FormatChecker(())
        for name, check in _FORMATS.items():
            checker.checks(name)(lambda value, check=check: not isinstance(value, str) or check(value))
        validator = Draft202012Validator(dict(self.shape(kind)), format_checker=checker)
        faults = [fault for error in validator.iter_errors(plain) for fault in _faults(error, plain)]
        return sorted(dict.fromkeys(faults), key=lambda fault: (fault.field, fault.message))

    @cached_property
    def words(self) -> Vocabulary:
        """Codes with labels, provisions, offers, country groups."""
        names = [name for name in self._files if name.startswith("vocabulary/")]
        lists = {name[len("vocabulary/") : -len(".yaml")]: self._yaml(name)["codes"] for name in names}
        standards = self._yaml("standards.yaml")
        groups = self._yaml("country_groups.yaml")["groups"]
        return Vocabulary(
            lists=lists,
            provisions={item["id"]: _provision(item) for item in standards["provisions"]},
            instruments={item["id"]: item for item in standards["instruments"]},
            offers={incident: tuple(ids) for incident, ids in standards["offers"].items()},
            groups={name: frozenset(group["members"]) for name, group in groups.items()},
        )

    def _json(self, kind: str) -> dict[str, Any]:
        name = f"{kind}.schema.json"
        try:
            return dict(json.loads(self._files[name]()))
        except (OSError, ValueError, KeyError):
            raise Outside(f"schemas/{name} cannot be read", hint="git checkout -- schemas") from None

    def _yaml(self, name: str) -> dict[str, Any]:
        try:
            return read(self._files[name]())
        except (OSError, Unreadable, KeyError):
            raise Outside(f"schemas/{name} cannot be read", hint="git checkout -- schemas") from None


def _provision(item: Mapping[str, Any]) -> Provision:
    return Provision(item["id"], item["instrument"], item.get("number") or "", item["title"], bool(item["verified"]))


def _without_references(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, Mapping):
        if "$ref" in node:
            referred = _without_references(definitions[node["$ref"].rpartition("/")[2]], definitions)
            return {**referred, **{key: value for key, value in node.items() if key != "$ref"}}
        return {key: _without_references(value, definitions) for key, value in node.items() if key != "$defs"}
    if isinstance(node, list):
        return [_without_references(item, definitions) for item in node]
    return node


def _faults(error: Any, plain: Any) -> list[Fault]:
    """One schema error as faults: the schema's own words where it has them, never the value that was found."""
    field = dotted(error.absolute_path, plain)
    if error.validator == "additionalProperties":
        known = set(error.schema.get("properties", ()))
        return [
            Fault(
                "there is no such field here",
                field=f"{field}.{key}".strip("."),
                hint=_nearest(key, known),
                is_unknown=True,
            )
            for key in sorted(set(error.instance) - known, key=str)
        ]
    if error.validator == "required":
        gaps = [key for key in error.validator_value if key not in error.instance]
        return [Fault(f"the field {key} is missing", field=f"{field}.{key}".strip(".")) for key in gaps]
    words = error.schema.get("errorMessage") if isinstance(error.schema, Mapping) else None
    if error.validator == "type" and isinstance(error.instance, int | float) and not isinstance(words, str):
        words = "this is read as a number: write it between double quotes"
    return [Fault(words if isinstance(words, str) else f"the value does not fit ({error.validator})", field=field)]


def dotted(path: Any, plain: Any) -> str:
    """A path of keys and positions as a dotted field, list items by their id."""
    parts, node = [], plain
    for part in path:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            node = None
        named = isinstance(part, int) and isinstance(node, Mapping) and isinstance(node.get("id"), str)
        parts.append(str(node["id"]) if named and isinstance(node, Mapping) else str(part))
    return ".".join(parts)


def _nearest(key: Any, known: set[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(str(key), sorted(known), n=1)
    return f"did you mean {close[0]}?" if close else "the fields of a record: solidarity explain fields"


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
