"""A page as text for a terminal, and rows as plain lines for a pipe. `rich` is loaded only when a page is drawn."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from solidarity_cli.render.escape import clean
from solidarity_cli.reports.pages.page import (
    Block,
    Bullets,
    Chart,
    Definitions,
    Heading,
    Page,
    PageCell,
    Paragraph,
    Quote,
    Table,
)

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

NOTHING = "–"
"""A cell with nothing to say."""


_ROOM_FOR_BARS = 72
"""Columns of a screen from which on bars stand beside the numbers."""

_BARS = ("█", "▒")
"""The first series, and the second: told apart without colour."""

_LONGEST_BAR = 24


def page_to_text(page: Page, width: int, *, color: bool, boxes: bool = True) -> str:
    """The page as lines of at most `width` columns.

    Colour only underlines what the text says without it. Without `boxes`, tables become lines that a screen reader
    can read: "column: value".
    """
    console, out = _console(width, color=color)
    console.print(_text(page.title, "bold"))
    if page.subtitle:
        console.print(_text(page.subtitle, "italic"))
    chart: Chart | None = None
    for block in page.blocks:
        if isinstance(block, Chart):
            chart = block  # its bars stand in the table that follows
            continue
        console.print()
        for part in _block(block, chart if console.width >= _ROOM_FOR_BARS else None, boxes=boxes):
            console.print(part)
        chart = None
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def plain_table(columns: Sequence[str], rows: Iterable[Sequence[PageCell]]) -> str:
    """Rows for a pipe: tab-separated, one record a line, nothing wrapped or cut. No heading line without `columns`."""
    lines = [columns, *rows] if columns else list(rows)
    return "".join("\t".join(_plain(cell) for cell in line) + "\n" for line in lines)


def _plain(cell: PageCell) -> str:
    if cell is None:
        return ""
    return clean(" ".join(str(cell).replace("\r\n", "\n").replace("\t", "\n").split("\n")))


def _console(width: int, *, color: bool) -> tuple[Console, io.StringIO]:
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        width=max(width, 20),
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},  # whether there is colour was decided by the caller, not by FORCE_COLOR or COLUMNS
    )
    return console, out


def _text(words: str, style: str = "") -> Text:
    """The one place where words reach the screen: cleaned, and as text that is never read as markup."""
    from rich.text import Text

    return Text(clean(words), style=style, overflow="fold")


def _block(block: Block, chart: Chart | None, *, boxes: bool) -> Iterable[RenderableType]:  # noqa: PLR0911 one for each kind of block
    from rich.padding import Padding

    match block:
        case Heading():
            return [_text(block.text, "bold underline" if block.level <= 2 else "bold")]
        case Paragraph():
            return [_text(block.text)]
        case Quote():
            return [Padding(_text(line), (0, 0, 0, 2)) for line in block.text.splitlines()]
        case Bullets():
            return [Padding(_text(f"- {item}"), (0, 0, 0, 2)) for item in block.items]
        case Definitions():
            return [_text(f"{term}: {meaning}") for term, meaning in block.pairs]
        case Chart():
            return []
        case Table():
            return [_table(block, chart)] if boxes else _linear_table(block)


def _table(table: Table, chart: Chart | None) -> RenderableType:
    from rich import box
    from rich.table import Table as Grid

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    marks = _marks(chart)
    for index, column in enumerate(table.columns):
        name = f"{column} {marks[column]}" if column in marks else column
        grid.add_column(_text(name), justify="right" if index in table.numeric else "left", overflow="fold")
    if chart:
        grid.add_column("")
    for index, row in enumerate(table.rows):
        cells = [_text(NOTHING if cell is None else str(cell)) for cell in row]
        grid.add_row(*cells, *([_text(_bars(chart, index))] if chart else []))
    return grid


def _marks(chart: Chart | None) -> dict[str, str]:
    """Which bars are whose, where there are two series: shown at the name of the column."""
    if chart is None or len(chart.series) < 2:
        return {}
    return {series.name: mark for series, mark in zip(chart.series, _BARS, strict=False)}


def _bars(chart: Chart, index: int) -> str:
    """The bars of one row of a table; every number above zero has one to be seen."""
    most = max((value for series in chart.series for value in series.values if value), default=1)
    room = _LONGEST_BAR // len(chart.series)
    lengths = [-(-(series.values[index] or 0) * room // most) for series in chart.series]
    return " ".join(mark * length for mark, length in zip(_BARS, lengths, strict=False) if length)


def _linear_table(table: Table) -> list[RenderableType]:
    """A table for ears: its caption, then a line for each row, every value after the name of its column."""
    lines = [
        "; ".join(f"{column}: {cell}" for column, cell in zip(table.columns, row, strict=True) if cell is not None)
        for row in table.rows
    ]
    return [_text(table.caption, "bold"), *(_text(line) for line in lines)]
