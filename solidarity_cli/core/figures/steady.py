"""A period published a second time: the public sees a number move by the threshold N or more, or not at all.

Who holds the report of September as it was made in October, and as it is made in November, subtracts one from the
other: 7 appeals and 8, 5 members and 6, and so on down all tables. That is one person's row. So each section is
printed as it was published, late entries and corrections left out, until in every one of its tables each number
stands still or has moved by N or more. A rounded number has to move by 2N: only then has the true one moved by N.

Where a table hides other cells than it did, the section stands still too: "<5" then and 6 now can be subtracted, as
can a region and the country that has come out of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from solidarity_cli.core.figures.counts import GROUPS, Breakdown, Cell, Counts, Decided, Missions


def steady(then: Counts, now: Counts, n: int) -> Counts:
    """`now`, each section that may not move as it was in `then`. Both are as the public sees them."""
    decided = _steady_decided(then.decided, now.decided, n)
    may_act = _may_move(then.actions, now.actions, n) and _missions_may(then.missions, now.missions, n)
    return replace(
        now,
        received=steady_breakdown(then.received, now.received, n),
        decided=decided,
        # Missions are some of the actions: the two move together.
        actions=now.actions if may_act else then.actions,
        missions=now.missions if may_act else then.missions,
        referrals=_steady_if_seen(then.referrals, now.referrals, n),
        closed=_steady_if_seen(then.closed, now.closed, n),
        open=_steady_if_seen(then.open, now.open, n),
    )


def steady_breakdown(then: Breakdown, now: Breakdown, n: int) -> Breakdown:
    """The newer one if it may be set beside the older one, else the older one."""
    return now if _may_move(then, now, n) else then


def _steady_if_seen(then: Breakdown | None, now: Breakdown | None, n: int) -> Breakdown | None:
    return steady_breakdown(then, now, n) if then and now else now


def _steady_decided(then: Decided, now: Decided, n: int) -> Decided:
    before, after = (Breakdown(one.total, one.by, one.rounded_to) for one in (then, now))
    if before == after:
        return then  # also where only the median has moved: it moves with a single case
    return now if _may_move(before, after, n) else then


def _missions_may(then: Missions | None, now: Missions | None, n: int) -> bool:
    if then is None or now is None:
        return then == now
    return _is_far(then.total, now.total, n) and _is_far(then.hearings, now.hearings, n)


def _may_move(then: Breakdown, now: Breakdown, n: int) -> bool:
    least = 2 * n if now.rounded_to or then.rounded_to else n
    if not _is_far(then.total, now.total, least) or then.by.keys() != now.by.keys():
        return False
    return all(_table_may(then, now, dimension, least) for dimension in now.by)


def _table_may(then: Breakdown, now: Breakdown, dimension: str, least: int) -> bool:
    before, after = then.by[dimension], now.by[dimension]
    if bool(before) != bool(after) or _hidden(before) != _hidden(after):
        return False
    if before.keys() != after.keys() and any(code in GROUPS for code in (*before, *after)):
        return False
    if not all(_is_far(before.get(code, 0), after.get(code, 0), least) for code in {*before, *after}):
        return False
    return _is_far(_rest(then.total, before), _rest(now.total, after), least)


def _is_far(then: Cell, now: Cell, least: int) -> bool:
    if then == now:
        return True
    return isinstance(then, int) and isinstance(now, int) and abs(now - then) >= least


def _hidden(cells: Mapping[str, Cell]) -> set[str]:
    return {code for code, cell in cells.items() if not isinstance(cell, int)}


def _rest(total: Cell, cells: Mapping[str, Cell]) -> Cell:
    """What the hidden cells add up to."""
    return total - sum(cell for cell in cells.values() if isinstance(cell, int)) if isinstance(total, int) else total
