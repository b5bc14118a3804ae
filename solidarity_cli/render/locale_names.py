"""What a language calls countries, languages, days and months. Loads babel, so only people's output comes here."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from solidarity_cli.core.dates import Period, bounds

_WITHHELD = {"en": "Country withheld", "ru": "Страна не указана", "de": "Land nicht genannt"}


class Names:
    """What countries, days and months are called, and how numbers are written, in `en`, `ru` or `de`."""

    def __init__(self, language: str) -> None:
        self.language = language

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse({"en": "en_GB"}.get(self.language, self.language))

    def country(self, code: str) -> str:
        """A country's name; the code itself when it has none."""
        if code == "XX":
            return _WITHHELD.get(self.language, _WITHHELD["en"])
        return str(self._locale.territories.get(code, code))

    def language_name(self, code: str) -> str:
        """A language's name as a value of its own, so with a capital letter; the code itself when it has none."""
        name = str(self._locale.languages.get(code, code))
        return name[:1].upper() + name[1:] if name != code else code

    def day(self, iso: str) -> str:
        """`2026-10-03` or a partial date, as people write it; a time keeps its clock and offset."""
        first, last = bounds(iso)
        if "T" in iso:
            return f"{format_date(first, 'long', locale=self._locale)}, {iso.partition('T')[2]}"
        if first == last:
            return str(format_date(first, "long", locale=self._locale))
        return self._month(first) if first.month == last.month else str(first.year)

    def month_title(self, period: Period) -> str:
        """A period as a title: a month, a year, or two days."""
        if period.whole_months == 1:
            return self._month(period.first)
        if period.whole_months == 12 and period.first.month == 1:
            return str(period.first.year)
        return f"{self.day(period.first.isoformat())} – {self.day(period.last.isoformat())}"

    def number(self, number: float) -> str:
        """A number with the marks of the language; one digit after the point where it is not whole."""
        pattern = "#,##0" if isinstance(number, int) else "#,##0.0"
        return str(format_decimal(number, pattern, locale=self._locale))

    def plural(self, number: int) -> str:
        """The plural form by the rules of CLDR: `one`, `few`, `many`, `other`."""
        return str(self._locale.plural_form(number))

    def _month(self, day: date) -> str:
        return str(format_skeleton("yMMMM", day, locale=self._locale))
