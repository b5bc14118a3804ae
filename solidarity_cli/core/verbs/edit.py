"""Single fields changed by hand, `FIELD=VALUE`; what is append-only, or has a verb of its own, is protected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from solidarity_cli.core.changes import FieldChange
from solidarity_cli.core.edits import Edit, Remove, Set, is_item_id
from solidarity_cli.core.errors import Refused, UsageError

PROTECTED = {
    "id": "an id is never changed",
    "schema_version": "the program raises it",
    "status": "solidarity set-status, or solidarity assess",
    "assessments": "solidarity assess adds a new one",
    "notes": "solidarity note adds one; a note is never changed",
    "private.notes": "solidarity note adds one; a note is never changed",
    "consent": "solidarity consent adds one; the newest decides",
    "erasure": "an erasure cannot be taken back",
    "closure": "solidarity set-status ID assessing reopens a case",
    "referral.state": "solidarity update-action AID --referral-state S",
    "referral.history": "solidarity update-action AID --referral-state S adds to it",
}
"""Fields that `edit` leaves alone, and what to type instead."""

_UNPROTECTED = frozenset({"closure.person_told"})
"""What becomes known only after the record was made."""

_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


def edit(settings: Iterable[str], removals: Iterable[str], shape: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Edits from `FIELD=VALUE` and `FIELD`, values read as the schema `shape` says.

    Raises Refused for a protected field, UsageError for what is no setting or no such field.
    """
    edits: list[Edit] = []
    for setting in settings:
        field, sign, value = setting.partition("=")
        if not sign:
            raise UsageError("a setting is written FIELD=VALUE", hint="--set subject.country=BY")
        _require_unprotected(field)
        edits.append(Set(field, read_value(value, shape_of(field, shape), field)))
    for field in removals:
        _require_unprotected(field)
        edits.append(Remove(field))
    return tuple(edits)


def protected_changes(changes: Iterable[FieldChange]) -> tuple[str, ...]:
    """What a whole edited text changed although it is protected: one sentence each."""
    messages = {}
    for change in changes:
        reason = protection(change.field)
        if reason:
            messages[change.field] = f"{change.field} is not changed here: {reason}"
    return tuple(messages.values())


def _require_unprotected(field: str) -> None:
    reason = protection(field)
    if reason:
        raise Refused(f"{field} is not changed by edit", hint=reason)


def protection(field: str) -> str:
    """What to type instead of changing a dotted field by hand; empty for one that is free."""
    if field in _UNPROTECTED:
        return ""
    return next((why for name, why in PROTECTED.items() if field == name or field.startswith(f"{name}.")), "")


def shape_of(field: str, shape: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of the schema that describes a dotted field. Raises UsageError for a field that there is not."""
    for part in field.split("."):
        child = shape.get("properties", {}).get(part)
        if child is None and _first_type(shape) == "array" and is_item_id(part):
            child = shape.get("items")
        if child is None and isinstance(shape.get("additionalProperties"), Mapping):
            child = shape["additionalProperties"]
        if child is None:
            raise UsageError("there is no such field", hint="the fields of a record: solidarity explain fields")
        shape = child
    return shape


def _first_type(shape: Mapping[str, Any]) -> Any:
    """What a person types for it. A list that may be sealed is a list, or else one token, which nobody types."""
    kind = shape.get("type")
    return kind[0] if isinstance(kind, list) else kind


def read_value(text: str, shape: Mapping[str, Any], field: str) -> Any:
    """A value typed by a person as its schema wants it: a list between commas, a number, yes or no, text."""
    match _first_type(shape):
        case "array":
            if shape.get("items", {}).get("type") == "object":
                raise UsageError(
                    f"{field} is a list of items", hint=f"--set {field}.ITEM.FIELD=…, as in incidents.i1.type=search"
                )
            return [read_value(part.strip(), shape.get("items", {}), field) for part in text.split(",") if part.strip()]
        case "integer":
            if not text.strip().isdigit():
                raise UsageError(f"{field} is a whole number", hint=f"--set {field}=2")
            return int(text)
        case "boolean":
            if text.casefold() not in _TRUE | _FALSE:
                raise UsageError(f"{field} is yes or no", hint=f"--set {field}=yes")
            return text.casefold() in _TRUE
        case "object":
            raise UsageError(f"{field} holds fields of its own", hint=f"--set {field}.FIELD=…")
        case _:
            return text
