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
            unanswered = [section for section in self.sections if section.kind in ("overdue", "undecided")]
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
    late, others = _undecided_lines(facts)
    agenda_lines = _AgendaLines(facts, agenda(facts, 14))
    week = (facts.today + timedelta(days=7)).isoformat()
    by_kind: dict[str, tuple[list[Line], str]] = {
        "overdue": (
            _urgent_first([*late, *agenda_lines("deadline", overdue=True)]),
            _APPEALS if late else "solidarity agenda",
        ),
        "undecided": (others, _APPEALS),
        "due": (agenda_lines("deadline", overdue=False, until=week), "solidarity agenda --days 7"),
        "hearings": (agenda_lines("hearing"), "solidarity agenda --days 14"),
        "erasures": ([_erasure_line(facts, *erasure) for erasure in (waiting or {}).items()], "solidarity sync"),
        "risk-reviews": (
            _urgent_first([*_missing_reviews(facts), *agenda_lines("risk-review", overdue=True)]),
            "solidarity validate",
        ),
        "open-reviews": ([_review_line(facts, *review) for review in (reviews or {}).items()], "solidarity switch ID"),
        "answers": (agenda_lines("referral-answer", overdue=True), "solidarity agenda"),
        "embargoes": (agenda_lines("embargo-ends"), "solidarity agenda --days 14"),
        "retention-reviews": (agenda_lines("retention-review", until=week), "solidarity erase --due --dry-run"),
        "directory": (
            [_directory_line(facts, organisation) for organisation in entries_to_check(facts)],
            "solidarity directory list",
        ),
    }
    sections = [Section(kind, tuple(by_kind[kind][0]), by_kind[kind][1]) for kind in SECTIONS]
    return Desk(tuple(section for section in sections if section.lines))


def as_plain(desk: Desk) -> dict[str, Any]:
    """The desk as `--json` gives it: every line, however many there are."""
    return {
        "sections": [
            {
                "kind": section.kind,
                "total": len(section.lines),
                "command": section.command,
                "lines": [asdict(line) for line in section.lines],
            }
            for section in desk.sections
        ]
    }


def _undecided_lines(facts: Facts) -> tuple[list[Line], list[Line]]:
    """Undecided appeals past their time, and the others; urgent ones first, then those that waited longest."""
    today = facts.today.isoformat()
    overdue: list[Line] = []
    others: list[Line] = []
    for case in facts.cases.values():
        if is_undecided(case, today):
            days = days_between(case.received, today)
            command = f"solidarity assess {case.id}"
            line = Line(case.id, case.title, "", case.received, days, command, case.urgency)
            (overdue if days > days_allowed(case, facts.charter) else others).append(line)
    return _urgent_first(_by_age(overdue)), _urgent_first(_by_age(others))


def _by_age(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-(line.days or 0), line.case))


def _urgent_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(
        lines, key=lambda line: URGENCIES.index(line.urgency) if line.urgency in URGENCIES else len(URGENCIES)
    )


def _erasure_line(facts: Facts, record: str, names: tuple[str, ...]) -> Line:
    owner = facts.cases.get(record) or facts.actions.get(record)
    erased = owner.erasure.date if owner and owner.erasure else ""
    days = days_between(erased, facts.today.isoformat()) if erased else None
    return Line(record, f"waiting for {', '.join(names)}", "", erased, days, "solidarity sync")


def _review_line(facts: Facts, record: str, command: str) -> Line:
    case, entry = facts.cases.get(record), facts.directory.get(record)
    title = case.title if case else entry.name if entry else record
    return Line(record, title, "", "", None, command, case.urgency if case else "")


def _directory_line(facts: Facts, organisation: Organisation) -> Line:
    """`days` since the entry was checked, as for all that has passed below zero."""
    days = days_between(facts.today.isoformat(), organisation.checked)
    return Line(
        organisation.id,
        organisation.name,
        "checked",
        organisation.checked,
        days,
        f"solidarity directory check {organisation.id}",
    )


def _missing_reviews(facts: Facts) -> Iterator[Line]:
    """Open cases of high or critical risk for which nobody set a day to look again."""
    for _, case in sorted(facts.cases.items()):
        newest = case.assessment
        if case.status.is_open and newest and newest.risk_level in ("high", "critical") and not newest.risk_review:
            yield Line(case.id, case.title, newest.risk_level, "", None, f"solidarity assess {case.id}", case.urgency)


@dataclass(frozen=True, slots=True)
class _AgendaLines:
    """The lines of an agenda by their kind: the overdue ones, the others, or all; up to a day; urgent cases first."""

    facts: Facts
    items: tuple[AgendaItem, ...]

    def __call__(self, kind: str, *, overdue: bool | None = None, until: str = "9999") -> list[Line]:
        items = [item for item in self.items if item.kind == kind and overdue in (None, item.overdue)]
        return _urgent_first(self._line(item) for item in items if day(item.date) <= until)

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
