"""How codes, countries, days and private fields are said where one case is shown, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from solidarity_cli.core.dates import bounds
from solidarity_cli.core.model import Hearing
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.pages.page import DisplayValue, PageCell
from solidarity_cli.reports.phrases import phrase


class Names(Protocol):
    """Countries, languages, days and numbers in the language of a page. The caller has the tables; the core has none.

    `wording.Names` asks for more, and what a report is worded with takes longer to load than all else of a case.
    """

    def country(self, code: str) -> str:
        """The name of a country; `XX` is a withheld one."""

    def language_name(self, code: str) -> str:
        """The name of a language."""

    def day(self, iso: str) -> str:
        """A date as people write it. It may be partial (`2026`, `2026-10`)."""

    def number(self, number: float) -> str:
        """A number with the marks of the language: `1,234` or `6.5`."""

    def plural(self, number: int) -> str:
        """Which plural form a number asks for, as CLDR names it: `one`, `few`, `many`, `other`."""


@dataclass(frozen=True, slots=True)
class CaseWording:
    """The words of one page: the vocabulary's, the caller's names, the sentences of a language (`en`, `ru`, `de`)."""

    words: Vocabulary
    names: Names
    language: str

    def say(self, key: str, **places: object) -> str:
        """A sentence of `phrases`."""
        return phrase(self.language, key, **places)

    def count(self, key: str, number: int) -> str:
        """A sentence of `phrases` in the form that goes with a number, which stands at its place {number}."""
        return self.say(f"{key}:{self.names.plural(number)}", number=self.names.number(number))

    def label(self, vocabulary: str, code: str) -> str:
        """What a code of a list is called; what stands in no list is called by itself, and nothing by nothing."""
        return self.words.label(vocabulary, code, self.language) if code else ""

    def labels(self, vocabulary: str, codes: Iterable[str]) -> str:
        """What several codes are called, one after the other. Labels may hold commas."""
        return "; ".join(self.label(vocabulary, code) for code in codes)

    def country(self, code: str) -> str:
        """The name of a country; nothing where none was told."""
        return self.names.country(code) if code else ""

    def day(self, iso: str) -> str:
        """A partial date, or a time with its offset, as people write it. What the calendar does not have stays."""
        try:
            first, _ = bounds(iso)
        except ValueError:
            return iso
        if "T" not in iso:
            return self.names.day(iso)
        clock = iso.partition("T")[2]
        offset = "" if clock.endswith("Z") else clock[-6:]
        return self.say("case.moment", day=self.names.day(first.isoformat()), clock=clock[:5], zone=f"UTC{offset}")

    def cell(self, iso: str) -> PageCell:
        """The same as a cell: a full day, or a time, is one for machines too."""
        text = self.day(iso)
        if text == iso or len(iso) < len("2026-10-31"):
            return text
        return DisplayValue(text, datetime.fromisoformat(iso) if "T" in iso else bounds(iso)[0])

    def standing(self, hearing: Hearing) -> str:
        """Whether a hearing takes place on the day beside which this stands, and from which day it was moved there."""
        state = self.label("hearing-state", hearing.standing if hearing.state else "")
        is_moved = hearing.state == "postponed" and hearing.postponed_to
        return self.say("case.moved", state=state, day=self.day(hearing.at)) if is_moved and hearing.at else state

    def field(self, name: str) -> str:
        """What a field of the private part is called. Raises KeyError for one that the schema does not have."""
        return self.say(f"field.{name}")
