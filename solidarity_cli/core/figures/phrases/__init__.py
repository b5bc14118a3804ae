"""The sentences of a report. Whole sentences with {places}, never glued pieces; a file a language.

Each language has the same keys, and the same places in each sentence. A sentence about a counted thing has a form for
each plural that the language knows by CLDR (`span:one`, `span:few` …; `Wording.count`). Tests hold all this together.
"""

from __future__ import annotations

from collections.abc import Mapping

from solidarity_cli.core.figures.phrases import de, en, ru

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": en.PHRASES, "ru": ru.PHRASES, "de": de.PHRASES}


def phrase(language: str, key: str, **places: object) -> str:
    """A sentence in a language, its places filled. Raises KeyError for a language or sentence that is not written."""
    return LANGUAGES[language][key].format(**places)
