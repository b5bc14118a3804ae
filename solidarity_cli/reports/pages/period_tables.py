"""The sections of a report that count: a heading, then a table for each breakdown, or one sentence instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from solidarity_cli.reports.counting.empty_cell import count_of
from solidarity_cli.reports.counting.figures import Breakdown, Cell
from solidarity_cli.reports.pages.charts import with_bars
from solidarity_cli.reports.pages.page import Block, Heading, PageCell, Paragraph, Table
from solidarity_cli.reports.pages.wording import Wording

_Row = tuple[str, PageCell, PageCell]
"""The name of a code, its count in this period, its count in the one before."""


def section(
    wording: Wording,
    name: str,
    now: Breakdown,
    before: Breakdown | None,
    charted: Collection[tuple[str, str]] = (),
) -> Iterator[Block]:
    """One count of the report, this period beside the one before where both are broken down.

    `charted`: section and dimension of the tables that have a chart.
    """
    yield Heading(wording.say(name))
    if now.total is None:
        yield Paragraph(wording.say("hidden.all", what=wording.say(name)))
        return
    if isinstance(now.total, str):
        yield Paragraph(wording.say("hidden.total", what=wording.say(name), number=now.total))
        return
    if not any([now.total, before.total if before else None]):
        yield Paragraph(wording.say(f"none.{name}"))
        return
    if name == "pressure":
        yield Paragraph(wording.say("pressure.text", number=wording.cell(now.total, now.rounded_to)))
    for dimension, cells in now.by.items():
        shown = _table(wording, dimension, now, cells, before)
        if isinstance(shown, Table) and (name, dimension) in charted:
            yield from with_bars(wording, f"{name}.{dimension}", shown)
        else:
            yield shown


def _table(
    wording: Wording, dimension: str, now: Breakdown, cells: Mapping[str, Cell], before: Breakdown | None
) -> Block:
    caption = wording.say(f"by.{dimension}")
    if before and dimension not in before.by:
        before = None
    earlier = before.by[dimension] if before else {}
    if not cells and not earlier:
        return Paragraph(wording.say("hidden.by", what=caption))
    rows: list[_Row] = []
    for code, label in wording.labels(dimension, [*cells, *earlier]).items():
        this = count_of(now.total, cells, code, now.rounded_to)
        last = count_of(before.total, earlier, code, before.rounded_to) if before else None
        rows.append((label, wording.cell(this, now.rounded_to), last))
    rows = _joined(wording, rows)
    if not before:
        columns = (caption, wording.say("number"))
        return Table(caption, columns, tuple(row[:2] for row in rows), numeric=(1,))
    return Table(caption, (caption, wording.say("now"), wording.say("before")), tuple(rows), numeric=(1, 2))


def _joined(wording: Wording, rows: list[_Row]) -> list[_Row]:
    """Rows that say only that a number is small, or may not be said: once, for they all say the same."""

    def says_little(row: _Row) -> bool:
        return (row[1] is None or _is_small(row[1]) or _is_small(row[2])) and not any(map(_is_shown, row[1:]))

    little = [row for row in rows if says_little(row)]
    if len(little) < 2:
        return rows
    plain = [row for row in rows if not says_little(row)]
    return [*plain, (wording.say("each-other" if plain else "each"), little[0][1], little[0][2])]


def _is_small(cell: PageCell) -> bool:
    return isinstance(cell, str) and cell.startswith("<")


def _is_shown(cell: PageCell) -> bool:
    return bool(cell) and not _is_small(cell)
