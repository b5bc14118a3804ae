"""What the program itself has to find in a record, whatever the schema of a register lets pass.

A register may know more codes and more fields than the program. But a date has to be a date and a list a list, lest one
commit that loosens the schema stop every program that reads the register, the server's first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KEPT_KEYWORDS = ("type", "required", "pattern", "format", "errorMessage")
_SUBSCHEMA_KEYWORDS = ("properties", "patternProperties")


def skeleton(shape: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without its lists of codes, its bounds, and its word on further fields."""
    minimal = {key: shape[key] for key in _KEPT_KEYWORDS if key in shape}
    for key in _SUBSCHEMA_KEYWORDS:
        if key in shape:
            minimal[key] = {name: skeleton(child) for name, child in shape[key].items()}
    if "items" in shape:
        minimal["items"] = skeleton(shape["items"])
    return minimal
