"""What a table of figures says of a code that it does not list: none, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from solidarity_cli.reports.counting.figures import GROUPS, Cell


def count_of(total: object, cells: Mapping[str, Cell], code: str, rounded_to: int = 0) -> Cell:
    """The count of a code in a table with this total: 0 where a table that is shown does not list it.

    None, nothing is said of it, where the table was left out, folds countries into groups, or adds up what months
    show (`rounded_to`): a month that hides a number adds none.
    """
    if code in cells or total == 0:
        return cells.get(code, 0)
    is_complete = bool(cells) and not rounded_to and not any(group in cells for group in GROUPS)
    return 0 if is_complete else None
