"""Rows that are perhaps about somebody the register knows, or about the same as an earlier row: a hint, no verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from solidarity_cli.register.matching.duplicates import ALIKE, names_in

_MOST = 5


class Familiar:
    """The names met so far, each with where: the id of a case, or `row 12`. In memory only."""

    def __init__(self, known: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        self._where: dict[str, list[str]] = {}
        for record, private in known:
            self._add(record, private)

    def like(self, private: Mapping[str, Any], where: str) -> tuple[str, ...]:
        """Where names like those in `private` were met, at most five; then these are met too."""
        from rapidfuzz import process
        from rapidfuzz.distance import Indel

        places: list[str] = []
        for name in sorted(names_in(private)):
            # The words of both in order: the same as the hint of new-case asks, but of all names in one call.
            matches = process.extract(
                _sort_words(name),
                self._where.keys(),
                scorer=Indel.normalized_similarity,
                score_cutoff=ALIKE / 100,
                limit=_MOST,
            )
            places += [place for known, _, _ in matches for place in self._where[known]]
        self._add(where, private)
        return tuple(dict.fromkeys(places))[:_MOST]

    def _add(self, where: str, private: Mapping[str, Any]) -> None:
        for name in names_in(private):
            self._where.setdefault(_sort_words(name), []).append(where)


def _sort_words(name: str) -> str:
    return " ".join(sorted(name.split()))
