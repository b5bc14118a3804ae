"""A report as paper: headings, text, tables, charts as data. People's words stand in it as they are; no markup.

Whoever prints a page cleans and escapes every text of it, in one place a format: `render`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class DisplayValue:
    """A number or a day as the language of the page says it: `value` is for machines, `str()` for people."""

    text: str
    value: int | float | date

    def __str__(self) -> str:
        return self.text


PageCell = str | int | DisplayValue | None
"""A cell of a table: text, a number, a day, or nothing to say."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. Level 2 is a section of the page; 1 is the page's own title and never stands among the blocks."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words as they were written, line by line."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts in no order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms and what they are: the facts at the head of a page, the meanings at its foot."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption. `numeric`: which columns hold numbers, and are set to the right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[PageCell, ...], ...]
    numeric: tuple[int, ...] = ()

    def has_own_caption(self, heading: str) -> bool:
        """Whether its caption tells the eye more than the heading above it and the name of its first column do."""
        return bool(self.caption) and self.caption not in (heading, *self.columns[:1])


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars. A value is None where there is no bar: hidden from the reader, or not known."""

    name: str
    values: tuple[int | None, ...]
    labels: tuple[str, ...]
    """What stands at each bar: the cell of the table as people read it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of the table that follows it, and of nothing else: a category for each of its rows.

    `bars` lie one below the other; `columns` stand side by side, a month each. `description` says in a sentence what
    the eye would see.
    """

    kind: Literal["bars", "columns"]
    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]


Block = Heading | Paragraph | Quote | Bullets | Definitions | Table | Chart


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report in one language (`en`, `ru`, `de`).

    `dated` is the day that a file made of it bears as its own: one that never changes, so the bytes do not either.
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    language: str
    dated: date = date(2000, 1, 1)
