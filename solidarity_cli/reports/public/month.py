"""One month's counts as the public may see them: `suppression` applied table by table, and across two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from solidarity_cli.core.model import MISSION_TYPES
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.counting.figures import Breakdown, Cell, Counts, Decided, Missions
from solidarity_cli.reports.public.suppression import divided, folded, masked, shared, threshold_for

LIST_OF = {
    "membership": "membership",
    "incident": "incident",
    "subject": "subject-kind",
    "kind": "kind",
    "urgency": "urgency",
    "decision": "decision",
    "type": "action-type",
    "state": "referral-state",
    "outcome": "outcome",
    "status": "status",
}
"""Dimension of a breakdown -> the vocabulary list that names its codes. A country has a name of its own."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What a public report needs to know besides the numbers: the words, and the threshold `n`."""

    words: Vocabulary
    n: int

    @classmethod
    def under(cls, words: Vocabulary, wanted: int) -> Publication:
        """For the threshold that a Group set."""
        return cls(words, threshold_for(wanted))

    def month(self, counts: Counts) -> Counts:
        """A month, with all that the public sees of it."""
        actions = self._breakdown(counts.actions)
        return Counts(
            period=counts.period,
            received=self._breakdown(counts.received),
            decided=self._decided(counts.decided),
            actions=actions,
            missions=counts.missions and self._missions(counts.missions, counts.actions, actions),
            referrals=counts.referrals and self._breakdown(counts.referrals),
            closed=counts.closed and self._breakdown(counts.closed),
            # Not even rounded: what was open a month ago, and came, and is open no more was closed or declined.
            open=Breakdown(None, {"status": {}}),
        )

    def _breakdown(self, breakdown: Breakdown) -> Breakdown:
        total = _exact(breakdown.total)
        by = {name: self._cells(name, cells, total) for name, cells in breakdown.by.items()}
        return Breakdown(masked(total, self.n), by)

    def _cells(self, dimension: str, cells: Mapping[str, Cell], total: int) -> dict[str, Cell]:
        if total < self.n:
            return {}
        counts = cast("Mapping[str, int]", cells)
        match dimension:
            case "country":
                return folded(counts, self.words.region_group, self.n)
            case "incident":
                return shared(counts, self.words.codes("incident"), self.n, total)
            case "type":
                # The two kinds of mission are a number of the report by themselves.
                return divided(counts, self.words.codes("action-type"), self.n, joined=len(MISSION_TYPES))
            case _:
                return divided(counts, self.words.codes(LIST_OF[dimension]), self.n)

    def _decided(self, decided: Decided) -> Decided:
        shown = self._breakdown(Breakdown(decided.total, decided.by))
        # The median says that there were N first decisions or more. From 2N decisions on, that still leaves room
        # for any hidden number of other ones.
        enough = _exact(decided.total) >= 2 * self.n and decided.first >= self.n
        return Decided(shown.total, shown.by, decided.median_days if enough else None)

    def _missions(self, missions: Missions, actions: Breakdown, shown: Breakdown) -> Missions:
        """Missions stand in the table of action types too: never show a sum of two of its cells, one hidden.

        With that table shown and both kinds of mission in it, their sum is known anyway. With it left out, missions
        and other actions divide the total between them: shown when both are N or more. Otherwise nothing is said, not
        even "<N" or "none", or it would tell which of the two is small.
        """
        types = shown.by["type"]
        every, total, hearings = _exact(actions.total), _exact(missions.total), _exact(missions.hearings)
        if every < self.n:
            return Missions(masked(total, self.n), masked(hearings, self.n))
        if any(isinstance(types.get(code), str) for code in MISSION_TYPES):
            return Missions(None, None)
        if not types and min(total, every - total) < self.n:
            return Missions(None, None)
        return Missions(total, masked(hearings, self.n) if total else 0)


def _exact(cell: Cell) -> int:
    return cast("int", cell)
