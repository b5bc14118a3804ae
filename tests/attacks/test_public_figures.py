"""What collected public reports betray, asked of a solver: no number below the threshold can be narrowed down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solidarity_cli.core.dates import Period
from solidarity_cli.core.facts import Facts
from solidarity_cli.reports.counting.counted_records import PUBLIC, countable_actions, countable_cases
from solidarity_cli.reports.counting.figures import Breakdown
from solidarity_cli.reports.counting.tally import Tally
from solidarity_cli.reports.period.as_json import as_plain
from solidarity_cli.reports.period.report import since
from solidarity_cli.reports.public.republication import steady_breakdown
from tests.support.figure_attacker import DIMENSIONS, Attacker, Name
from tests.support.figure_records import a_case, facts_of, report, words
from tests.support.figure_registers import COUNTRIES, a_register

MONTHS = ("2026-07", "2026-08", "2026-09", "2026-10")
KNOWN = (*(code for code in COUNTRIES if code != "XX"), "FR", "AM", "US", "JP")
"""The countries of the registers, and one more of each group that is empty."""

SIZES, SEEDS = st.integers(0, 90), st.integers(0, 2**32)


def the_truth(facts: Facts, month: str) -> Iterator[tuple[Name, int]]:
    """Every count of a month as it is, zeros of the codes that the attacker looks at too."""
    cases = countable_cases(facts, PUBLIC)
    tally = Tally(Period.month(month))
    for case in cases.values():
        tally.add_case(case)
    for action in countable_actions(facts, cases, PUBLIC):
        tally.add_action(action)
    plain = as_plain(replace(report(facts), now=tally.counts()))
    missions = plain["missions"]
    yield (month, "missions", "", ""), missions["total"]
    yield (month, "hearings", "", ""), missions["hearings"]
    yield (month, "others", "", ""), plain["actions"]["total"] - missions["total"]
    for section, dimensions in DIMENSIONS.items():
        yield (month, section, "", ""), plain[section]["total"]
        for dimension in dimensions:
            cells = plain[section]["by"][dimension]
            for code in (*cells, *EMPTY.get(dimension, ())):
                yield (month, section, dimension, code), cells.get(code, 0)


EMPTY = {"country": ("FR", "AM"), "incident": ("killing",), "urgency": ("low",), "decision": ("decline",)}


def printed(plain: Mapping[str, Any], name: Name) -> Any:
    """What a report says of a number, None where it says nothing; 0 for a code that a shown table does not list."""
    _, section, dimension, code = name
    if section in ("missions", "hearings"):
        return plain["missions"]["total" if section == "missions" else section]
    if section == "others":
        missions = plain["missions"]["total"]
        return 0 if isinstance(missions, int) else None
    if not dimension:
        return plain[section]["total"]
    cells = plain[section]["by"].get(dimension) or {}
    folded = dimension == "country" and {"all", words().region_group(code)} & cells.keys()
    return cells.get(code, None if folded or not cells else 0)


def hidden(facts: Facts, plain: Mapping[str, Any], n: int) -> Iterator[Name]:
    """The numbers below the threshold that a report does not print."""
    for name, number in the_truth(facts, plain["period"]["from"][:7]):
        said = printed(plain, name)
        if name[1] == "others" and plain["actions"]["by"]["type"]:
            continue  # no number that anybody prints, where the types of action have a table
        if number < n and not isinstance(said, int):
            yield name


def attacked(facts: Facts, reports: Mapping[str, Any]) -> tuple[Attacker, list[Name]]:
    """An attacker who has read reports, and what they hide."""
    n = facts.charter.suppression_threshold
    attacker = Attacker(words(), KNOWN, n)
    for month in MONTHS:
        attacker.think(month)
    for before, month in pairwise(MONTHS):
        attacker.think_on(before, month)
    targets = []
    for asked, plain in reports.items():
        if asked in MONTHS:
            attacker.read(plain)
            targets.extend(hidden(facts, plain, n))
        else:
            attacker.read_longer(plain, _all(plain))
    return attacker, targets


def _all(plain: Mapping[str, Any]) -> list[str]:
    first, last = (int(plain["period"][end][:4]) * 12 + int(plain["period"][end][5:7]) - 1 for end in ("from", "to"))
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)]


def betrayed(facts: Facts, reports: Mapping[str, Any]) -> dict[Name, tuple[int, int]]:
    """What can be narrowed to less than 0 to N-1."""
    attacker, targets = attacked(facts, reports)
    found = attacker.range_of(name for name in targets if name in attacker.numbers)
    most = facts.charter.suppression_threshold - 1
    return {name: span for name, span in found.items() if span[0] > 0 or span[1] < most}


def _period(asked: str) -> Period:
    return Period.quarter(asked) if "Q" in asked else Period.year(asked) if len(asked) == 4 else Period.month(asked)


def _published(facts: Facts, *asked: str) -> dict[str, Any]:
    return {one: as_plain(report(facts, PUBLIC, _period(one))) for one in asked}


def _a_register(size: int, seed: int) -> Facts:
    return replace(a_register(size, seed, MONTHS), today=date(2027, 1, 31))


@settings(max_examples=20, deadline=None)
@given(SIZES, SEEDS)
def test_one_report_betrays_nothing(size: int, seed: int) -> None:
    facts = _a_register(size, seed)
    assert betrayed(facts, _published(facts, "2026-09")) == {}


@settings(max_examples=4, deadline=None)
@given(SIZES, SEEDS)
def test_months_one_after_the_other_their_quarter_and_their_year_betray_nothing(size: int, seed: int) -> None:
    facts = _a_register(size, seed)
    assert betrayed(facts, _published(facts, *MONTHS, "2026-Q3", "2026")) == {}


# The attacker is no fool: what used to be published, it takes apart.


def _some_register() -> Facts:
    """Six appeals in July and in August, one in September; members but two."""
    days = ["2026-07"] * 6 + ["2026-08"] * 6 + ["2026-09"]
    cases = [
        a_case(number, received=f"{month}-11", subject={"membership": "non-member" if number in (0, 12) else "member"})
        for number, month in enumerate(days)
    ]
    return facts_of(cases, today=date(2027, 1, 31), suppression_threshold=5)


def test_a_true_quarter_beside_its_months_would_pin_the_third() -> None:
    facts = _some_register()
    reports = _published(facts, "2026-07", "2026-08", "2026-09")
    assert betrayed(facts, reports) == {}
    quarter = as_plain(report(facts, PUBLIC, Period.quarter("2026-Q3")))
    assert quarter["received"]["total"] == 10
    quarter["received"] = {"total": 13, "by": {}}
    found = betrayed(facts, {**reports, "2026-Q3": quarter})
    assert found["2026-09", "received", "", ""] == (1, 1)


def test_rounding_alone_would_not_do() -> None:
    facts = _some_register()
    reports = _published(facts, "2026-07", "2026-08", "2026-09")
    attacker, _ = attacked(facts, reports)
    attacker.know({attacker.cell(month, "received"): 1.0 for month in MONTHS[:3]}, 10, 14)  # 13, rounded down to tens
    (span,) = attacker.range_of([("2026-09", "received", "", "")]).values()
    assert span == (0, 2)


def test_true_members_of_twelve_months_would_part_a_month() -> None:
    facts = _some_register()
    reports = _published(facts, "2026-07")
    assert not reports["2026-07"]["received"]["by"]["membership"]
    reports["2026-07"]["pressure"] = {"total": 5, "by": {}, "rounded_down_to": 5}
    attacker, _ = attacked(facts, reports)
    # Five to nine members in twelve months, and six appeals in this one, the first of them all.
    earlier = {attacker.cell(month, "received", "membership", "member"): 1.0 for month in _all_before("2026-07")}
    attacker.know(earlier, 0, 0)
    (span,) = attacker.range_of([("2026-07", "received", "membership", "non-member")]).values()
    assert span == (0, 1)


def test_open_cases_even_rounded_would_tell_how_many_were_closed() -> None:
    attacker = Attacker(words(), KNOWN, 5)
    attacker.think("2026-07")
    attacker.think("2026-08")
    attacker.think_on("2026-07", "2026-08")
    attacker.know({attacker.cell("2026-08", "received"): 1.0}, 7, 7)
    attacker.know({attacker.cell("2026-08", "closed"): 1.0}, 0, 4)
    attacker.know({attacker.cell("2026-08", "decided", "decision", "decline"): 1.0}, 0, 4)
    closed: Name = ("2026-08", "closed", "", "")
    assert attacker.range_of([closed]) == {closed: (0, 4)}
    attacker.know({attacker.cell("2026-07", "open"): 1.0}, 15, 19)
    attacker.know({attacker.cell("2026-08", "open"): 1.0}, 10, 14)
    assert attacker.range_of([closed]) == {closed: (4, 4)}


def _all_before(month: str) -> list[str]:
    year, number = int(month[:4]), int(month[5:])
    return [f"{year - (number - back < 1)}-{(number - back - 1) % 12 + 1:02}" for back in range(1, 12)]


# The same month published again


def _late(size: int, seed: int, late: int, *, alike: bool) -> tuple[Facts, Facts]:
    """A register, and the same before the last appeals of September came; all `alike`, whole tables move."""
    facts = _a_register(size + late * (not alike), seed)
    ids = [key for key, case in facts.cases.items() if case.received.startswith("2026-09")]
    if not alike:
        return facts, replace(facts, cases={key: case for key, case in facts.cases.items() if key not in ids[-late:]})
    one = facts.cases[ids[0]] if ids else a_case(received="2026-09-11")
    came = [replace(one, id=f"SG-2026-9{number:05d}") for number in range(late)]
    return replace(facts, cases={**facts.cases, **{case.id: case for case in came}}), facts


def _compared(facts: Facts, before: Facts, month: str, told: str) -> dict[str, Any]:
    """What the report on `month` says beside the one on `told` that was made from `before`."""
    then = report(before, PUBLIC, Period.month(told))
    return as_plain(since(report(facts, PUBLIC, Period.month(month)), then, facts, before))


@settings(max_examples=10, deadline=None)
@given(SIZES, SEEDS, st.integers(1, 4), st.booleans())
def test_a_few_late_entries_do_not_show_in_a_month_published_again(
    size: int, seed: int, late: int, alike: bool
) -> None:
    facts, before = _late(size, seed, late, alike=alike)
    n = facts.charter.suppression_threshold
    first = as_plain(report(before, PUBLIC, Period.month("2026-09")))
    second = _compared(facts, before, "2026-09", "2026-09")
    for name, number in the_truth(facts, "2026-09"):
        earlier, later = printed(first, name), printed(second, name)
        if isinstance(earlier, str):
            assert later is None or isinstance(later, str) or later >= 2 * n - 1
        else:
            assert earlier == later or (isinstance(later, int) and abs(later - earlier) >= n)
        assert not isinstance(later, str) or number < n, "what is said to be small is small"
    if late < n:
        assert second == _compared(before, before, "2026-09", "2026-09"), "as if nothing had come"


@settings(max_examples=10, deadline=None)
@given(SIZES, SEEDS, st.integers(1, 30), st.booleans())
def test_what_came_late_is_told_beside_the_next_month_only_by_the_threshold(
    size: int, seed: int, late: int, alike: bool
) -> None:
    """September as published, and October's report, which says what has changed in September since."""
    facts, before = _late(size, seed, late, alike=alike)
    n = facts.charter.suppression_threshold
    told = as_plain(report(before, PUBLIC, Period.month("2026-09")))
    asked = as_plain(report(facts, PUBLIC, Period.month("2026-10")))
    beside = _compared(facts, before, "2026-10", "2026-09")
    found = beside.pop("changed")
    assert {**beside, "again": ""} == {**asked, "again": ""}, "the report itself is what it is without"
    assert found["period"] == {"from": "2026-09-01", "to": "2026-09-30"}
    assert found["records"] == []
    if late < n:
        assert found["figures"] == []
    for one in found["figures"]:
        then, now = one["then"], one["now"]
        if one["section"] != "median":
            name = ("2026-09", one["section"], one["dimension"], one["code"])
            assert then == printed(told, name), "it was published so"
            assert isinstance(now, int)
            assert now - (then if isinstance(then, int) else n - 1) >= n or (isinstance(then, int) and then - now >= n)


