"""Recognize encrypted values (tokens) by their form. Only `crypto` makes and opens them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREFIX = "sealed:1:"
"""What a token begins with; the number is the version of its form."""

MARK = "[sealed]"
"""What stands for a sealed value in the view of somebody without the key."""

PRIVATE = "[private]"
"""What stands for a private value, never sealed, in the view of somebody who may know that it is there."""


def is_sealed(value: object) -> bool:
    """Whether a value is a token, or what is left of one: never a person's words."""
    return isinstance(value, str) and value.startswith(PREFIX)


def mask_tokens(node: Any) -> Any:
    """A value with the mark in the place of every token in it."""
    match node:
        case Mapping():
            return {key: mask_tokens(child) for key, child in node.items()}
        case list():
            return [mask_tokens(child) for child in node]
    return MARK if is_sealed(node) else node


def readable(private: Mapping[str, Any]) -> dict[str, Any]:
    """A private part without what is sealed: all that a search can look through."""
    fields = {}
    for field, value in private.items():
        open_value = readable(value) if isinstance(value, Mapping) else value
        if open_value != {} and not is_sealed(open_value):
            fields[field] = open_value
    return fields


def holds_sealed(private: Mapping[str, Any]) -> bool:
    """Whether anything in a private part is sealed."""
    return any(holds_sealed(value) if isinstance(value, Mapping) else is_sealed(value) for value in private.values())
