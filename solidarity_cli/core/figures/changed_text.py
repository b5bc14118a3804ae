"""What has changed since a report was made, as two tables: figures, and for the Group the records behind them."""

from __future__ import annotations

from collections.abc import Iterator

from solidarity_cli.core.figures.changed import Changed, Difference
from solidarity_cli.core.figures.counts import Cell
from solidarity_cli.core.figures.wording import Wording
from solidarity_cli.core.page import Block, Heading, PageCell, Paragraph, Table


def changed_blocks(wording: Wording, changed: Changed, public_step: int = 0) -> Iterator[Block]:
    """The figures that differ, then the records that count otherwise; a sentence where nothing does.

    `public_step`: in public, how far a number has to move to be printed; "nothing has changed" might be untrue there.
    """
    say = wording.say
    yield Heading(say("changed"))
    if not changed.figures and not changed.records:
        key = "none.changed.public" if public_step else "none.changed"
        yield Paragraph(say(key, commit=changed.against, n=public_step))
        return
    key = "changed.text.public" if public_step else "changed.text"
    yield Paragraph(say(key, commit=changed.against, n=public_step))
    if changed.figures:
        rows = tuple(_row(wording, one) for one in changed.figures)
        columns = (say("count"), say("row"), say("then"), say("today"))
        yield Table(say("changed.figures"), columns, rows, numeric=(2, 3))
    if changed.records:
        listed = tuple((one.id, one.title or None, say(f"altered.{one.how}")) for one in changed.records)
        yield Table(say("changed.records"), (say("record"), say("case"), say("how")), listed)


def _row(wording: Wording, one: Difference) -> tuple[PageCell, ...]:
    label = wording.labels(one.dimension, [one.code])[one.code] if one.code else None
    return (wording.say(one.section), label, _cell(wording, one, one.then), _cell(wording, one, one.now))


def _cell(wording: Wording, one: Difference, value: Cell | float) -> PageCell:
    return wording.decimal(value) if isinstance(value, float) else wording.cell(value, one.rounded_to)
