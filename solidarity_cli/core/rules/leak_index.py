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

_PREFIX_LETTERS, _PREFIX_DIGITS = 5, 6
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
        for index, (_, private) in enumerate(self._privates):
            for needle in needles(private, plain, fold, _EVERYTHING):
                match needle.kind:
                    case "digits":
                        self._numbers[needle.form[:_PREFIX_DIGITS]].add(index)
                    case "word":
                        self._starts[needle.form[:_PREFIX_LETTERS]].add(index)
                    case _:
                        form = needle.form.split()
                        self._wholes[form[0]].add((frozenset(form), index))

    def matches(self, documents: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
        """(document, place in it, record) of each text, by its place in its document, that holds a private value."""
        full_texts = ["\n".join(texts.values()) for texts in documents.values()]
        for (name, texts), text, tokens in zip(
            documents.items(), full_texts, tokens_all(full_texts, self._fold), strict=True
        ):
            reported = set[tuple[str, str]]()
            for index in sorted(self._candidates(text, set(tokens))):
                record, private = self._privates[index]
                for place in leaks(texts, private, words=self._words, fold=self._fold):
                    if (place, record) not in reported:
                        reported.add((place, record))
                        yield name, place, record

    def _candidates(self, text: str, tokens: set[str]) -> set[int]:
        candidates = set[int]()
        for word in tokens:
            candidates |= self._starts.get(word[:_PREFIX_LETTERS], frozenset())
            candidates |= {index for form, index in self._wholes.get(word, ()) if form <= tokens}
        for run in numbers(text) if self._numbers else ():
            for start in range(len(run) - _PREFIX_DIGITS + 1):
                candidates |= self._numbers.get(run[start : start + _PREFIX_DIGITS], frozenset())
        return candidates


class _Everything:
    """Where every beginning of a word stands: no form is left out of the index."""

    def __contains__(self, _: object) -> bool:
        return True


_EVERYTHING = _Everything()