@settings(max_examples=10, deadline=None)
@given(SIZES, SEEDS, st.integers(1, 30), st.booleans())
def test_what_is_told_of_a_month_the_second_time_narrows_down_nobody(
    size: int, seed: int, late: int, alike: bool
) -> None:
    """The solver has September as published and as told beside October's report, and knows that nothing was erased.

    It asks how many came in between, and what September had hidden.
    """
    facts, before = _late(size, seed, late, alike=alike)
    n = facts.charter.suppression_threshold
    first = _published(before, "2026-09")["2026-09"]
    found = _compared(facts, before, "2026-10", "2026-09")["changed"]["figures"]
    attacker = Attacker(words(), KNOWN, n)
    for month, plain in (("2026-09", _alone(first, "2026-09")), ("2027-09", _alone(_retold(first, found), "2027-09"))):
        attacker.think(month)
        attacker.read(plain)
    came = [("came", one["section"], one["dimension"], one["code"]) for one in found if one["section"] in DIMENSIONS]
    for section in {name[1] for name in came}:
        came += [("came", section, dimension, code) for dimension in DIMENSIONS[section] for code in _some(dimension)]
    for name in dict.fromkeys(came):
        then, now = (attacker.cell(month, *name[1:]) for month in ("2026-09", "2027-09"))
        attacker.know({now: 1.0, then: -1.0, attacker.cell(*name): -1.0}, 0, 0)
    for name, (least, most) in attacker.range_of(came).items():
        assert least == most == 0 or least >= n or (least == 0 and most >= n - 1), name
    told = {name[1] for name in came}
    asked = (name for name in hidden(before, first, n) if name[1] in told and name in attacker.numbers)
    for name, (least, most) in attacker.range_of(asked).items():
        assert least == 0, name
        assert most >= n - 1, name


