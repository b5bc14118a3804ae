"""A report as paper: headings, text, tables as data. People's words stand in it as they are; no markup of any kind.

Whoever prints a page cleans and escapes every text of it, in one place a format: `render`.
"""

from __future__ import annotations

from dataclasses import dataclass

PageCell = str | int | None
"""A cell of a table: text, a number, or nothing to say."""


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


Block = Heading | Paragraph | Quote | Bullets | Definitions | Table


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report in one language (`en`, `ru`, `de`)."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    language: str
