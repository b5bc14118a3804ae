"""The public report: every small world is tried, and no reader can tell a small number from it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.counting.figures import Breakdown, Counts, Decided, Missions
from solidarity_cli.reports.pages.page import Chart, Table
from solidarity_cli.reports.pages.period import period_page
from solidarity_cli.reports.period.as_json import as_plain
from solidarity_cli.reports.public.month import Publication
from solidarity_cli.reports.public.suppression import divided, folded, rounded, shared, threshold_for
from tests.support.figure_names import Names
from tests.support.figure_records import OCTOBER, TITLE, a_case, facts_of, report, words
from tests.support.figure_registers import a_register

Values = tuple[int, ...]


def worlds(codes: int, most: int) -> Iterator[Values]:
    """Every way to fill so many cells."""
    return product(range(most + 1), repeat=codes)


@pytest.mark.parametrize(
    ("n", "codes", "most"), [(3, 2, 12), (3, 3, 12), (3, 5, 8), (4, 4, 10), (5, 3, 16), (5, 4, 13)]
)
def test_a_hidden_cell_may_be_anything_below_the_threshold_even_for_who_knows_the_rule(
    n: int, codes: int, most: int
) -> None:
    names = "abcdef"[:codes]
    seen: dict[Any, list[Values]] = defaultdict(list)
    for values in worlds(codes, most):
        if n <= sum(values) <= most:
            cells = divided(dict(zip(names, values, strict=True)), names, n)
            seen[sum(values), tuple(cells.items())].append(values)
    for (_, cells), behind in seen.items():
        for index, name in enumerate(names):
            possible = {values[index] for values in behind}
            if dict(cells).get(name) == f"<{n}":
                assert possible == set(range(n))
            assert len(possible) > 1 or not 0 < min(possible) < n, (cells, behind)


def test_incident_types_that_nobody_can_tell_apart() -> None:
    """Cases with up to two of three types: no hidden type is pinned by the number of cases."""
    n, most, kinds = 3, 4, ["a", "b", "c", "ab", "ac", "bc"]
    seen: dict[Any, list[Values]] = defaultdict(list)
    for values in worlds(len(kinds), most):
        counts = {name: sum(v for kind, v in zip(kinds, values, strict=True) if name in kind) for name in "abc"}
        if sum(values) >= n:
            cells = shared(counts, "abc", n, sum(values))
            seen[sum(values), tuple(cells.items())].append(tuple(counts.values()))
    for (_, cells), behind in seen.items():
        if any(isinstance(cell, int) and cell > most for _, cell in cells):
            continue  # some worlds behind it were not tried
        for index, name in enumerate("abc"):
            if dict(cells).get(name) == f"<{n}":
                assert len({values[index] for values in behind}) > 1, cells


def test_countries_shown_add_up_to_the_total_and_none_is_small() -> None:
    group_of = {"DE": "eu", "FR": "eu", "RU": "osce", "BY": "osce", "BR": "other"}.__getitem__
    for values in worlds(5, 5):
        counts = dict(zip(("DE", "FR", "RU", "BY", "BR"), values, strict=True))
        cells = folded(counts, group_of, 3)
        if sum(values) >= 3:
            assert sum(number for number in cells.values() if isinstance(number, int)) == sum(values)
            assert all(isinstance(number, int) and number >= 3 for number in cells.values())


def _public_missions(values: Values, n: int) -> tuple[Any, ...]:
    names = ("court-observation", "protest-observation", "statement", "media")
    counts = {name: value for name, value in zip(names, values, strict=True) if value}
    missions = values[0] + values[1]
    shown = Publication(Vocabulary({"action-type": {name: {} for name in names}}), n).month(
        Counts(
            period=OCTOBER,
            received=Breakdown(0),
            decided=Decided(0),
            actions=Breakdown(sum(values), {"type": counts}),
            missions=Missions(missions, missions),
        )
    )
    assert shown.missions is not None
    return shown.actions.total, tuple(shown.actions.by["type"].items()), shown.missions.total


def test_missions_cannot_be_subtracted_from_the_table_of_action_types() -> None:
    n = 3
    seen: dict[Any, list[Values]] = defaultdict(list)
    for values in worlds(4, 9):
        if sum(values) <= 9:
            seen[_public_missions(values, n)].append(values)
    for shown, behind in seen.items():
        sums = {"missions": {v[0] + v[1] for v in behind}, "others": {v[2] + v[3] for v in behind}}
        for possible in [*sums.values(), *({v[i] for v in behind} for i in range(4))]:
            assert len(possible) > 1 or not 0 < min(possible) < n, (shown, behind[:3])
        if shown[2] is not None and not shown[1] and isinstance(shown[0], int):
            assert min(*sums["missions"], *sums["others"]) >= n


def test_a_code_outside_the_vocabulary_is_never_printed() -> None:
    assert divided({"a name": 7}, ["a", "b"], 5) == {"unknown": 7}


def test_a_threshold_that_hides_nothing_is_raised() -> None:
    assert [threshold_for(wanted) for wanted in (0, 1, 2, 3, 5)] == [3, 3, 3, 3, 5]


def test_rounding_keeps_what_is_hidden() -> None:
    stock = rounded(Breakdown(19, {"status": {"active": 14, "received": "<5"}}), 5)
    assert (stock.total, stock.by["status"]) == (15, {"active": 10, "received": "<5"})


SEEDS = st.integers(0, 2**32)
SIZES = st.integers(0, 60)


def _numbers(value: Any) -> Iterator[float]:
    match value:
        case bool() | str() | None:
            return
        case int() | float():
            yield value
        case Mapping():
            for item in value.values():
                yield from _numbers(item)
        case _:
            for item in value:
                yield from _numbers(item)


def _totals(counts: Mapping[str, Any]) -> list[Any]:
    return [section["total"] for name, section in counts.items() if name != "period"]


def _narrowed(cells: Mapping[str, Any], total: Any, n: int) -> dict[str, tuple[int, int]]:
    """What a reader can work out about the hidden cells of a table that adds up: lowest and highest value of each."""
    hidden = [code for code, cell in cells.items() if isinstance(cell, str)]
    left = total - sum(cell for cell in cells.values() if isinstance(cell, int))
    others = (len(hidden) - 1) * (n - 1)
    return {code: (max(0, left - others), min(n - 1, left)) for code in hidden}


@settings(max_examples=150, deadline=None)
@given(SIZES, SEEDS)
def test_nothing_small_stands_in_a_public_report_or_follows_from_it(size: int, seed: int) -> None:
    facts = a_register(size, seed)
    n = facts.charter.suppression_threshold
    plain = as_plain(report(facts, "public"))
    text = json.dumps({key: value for key, value in plain.items() if key != "as_of"})
    assert "SG-" not in text
    assert TITLE not in text
    assert "XX" not in text
    ends = {"2026-09-01", "2026-09-30", "2026-10-01", "2026-10-31", "2025-10-01", "2025-10-31"}
    assert set(re.findall(r"\d{4}-\d\d-\d\d", text)) == ends
    assert plain["trends"] is None
    assert all(total == f"<{n}" or total % n == 0 for total in _totals(plain["year_before"]))
    assert not plain["cases"]
    assert not plain["waiting"]
    assert not plain["ahead"]
    medians = [plain["decided"].pop("median_days"), plain["previous"]["decided"].pop("median_days")]
    assert all(median is None or median == 6 for median in medians)
    assert plain["pressure"].pop("rounded_down_to") == n
    assert plain["open"] == {"total": None, "by": {"status": {}}}
    assert not [number for number in _numbers(plain) if 0 < number < n]
    for counts in (plain, plain["previous"]):
        for name in ("received", "decided", "actions", "referrals", "closed"):
            if name not in counts:
                continue
            total = counts[name]["total"]
            for dimension, cells in counts[name]["by"].items():
                if isinstance(total, str):
                    assert not cells
                elif dimension == "incident":
                    left = total - sum(cell for cell in cells.values() if isinstance(cell, int))
                    assert not cells or left <= 0 or left >= n
                else:
                    left = total - sum(cell for cell in cells.values() if isinstance(cell, int))
                    assert not cells or left == 0 or left >= n
                    spread = _narrowed(cells, total, n)
                    assert all(bounds == (0, n - 1) for bounds in spread.values())


@settings(max_examples=60, deadline=None)
@given(SIZES, SEEDS)
def test_no_public_chart_has_a_bar_for_a_hidden_or_small_number(size: int, seed: int) -> None:
    facts = a_register(size, seed)
    n = facts.charter.suppression_threshold
    shown = period_page(report(facts, "public"), words(), Names(), "en")
    for chart, table in zip(shown.blocks, shown.blocks[1:], strict=False):
        if isinstance(chart, Chart):
            assert isinstance(table, Table)
            (series,) = chart.series
            assert all(value is None or value == 0 or value >= n for value in series.values)
            for value, row in zip(series.values, table.rows, strict=True):
                assert value is None or not str(row[1]).startswith(("<", "–"))


@settings(max_examples=60, deadline=None)
@given(SIZES, SEEDS)
def test_refused_statistics_and_withheld_countries_leave_no_trace(size: int, seed: int) -> None:
    facts = a_register(size, seed)
    countable = {
        key: case
        for key, case in facts.cases.items()
        if case.country != "XX" and case.consents[0].uses["statistics"] == "granted"
    }
    actions = [action for action in facts.actions.values() if any(case in countable for case in action.cases)]
    without = facts_of(countable.values(), actions, suppression_threshold=facts.charter.suppression_threshold)
    assert as_plain(report(facts, "public")) == as_plain(report(without, "public"))


def test_withdrawn_consent_refuses_and_the_newest_answer_counts() -> None:
    def consent(**fields: Any) -> dict[str, Any]:
        return {"id": "c1", "given": "2026-10-05", "uses": {"statistics": "granted"}, **fields}

    shown = [a_case(number) for number in range(1, 6)]
    silent = [
        a_case(11, consent=[]),
        a_case(12, consent=[consent(withdrawn="2026-10-09")]),
        a_case(13, consent=[consent(), consent(given="2026-10-20", uses={"statistics": "refused"})]),
        a_case(14, consent=[consent(uses={"statistics": "conditional"})]),
        a_case(15, consent=[consent(given="2026-10-20", uses={"statistics": "unknown"}), consent()]),
    ]
    assert report(facts_of([*shown, *silent]), "public").now.received.total == 5
    assert report(facts_of([*shown[:4], *silent]), "public").now.received.total == "<5"


def test_an_empty_public_report_says_fewer_than_five() -> None:
    plain = as_plain(report(facts_of(today=date(2026, 11, 1)), "public"))
    assert plain["received"] == {
        "total": "<5",
        "by": {name: {} for name in ("membership", "country", "incident", "subject", "kind", "urgency")},
    }
    assert plain["missions"] == {"total": "<5", "hearings": "<5"}