def _some(dimension: str) -> tuple[str, ...]:
    return {
        "country": ("RU", "DE", "FR"),
        "membership": ("member", "non-member"),
        "incident": ("search", "killing"),
    }.get(dimension, ())


def _alone(plain: Mapping[str, Any], month: str) -> dict[str, Any]:
    """What a report says of its month, without what stands beside it; as that of another month."""
    nothing = {"previous": {}, "year_before": None, "pressure": {"total": None, "by": {}}}
    return {**plain, **nothing, "period": {"from": f"{month}-01", "to": f"{month}-30"}}


def _retold(first: Mapping[str, Any], figures: list[Mapping[str, Any]]) -> dict[str, Any]:
    """September as a reader has it after October's report: the sections told anew, and nothing of the rest."""
    plain = {section: {"total": None, "by": {}} for section in DIMENSIONS}
    told = {one["section"] for one in figures}
    for section in told & plain.keys():
        plain[section] = deepcopy(first[section])
    for one in figures:
        if one["section"] in DIMENSIONS and not one["dimension"]:
            plain[one["section"]]["total"] = one["now"]
        elif one["section"] in DIMENSIONS:
            plain[one["section"]]["by"][one["dimension"]][one["code"]] = one["now"]
    return {**plain, "missions": {"total": None, "hearings": None}}


