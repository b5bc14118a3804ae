"""The shapes that figures come in: a count with its breakdowns, decisions, missions, one period's counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from solidarity_cli.core.dates import Period

Cell = int | str | None
"""A count; the text "<5" where a public report hides it; None where a public report says nothing of it."""

By = Mapping[str, Mapping[str, Cell]]
"""Dimension -> code -> count, codes sorted. An empty dimension has nothing to show, or may not show it."""

GROUPS = ("eu", "coe", "osce", "other", "all")
"""The groups that countries fold into, the smallest first."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total and how it divides. `rounded_to`: in public, sums are rounded down to a multiple of it."""

    total: Cell
    by: By = field(default_factory=dict)
    rounded_to: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions, and the median of days from receipt to a case's first decision; `first`: of how many cases."""

    total: Cell
    by: By = field(default_factory=dict)
    median_days: float | None = None
    first: int = 0
    rounded_to: int = 0


@dataclass(frozen=True, slots=True)
class Missions:
    """Solidarity missions done, and how many different hearings they attended."""

    total: Cell
    hearings: Cell
    rounded_to: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in one period. None: this audience does not see it."""

    period: Period
    received: Breakdown
    decided: Decided
    actions: Breakdown
    missions: Missions | None = None
    referrals: Breakdown | None = None
    closed: Breakdown | None = None
    open: Breakdown | None = None
