"""Made-up registers by the dozen: a size and a seed give one, so a failing one can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case
from tests.support.figure_records import a_case, an_action, decided, facts_of

COUNTRIES = ("RU", "BY", "DE", "PL", "GE", "KZ", "BR", "XX")
INCIDENTS = ("search", "arrest", "designation", "smear", "threat")
MONTHS = ("2026-10", "2026-10", "2026-10", "2026-09", "2026-03", "2025-12")


def a_register(size: int, seed: int, months: Sequence[str] = MONTHS) -> Facts:
    """`size` cases and half as many actions, in numbers around the threshold; received in one of `months`."""
    pick = Random(seed)
    countries = pick.sample(COUNTRIES, k=pick.randint(1, 4))
    incidents = pick.sample(INCIDENTS, k=pick.randint(1, 3))
    cases = [_some_case(number, pick, countries, incidents, months) for number in range(size)]
    actions = [_some_action(number, pick, list(cases), months) for number in range(size // 2)]
    return facts_of(cases, actions, suppression_threshold=pick.choice([3, 5, 5]))


def _some_case(number: int, pick: Random, countries: list[str], incidents: list[str], months: Sequence[str]) -> Case:
    status = pick.choice(["received", "active", "active", "closed", "declined"])
    month = pick.choice(months)
    decision = "decline" if status == "declined" else pick.choice(["assist", "refer", "more-information"])
    statistics = pick.choice(["granted"] * 9 + ["refused"])
    return a_case(
        number,
        status=status,
        received=f"{month}-11",
        kind=pick.choice(["appeal", "appeal", "information"]),
        urgency=pick.choice(["normal", "normal", "urgent"]),
        subject={"membership": pick.choice(["member", "member", "non-member"]), "country": pick.choice(countries)},
        incidents=[
            {"id": f"i{index}", "type": kind, "date": f"{month}-10"}
            for index, kind in enumerate(pick.sample(incidents, k=pick.randint(0, len(incidents))))
        ],
        assessments=[] if status == "received" else [decided(decision, f"{month}-17")],
        closure=_closed(pick, month) if status == "closed" else None,
        hearings=[{"id": "h1", "at": "2026-11-13", "kind": "merits"}],
        consent=[{"id": "c1", "given": "2026-10-13", "uses": {"statistics": statistics}}],
    )


def _closed(pick: Random, month: str) -> dict[str, str]:
    return {"date": f"{month}-23", "outcome": pick.choice(["released", "convicted"])}


def _some_action(number: int, pick: Random, cases: list[Case], months: Sequence[str]) -> Action:
    types = ["statement", "statement", "court-observation", "referral", "media", "protest-observation"]
    return an_action(
        number,
        type=pick.choice(types),
        cases=[case.id for case in pick.sample(cases, k=pick.randint(1, 2))],
        date=f"{pick.choice(months[:4])}-19",
        hearing={"case": "SG-2026-000001", "id": f"h{pick.randint(1, 7)}"},
        referral={"organisation": "example-relief", "state": pick.choice(["sent", "accepted"])},
    )