@settings(max_examples=10, deadline=None)
@given(SIZES, SEEDS, st.integers(1, 4))
def test_the_next_report_does_not_tell_how_many_entries_came_late(size: int, seed: int, late: int) -> None:
    """September as published, and the column for it in October's report, made after entries that came late."""
    facts = _a_register(size + late, seed)
    ids = [key for key, case in facts.cases.items() if case.received.startswith("2026-09")]
    before = replace(facts, cases={key: case for key, case in facts.cases.items() if key not in ids[-late:]})
    n = facts.charter.suppression_threshold
    told = as_plain(report(before, PUBLIC, Period.month("2026-09")))["received"]["total"]
    after = as_plain(report(facts, PUBLIC, Period.month("2026-10")))["previous"]["received"]
    least, most = _span(after["total"], after["rounded_down_to"])
    earlier = (told, told) if isinstance(told, int) else (0, n - 1)
    entries = range(max(0, least - earlier[1]), most - earlier[0] + 1)
    assert len(entries) > 1 or entries == range(1)
    assert after["by"] == {}
    assert after["rounded_down_to"] == n


def _span(total: int | str, n: int) -> tuple[int, int]:
    return (total, total + n - 1) if isinstance(total, int) else (0, n - 1)


@pytest.mark.parametrize(
    ("then", "now", "moves"),
    [
        ({"a": 7, "b": 8}, {"a": 12, "b": 8}, True),
        ({"a": 7, "b": 8}, {"a": 8, "b": 8}, False),
        ({"a": 7, "b": 8}, {"a": 8, "b": 12}, False),
        ({"a": 7, "b": 8}, {"a": 7, "b": 8, "c": 5}, True),
        ({}, {"a": 10, "b": 15}, False),
        ({"a": 10, "b": 5}, {}, False),
        ({"a": 10, "b": "<5", "c": "<5"}, {"a": 15, "b": 6, "c": "<5"}, False),
        ({"a": 10, "b": "<5", "c": "<5"}, {"a": 15, "b": "<5", "c": "<5"}, True),
        ({"RU": 10, "eu": 5}, {"RU": 10, "eu": 5, "DE": 5}, False),
        ({"RU": 10, "eu": 5}, {"RU": 15, "eu": 5}, True),
    ],
)
def test_a_table_moves_only_where_the_difference_tells_nothing(
    then: dict[str, Any], now: dict[str, Any], moves: bool
) -> None:
    totals = [15 if table == {} else 16 if "<5" in table.values() else sum(table.values()) for table in (then, now)]
    if "<5" in then.values():
        totals[1] = totals[0] + 5
    if not then or not now:
        totals[1] = totals[0] + 10
    before, after = (Breakdown(total, {"x": table}) for total, table in zip(totals, (then, now), strict=True))
    held = Breakdown(before.total, {"x": {code: None if cell == "<5" else cell for code, cell in then.items()}})
    assert steady_breakdown(before, after, 5) == (after if moves else held)


