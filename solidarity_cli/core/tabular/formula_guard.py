"""Cells that no spreadsheet takes for a formula, and the same text read back.

A `'` goes before what would act; before a text that begins like a guarded one, too, so that reading is exact.
"""

from __future__ import annotations

_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, the wide forms among them."""


def guard(text: str) -> str:
    """A text as a cell that stays text."""
    return f"'{text}" if _acts(text) or _is_guarded(text) else text


def unguard(cell: str) -> str:
    """The text of a cell, whether this program wrote it or a person did."""
    return cell[1:] if _is_guarded(cell) else cell


def _acts(text: str) -> bool:
    return text.startswith(_ACTS) or text.lstrip().startswith(_ACTS)


def _is_guarded(cell: str) -> bool:
    return cell.startswith("'") and (cell[1:2] == "'" or _acts(cell[1:]))
