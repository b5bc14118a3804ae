"""What needs somebody now: the screen that `solidarity` without a verb shows. It fits 80 columns and 24 lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.figures.agenda import AgendaItem, agenda
from solidarity_cli.core.figures.days import day
from solidarity_cli.core.figures.lists import days_allowed, is_undecided
from solidarity_cli.core.figures.tally import days_between
from solidarity_cli.core.model import Case

LINES = 20
"""How many lines the desk may fill: a screen of 24, less the title, the next command and the prompt."""

URGENCIES = ("urgent", "high", "normal", "", "low")
"""The order in which appeals are answered. What was not told counts as normal."""

SECTIONS = ("overdue", "undecided", "due", "hearings", "erasures", "reviews", "embargoes", "answers")
"""The sections of the desk, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `days`: waited so far, or until the date; negative when it has passed. `command`: what next."""

    case: str
    title: str
    what: str
    date: str
    days: int | None
    command: str


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind: the first few lines, how many more there are, and the command that lists all."""

    kind: str
    lines: tuple[Line, ...]
    more: int
    command: str

    @property
    def height(self) -> int:
        """Lines on the screen: its heading, which also names the rest, and what it shows."""
        return 1 + len(self.lines)


@dataclass(frozen=True, slots=True)
class Desk:
    """What needs somebody now. Empty sections are left out."""

    sections: tuple[Section, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing needs anybody."""
        return not self.sections


def desk(facts: Facts, waiting: Mapping[str, tuple[str, ...]] | None = None) -> Desk:
    """The desk of `facts.today`.

    Undecided appeals, those past the Group's waiting time first and urgent ones first among them; what is due within
    7 days or overdue; hearings of the next 14 days; risk reviews that have passed, or are missing for a high or
    critical risk; embargoes that end within 14 days; referrals without an answer in the organisation's time.
    `waiting`: erased record -> who has not confirmed yet.
    """
    overdue, undecided = _undecided(facts)
    dates = agenda(facts, 14)
    week = (facts.today + timedelta(days=7)).isoformat()
    due = [item for item in dates if item.kind in ("deadline", "retention-review") and day(item.date) <= week]
    reviews = [_dated(facts, item) for item in dates if item.kind == "risk-review" and item.overdue]
    everything = {
        "overdue": (overdue, "solidarity list --status received"),
        "undecided": (undecided, "solidarity list --status received"),
        "due": ([_dated(facts, item) for item in due], "solidarity agenda --days 7"),
        "hearings": (_of_kind(facts, dates, "hearing"), "solidarity agenda --days 14"),
        "erasures": ([_unconfirmed(facts, *one) for one in (waiting or {}).items()], "solidarity sync"),
        "reviews": ([*reviews, *_without_review(facts)], "solidarity validate"),
        "embargoes": (_of_kind(facts, dates, "embargo-ends"), "solidarity agenda --days 14"),
        "answers": (_of_kind(facts, [item for item in dates if item.overdue], "referral-answer"), "solidarity agenda"),
    }
    return Desk(_fitted({kind: value for kind, value in everything.items() if value[0]}))


def as_plain(shown: Desk) -> dict[str, Any]:
    """The desk as `--json` gives it."""
    return {"sections": [asdict(section) for section in shown.sections]}


def _unconfirmed(facts: Facts, record: str, names: tuple[str, ...]) -> Line:
    owner = facts.cases.get(record) or facts.actions.get(record)
    erased = owner.erasure.date if owner and owner.erasure else ""
    days = days_between(erased, facts.today.isoformat()) if erased else None
    return Line(record, f"waiting for {', '.join(names)}", "", erased, days, "solidarity sync")


def _undecided(facts: Facts) -> tuple[list[Line], list[Line]]:
    """Undecided appeals past their time, and the others."""
    today = facts.today.isoformat()
    found: tuple[list[tuple[int, int, Line]], list[tuple[int, int, Line]]] = ([], [])
    for case in facts.cases.values():
        if is_undecided(case, today):
            days = days_between(case.received, today)
            late = days > days_allowed(case, facts.charter)
            line = Line(case.id, case.title, case.urgency, case.received, days, f"solidarity assess {case.id}")
            found[0 if late else 1].append((_rank(case), -days, line))
    overdue, others = ([row[2] for row in sorted(rows, key=lambda row: (*row[:2], row[2].case))] for rows in found)
    return overdue, others


def _rank(case: Case) -> int:
    return URGENCIES.index(case.urgency) if case.urgency in URGENCIES else len(URGENCIES)


def _without_review(facts: Facts) -> list[Line]:
    """Open cases of high or critical risk for which nobody set a day to look again."""
    return [
        Line(case.id, case.title, newest.risk_level, "", None, f"solidarity assess {case.id}")
        for _, case in sorted(facts.cases.items())
        if case.status.is_open
        and (newest := case.assessment)
        and newest.risk_level in ("high", "critical")
        and not newest.risk_review
    ]


def _of_kind(facts: Facts, items: Iterable[AgendaItem], kind: str) -> list[Line]:
    return [_dated(facts, item) for item in items if item.kind == kind]


def _dated(facts: Facts, item: AgendaItem) -> Line:
    days = days_between(facts.today.isoformat(), item.date)
    return Line(item.case, item.title, item.what, item.date, days, _next_command(item))


def _next_command(item: AgendaItem) -> str:
    match item.kind:
        case "hearing":
            return f"solidarity link-action {item.case} --type court-observation --hearing {item.record}"
        case "deadline":
            return f"solidarity edit {item.case} --set deadlines.{item.record}.done=true"
        case "risk-review":
            return f"solidarity assess {item.case}"
        case "retention-review":
            return "solidarity erase --due --dry-run"
        case "referral-answer":
            return f"solidarity update-action {item.record} --referral-state no-response"
        case _:
            return f"solidarity show {item.case}"


def _fitted(everything: dict[str, tuple[list[Line], str]]) -> tuple[Section, ...]:
    """As many lines of each section as the screen holds: every section gets one before any gets another."""
    shown = dict.fromkeys(everything, 1)
    room = LINES - 2 * len(everything)
    while room > 0:
        growing = [kind for kind, (lines, _) in everything.items() if shown[kind] < len(lines)]
        if not growing:
            break
        for kind in growing[:room]:
            shown[kind] += 1
        room -= len(growing)
    return tuple(
        Section(kind, tuple(lines[: shown[kind]]), len(lines) - shown[kind], command)
        for kind, (lines, command) in everything.items()
    )
