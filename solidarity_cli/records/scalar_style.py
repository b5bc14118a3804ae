"""How a value is written: codes plain, dates and ids quoted, long text as a block. One answer for every value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

PARAGRAPHS = frozenset({"source", "private"})
"""Fields that a blank line stands above, to help the eye."""

NOT_PLAIN = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
"""Words that some reader takes for a truth value or nothing: a country or language must stay text everywhere."""

_CODE = re.compile(r"[a-z][a-z0-9]{2,}(?:[-.@][a-z0-9]+)*|[a-z]{1,2}(?:[-.@][a-z0-9]+)+|[a-z][0-9]+")
_NO_BLOCK = re.compile("[\t\x85\u2028\u2029\ufeff]|[ ]\n|[ ]$")
_LONGEST_CODE = 48
_SHORT_LIST = 100


def is_code(text: str) -> bool:
    """Whether a text stands without quotes."""
    return len(text) <= _LONGEST_CODE and _CODE.fullmatch(text) is not None and text not in NOT_PLAIN


def fits_a_line(items: Collection[Any]) -> bool:
    """Whether a list is of scalars, and short enough to stand on one line."""
    if any(isinstance(item, Mapping | list | tuple) for item in items):
        return False
    texts = [str(item) for item in items]
    return sum(len(text) + 2 for text in texts) <= _SHORT_LIST and not any("\n" in text for text in texts)


def fits_a_block(text: str) -> bool:
    """Whether a text has lines, and a block scalar gives exactly this text back, whoever reads it."""
    if "\n" not in text:
        return False
    body = text[:-1] if text.endswith("\n") else text
    printable = body.replace("\n", "").isprintable()
    return bool(body) and body[0] not in " \n" and not body.endswith("\n") and printable and not _NO_BLOCK.search(text)


def in_order(keys: Iterable[str], shape: Mapping[str, Any]) -> list[str]:
    """The keys in the order of the schema; unknown ones last, as they came."""
    rank = _rank(tuple(shape.get("properties", ())))
    return sorted(keys, key=lambda key: rank.get(key, len(rank)))


@cache
def _rank(names: tuple[str, ...]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}
