"""A reader who collects public reports and a solver: what are the least and the most that a number can be?

Everything that reports print becomes a linear constraint on the true counts of months, which are whole numbers from
0 on: totals are sums of their rows, groups of countries hold their countries, a longer period is its months. What is
printed as "<5" lies between 0 and 4, what is rounded down lies above it. The reader has the printed figures (the JSON,
which every other format agrees with) and the vocabulary, never a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from solidarity_cli.core.model import MISSION_TYPES
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.counting.figures import GROUPS
from solidarity_cli.reports.public.month import LIST_OF

Name = tuple[str, str, str, str]
"""Month (`2026-10`), section, dimension, code; the last two empty for a total."""

DIMENSIONS = {
    "received": ("membership", "country", "incident", "subject", "kind", "urgency"),
    "decided": ("decision",),
    "actions": ("type",),
    "referrals": ("state",),
    "closed": ("outcome",),
    "open": ("status",),
}
OPEN = ("received", "assessing", "active", "monitoring")


@dataclass
class Attacker:
    """Reads reports with `read` and `read_longer`; then `range_of` says what it has found out."""

    words: Vocabulary
    countries: tuple[str, ...]
    n: int
    numbers: dict[Name, int] = field(default_factory=dict)
    rules: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def cell(self, month: str, section: str, dimension: str = "", code: str = "") -> int:
        """The number of an unknown."""
        return self.numbers.setdefault((month, section, dimension, code), len(self.numbers))

    def know(self, parts: Mapping[int, float], least: float, most: float) -> None:
        """A sum of unknowns lies between two numbers."""
        self.rules.append((dict(parts), least, most))

    def codes(self, dimension: str) -> tuple[str, ...]:
        """What a dimension can count."""
        if dimension == "country":
            return self.countries
        if dimension == "status":
            return OPEN
        return tuple(dict.fromkeys([*self.words.codes(LIST_OF[dimension]), "unknown"]))

    # What follows from what the words mean, in any month

    def think(self, month: str) -> None:
        """What is true of every month before a report is read."""
        for section, dimensions in DIMENSIONS.items():
            total = self.cell(month, section)
            for dimension in dimensions:
                cells = [self.cell(month, section, dimension, code) for code in self.codes(dimension)]
                if dimension == "incident":
                    self.know({**dict.fromkeys(cells, 1.0), total: -1.0}, 0, np.inf)
                    for cell in cells:
                        self.know({cell: 1.0, total: -1.0}, -np.inf, 0)
                else:
                    self.know({**dict.fromkeys(cells, 1.0), total: -1.0}, 0, 0)
        missions, hearings = self.cell(month, "missions"), self.cell(month, "hearings")
        kinds = [self.cell(month, "actions", "type", code) for code in MISSION_TYPES]
        self.know({**dict.fromkeys(kinds, 1.0), missions: -1.0}, 0, 0)
        self.know({missions: 1.0, self.cell(month, "others"): 1.0, self.cell(month, "actions"): -1.0}, 0, 0)
        self.know({hearings: 1.0, missions: -1.0}, -np.inf, 0)
        self.know(
            {self.cell(month, "actions", "type", "referral"): 1.0, self.cell(month, "referrals"): -1.0}, -np.inf, 0
        )

    def think_on(self, before: str, month: str) -> None:
        """What is true of two months one after the other: what was open and came is open still, or has left."""
        came = self.cell(month, "received")
        left = {self.cell(month, "closed"): 1.0, self.cell(month, "decided", "decision", "decline"): 1.0}
        stock = {self.cell(month, "open"): 1.0, self.cell(before, "open"): -1.0, came: -1.0}
        self.know(stock, -np.inf, 0)
        self.know({**stock, **left}, 0, np.inf)

    # What is printed

    def read(self, plain: Mapping[str, Any]) -> None:
        """A report of one month, with the totals that stand beside it."""
        month = plain["period"]["from"][:7]
        for section, dimensions in DIMENSIONS.items():
            printed = plain[section]
            step = printed.get("rounded_down_to", 1)
            self._printed([self.cell(month, section)], printed["total"], step)
            for dimension in dimensions:
                if cells := printed["by"].get(dimension):
                    self._table(month, section, dimension, cells, step)
        for section in ("missions", "hearings"):
            self._printed(
                [self.cell(month, section)], plain["missions"]["total" if section == "missions" else section], 1
            )
        self._beside(plain)

    def read_longer(self, plain: Mapping[str, Any], months: Iterable[str]) -> None:
        """A report of several months: sums, exact or at least so much."""
        months = tuple(months)
        for section, dimensions in DIMENSIONS.items():
            if section in ("open", "referrals"):
                continue
            printed = plain[section]
            exact = "rounded_down_to" not in printed
            self._sum(months, section, "", ("",), printed["total"], exact=exact)
            for dimension in dimensions:
                for code, cell in printed["by"].get(dimension, {}).items():
                    inside = self._inside(code) if dimension == "country" else (code,)
                    self._sum(months, section, dimension, inside, cell, exact=exact and code not in GROUPS)
        self._beside(plain)

    def _beside(self, plain: Mapping[str, Any]) -> None:
        """The period before and a year ago; members of twelve months."""
        for counts in (plain["previous"], plain["year_before"] or {}):
            months = _months(counts["period"]) if counts else ()
            for section in ("received", "decided", "actions"):
                if not counts:
                    continue
                printed = counts[section]
                step = printed.get("rounded_down_to", 1)
                if len(months) == 1:
                    self._printed([self.cell(months[0], section)], printed["total"], step)
                    for dimension in DIMENSIONS[section]:
                        if cells := printed["by"].get(dimension):
                            self._table(months[0], section, dimension, cells, step)
                else:
                    self._sum(months, section, "", ("",), printed["total"], exact=step == 1)
        window = _months({"from": _back(plain["period"]["to"], 11), "to": plain["period"]["to"]})
        pressure = plain["pressure"]
        step = pressure.get("rounded_down_to", 1)
        self._sum(window, "received", "membership", ("member",), pressure["total"], exact=step == 1)

    def _printed(self, cells: list[int], value: Any, step: int) -> None:
        parts = dict.fromkeys(cells, 1.0)
        if isinstance(value, str):
            self.know(parts, 0, int(value.removeprefix("<")) - 1)
        elif value is not None:
            self.know(parts, value, value + step - 1)

    def _sum(
        self, months: Iterable[str], section: str, dimension: str, codes: Iterable[str], value: Any, *, exact: bool
    ) -> None:
        parts = {self.cell(month, section, dimension, code): 1.0 for month in months for code in tuple(codes)}
        if isinstance(value, int):
            self.know(parts, value, value if exact else np.inf)

    def _table(self, month: str, section: str, dimension: str, cells: Mapping[str, Any], step: int) -> None:
        """A table that is shown: a code that it does not list counts none."""
        if dimension == "country":
            self._countries(month, section, cells, step)
            return
        for code in self.codes(dimension):
            self._printed(
                [self.cell(month, section, dimension, code)], cells.get(code, 0), step if code in cells else 1
            )

    def _countries(self, month: str, section: str, cells: Mapping[str, Any], step: int) -> None:
        left = set(self.countries) - set(cells)
        for code in cells:
            if code not in GROUPS:
                self._printed([self.cell(month, section, "country", code)], cells[code], step)
        for group in GROUPS[:-1]:
            inside = [country for country in left if self.words.region_group(country) == group]
            if group in cells:
                self._printed([self.cell(month, section, "country", country) for country in inside], cells[group], step)
                for country in inside:  # a larger one would stand alone
                    self.know({self.cell(month, section, "country", country): 1.0}, 0, self.n - 1)
                left.difference_update(inside)
        self._printed([self.cell(month, section, "country", one) for one in left], cells.get("all", 0), step)

    def _inside(self, code: str) -> tuple[str, ...]:
        if code == "all":
            return self.countries
        if code in GROUPS:
            return tuple(one for one in self.countries if self.words.region_group(one) == code)
        return (code,)

    # What it has found out

    def range_of(self, names: Iterable[Name]) -> dict[Name, tuple[int, int]]:
        """The least and the most that each number can be. Raises AssertionError where the reports contradict."""
        ends = [(column, next(iter(parts))) for parts, _, _ in self.rules for column in parts]
        graph = csr_matrix((np.ones(len(ends)), tuple(zip(*ends, strict=True))), shape=(len(self.numbers),) * 2)
        blocks = connected_components(graph, directed=False)[1].tolist()
        found = {}
        for name in dict.fromkeys(names):
            # What hangs together with the number, however indirectly: the rest cannot move it.
            block = blocks[self.numbers[name]]
            local = {one: at for at, one in enumerate(i for i, of in enumerate(blocks) if of == block)}
            rules = [rule for rule in self.rules if blocks[next(iter(rule[0]))] == block]
            rows = [row for row, (parts, _, _) in enumerate(rules) for _ in parts]
            columns = [local[column] for parts, _, _ in rules for column in parts]
            values = [value for parts, _, _ in rules for value in parts.values()]
            matrix = csr_matrix((values, (rows, columns)), shape=(len(rules), len(local)))
            known = LinearConstraint(matrix, [least for _, least, _ in rules], [most for _, _, most in rules])
            span = []
            for sign in (1, -1):
                target = np.zeros(len(local))
                target[local[self.numbers[name]]] = sign
                answer = milp(target, constraints=known, integrality=np.ones(len(local)), bounds=Bounds(0, 500))
                assert answer.success, (name, answer.message)
                span.append(round(sign * answer.fun))
            found[name] = (span[0], span[1])
        return found


def _months(period: Mapping[str, str]) -> tuple[str, ...]:
    first, last = (int(period[end][:4]) * 12 + int(period[end][5:7]) - 1 for end in ("from", "to"))
    return tuple(f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1))


def _back(day: str, months: int) -> str:
    month = int(day[:4]) * 12 + int(day[5:7]) - 1 - months
    return f"{month // 12}-{month % 12 + 1:02}-01"
