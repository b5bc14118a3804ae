"""Words that identify nobody, however often they stand in a name: labels, institutions, countries, months.

A private name is compared word by word; these words of it are not. Small on purpose: a word too many here is a name
that slips through, a word too few only asks a coordinator to say it differently.
"""

from __future__ import annotations

import re

from solidarity_cli.core.facts import Fold
from solidarity_cli.core.vocabulary import Vocabulary

_TOKEN = re.compile(r"[^\W\d_]+|\d+")

_SPELLINGS = (
    ("'", ""),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("x", "ks"),
    ("iii", "i"),
    ("ii", "i"),
    ("io", "e"),  # the letter that may be written yo or e
    ("ie", "e"),
    ("kh", "h"),
    ("tz", "ts"),
    ("ts", "c"),
    ("shch", "sch"),
)

_STOP = """
the a of for and or in on at to by with from not no none nobody yes is are was been has had all any who this that
he she they them his her their you your our we it its only please same see said told ask via after before
der die das ein eine und oder von vom zu im am den dem des für mit ist nicht kein keine nur bitte wir sie ich
и или в во на с со по от до для не нет ни за из у к о об это мы вы они он она только как что
"""

_INSTITUTIONS = """
organisation organization organisations centre center archive archives foundation fund court courts chair women youth
human right rights group groups association associations committee council commission federation union network society
institute initiative movement office forum house school university museum library project programme program press media
news team board member members director secretary secretariat coordinator assessor editor lawyer lawyers legal law aid
help support solidarity memorial civic civil public national international regional european local district city town
street square region state republic north south east west northern southern eastern western new old free open first
supreme regional memory history social workshop club league alliance agency service services ministry police prison
info contact mail admin hello webmaster postmaster noreply example test www org com net gov edu
организация организации центр архив фонд суд председатель женщины молодежь человек права прав правовой группа
ассоциация комитет совет комиссия федерация союз сеть общество институт инициатива движение форум дом школа университет
музей библиотека проект программа пресса команда директор секретарь координатор редактор адвокат юрист помощь поддержка
солидарность общественный гражданский национальный международный региональный районный городской областной верховный
город улица площадь область край республика район север юг восток запад северный южный восточный западный новый первый
мастерская клуб лига альянс агентство служба министерство полиция прокуратура издание газета редакция память
организации verein verband zentrum archiv stiftung gericht vorsitz vorsitzende frauen jugend mensch menschen rechte
gruppe ausschuss rat kommission bund netzwerk gesellschaft institut bewegung haus schule museum bibliothek projekt
presse leitung anwalt anwältin recht hilfe öffentlich national regional stadt straße platz land nord süd ost west neu
amtsgericht landgericht kreis werkstatt büro
"""

_COUNTRIES = """
russia russian belarus belarusian ukraine ukrainian germany german poland polish france french georgia georgian armenia
armenian azerbaijan moldova kazakhstan kyrgyzstan uzbekistan tajikistan turkmenistan lithuania latvia estonia finland
sweden norway denmark netherlands belgium austria switzerland italy spain portugal greece hungary hungarian romania
bulgaria serbia kosovo croatia slovakia slovenia bosnia macedonia albania montenegro turkey cyprus malta ireland
iceland czechia czech britain kingdom united states america canada mongolia israel china europe asia caucasus
россия россии российский российская российской русский беларусь беларуси белоруссия украина украины германия германии
польша польши франция грузия грузии армения армении азербайджан молдова казахстан киргизия кыргызстан узбекистан
таджикистан туркменистан литва литвы латвия эстония финляндия швеция норвегия венгрия сербия турция европа европы
кавказ чехия австрия италия испания
russland russisch russische weißrussland deutschland deutsche polen frankreich georgien armenien aserbaidschan moldau
kasachstan usbekistan litauen lettland estland finnland schweden norwegen ungarn serbien türkei europa österreich
schweiz tschechien rumänien bulgarien
"""

_TIMES = """
january february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday sunday today yesterday week month year day
январь января февраль февраля март марта апрель апреля май мая июнь июня июль июля август августа сентябрь сентября
октябрь октября ноябрь ноября декабрь декабря понедельник вторник среда четверг пятница суббота воскресенье год года
januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag
"""


class PlainWords:
    """`labels`: words that even a whole private value may be made of. `all`: those and the words of institutions."""

    def __init__(self, words: Vocabulary, fold: Fold) -> None:
        labels = [
            str(entry.get(language, ""))
            for codes in words.lists.values()
            for entry in codes.values()
            for language in ("en", "ru", "de")
        ]
        codes = [code for codes in words.lists.values() for code in codes]
        self.codes = frozenset(codes) | frozenset(words.provisions)
        self.labels = frozenset(tokens(fold(" ".join([*labels, *codes, _STOP, _COUNTRIES, _TIMES]))))
        self.all = self.labels | frozenset(tokens(fold(_INSTITUTIONS)))
        self._stems = frozenset(stem(word) for word in self.all if len(stem(word)) >= 5)

    def __contains__(self, word: str) -> bool:
        """Whether a folded word, or the same word with another ending, identifies nobody."""
        return word in self.all or stem(word) in self._stems

    def only_labels(self, words: list[str]) -> bool:
        """Whether a value consists of labels and of codes of two letters: then it tells no more than a title does."""
        return all(word in self.labels or len(word) <= 2 for word in words)


def tokens(folded: str) -> list[str]:
    """The words and numbers of a folded text, in one of the many ways in which a Slavic name is spelled in Latin.

    Yevgeniy and Evgenii, Kuznetzov and Kuznecov, Iwanow and Ivanov are one. A sign of softness, which folding makes
    an apostrophe, is no break.
    """
    normalized = folded
    for spelling, replacement in _SPELLINGS:
        normalized = normalized.replace(spelling, replacement)
    return _TOKEN.findall(normalized)


def stem(word: str) -> str:
    """A folded word without the vowels at its end, at most two, which cases and genders change; five letters stay."""
    stemmed = word
    for _ in range(2):
        if len(stemmed) > 5 and stemmed[-1] in "aeiou":
            stemmed = stemmed[:-1]
    return stemmed
