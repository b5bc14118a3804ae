"""Whether an appeal is about somebody the register knows already: names folded, Cyrillic and Latin alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solidarity_cli.register.matching.fold import fold

ALIKE = 88.0
"""Percent of likeness, words in any order, from which two names are shown to a person as perhaps the same."""


def names_in(private: Mapping[str, Any]) -> set[str]:
    """The folded names and addresses in a private part."""
    single = (private.get(field) for field in ("subject_name", "contact_name", "contact"))
    several = private.get("other_names") or ()
    return {fold(name).strip() for name in (*single, *several) if isinstance(name, str) and len(name.strip()) > 2}


def alike(private: Mapping[str, Any], others: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """The ids of those `others` (id, private part) that carry a name like one in `private`."""
    from rapidfuzz import fuzz, process

    mine = sorted(names_in(private))
    if not mine:
        return
    for record, theirs in others:
        known = sorted(names_in(theirs))
        if any(process.extractOne(name, known, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE) for name in mine):
            yield record
