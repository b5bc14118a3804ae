"""Names of countries and days, as simple as a test can take them: the core gets them from its caller."""

from __future__ import annotations

from babel import Locale

from solidarity_cli.core.dates import Period


class Names:
    """Codes and ISO dates, marked so that a test sees that they were asked for; plural forms are the real ones."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def country(self, code: str) -> str:
        """A country."""
        return f"country {code}"

    def day(self, iso: str) -> str:
        """A day."""
        return iso

    def month_title(self, period: Period) -> str:
        """A month."""
        return f"{period.first:%m/%Y}"

    def number(self, number: float) -> str:
        """A number."""
        return f"{number}"

    def plural(self, number: int) -> str:
        """The form by CLDR."""
        return str(Locale.parse(self.language).plural_form(number))
