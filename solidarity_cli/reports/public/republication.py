"""A period told a second time: the public sees a number move by the threshold N or more, or not at all.

Who holds the report of September as it was made in October, and as it is made in November, subtracts one from the
other: 7 appeals and 8, 5 members and 6, and so on down all tables. That is one person's row. So each section is
printed as it was published, late entries and corrections left out, until in every one of its tables each number
stands still or has moved by N or more. A rounded number has to move by 2N: only then has the true one moved by N.

Where a table hides other cells than it did, the section stands still too: "<5" then and 6 now can be subtracted, as
can a region and the country that has come out of it.

A sum over several months stands still always: months of 4 add nothing, and with one entry more they add 5 each.

A section that stands still has a dash where it had "<N", whether anything came or not: by now "<N" may be untrue, and
a dash for what has grown alone would tell that it has. A total that was "<N" is told again from 2N-1 on, by itself:
by then N or more have come, however few there were, and its rows would divide those few.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from solidarity_cli.reports.counting.figures import GROUPS, Breakdown, Cell, Counts, Decided, Missions

NEVER = math.inf
"""In place of a threshold: for sums over several months, which stand still."""


def steady(then: Counts, now: Counts, n: float) -> Counts:
    """`now`, each section that may not move as it was in `then`. Both are as the public sees them."""
    if now.period.whole_months > 1:
        n = NEVER
    decided = _steady_decided(then.decided, now.decided, n)
    # Missions are some of the actions: the two move together.
    may_act = _may_move(then.actions, now.actions, n) and _missions_may(then.missions, now.missions, n)
    return replace(
        now,
        received=steady_breakdown(then.received, now.received, n),
        decided=decided,
        actions=now.actions if may_act else _held(then.actions, now.actions, n),
        missions=now.missions if may_act else then.missions and _held_missions(then.missions),
        referrals=_steady_if_seen(then.referrals, now.referrals, n),
        closed=_steady_if_seen(then.closed, now.closed, n),
        open=_steady_if_seen(then.open, now.open, n),
    )


def steady_breakdown(then: Breakdown, now: Breakdown, n: float) -> Breakdown:
    """The newer one if it has moved and may be set beside the older one; else the older one without its "<N"."""
    return now if _may_move(then, now, n) else _held(then, now, n)


def _steady_if_seen(then: Breakdown | None, now: Breakdown | None, n: float) -> Breakdown | None:
    return steady_breakdown(then, now, n) if then and now else now


def _steady_decided(then: Decided, now: Decided, n: float) -> Decided:
    before, after = (Breakdown(one.total, one.by, one.rounded_to) for one in (then, now))
    if _may_move(before, after, n):
        return now
    held = _held(before, after, n)
    # Also where only the median has moved: it moves with a single case.
    median = then.median_days if held.total == then.total else None
    return Decided(held.total, held.by, median, then.first, held.rounded_to)


def _held(then: Breakdown, now: Breakdown, n: float) -> Breakdown:
    """What was published, its small numbers taken back; of a small total the one of now, once it has grown enough."""
    if isinstance(then.total, str):
        has_grown = isinstance(now.total, int) and now.total >= 2 * n - 1
        return Breakdown(now.total if has_grown else None, {name: {} for name in now.by}, now.rounded_to)
    by = {name: {code: _unmasked(cell) for code, cell in cells.items()} for name, cells in then.by.items()}
    return Breakdown(then.total, by, then.rounded_to)


def _held_missions(then: Missions) -> Missions:
    return Missions(_unmasked(then.total), _unmasked(then.hearings), then.rounded_to)


def _unmasked(cell: Cell) -> Cell:
    return None if isinstance(cell, str) else cell


def _missions_may(then: Missions | None, now: Missions | None, n: float) -> bool:
    if then is None or now is None:
        return then == now
    return _is_far(then.total, now.total, n) and _is_far(then.hearings, now.hearings, n)


def _may_move(then: Breakdown, now: Breakdown, n: float) -> bool:
    """Whether something has moved, and everything that has may be seen to have moved."""
    least = 2 * n if now.rounded_to or then.rounded_to else n
    if then == now or not _is_far(then.total, now.total, least) or then.by.keys() != now.by.keys():
        return False
    return all(_table_may(then, now, dimension, least) for dimension in now.by)


def _table_may(then: Breakdown, now: Breakdown, dimension: str, least: float) -> bool:
    before, after = then.by[dimension], now.by[dimension]
    if bool(before) != bool(after) or _hidden(before) != _hidden(after):
        return False
    if before.keys() != after.keys() and any(code in GROUPS for code in (*before, *after)):
        return False
    if not all(_is_far(before.get(code, 0), after.get(code, 0), least) for code in {*before, *after}):
        return False
    return _is_far(_rest(then.total, before), _rest(now.total, after), least)


def _is_far(then: Cell, now: Cell, least: float) -> bool:
    if then == now:
        return True
    return isinstance(then, int) and isinstance(now, int) and abs(now - then) >= least


def _hidden(cells: Mapping[str, Cell]) -> set[str]:
    return {code for code, cell in cells.items() if not isinstance(cell, int)}


def _rest(total: Cell, cells: Mapping[str, Cell]) -> Cell:
    """What the hidden cells add up to."""
    return total - sum(cell for cell in cells.values() if isinstance(cell, int)) if isinstance(total, int) else total
