"""Which language a text is in, said only when it is plain. Nothing is decided by it."""

from __future__ import annotations

import re
from collections import Counter

_ENOUGH_LETTERS = 40
_SHARE = 0.12
_LEAD = 1.5

_COMMON = {
    "en": "the and of to in that is was for with this our we are have has not be by which from you your on as they",
    "ru": "и в не на что с по это как мы к из но от за для наш нас вы ваш были было его она они или уже есть который "
    "которые у о об до при а также нам просим после",
    "de": "der die und das den von zu mit nicht ist wir auf für dem des ein eine im sich auch als sind wurde unser "
    "unsere haben uns werden bei oder nach",
    "uk": "і в не на що з по це як ми до та але від за для наш нас ви ваш були було його вона вони або вже є який які "
    "у про також нам просимо після й",
    "be": "і ў не на што з па гэта як мы да але ад за для наш нас вы ваш былі было яго яна яны або ужо ёсць які якія "
    "у пра таксама нам просім пасля",
    "pl": "i w nie na że z do się jest to jak o po od za dla przez nasz nas są był było który która oraz lub już ale "
    "także nam prosimy została został",
    "fr": "le la les et de des du un une que qui dans pour nous vous est pas sur avec par au aux ce cette son sont été "
    "notre nos ont en",
    "es": "el la los las y de del un una que en por para con no se es su al lo como más nuestra nuestro nos ha han fue "
    "esta este",
    "it": "il lo la i gli le e di del della un una che in per con non si è al alla come più nostra nostro ci ha hanno "
    "stata stato questo sono",
    "bg": "и на са се да от за ние те той тя това че ще със в във като до по ни си е бе беше който която които са при "
    "ли не но му й им тези след",
    "nl": "de het een en van in is op te dat die voor met niet zijn aan er ook als maar om bij wij we ons onze hebben "
    "door naar uit geworden",
}  # fmt: skip
# Known only so that they are not taken for a neighbour.
_UNSAID = frozenset({"bg", "nl"})
_WORDS = {code: frozenset(words.split()) for code, words in _COMMON.items()}
_CYRILLIC = frozenset({"ru", "uk", "be", "bg"})


def guess(text: str) -> str | None:
    """The ISO 639-1 code, or None when the text is short or mixed or in a language that is not known here."""
    words = re.findall(r"[^\W\d_]+", text[:50_000].lower())
    if sum(map(len, words)) < _ENOUGH_LETTERS:
        return None
    script = _script(words)
    codes = _by_letters(words) if script == "cyrillic" else _WORDS.keys() - _CYRILLIC
    (best, count), (_, second) = Counter(
        {"": 0, "-": 0} | {code: sum(word in _WORDS[code] for word in words) for code in sorted(codes)}
    ).most_common(2)
    own = sum((word[0] > "\u03ff") == (script == "cyrillic") for word in words)
    plain = script and count > 2 and count >= _SHARE * own and count >= _LEAD * second
    return best if plain and best not in _UNSAID else None


def _script(words: list[str]) -> str | None:
    letters = Counter("cyrillic" if "\u0400" <= char <= "\u052f" else "latin" if char < "\u0250" else "other"
                      for word in words for char in word)  # fmt: skip
    name, count = letters.most_common(1)[0]
    return name if name != "other" and count >= 0.7 * letters.total() else None


def _by_letters(words: list[str]) -> frozenset[str]:
    """The Cyrillic languages that remain when letters are counted which only some of them have."""
    count = Counter("".join(words))
    total = count.total()
    ukrainian, belarusian = count["ї"] + count["є"] + count["ґ"], count["ў"]
    if sum(count[char] for char in "ђјљњћџѓќѕәғқңөұүһӣӯ") * 200 > total:
        return frozenset()
    if count["і"] * 100 > total:
        return frozenset({"be"} if belarusian > ukrainian else {"uk"} if ukrainian else ())
    russian = count["ы"] + count["э"]
    return frozenset({"ru"} if russian * 100 > total else {"ru", "bg"})
