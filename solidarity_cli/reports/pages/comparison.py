"""What has changed since a report was made, as two tables: figures, and for the Group the records behind them."""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.reports.counting.figures import Cell
from solidarity_cli.reports.pages.page import Block, Heading, PageCell, Paragraph, Table
from solidarity_cli.reports.pages.wording import Wording
from solidarity_cli.reports.period.comparison import Changed, Difference


def comparison_blocks(wording: Wording, changed: Changed, *, is_of_this_period: bool) -> Iterator[Block]:
    """The figures that differ, then the records that count otherwise; a sentence where nothing does.

    In public "nothing has changed" might be untrue, and what this report prints of the same period is held back too.
    """
    title = wording.title(changed.period)

    def say(key: str) -> str:
        return wording.say(key, period=title, commit=changed.against, n=changed.step)

    yield Heading(say("changed"))
    if changed.figures or changed.records:
        yield Paragraph(say("changed.text"))
    else:
        yield Paragraph(say("none.changed.public" if changed.step else "none.changed"))
    if changed.step and changed.period.whole_months > 1:
        yield Paragraph(say("changed.sums"))
    elif changed.step:
        yield Paragraph(say("changed.step"))
        if is_of_this_period:
            yield Paragraph(say("changed.held"))
    if changed.figures:
        rows = tuple(_row(wording, difference) for difference in changed.figures)
        columns = (say("count"), say("row"), say("then"), say("today"))
        yield Table(say("changed.figures"), columns, rows, numeric=(2, 3))
    if changed.records:
        record_rows = tuple(
            (record.id, record.title or None, say(f"altered.{record.how}")) for record in changed.records
        )
        yield Table(say("changed.records"), (say("record"), say("case"), say("how")), record_rows)


def _row(wording: Wording, difference: Difference) -> tuple[PageCell, ...]:
    label = wording.labels(difference.dimension, [difference.code])[difference.code] if difference.code else None
    return (
        wording.say(difference.section),
        label,
        _cell(wording, difference, difference.then),
        _cell(wording, difference, difference.now),
    )


def _cell(wording: Wording, difference: Difference, value: Cell | float) -> PageCell:
    return wording.decimal(value) if isinstance(value, float) else wording.cell(value, difference.rounded_to)
