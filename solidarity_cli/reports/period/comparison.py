"""What has changed since a report was made: the figures that differ, and the records that make the difference.

Entries made late, corrected or erased alter a month that was told already. Compared is one period, for the same
audience, as the register was at another commit and as it is now: the period of this report if a report on it can have
been made from that commit, else the period before. For the public both sides are the figures that the public may see,
`now` held back where the difference would tell few cases (`steady`), and no record is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from solidarity_cli.core.dates import Period
from solidarity_cli.core.errors import UsageError
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case
from solidarity_cli.reports.counting.counted_records import PUBLIC
from solidarity_cli.reports.counting.empty_cell import count_of
from solidarity_cli.reports.counting.figures import Breakdown, Cell, Counts, Decided
from solidarity_cli.reports.counting.tally import Tally

SECTIONS = ("received", "decided", "median", "actions", "missions", "hearings", "referrals", "closed", "open")
"""What is compared, in the order of the report; a median is one of `decided`, hearings are those of missions."""

_Name = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure then and now: `received`, `country`, `RU`. A total has neither dimension nor code."""

    section: str
    dimension: str
    code: str
    then: Cell | float
    now: Cell | float
    rounded_to: int = 0


@dataclass(frozen=True, slots=True)
class Altered:
    """A record that counts otherwise than it did. `how`: `new`, `changed`, or `gone`; a record gone has no title."""

    id: str
    title: str
    how: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs from the report on `period` made from the commit `against`.

    `step`: in public, how far a number has to have moved to be told; 0 for the Group, which is told everything.
    """

    against: str
    period: Period
    figures: tuple[Difference, ...]
    records: tuple[Altered, ...] = ()
    step: int = 0


def period_to_compare(period: Period, until: date) -> Period:
    """The period whose report can have been made from a commit that was the newest until a day: this one, or the last.

    A report is made on the last day of its period or later. Raises UsageError where neither was over by then.
    """
    for candidate in (period, period.previous):
        if candidate.last <= until:
            return candidate
    raise UsageError(
        f"that commit was the newest until {until}: neither this period nor the one before was over by then",
        hint="--against takes the commit that the earlier report names under “Made from”",
    )


def changed_figures(then: Counts, now: Counts, against: str, step: int = 0) -> Changed:
    """The figures that differ between two counts of one period, in the order of the report. No record is named."""
    before, after = dict(_cells(then)), dict(_cells(now))
    names = [*after, *(name for name in before if name not in after)]
    steps = {name: getattr(getattr(now, name, None), "rounded_to", 0) for name in SECTIONS}
    names.sort(key=lambda name: (SECTIONS.index(name[0]), name[1] != "", name[1]))
    differences = (
        Difference(*name, _cell(before, name, steps), _cell(after, name, steps), rounded_to=steps[name[0]])
        for name in names
    )
    # In public nothing is said of a number that may not be said, not even that it was another one.
    return Changed(
        against,
        now.period,
        tuple(
            difference
            for difference in differences
            if difference.then != difference.now and not (step and difference.now is None)
        ),
        step=step,
    )


def changed_records(then: Facts, now: Facts, period: Period, audience: str) -> tuple[Altered, ...]:
    """The records that count otherwise in a period than they did, by id; cases first. None of them for the public."""
    if audience == PUBLIC:
        return ()
    return (*_altered_records(then.cases, now.cases, period), *_altered_records(then.actions, now.actions, period))


def _altered_records(
    then: Mapping[str, Case] | Mapping[str, Action], now: Mapping[str, Case] | Mapping[str, Action], period: Period
) -> Iterator[Altered]:
    for name in sorted({*then, *now}):
        before, after = then.get(name), now.get(name)
        if before == after or _count_alone(before, period) == _count_alone(after, period):
            continue
        how = "new" if before is None else "gone" if after is None else "changed"
        yield Altered(name, after.title if isinstance(after, Case) else "", how)


def _count_alone(record: Case | Action | None, period: Period) -> Counts:
    """What one record counts by itself."""
    tally = Tally(period)
    if isinstance(record, Case):
        tally.add_case(record)
    elif record is not None:
        tally.add_action(record)
    return tally.counts()


def _cells(counts: Counts) -> Iterator[tuple[_Name, Cell | float]]:
    yield ("median", "", ""), counts.decided.median_days
    if counts.missions:
        yield ("missions", "", ""), counts.missions.total
        yield ("hearings", "", ""), counts.missions.hearings
    for section in ("received", "decided", "actions", "referrals", "closed", "open"):
        breakdown: Breakdown | Decided | None = getattr(counts, section)
        if breakdown is None:
            continue
        yield (section, "", ""), breakdown.total
        for dimension, cells in breakdown.by.items():
            for code, cell in cells.items():
                yield (section, dimension, code), cell


def _cell(cells: Mapping[_Name, Cell | float], name: _Name, steps: Mapping[str, int]) -> Cell | float:
    section, dimension, code = name
    if not dimension:
        return cells.get(name)
    table = {
        other_code: value
        for (other_section, other_dimension, other_code), value in cells.items()
        if (other_section, other_dimension) == (section, dimension)
    }
    return count_of(cells.get((section, "", "")), cast("Mapping[str, Cell]", table), code, steps[section])
