"""Codes as people answer them: by code, number, label in any language of the register, or a unique beginning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.register.matching.fold import fold

LANGUAGES = ("en", "ru", "de")

# What countries are called and neither code nor the label of the day says.
_OTHER_NAMES = {
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
        name_key = key(text)
        codes = [choice.code for choice in self.all if name_key in choice.names]
        return codes[0] if len(codes) == 1 else ""

    def beginning(self, text: str) -> list[str]:
        """The codes one of whose names begins with `text`."""
        prefix = key(text)
        return [choice.code for choice in self.all if any(name.startswith(prefix) for name in choice.names)]

    def find(self, text: str) -> str:
        """The code that an answer means. Raises AnswerError with the nearest ones."""
        text = text.strip()
        if self.numbered and text.isascii() and text.isdecimal():
            if 0 < int(text) <= len(self.all):
                return self.all[int(text) - 1].code
            raise AnswerError(f"the numbers go from 1 to {len(self.all)}; ? shows the list")
        if code := self.exact(text):
            return code
        name_key = key(text)
        codes = self.beginning(text) if len(name_key) >= self._shortest else []
        if len(codes) == 1:
            return codes[0]
        if codes:
            raise AnswerError(f"that fits several: {self._join(codes)}; type more of it")
        suggestions = self._nearest(name_key)
        raise AnswerError(
            f"not in the list; did you mean {self._join(suggestions)}?"
            if suggestions
            else "not in the list; ? shows it"
        )

    def _nearest(self, name_key: str) -> list[str]:
        from difflib import get_close_matches

        # One long name is compared word by word too: "serch" is near the "search" in "office or home search".
        code_by_name: dict[str, str] = {}
        for choice in self.all:
            for name in sorted(choice.names):
                for word in (name, *(part for part in name.split() if len(part) > 3)):
                    code_by_name.setdefault(word, choice.code)
        names = get_close_matches(name_key, sorted(code_by_name), n=6, cutoff=0.7)
        return list(dict.fromkeys(code_by_name[name] for name in names))[:3]

    def _join(self, codes: Iterable[str]) -> str:
        listed = list(codes)
        labels = [code if key(self.label(code)) == key(code) else f"{code} ({self.label(code)})" for code in listed[:4]]
        return ", ".join(labels) + (", …" if len(listed) > 4 else "")


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
        names = {code, *(words.label(name, code, label_language) for label_language in LANGUAGES)}
        names |= {alias for alias, alias_code in (aliases or {}).items() if alias_code == code}
        choices.append(Choice(code, words.label(name, code, language), frozenset(map(key, names)) - {""}))
    return Choices(choices)


def of_countries(codes: Iterable[str], language: str, *, first: Iterable[str] = ()) -> Choices:
    """The countries that a record may name, by their names in every language of the register."""
    from solidarity_cli.render.locale_names import Names

    locales = [Names(label_language) for label_language in LANGUAGES]
    names = Names(language)
    known = list(codes)
    ordered = [*(code for code in first if code in known), *known]
    choices = []
    for code in dict.fromkeys(ordered):
        labels = {*(locale.country(code) for locale in locales), *_OTHER_NAMES.get(code, ())}
        choices.append(Choice(code, names.country(code), frozenset(map(key, labels)) - {""}))
    # Two letters that are no code are a slip, not the beginning of a country.
    return Choices(choices, numbered=False, shortest=3)