@pytest.mark.parametrize(("now", "told"), [("<5", None), (5, None), (8, None), (9, 9), (40, 40)])
def test_a_small_number_is_told_again_once_so_many_have_come_however_few_there_were(now: Any, told: Any) -> None:
    before, after = Breakdown("<5", {"x": {}}), Breakdown(now, {"x": {"a": now} if now != "<5" else {}})
    assert steady_breakdown(before, after, 5) == Breakdown(told, {"x": {}})


def test_a_sum_over_several_months_is_never_told_anew() -> None:
    """Months of 5, 4 and 4: two late entries, and the sum of what is shown goes from 5 to 15."""
    quarter = Period.quarter("2026-Q3")
    days = ["2026-07"] * 5 + ["2026-08"] * 4 + ["2026-09"] * 4
    cases = [a_case(number, received=f"{month}-11") for number, month in enumerate([*days, "2026-08", "2026-09"])]
    before = facts_of(cases[:-2], today=date(2027, 1, 31), suppression_threshold=5)
    facts = facts_of(cases, today=date(2027, 1, 31), suppression_threshold=5)
    then, now = report(before, PUBLIC, quarter), report(facts, PUBLIC, quarter)
    assert (then.now.received.total, now.now.received.total) == (5, 15)
    again = since(now, then, facts, before)
    assert (again.now.received.total, again.pressure.total) == (5, 5)
    assert again.changed
    assert again.changed.figures == ()


def test_a_rounded_number_moves_by_twice_the_threshold() -> None:
    ten, fifteen, twenty = (Breakdown(total, {}, rounded_to=5) for total in (10, 15, 20))
    assert steady_breakdown(ten, fifteen, 5) == ten
    assert steady_breakdown(ten, twenty, 5) == twenty
