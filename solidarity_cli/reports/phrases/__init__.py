"""The sentences of a report, and in `cases` those about one case. Whole, with {places}, never glued; a file a language.

Each language has the same keys, and the same places in each sentence. A sentence about a counted thing has a form for
each plural that the language knows by CLDR (`span:one`, `span:few` …; `Wording.count`). Tests hold all this together.
"""

from __future__ import annotations

from collections.abc import Mapping

from solidarity_cli.reports.phrases import de, en, ru
from solidarity_cli.reports.phrases.cases import de as case_de
from solidarity_cli.reports.phrases.cases import en as case_en
from solidarity_cli.reports.phrases.cases import ru as case_ru

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": {**en.PHRASES, **case_en.PHRASES},
    "ru": {**ru.PHRASES, **case_ru.PHRASES},
    "de": {**de.PHRASES, **case_de.PHRASES},
}


def phrase(language: str, key: str, **places: object) -> str:
    """A sentence in a language, its places filled. Raises KeyError for a language or sentence that is not written."""
    return LANGUAGES[language][key].format(**places)
