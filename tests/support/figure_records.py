"""Made-up records for the tests of figures, as short as a test can say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import ryaml

from solidarity_cli.core.dates import Period
from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case, Charter, Organisation
from solidarity_cli.core.vocabulary import Vocabulary
from solidarity_cli.reports.period.report import MadeFrom, PeriodFigures, period_figures
from tests.support.program import CHECKOUT

SCHEMAS = CHECKOUT / "schemas"
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
MADE_FROM = MadeFrom(commit="0123456789abcdef0123456789abcdef01234567", program="1.0.0")
TITLE = "Zyxtitle, organisation"


@cache
def words() -> Vocabulary:
    """The vocabulary of `schemas/`."""
    lists = {
        path.stem: ryaml.loads(path.read_text(encoding="utf-8"))["codes"]
        for path in sorted((SCHEMAS / "vocabulary").glob("*.yaml"))
    }
    groups = ryaml.loads((SCHEMAS / "country_groups.yaml").read_text(encoding="utf-8"))["groups"]
    return Vocabulary(lists=lists, groups={name: frozenset(group["members"]) for name, group in groups.items()})


def a_case(number: int = 1, /, **fields: Any) -> Case:
    """A case received on 2026-10-05, of a member organisation in Russia, statistics granted."""
    subject = {"kind": "organisation", "membership": "member", "country": "RU"}
    plain: dict[str, Any] = {
        "id": f"SG-2026-{number:06d}",
        "kind": "appeal",
        "title": f"{TITLE} {number}",
        "status": "received",
        "received": "2026-10-05",
        "urgency": "normal",
        "incidents": [{"id": "i1", "type": "search"}],
        "consent": [{"id": "c1", "given": "2026-10-05", "uses": {"statistics": "granted"}}],
        **fields,
    }
    plain["subject"] = {**subject, **fields.get("subject", {})}
    return Case.from_plain(plain)


def decided(decision: str, day: str, **fields: Any) -> dict[str, Any]:
    """An assessment."""
    return {"id": "a1", "date": day, "decision": decision, **fields}


def an_action(number: int = 1, /, **fields: Any) -> Action:
    """A statement of 2026-10-20, done, for the first case."""
    plain: dict[str, Any] = {
        "id": f"SA-2026-{number:06d}",
        "type": "statement",
        "cases": ["SG-2026-000001"],
        "status": "done",
        "date": "2026-10-20",
        **fields,
    }
    return Action.from_plain(plain)


def facts_of(
    cases: Iterable[Case] = (),
    actions: Iterable[Action] = (),
    *,
    today: date = date(2026, 11, 24),
    directory: Iterable[Organisation] = (),
    **charter: Any,
) -> Facts:
    """A snapshot of these records."""
    return Facts(
        charter=Charter(name="Example Solidarity Group", contact="solidarity@forum.example", **charter),
        today=today,
        words=words(),
        cases={case.id: case for case in cases},
        actions={action.id: action for action in actions},
        directory={entry.id: entry for entry in directory},
    )


def report(facts: Facts, audience: str = "internal", period: Period = OCTOBER) -> PeriodFigures:
    """The figures of October 2026."""
    return period_figures(facts, period, audience, MADE_FROM)
