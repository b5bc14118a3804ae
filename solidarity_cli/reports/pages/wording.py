"""How codes, countries, days and cells are said in the language of a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from solidarity_cli.core.dates import Period, bounds
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.counting.figures import GROUPS, Cell
from solidarity_cli.reports.pages.alphabetical_order import alphabetical
from solidarity_cli.reports.pages.page import DisplayValue, PageCell
from solidarity_cli.reports.period.repeat_command import is_commit
from solidarity_cli.reports.period.report import MadeFrom
from solidarity_cli.reports.phrases import phrase
from solidarity_cli.reports.public.month import LIST_OF
from solidarity_cli.reports.public.suppression import ALL, UNKNOWN


class Names(Protocol):
    """Countries, days and numbers in the language of a page. The caller has the tables; the core has none."""

    def country(self, code: str) -> str:
        """The name of a country; `XX` is a withheld one."""

    def day(self, iso: str) -> str:
        """A date as people write it. It may be partial (`2026`, `2026-10`) or a time with its offset."""

    def month_title(self, period: Period) -> str:
        """A calendar month as a title: `October 2026`."""

    def number(self, number: float) -> str:
        """A number with the marks of the language: `1,234` or `6.5`."""

    def plural(self, number: int) -> str:
        """Which plural form a number asks for, as CLDR names it: `one`, `few`, `many`, `other`."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one page: the vocabulary's, the caller's names, the sentences of a language."""

    words: Vocabulary
    names: Names
    language: str

    def say(self, key: str, **places: object) -> str:
        """A sentence of `phrases`."""
        return phrase(self.language, key, **places)

    def count(self, key: str, number: int, **places: object) -> str:
        """A sentence of `phrases` in the form that goes with a number: `1 день`, `2 дня`, `5 дней`."""
        return self.say(f"{key}:{self.names.plural(number)}", **places)

    def label(self, dimension: str, code: str) -> str:
        """What a code of a breakdown is called. A code that no list knows is called by itself."""
        vocabulary = LIST_OF[dimension]
        if code == UNKNOWN and code not in self.words.codes(vocabulary):
            return self.say("unknown")
        return self.words.label(vocabulary, code, self.language)

    def countries(self, codes: Iterable[str]) -> dict[str, str]:
        """The names of countries and of groups of them, countries first, both in the order of their names."""
        names = {code: self.names.country(code) for code in codes if code not in GROUPS}
        ordered = dict(sorted(names.items(), key=lambda item: (alphabetical(item[1]), item[0])))
        groups = [group for group in GROUPS if group in codes]
        for group in groups:
            ordered[group] = self._group(group, alone=len(ordered) + len(groups) == 1)
        return ordered

    def _group(self, group: str, *, alone: bool) -> str:
        name = self.words.label("country-group", group, self.language)
        if group == ALL:
            return name if alone else self.say("rest-of-all")
        return name if group == "other" else self.say("rest-of-group", group=name)

    def labels(self, dimension: str, codes: Iterable[str]) -> dict[str, str]:
        """The names of the codes of a breakdown, in the order in which a table lists them."""
        used = set(codes)
        if dimension == "country":
            return self.countries(used)
        known = [code for code in self.words.codes(LIST_OF[dimension]) if code in used]
        return {code: self.label(dimension, code) for code in [*known, *sorted(used.difference(known))]}

    def title(self, period: Period) -> str:
        """A period as a title."""
        if period.whole_months == 1:
            return self.names.month_title(period)
        if period.whole_months == 12 and period.first.month == 1:
            return str(period.first.year)
        if quarter := period.quarter_number:
            return self.say("quarter", quarter=quarter, year=period.first.year)
        return self.days(period)

    def days(self, period: Period) -> str:
        """The first and the last day of a period."""
        first, last = period.first.isoformat(), period.last.isoformat()
        if first == last:
            return self.say("one-day", first=self.names.day(first))
        return self.say("days", first=self.names.day(first), last=self.names.day(last))

    def cell(self, cell: Cell, rounded_to: int = 0) -> PageCell:
        """A number as a reader sees it: a rounded one says so, thousands are set apart."""
        if not isinstance(cell, int) or not cell:
            return cell
        if rounded_to:
            return DisplayValue(self.say("cell.rounded", number=self.names.number(cell)), cell)
        return DisplayValue(self.names.number(cell), cell) if cell >= 1000 else cell

    def day(self, iso: str) -> PageCell:
        """A date as a cell: a full day is one for machines too."""
        first, last = bounds(iso)
        text = self.names.day(iso)
        return DisplayValue(text, first) if first == last and "T" not in iso else text

    def decimal(self, number: float | None) -> PageCell:
        """A number of days, with one digit after the mark that the language uses; whole where it is."""
        if number is None or isinstance(number, int):
            return number
        return DisplayValue(self.names.number(number), number)

    def source_line(self, made: MadeFrom) -> str:
        """What the report was made from; a state that no commit holds is given as it is."""
        return self.say("made-from.commit", commit=made.commit) if is_commit(made.commit) else made.commit
