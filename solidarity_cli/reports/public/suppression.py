"""What a public report may show of a number: nothing that a reader could bring down to a few cases.

Let N be the threshold that the Group set (`suppression_threshold`), never below 3: with N = 2 the mark "<2" would
say "one" as soon as it cannot be none.

**A total** below N, none included, is "<N" (`masked`). None is hidden too: were it shown, "<N" would mean "at least
one", and twelve months of "at least one" against a yearly sum pin each month. Its breakdowns are empty.

**Of one case each** (`divided`: membership, decision, type …; the cells add up to the total T). Let h be the number
of codes below N, and S their sum, which a reader has anyway as T minus what is shown.

- No cell lies between 1 and N-1: every number is shown, zeros are not listed.
- N <= S <= (h-1)(N-1): all h cells are shown as "<N", zeros among them. Take any one of them and any value v from
  0 to N-1. The other h-1 cells can make up S-v, because 0 < S-v <= (h-1)(N-1); each with a value below N; and the
  report made from those values is the same report. So every hidden cell stays as unknown as its mark says, also to
  a reader who knows this rule, and all hidden ones together are N or more.
- Otherwise the breakdown is empty.

`h` counts only codes of the vocabulary: `unknown` may be known to be empty.

**Of several** (`shared`: incident types; a case stands in one or many cells, and in one at least). A reader knows
that the hidden cells together reach at least R = T - shown. The same rule with R in place of S, where R <= 0 tells
nothing. It stays true for a reader who knows that every case has one type: then R = S.

**Countries** (`folded`) are merged, not hidden: countries of N or more stand alone; the others are added up by
region group, groups below N to `all`; if `all` then lies between 1 and N-1, the smallest cell shown joins it. What is
shown adds up to T, every part is N or more, so is every difference of T and some parts.

All this is about one month by itself. What is made of months, or stands beside them, has rules of its own:

- two tables that share cells: `month.py`;
- quarters, years, and the columns for the period before and a year ago: `multi_month.py`, `period.py`;
- the same month published again after records were added: `republication.py`.

In people's words, with what this does not answer: docs/security/suppression.md. A test plays the attacker, who collects
reports and owns a solver: tests/attacks/test_public_figures.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from solidarity_cli.reports.counting.figures import Breakdown, Cell

LEAST_THRESHOLD = 3

UNKNOWN = "unknown"
"""The code of what a record does not tell."""

ALL = "all"
"""The group of everything that is too small to stand alone."""


def threshold_for(wanted: int) -> int:
    """The threshold that is applied: the Group's, at least 3."""
    return max(wanted, LEAST_THRESHOLD)


def masked(number: int, n: int) -> Cell:
    """A total, or "<N"."""
    return number if number >= n else f"<{n}"


def divided(counts: Mapping[str, int], codes: Iterable[str], n: int, joined: int = 1) -> dict[str, Cell]:
    """The cells of a breakdown in which every case stands once. `codes`: all that its vocabulary knows.

    `joined`: how many of the cells a reader also wants to know the sum of; with 2, no two hidden ones are pinned.
    """
    return _cells(counts, codes, n, sum(counts.values()), joined)


def shared(counts: Mapping[str, int], codes: Iterable[str], n: int, total: int) -> dict[str, Cell]:
    """The cells of a breakdown in which each of `total` cases stands in one or more cells."""
    return _cells(counts, codes, n, total)


def _cells(counts: Mapping[str, int], codes: Iterable[str], n: int, total: int, joined: int = 1) -> dict[str, Cell]:
    # A code that the vocabulary does not know may be anybody's words: it is counted as unknown, never printed.
    known = frozenset(codes)
    every = Counter(dict.fromkeys([*known, UNKNOWN], 0))
    for code, number in counts.items():
        every[code if code in known else UNKNOWN] += number
    shown: dict[str, Cell] = {code: number for code, number in sorted(every.items()) if number >= n}
    hidden = sorted(code for code, number in every.items() if number < n)
    if not any(every[code] for code in hidden):
        return shown
    left = total - sum(number for number in every.values() if number >= n)
    among = sum(1 for code in hidden if code in known)
    tells_nothing = left <= 0 or n <= left
    if among <= joined or not tells_nothing or left > (among - joined) * (n - 1):
        return {}
    return dict(sorted({**shown, **dict.fromkeys(hidden, f"<{n}")}.items()))


def folded(counts: Mapping[str, int], group_of: Callable[[str], str], n: int) -> dict[str, Cell]:
    """Counts by country, those below N merged into region groups and then into `all`."""
    shown = {code: number for code, number in counts.items() if number >= n}
    groups: Counter[str] = Counter()
    for code, number in counts.items():
        if code not in shown:
            groups[group_of(code)] += number
    rest = 0
    for group, number in groups.items():
        if number >= n:
            shown[group] = number
        else:
            rest += number
    if 0 < rest < n and shown:
        smallest = min(shown, key=lambda code: (shown[code], code))
        rest += shown.pop(smallest)
    if rest >= n:
        shown[ALL] = rest
    return dict(sorted(shown.items()))


def rounded(breakdown: Breakdown, n: int) -> Breakdown:
    """A breakdown whose numbers are rounded down to multiples of N; what is hidden stays hidden."""
    by = {name: {code: _down(cell, n) for code, cell in cells.items()} for name, cells in breakdown.by.items()}
    return Breakdown(_down(breakdown.total, n), by, rounded_to=n)


def _down(cell: Cell, n: int) -> Cell:
    return cell - cell % n if isinstance(cell, int) else cell
