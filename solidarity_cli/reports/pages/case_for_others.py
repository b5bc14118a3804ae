"""A case as others see it: a page of exactly what the filter left, for the public or for one organisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from solidarity_cli.core.model import Hearing
from solidarity_cli.core.titles import title
from solidarity_cli.reports.pages.case_wording import CaseWording
from solidarity_cli.reports.pages.page import Block, Definitions, Heading, Page, PageCell, Paragraph, Quote, Table

Plain = Mapping[str, Any]


def page_for_others(case: Plain, actions: Sequence[Plain], wording: CaseWording, *, lines: Sequence[str] = ()) -> Page:
    """The page of a filtered case: what is not in `case` and `actions` is not on it. `lines` stand before all else."""
    say = wording.say
    private = case.get("private") or {}
    blocks: list[Block] = [*(Paragraph(line) for line in lines)]
    blocks += [Definitions(tuple(_facts(case, actions, wording)))]
    if fields := tuple((wording.field(name), _text(value)) for name, value in private.items() if name != "narrative"):
        # Only whom it is shared with gets its id: what the public is told of the private part is a name, with consent.
        blocks += [Heading(say("case.in-confidence") if "id" in case else say("case.named")), Definitions(fields)]
    blocks += _table(say("case.happened"), _incidents(case, wording))
    blocks += _table(say("case.hearings"), _hearings(case, wording))
    blocks += _table(say("case.deadlines"), _deadlines(case, wording))
    blocks += _table(say("case.in-public"), _public_actions(actions, wording))
    if private.get("narrative"):
        blocks += [Heading(say("case.appeal")), Quote(str(private["narrative"]).strip())]
    return Page(title(case, wording.words, wording.language), case.get("id", ""), tuple(blocks), wording.language)


def _table(heading: str, table: Table) -> list[Block]:
    """A heading and its table, without the columns of which the audience sees nothing."""
    indexes = [index for index in range(len(table.columns)) if any(row[index] for row in table.rows)]
    columns = tuple(table.columns[index] for index in indexes)
    rows = tuple(tuple(row[index] for index in indexes) for row in table.rows)
    return [Heading(heading), Table(table.caption, columns, rows)] if indexes else []


def _facts(case: Plain, actions: Sequence[Plain], wording: CaseWording) -> Iterator[tuple[str, str]]:
    subject = case.get("subject") or {}
    services = [service for action in actions for service in (action.get("referral") or {}).get("services", ())]
    say, label = wording.say, wording.label
    pairs = (
        (say("case.reference"), case.get("id", "")),
        (say("case.kind"), label("kind", case.get("kind", ""))),
        (say("urgency"), label("urgency", case.get("urgency", ""))),
        (say("case.appealed"), wording.day(case.get("received", ""))),
        (say("case.language"), wording.names.language_name(case["language"]) if case.get("language") else ""),
        (say("case.who"), label("capacity", (case.get("source") or {}).get("capacity", ""))),
        (say("case.subject"), label("subject-kind", subject.get("kind", ""))),
        (say("case.country"), wording.country(subject.get("country", ""))),
        (say("case.region"), subject.get("region", "")),
        (say("case.people"), _number(subject.get("number_of_people"), wording)),
        (say("case.situation"), label("situation", subject.get("situation", ""))),
        (say("case.asked-for"), wording.labels("request", case.get("requests") or ())),
        (say("case.asked-of-you"), wording.labels("service", dict.fromkeys(services))),
    )
    return ((term, what) for term, what in pairs if what)


def _incidents(case: Plain, wording: CaseWording) -> Table:
    rows = tuple(
        (
            wording.label("incident", incident.get("type", "")) or None,
            _day(incident.get("date"), wording),
            wording.country(incident.get("country", "")) or None,
            wording.labels("perpetrator", incident.get("perpetrators", ())) or None,
            wording.label("verification", incident.get("verification", "")) or None,
        )
        for incident in case.get("incidents", ())
    )
    names = ("case.incident", "date", "case.country", "case.alleged", "case.verification")
    return Table("", tuple(map(wording.say, names)), rows)


def _hearings(case: Plain, wording: CaseWording) -> Table:
    rows = tuple(
        (
            _day(hearing.when or hearing.at, wording),
            wording.label("hearing-kind", hearing.kind) or None,
            wording.label("hearing-access", hearing.access) or None,
            wording.standing(hearing) or None,
        )
        for hearing in (Hearing(**{"id": "", **plain}) for plain in case.get("hearings", ()))
    )
    return Table("", tuple(map(wording.say, ("date", "kind.hearing.bare", "case.access", "state"))), rows)


def _deadlines(case: Plain, wording: CaseWording) -> Table:
    rows = tuple(
        (
            _day(deadline.get("date"), wording),
            wording.label("deadline", deadline.get("what", "")) or None,
            wording.say("case.done") if deadline.get("done") else wording.say("state.open"),
        )
        for deadline in case.get("deadlines", ())
    )
    return Table("", tuple(map(wording.say, ("date", "what", "state"))), rows)


def _public_actions(actions: Sequence[Plain], wording: CaseWording) -> Table:
    rows = tuple(
        (wording.label("action-type", action["type"]), _day(action.get("date"), wording), action["url"])
        for action in actions
        if "url" in action
    )
    return Table("", tuple(map(wording.say, ("case.action", "date", "case.where"))), rows)


def _day(iso: str | None, wording: CaseWording) -> PageCell:
    return wording.cell(iso) if iso else None


def _number(number: int | None, wording: CaseWording) -> str:
    return wording.names.number(number) if number else ""


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
