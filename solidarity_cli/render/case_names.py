"""The names that a page of one case needs besides those of a report. Loads babel, as `names` does."""

from __future__ import annotations

from solidarity_cli.render.names import Names


class CaseNames(Names):
    """What countries, days, months and languages are called, in `en`, `ru` or `de`."""

    def spoken(self, code: str) -> str:
        """A language's name as a value of its own, so with a capital letter; the code itself when it has none."""
        name = str(self._locale.languages.get(code, code))
        return name[:1].upper() + name[1:] if name != code else code
