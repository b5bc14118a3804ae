"""A case as others see it: a page of exactly what the filter left, for the public or for one organisation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from solidarity_cli.core.page import Block, Definitions, Heading, Page, Paragraph, Quote, Table
from solidarity_cli.core.titles import title
from solidarity_cli.core.vocabulary import Vocabulary

Plain = Mapping[str, Any]


def shared_page(
    case: Plain, actions: Sequence[Plain], words: Vocabulary, *, lines: Sequence[str] = (), language: str = "en"
) -> Page:
    """The page of a filtered case: what is not in `case` and `actions` is not on it. `lines` stand before all else."""

    def label(name: str, code: str) -> str:
        return words.label(name, code, language)

    private = case.get("private") or {}
    blocks: list[Block] = [*(Paragraph(line) for line in lines)]
    blocks += [Definitions(tuple(_facts(case, actions, label)))]
    if short := tuple((_words(name), _said(value)) for name, value in private.items() if name != "narrative"):
        # Only whom it is shared with gets its id: what the public is told of the private part is a name, with consent.
        blocks += [Heading("In confidence" if "id" in case else "Named with consent"), Definitions(short)]
    blocks += _table("What happened", _incidents(case, label))
    blocks += _table("Hearings", _hearings(case, label))
    blocks += _table("Deadlines", _deadlines(case, label))
    blocks += _table("Done in public", _public_actions(actions, label))
    if private.get("narrative"):
        blocks += [Heading("The appeal"), Quote(str(private["narrative"]).strip())]
    return Page(title(case, words, language), case.get("id", ""), tuple(blocks), language)


def _table(heading: str, table: Table) -> list[Block]:
    """A heading and its table, without the columns of which the audience sees nothing."""
    kept = [index for index in range(len(table.columns)) if any(row[index] for row in table.rows)]
    columns = tuple(table.columns[index] for index in kept)
    rows = tuple(tuple(row[index] for index in kept) for row in table.rows)
    return [Heading(heading), Table(table.caption, columns, rows)] if kept else []


def _facts(case: Plain, actions: Sequence[Plain], label: Any) -> Iterator[tuple[str, str]]:
    subject = case.get("subject") or {}
    if "id" in case:
        yield "Reference", case["id"]
    for term, name, vocabulary in (("Kind", "kind", "kind"), ("Urgency", "urgency", "urgency")):
        if case.get(name):
            yield term, label(vocabulary, case[name])
    if case.get("received"):
        yield "Appeal received", case["received"]
    if case.get("language"):
        yield "Language", case["language"]
    if capacity := (case.get("source") or {}).get("capacity"):
        yield "Who appealed", label("capacity", capacity)
    if subject.get("kind"):
        yield "Subject", label("subject-kind", subject["kind"])
    for term, name in (("Country", "country"), ("Region", "region"), ("Number of people", "number_of_people")):
        if subject.get(name):
            yield term, str(subject[name])
    if subject.get("situation"):
        yield "Situation", label("situation", subject["situation"])
    if case.get("requests"):
        yield "Asked for", ", ".join(label("request", one) for one in case["requests"])
    services = [one for action in actions for one in (action.get("referral") or {}).get("services", ())]
    if services:
        yield "Asked of you", ", ".join(label("service", one) for one in dict.fromkeys(services))


def _incidents(case: Plain, label: Any) -> Table:
    rows = tuple(
        (
            label("incident", one["type"]) if one.get("type") else None,
            one.get("date"),
            one.get("country"),
            ", ".join(label("perpetrator", who) for who in one.get("perpetrators", ())) or None,
            label("verification", one["verification"]) if one.get("verification") else None,
        )
        for one in case.get("incidents", ())
    )
    return Table("", ("Incident", "Date", "Country", "Allegedly by", "Verification"), rows)


def _hearings(case: Plain, label: Any) -> Table:
    rows = tuple(
        (
            one.get("postponed_to") or one.get("at"),
            label("hearing-kind", one["kind"]) if one.get("kind") else None,
            label("hearing-access", one["access"]) if one.get("access") else None,
            label("hearing-state", one["state"]) if one.get("state") else None,
        )
        for one in case.get("hearings", ())
    )
    return Table("", ("Date", "Hearing", "Access", "State"), rows)


def _deadlines(case: Plain, label: Any) -> Table:
    rows = tuple(
        (one.get("date"), label("deadline", one.get("what", "")), "done" if one.get("done") else "open")
        for one in case.get("deadlines", ())
    )
    return Table("", ("Date", "What", "State"), rows)


def _public_actions(actions: Sequence[Plain], label: Any) -> Table:
    rows = tuple((label("action-type", one["type"]), one.get("date"), one["url"]) for one in actions if "url" in one)
    return Table("", ("Action", "Date", "Where"), rows)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
