"""A chart of a table: made from its rows as they are shown, so no picture tells more than the table beside it.

That is also why a public chart is safe: a cell that the table hides has no bar.
"""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.reports.counting.figures import GROUPS
from solidarity_cli.reports.counting.trends import Trends
from solidarity_cli.reports.pages.page import Block, Chart, DisplayValue, Heading, PageCell, Paragraph, Series, Table
from solidarity_cli.reports.pages.wording import Wording

CHARTED = (("received", "incident"), ("open", "status"))
"""The breakdowns that have a chart for every reader."""

CHARTED_IN_PUBLIC = (*CHARTED, ("received", "country"))
"""The public sees countries, the small ones folded into their regions, where the Group sees the regions."""


def with_bars(wording: Wording, name: str, table: Table) -> Iterator[Block]:
    """The chart of the first numbers of a table, then the table; the table alone where there is no bar to draw."""
    series = _series(table, 1)
    if any(series.values):
        longest = max(range(len(series.values)), key=lambda index: series.values[index] or 0)
        about = wording.say("chart.about", what=str(table.rows[longest][0]), number=series.labels[longest])
        yield Chart("bars", wording.say(f"chart.{name}"), about, _categories(table), (series,))
    yield table


def by_month(wording: Wording, trends: Trends) -> Iterator[Block]:
    """Thirteen months, received and closed, as columns beside each other; then the table."""
    yield Heading(wording.say("months"))
    if not any(month.received or month.closed for month in trends.months):
        yield Paragraph(wording.say("none.months"))
        return
    rows = tuple(
        (wording.names.day(month.month), wording.cell(month.received), wording.cell(month.closed))
        for month in trends.months
    )
    columns = (wording.say("month"), wording.say("received"), wording.say("closed"))
    table = Table(wording.say("months"), columns, rows, numeric=(1, 2))
    most = max(trends.months, key=lambda month: month.received)
    about = wording.say(
        "chart.about.months", month=wording.names.day(most.month), number=wording.names.number(most.received)
    )
    # Under a column there is room for a number: 10 for October. The table has the month in words.
    months = tuple(month.month for month in trends.months)
    yield Chart("columns", wording.say("chart.months"), about, months, (_series(table, 1), _series(table, 2)))
    yield table


def days_waited(wording: Wording, trends: Trends) -> Iterator[Block]:
    """How long first decisions took, in spans of days."""
    if not any(trends.days.values()):
        return
    rows = tuple((_span(wording, code), wording.cell(number)) for code, number in trends.days.items())
    caption = wording.say("by.days")
    yield from with_bars(wording, "days", Table(caption, (caption, wording.say("number")), rows, numeric=(1,)))


def by_region(wording: Wording, trends: Trends) -> Iterator[Block]:
    """Appeals by the smallest group that a country belongs to."""
    caption = wording.say("by.groups")
    rows = tuple(
        (wording.say(f"region.{code}"), wording.cell(trends.groups[code]))
        for code in (*GROUPS, "withheld")
        if code in trends.groups
    )
    if rows:
        yield from with_bars(wording, "groups", Table(caption, (caption, wording.say("number")), rows, numeric=(1,)))


def _span(wording: Wording, code: str) -> str:
    first, _, last = code.partition("-")
    if last:
        return wording.count("span", int(last), first=int(first), last=int(last))
    return wording.count("span-open", int(first), first=int(first))


def _categories(table: Table) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in table.rows)


def _series(table: Table, column: int) -> Series:
    cells = [row[column] for row in table.rows]
    return Series(
        table.columns[column],
        tuple(_length(cell) for cell in cells),
        tuple("–" if cell is None else str(cell) for cell in cells),
    )


def _length(cell: PageCell) -> int | None:
    if isinstance(cell, DisplayValue) and isinstance(cell.value, int):
        return cell.value
    return cell if isinstance(cell, int) else None
