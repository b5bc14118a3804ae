"""That a record holds together: its dates follow each other, and what it names is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from solidarity_cli.core.facts import Facts
from solidarity_cli.core.model import Action, Case, Status
from solidarity_cli.core.rules.partial_dates import is_after, is_before, span
from solidarity_cli.core.rules.rule import Violation, rule


@rule("dates", "either", reference="A record never tells lies about itself")
def dates(record: Case | Action, facts: Facts) -> Iterator[Violation]:
    """Dates are days of the calendar, and they follow each other.

    Nothing is received, assessed, allowed, closed, or done in the future; an incident comes not after its receipt,
    an assessment not before it; consent is not withdrawn before it was given; a closing comes not before the last
    assessment; a hearing marked held lies in the past. A partial date is wrong only where every day it may mean is.

    What to do: put the date right. What is ahead is `planned` or `announced`, not `done` or `held`.
    """
    for field, text in _dates_of(record):
        if text and span(text) is None:
            yield Violation(
                f"{field} of {record.id} is no day of the calendar", field=field, hint=_correction_hint(record, field)
            )
    match record:
        case Case():
            yield from _check_order(record)
            yield from _check_future(record, facts)
        case Action(status="done") if is_after(record.date, facts.today):
            yield Violation(
                f"{record.id} is done on a day still to come",
                field="date",
                hint=f"solidarity update-action {record.id} --status planned",
            )


def _correction_hint(record: Case | Action, field: str) -> str:
    """Lists that only grow have no verb that changes an item: there only a hand in the file can have gone wrong."""
    if field.partition(".")[0] in ("assessments", "consent", "closure", "notes"):
        return f"put {field} right in the file of {record.id}"
    return f"solidarity edit {record.id} --set {field}=…"


def _dates_of(record: Case | Action) -> Iterator[tuple[str, str]]:
    match record:
        case Action():
            yield "date", record.date
            for _, when in record.referral.history if record.referral else ():
                yield "referral.history", when
        case Case():
            yield "received", record.received
            yield "closure.date", record.closure.date if record.closure else ""
            yield "retention.review", record.retention_review
            yield from _dates_of_items(record)


def _dates_of_items(case: Case) -> Iterator[tuple[str, str]]:
    for list_name, items, names in (
        ("incidents", case.incidents, ("date",)),
        ("hearings", case.hearings, ("at", "postponed_to")),
        ("deadlines", case.deadlines, ("date",)),
        ("consent", case.consents, ("given", "embargo_until", "withdrawn")),
        ("assessments", case.assessments, ("date", "risk_review")),
        ("notes", case.notes, ("date",)),
    ):
        for item in items:
            for name in names:
                yield f"{list_name}.{item.id}.{name}", getattr(item, name)
    for assessment in case.assessments:
        for approval in assessment.approvals:
            yield f"assessments.{assessment.id}.approvals", approval.date


def _check_order(case: Case) -> Iterator[Violation]:
    """What comes before what."""
    for incident in case.incidents:
        if is_before(case.received, incident.date):
            field = f"incidents.{incident.id}.date"
            message = f"incident {incident.id} of {case.id} happened after its receipt"
            yield Violation(message, field, _correction_hint(case, field))
    for assessment in case.assessments:
        if is_before(assessment.date, case.received):
            field = f"assessments.{assessment.id}.date"
            message = f"assessment {assessment.id} of {case.id} is older than its receipt"
            yield Violation(message, field, _correction_hint(case, "received"))
    for consent in case.consents:
        if is_before(consent.withdrawn, consent.given):
            field = f"consent.{consent.id}.withdrawn"
            message = f"consent {consent.id} of {case.id} was withdrawn before it was given"
            yield Violation(message, field, _correction_hint(case, field))
    # The closure of a reopened case stays for the month in which it was closed: later assessments are right there.
    if case.closure and case.status is Status.CLOSED:
        last = case.assessments[-1].date if case.assessments else case.received
        if is_before(case.closure.date, last):
            yield Violation(
                f"{case.id} was closed before its last assessment", "closure.date", _correction_hint(case, "closure")
            )


def _check_future(case: Case, facts: Facts) -> Iterator[Violation]:
    """What cannot have happened yet."""
    events = [
        ("received", case.received, "was received"),
        ("closure.date", case.closure.date if case.closure else "", "was closed"),
        *((f"assessments.{entry.id}.date", entry.date, "was assessed") for entry in case.assessments),
        *((f"consent.{entry.id}.given", entry.given, "was given consent") for entry in case.consents),
    ]
    for field, when, what in events:
        if is_after(when, facts.today):
            yield Violation(f"{case.id} {what} on a day still to come", field, _correction_hint(case, field))
    for hearing in case.hearings:
        if hearing.state == "held" and is_after(hearing.at, facts.today):
            yield Violation(
                f"hearing {hearing.id} of {case.id} is marked held and lies ahead",
                field=f"hearings.{hearing.id}.state",
                hint=f"solidarity edit {case.id} --set hearings.{hearing.id}.state=announced",
            )


@rule("links", "either", reference="The register is one whole: what a record names is in it")
def links(record: Case | Action, facts: Facts) -> Iterator[Violation]:
    """Every id a record names exists.

    Cases name other cases; actions name their cases and the hearing that is attended. Within a record the items of
    a list have ids of their own, each once.

    What to do: look the id up with `solidarity list`, or take the link out.
    """
    match record:
        case Case():
            yield from _check_links(record, facts)
        case Action():
            for case in record.cases:
                if not _exists(case, facts):
                    hint = f"solidarity edit {record.id} --set cases=…   (all cases: solidarity list)"
                    yield Violation(f"{record.id} names {case}, which is not in this register", "cases", hint)
            yield from _check_hearing(record, facts)


def _exists(record_id: str, facts: Facts) -> bool:
    return facts.exists(record_id) or record_id in facts.cases


def _check_links(case: Case, facts: Facts) -> Iterator[Violation]:
    for link in case.links:
        if not _exists(link.case, facts):
            message = f"{case.id} is linked to {link.case}, which is not in this register"
            yield Violation(message, field="links", hint="all cases: solidarity list")
    for list_name, items in (
        ("incidents", case.incidents),
        ("hearings", case.hearings),
        ("deadlines", case.deadlines),
        ("consent", case.consents),
        ("assessments", case.assessments),
        ("notes", case.notes),
    ):
        for name, times in Counter(item.id for item in items).items():
            if times > 1:
                hint = "give the later one the next free number"
                yield Violation(f"{case.id} has {times} items {name} in {list_name}", f"{list_name}.{name}", hint)


def _check_hearing(action: Action, facts: Facts) -> Iterator[Violation]:
    if not action.hearing_case:
        return
    case = facts.cases.get(action.hearing_case)
    if case is None and not facts.exists(action.hearing_case):
        message = f"{action.id} attends a hearing of {action.hearing_case}, which is not in this register"
        yield Violation(message, field="hearing.case", hint=f"solidarity edit {action.id} --set hearing.case=…")
    elif case and action.hearing_id not in {hearing.id for hearing in case.hearings}:
        yield Violation(
            f"{action.id} attends hearing {action.hearing_id} of {case.id}, which has no such hearing",
            field="hearing.id",
            hint=f"solidarity show {case.id}   (its hearings), then: solidarity edit {action.id} --set hearing.id=…",
        )
