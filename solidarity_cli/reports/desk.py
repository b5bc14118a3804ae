"""What needs somebody now: the screen that `solidarity` without a verb shows, before it is laid out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Organisation
from solidarity_cli.core.sortable_dates import day
from solidarity_cli.reports.agenda import AgendaItem, agenda
from solidarity_cli.reports.counting.internal_lists import days_allowed, is_undecided
from solidarity_cli.reports.counting.tally import days_between
from solidarity_cli.reports.directory import entries_to_check

URGENCIES = ("urgent", "high", "normal", "", "low")
"""The order in which appeals are answered. What was not told counts as normal."""

SECTIONS = (
    "overdue",
    "undecided",
    "due",
    "hearings",
    "erasures",
    "risk-reviews",
    "open-reviews",
    "answers",
    "embargoes",
    "retention-reviews",
    "directory",
)
"""The sections of the desk, the most pressing first."""

FAILING = (*SECTIONS, "urgent")
"""What a watching program may ask about: a section that is not empty, or an urgent appeal without a decision."""

_APPEALS = "solidarity list --status received"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do.

    `case` is the record's id, of an organisation too. `days`: waited so far, or until the date; negative when that has
    passed. `command`: what to type next. `urgency` is that of the appeal.
    """

    case: str
    title: str
    what: str
    date: str
    days: int | None
    command: str
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind, the most pressing first, and the command that lists them."""

    kind: str
    lines: tuple[Line, ...]
    command: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What needs somebody now. Empty sections are left out."""

    sections: tuple[Section, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing needs anybody."""
        return not self.sections

    def has(self, kind: str) -> bool:
        """Whether there is anything of a kind that `FAILING` names."""
        if kind == "urgent":
            unanswered = [one for one in self.sections if one.kind in ("overdue", "undecided")]
            return any(line.urgency == "urgent" for section in unanswered for line in section.lines)
        return any(section.kind == kind for section in self.sections)


def desk(
    facts: Facts, waiting: Mapping[str, tuple[str, ...]] | None = None, reviews: Mapping[str, str] | None = None
) -> Desk:
    """The desk of `facts.today`.

    Appeals past the Group's waiting time, and deadlines that have passed and are not done; the other undecided appeals;
    deadlines of the next 7 days; hearings of the next 14 days, and those nobody said the outcome of; risk reviews that
    have passed, or are missing for a high or critical risk; referrals without an answer in the organisation's time;
    embargoes that end within 14 days; retention reviews due within 7 days; organisations that nobody has checked for
    longer than the Group allows. Urgent cases come first in each.

    `waiting`: erased record -> who has not confirmed yet. `reviews`: record on a branch that is not merged -> the
    command that shows what it brings.
    """
    late, others = _undecided(facts)
    dated = _Dated(facts, agenda(facts, 14))
    week = (facts.today + timedelta(days=7)).isoformat()
    everything: dict[str, tuple[list[Line], str]] = {
        "overdue": (
            _urgent_first([*late, *dated("deadline", overdue=True)]),
            _APPEALS if late else "solidarity agenda",
        ),
        "undecided": (others, _APPEALS),
        "due": (dated("deadline", overdue=False, until=week), "solidarity agenda --days 7"),
        "hearings": (dated("hearing"), "solidarity agenda --days 14"),
        "erasures": ([_unconfirmed(facts, *one) for one in (waiting or {}).items()], "solidarity sync"),
        "risk-reviews": (
            _urgent_first([*_without_review(facts), *dated("risk-review", overdue=True)]),
            "solidarity validate",
        ),
        "open-reviews": ([_open(facts, *one) for one in (reviews or {}).items()], "solidarity switch ID"),
        "answers": (dated("referral-answer", overdue=True), "solidarity agenda"),
        "embargoes": (dated("embargo-ends"), "solidarity agenda --days 14"),
        "retention-reviews": (dated("retention-review", until=week), "solidarity erase --due --dry-run"),
        "directory": ([_to_check(facts, one) for one in entries_to_check(facts)], "solidarity directory list"),
    }
    found = [Section(kind, tuple(everything[kind][0]), everything[kind][1]) for kind in SECTIONS]
    return Desk(tuple(section for section in found if section.lines))


def as_plain(shown: Desk) -> dict[str, Any]:
    """The desk as `--json` gives it: every line, however many there are."""
    return {
        "sections": [
            {"kind": one.kind, "total": len(one.lines), "command": one.command, "lines": [asdict(x) for x in one.lines]}
            for one in shown.sections
        ]
    }


def _undecided(facts: Facts) -> tuple[list[Line], list[Line]]:
    """Undecided appeals past their time, and the others; urgent ones first, then those that waited longest."""
    today = facts.today.isoformat()
    late: list[Line] = []
    others: list[Line] = []
    for case in facts.cases.values():
        if is_undecided(case, today):
            days = days_between(case.received, today)
            command = f"solidarity assess {case.id}"
            line = Line(case.id, case.title, "", case.received, days, command, case.urgency)
            (late if days > days_allowed(case, facts.charter) else others).append(line)
    return _urgent_first(_by_age(late)), _urgent_first(_by_age(others))


def _by_age(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-(line.days or 0), line.case))


def _urgent_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(
        lines, key=lambda line: URGENCIES.index(line.urgency) if line.urgency in URGENCIES else len(URGENCIES)
    )


def _unconfirmed(facts: Facts, record: str, names: tuple[str, ...]) -> Line:
    owner = facts.cases.get(record) or facts.actions.get(record)
    erased = owner.erasure.date if owner and owner.erasure else ""
    days = days_between(erased, facts.today.isoformat()) if erased else None
    return Line(record, f"waiting for {', '.join(names)}", "", erased, days, "solidarity sync")


def _open(facts: Facts, record: str, command: str) -> Line:
    case, entry = facts.cases.get(record), facts.directory.get(record)
    title = case.title if case else entry.name if entry else record
    return Line(record, title, "", "", None, command, case.urgency if case else "")


def _to_check(facts: Facts, one: Organisation) -> Line:
    """`days` since the entry was checked, as for all that has passed below zero."""
    days = days_between(facts.today.isoformat(), one.checked)
    return Line(one.id, one.name, "checked", one.checked, days, f"solidarity directory check {one.id}")


def _without_review(facts: Facts) -> Iterator[Line]:
    """Open cases of high or critical risk for which nobody set a day to look again."""
    for _, case in sorted(facts.cases.items()):
        newest = case.assessment
        if case.status.is_open and newest and newest.risk_level in ("high", "critical") and not newest.risk_review:
            yield Line(case.id, case.title, newest.risk_level, "", None, f"solidarity assess {case.id}", case.urgency)


@dataclass(frozen=True, slots=True)
class _Dated:
    """The lines of an agenda by their kind: the overdue ones, the others, or all; up to a day; urgent cases first."""

    facts: Facts
    items: tuple[AgendaItem, ...]

    def __call__(self, kind: str, *, overdue: bool | None = None, until: str = "9999") -> list[Line]:
        items = [one for one in self.items if one.kind == kind and overdue in (None, one.overdue)]
        return _urgent_first(self._line(one) for one in items if day(one.date) <= until)

    def _line(self, item: AgendaItem) -> Line:
        case = self.facts.cases.get(item.case)
        days = days_between(self.facts.today.isoformat(), item.date)
        urgency = case.urgency if case else ""
        return Line(item.case, item.title, item.what, item.date, days, _next_command(item), urgency)


def _next_command(item: AgendaItem) -> str:  # noqa: PLR0911 one for each kind of date
    match item.kind:
        case "hearing" if item.overdue:
            return f"solidarity hearing {item.case} --held {item.record}"
        case "hearing":
            return f"solidarity link-action {item.case} --hearing {item.record}"
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
