"""Many private parts looked for in many texts: an index of words says which of them are worth a look by the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solidarity_cli.core.facts import Fold
from solidarity_cli.core.rules.leak_patterns import needles, numbers, tokens_all
from solidarity_cli.core.rules.privacy import leaks
from solidarity_cli.core.rules.stop_words import PlainWords
from solidarity_cli.core.vocabulary import Vocabulary

_FIRST, _DIGITS = 5, 6
"""Letters that are left of a word by its endings, and digits of the shortest telephone number."""


class LeakIndex:
    """Looks for the values of all `privates`, pairs of record id and opened private part, as `private-only` does.

    To ask the rule for a thousand private parts and a thousand texts, each with each, takes minutes; nearly all pairs
    have no word in common. The index never says no where the rule would say yes.
    """

    def __init__(self, privates: Iterable[tuple[str, Mapping[str, Any]]], *, words: Vocabulary, fold: Fold) -> None:
        self._privates = list(privates)
        self._words, self._fold = words, fold
        self._wholes: dict[str, set[tuple[frozenset[str], int]]] = defaultdict(set)
        self._starts: dict[str, set[int]] = defaultdict(set)
        self._numbers: dict[str, set[int]] = defaultdict(set)
        plain = PlainWords(words, fold)
        for place, (_, private) in enumerate(self._privates):
            for needle in needles(private, plain, fold, _EVERYTHING):
                match needle.kind:
                    case "digits":
                        self._numbers[needle.form[:_DIGITS]].add(place)
                    case "word":
                        self._starts[needle.form[:_FIRST]].add(place)
                    case _:
                        form = needle.form.split()
                        self._wholes[form[0]].add((frozenset(form), place))

    def matches(self, documents: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
        """(document, place in it, record) of each text, by its place in its document, that holds a private value."""
        whole = ["\n".join(texts.values()) for texts in documents.values()]
        for (name, texts), text, said in zip(documents.items(), whole, tokens_all(whole, self._fold), strict=True):
            told = set[tuple[str, str]]()
            for at in sorted(self._candidates(text, set(said))):
                record, private = self._privates[at]
                for place in leaks(texts, private, words=self._words, fold=self._fold):
                    if (place, record) not in told:
                        told.add((place, record))
                        yield name, place, record

    def _candidates(self, text: str, said: set[str]) -> set[int]:
        found = set[int]()
        for word in said:
            found |= self._starts.get(word[:_FIRST], frozenset())
            found |= {place for form, place in self._wholes.get(word, ()) if form <= said}
        for run in numbers(text) if self._numbers else ():
            for start in range(len(run) - _DIGITS + 1):
                found |= self._numbers.get(run[start : start + _DIGITS], frozenset())
        return found


class _Everything:
    """Where every beginning of a word stands: no form is left out of the index."""

    def __contains__(self, _: object) -> bool:
        return True


_EVERYTHING = _Everything()
