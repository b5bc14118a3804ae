"""A chart as SVG: the same text for a browser and for the PDF, drawn 360 units wide so that a phone shows it as it is.

Nothing is told by colour alone: every bar has its number beside it, the second series is hatched, and the table stands
next to the chart. Colours are attributes, which a style sheet may override (dark mode, print); without one they are
those of paper. Source of the blue: the colour-blind safe palette of Okabe and Ito.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from html import escape

from solidarity_cli.render.escape import clean
from solidarity_cli.reports.pages.page import Chart

WIDTH = 360
BLUE = "#0072b2"
_LETTER = 6.6
"""The mean width of a letter of 12.5 units, a little generous."""

_FONT = "Libertinus Serif"
"""The letters of the PDF. A style sheet says its own."""


def chart_to_svg(chart: Chart, key: str) -> str:
    """The chart as one SVG element. `key` makes its ids its own within a page."""
    parts = list(_columns(chart, key) if chart.kind == "columns" else _bars(chart))
    height = _height(chart)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="{key}-title {key}-desc" font-family="{_FONT}" font-size="12.5" '
        f'fill="currentColor">'
    )
    caption = (
        f'<title id="{key}-title">{_text(chart.title)}</title><desc id="{key}-desc">{_text(chart.description)}</desc>'
    )
    return head + caption + "".join(parts) + "</svg>"


def _text(words: str) -> str:
    """The one place where words become SVG."""
    return escape(clean(words))


# Bars below each other: the label on a line, the bar and its number on the next

_ROW = 38
_ROOM = 96
"""Units kept free for the number at the end of the longest bar: "10 or more"."""


def _bars(chart: Chart) -> Iterator[str]:
    series = chart.series[0]
    most = _most(chart)
    for index, category in enumerate(chart.categories):
        top = index * _ROW
        yield f'<text x="0" y="{top + 13}">{_text(_short(category))}</text>'
        value = series.values[index]
        length = _units(value * (WIDTH - _ROOM) / most) if value else 0
        if length:
            yield f'<rect class="bar" x="0" y="{top + 18}" width="{length}" height="13" fill="{BLUE}"/>'
        yield f'<text x="{_units(length + 6) if length else 0}" y="{top + 29}">{_text(series.labels[index])}</text>'


def _short(words: str) -> str:
    return textwrap.shorten(words, int(WIDTH / _LETTER), placeholder="…")


# Columns side by side: a month each, one column a series

_LEGEND, _PLOT, _FOOT, _LEFT = 20, 150, 36, 30


def _columns(chart: Chart, key: str) -> Iterator[str]:
    base = _base(chart)
    step, ticks = _scale(_most(chart))
    unit_height = _PLOT / (step * ticks)
    yield _hatching(key)
    for index, series in enumerate(chart.series):
        top = index * _LEGEND
        yield f'<rect {_look(index, key)} x="0" y="{top + 2}" width="12" height="12"/>'
        yield f'<text x="18" y="{top + 13}">{_text(series.name)}</text>'
    for tick in range(ticks + 1):
        height = _units(base - tick * step * unit_height)
        yield (
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH}" y1="{height}" y2="{height}" stroke="#767676" '
            f'stroke-width="{1 if tick == 0 else 0.4}"/>'
        )
        yield f'<text x="{_LEFT - 6}" y="{_units(height + 4)}" text-anchor="end">{tick * step}</text>'
    column_width = (WIDTH - _LEFT) / len(chart.categories)
    for place, month in enumerate(chart.categories):
        yield from _month(chart, month, place, column_width, base, unit_height, key)


def _month(
    chart: Chart, month: str, place: int, column_width: float, base: float, unit_height: float, key: str
) -> Iterator[str]:
    left = _LEFT + place * column_width
    bar = (column_width - 5) / len(chart.series)
    for index, series in enumerate(chart.series):
        value = series.values[place]
        if value:
            height = value * unit_height
            yield (
                f'<rect {_look(index, key)} x="{_units(left + 2.5 + index * bar)}" y="{_units(base - height)}" '
                f'width="{_units(bar - 1)}" height="{_units(height)}"/>'
            )
    year, _, number = month.partition("-")
    yield f'<text x="{_units(left + column_width / 2)}" y="{base + 15}" text-anchor="middle">{int(number)}</text>'
    if place == 0 or number == "01":
        yield f'<text x="{_units(left + 2.5)}" y="{base + 31}" font-weight="bold">{year}</text>'


def _hatching(key: str) -> str:
    return (
        f'<pattern id="{key}-hatch" width="4" height="4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect class="bar" width="1.6" height="4" fill="{BLUE}"/></pattern>'
    )


def _look(index: int, key: str) -> str:
    """Full for the first series, hatched with an outline for the second."""
    if index == 0:
        return f'class="bar" fill="{BLUE}"'
    return f'class="outline" fill="url(#{key}-hatch)" stroke="{BLUE}" stroke-width="0.8"'


def _scale(most: int) -> tuple[int, int]:
    """The step between lines, one of 1, 2, 5, 10, 20 …, and how many steps reach `most`; four at most."""
    least = max(most, 1) / 4
    size = 10 ** math.floor(math.log10(least)) if least > 1 else 1
    step = next(size * lead for lead in (1, 2, 5, 10) if size * lead >= least)
    return step, math.ceil(max(most, 1) / step)


def _base(chart: Chart) -> int:
    return _LEGEND * len(chart.series) + 10 + _PLOT


def _height(chart: Chart) -> int:
    return _base(chart) + _FOOT if chart.kind == "columns" else _ROW * len(chart.categories)


def _most(chart: Chart) -> int:
    return max((value for series in chart.series for value in series.values if value), default=1)


def _units(number: float) -> int | float:
    """A length with one digit after the point at most: the same text on every machine."""
    rounded = round(float(number), 1)
    return int(rounded) if rounded == int(rounded) else rounded
