"""What the program itself has to find in a record, whatever the schema of a register lets pass.

A register may know more codes and more fields than the program. But a date has to be a date and a list a list, lest one
commit that loosens the schema stop every program that reads the register, the server's first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KEPT = ("type", "required", "pattern", "format", "errorMessage")
_NAMED = ("properties", "patternProperties")


def skeleton(shape: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without its lists of codes, its bounds, and its word on further fields."""
    bones = {key: shape[key] for key in _KEPT if key in shape}
    for key in _NAMED:
        if key in shape:
            bones[key] = {name: skeleton(below) for name, below in shape[key].items()}
    if "items" in shape:
        bones["items"] = skeleton(shape["items"])
    return bones
