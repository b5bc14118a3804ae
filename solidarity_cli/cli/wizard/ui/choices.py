"""Codes as people answer them: by code, number, label in any language of the register, or a unique beginning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.register.matching.fold import fold

LANGUAGES = ("en", "ru", "de")

# What countries are called and neither code nor the label of the day says.
_CALLED = {
    "BY": ("Белоруссия", "Belorussia", "Weißrussland"),
    "CZ": ("Czech Republic", "Чешская Республика", "Tschechische Republik"),
    "DE": ("ФРГ", "BRD"),
    "GB": ("UK", "Great Britain", "England", "Англия", "Großbritannien"),
    "KG": ("Киргизстан", "Kyrgyz Republic"),
    "MD": ("Молдавия", "Moldavia", "Moldawien"),
    "NL": ("Holland", "Голландия"),
    "RU": ("РФ", "Russian Federation", "Российская Федерация", "Russische Föderation"),
    "TM": ("Туркмения",),
    "TR": ("Turkey", "Турция", "Türkei"),
    "US": ("USA", "США", "America", "Америка", "Amerika"),
    "XX": ("withheld", "secret", "скрыто", "не указывать", "geheim", "ungenannt"),
}


class AnswerError(Exception):
    """An answer that fits nothing, or several things. The message says what would; it does not repeat the answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One code: what it is called, and every name it answers to, as keys."""

    code: str
    label: str
    names: frozenset[str]


class Choices:
    """A list of codes to choose from. `shortest` is how many letters a beginning needs."""

    def __init__(self, choices: Sequence[Choice], *, numbered: bool = True, shortest: int = 1) -> None:
        self.all = tuple(choices)
        self.numbered = numbered
        self._shortest = shortest
        self._by_code = {choice.code.casefold(): choice.code for choice in self.all}

    def label(self, code: str) -> str:
        """What a code is called."""
        return next((choice.label for choice in self.all if choice.code == code), code)

    def exact(self, text: str) -> str:
        """The code that `text` names in full; empty when none, or more than one."""
        text = text.strip()
        if code := self._by_code.get(text.casefold()):
            return code
        wanted = key(text)
        found = [choice.code for choice in self.all if wanted in choice.names]
        return found[0] if len(found) == 1 else ""

    def beginning(self, text: str) -> list[str]:
        """The codes one of whose names begins with `text`."""
        wanted = key(text)
        return [choice.code for choice in self.all if any(name.startswith(wanted) for name in choice.names)]

    def find(self, text: str) -> str:
        """The code that an answer means. Raises NotUnderstood with the nearest ones."""
        text = text.strip()
        if self.numbered and text.isascii() and text.isdecimal():
            if 0 < int(text) <= len(self.all):
                return self.all[int(text) - 1].code
            raise AnswerError(f"the numbers go from 1 to {len(self.all)}; ? shows the list")
        if code := self.exact(text):
            return code
        wanted = key(text)
        found = self.beginning(text) if len(wanted) >= self._shortest else []
        if len(found) == 1:
            return found[0]
        if found:
            raise AnswerError(f"that fits several: {self._shown(found)}; type more of it")
        near = self._near(wanted)
        raise AnswerError(
            f"not in the list; did you mean {self._shown(near)}?" if near else "not in the list; ? shows it"
        )

    def _near(self, wanted: str) -> list[str]:
        from difflib import get_close_matches

        # One long name is compared word by word too: "serch" is near the "search" in "office or home search".
        known: dict[str, str] = {}
        for choice in self.all:
            for name in sorted(choice.names):
                for word in (name, *(part for part in name.split() if len(part) > 3)):
                    known.setdefault(word, choice.code)
        near = get_close_matches(wanted, sorted(known), n=6, cutoff=0.7)
        return list(dict.fromkeys(known[name] for name in near))[:3]

    def _shown(self, codes: Iterable[str]) -> str:
        some = list(codes)
        shown = [code if key(self.label(code)) == key(code) else f"{code} ({self.label(code)})" for code in some[:4]]
        return ", ".join(shown) + (", …" if len(some) > 4 else "")


def key(text: str) -> str:
    """Text as it is compared: folded, only letters and digits, single spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def of_vocabulary(
    words: Vocabulary, name: str, language: str, *, aliases: Mapping[str, str] | None = None, first: Iterable[str] = ()
) -> Choices:
    """The codes of a vocabulary. Those in `first` stand at the top: the mail's own words suggest them."""
    codes = words.codes(name)
    ordered = [*dict.fromkeys(code for code in first if code in codes), *codes]
    choices = []
    for code in dict.fromkeys(ordered):
        called = {code, *(words.label(name, code, each) for each in LANGUAGES)}
        called |= {alias for alias, meant in (aliases or {}).items() if meant == code}
        choices.append(Choice(code, words.label(name, code, language), frozenset(map(key, called)) - {""}))
    return Choices(choices)


def of_countries(codes: Iterable[str], language: str, *, first: Iterable[str] = ()) -> Choices:
    """The countries that a record may name, by their names in every language of the register."""
    from solidarity_cli.render.locale_names import Names

    names = [Names(each) for each in LANGUAGES]
    shown = Names(language)
    known = list(codes)
    ordered = [*(code for code in first if code in known), *known]
    choices = []
    for code in dict.fromkeys(ordered):
        called = {*(each.country(code) for each in names), *_CALLED.get(code, ())}
        choices.append(Choice(code, shown.country(code), frozenset(map(key, called)) - {""}))
    # Two letters that are no code are a slip, not the beginning of a country.
    return Choices(choices, numbered=False, shortest=3)
