"""The agenda as a calendar that is carried about: what of it may leave the register, and under which lasting name.

A calendar lies on telephones and on other people's servers. So an entry is a kind of date and the id of a case, and
no more: no place, no court, nobody's words. Of a case whose country is withheld, or that was erased, it says nothing,
for a time with its offset tells on which meridian somebody stands trial.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Case, Hearing
from solidarity_cli.core.sortable_dates import day
from solidarity_cli.reports.agenda import AgendaItem, agenda

DAYS_KEPT = 30
"""A hearing stays so many days after its date: whoever looks once a month still hears that it was moved."""

TITLES = {
    "en": {
        "hearing": "Hearing",
        "deadline": "Deadline",
        "risk-review": "Risk review",
        "retention-review": "Retention review",
        "embargo-ends": "Embargo ends",
        "referral-answer": "Answer to a referral due",
    },
    "ru": {
        "hearing": "Заседание",
        "deadline": "Срок",
        "risk-review": "Повторная оценка риска",
        "retention-review": "Проверка срока хранения",
        "embargo-ends": "Конец эмбарго",
        "referral-answer": "Срок ответа на направление",
    },
    "de": {
        "hearing": "Verhandlung",
        "deadline": "Frist",
        "risk-review": "Neubewertung des Risikos",
        "retention-review": "Prüfung der Aufbewahrung",
        "embargo-ends": "Ende der Sperrfrist",
        "referral-answer": "Antwort auf Vermittlung fällig",
    },
}
"""What an entry is called, by language and kind of date; the id of its case follows."""

_KINDS_ONCE_PER_CASE = ("risk-review", "retention-review")
"""A case has one of these at a time: a new assessment moves the old entry, and leaves none behind."""

_KINDS_FROM_OTHER_RECORDS = ("retention-review", "referral-answer")
"""Their dates follow from actions, the directory and the numbers of the Group as well."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One date. `when` as the record has it; `name` is the same as long as it is the same thing, whenever it is.

    `is_off`: it will not take place, at least not then. `rests_on`: the case without whose change it stays as it is;
    empty where other records have a say in it too.
    """

    when: str
    name: str
    case: str
    kind: str
    is_off: bool = False
    rests_on: str = ""

    def title(self, language: str) -> str:
        """`Hearing, SG-2026-K7QX4M`."""
        return f"{TITLES[language][self.kind]}, {self.case}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The entries by date, and how many dates of the agenda are kept silent."""

    entries: tuple[Entry, ...]
    silent: int


def calendar(facts: Facts, days: int) -> Calendar:
    """What `agenda` lists for as many days; beside it hearings that moved out of sight, ended or were called off.

    Those stay for `DAYS_KEPT` days, so that a calendar which had them hears of it.
    """
    items = agenda(facts, days)
    visible = [item for item in items if not is_silent(facts.cases[item.case])]
    entries = {entry.name: entry for entry in _hearings(facts, days)}
    entries |= {entry.name: entry for entry in (_entry(item) for item in visible)}
    return Calendar(
        tuple(sorted(entries.values(), key=lambda entry: (day(entry.when), entry))), len(items) - len(visible)
    )


def is_silent(case: Case) -> bool:
    """Whether a case stands in no calendar: it was erased, or its country must not be written."""
    return case.erasure is not None or case.subject.country == "XX"


def _entry(item: AgendaItem) -> Entry:
    parts = [item.case, item.kind, *([] if item.kind in _KINDS_ONCE_PER_CASE else [item.record])]
    rests_on = "" if item.kind in _KINDS_FROM_OTHER_RECORDS else item.case
    return Entry(item.date, ".".join(parts), item.case, item.kind, rests_on=rests_on)


def _hearings(facts: Facts, days: int) -> Iterator[Entry]:
    first = (facts.today - timedelta(days=DAYS_KEPT)).isoformat()
    last = (facts.today + timedelta(days=days)).isoformat()
    for case in facts.cases.values():
        if case.status.is_open and not is_silent(case):
            for hearing in case.hearings:
                if _is_shown(hearing, first, last):
                    name = f"{case.id}.hearing.{hearing.id}"
                    # Held or cancelled after it was moved: on the day it was moved to.
                    when = hearing.postponed_to or hearing.at
                    yield Entry(when, name, case.id, "hearing", not _takes_place(hearing), case.id)


def _is_shown(hearing: Hearing, first: str, last: str) -> bool:
    """By either date of a postponed one: it was in the calendar on the old, and is told to it at the new."""
    dates = [day(date) for date in (hearing.at, hearing.postponed_to) if date]
    return any(first <= date <= last for date in dates)


def _takes_place(hearing: Hearing) -> bool:
    """Not one that was cancelled, or postponed to no date yet: with a date it comes back under the same name."""
    return hearing.state != "cancelled" and bool(hearing.when)
