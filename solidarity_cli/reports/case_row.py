"""The columns of `list`: what one case says about itself, independent of the day, so that it can be kept by blob id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.sortable_dates import day, is_past

# A list shows rows without building a case: the model takes longer to load than a list to print.
if TYPE_CHECKING:
    from solidarity_cli.core.model import Case


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. Empty text: not told. `dates`: whatever may still come, soonest first."""

    id: str
    title: str
    status: str
    received: str
    country: str
    subject_kind: str
    membership: str
    incidents: tuple[str, ...]
    urgency: str
    decision: str
    risk_level: str
    dates: tuple[str, ...]


def row(case: Case) -> Row:
    """The line of a case. It takes nothing from its private part."""
    newest = case.assessment
    return Row(
        id=case.id,
        title=case.title,
        status=str(case.status),
        received=case.received,
        country=case.country,
        subject_kind=case.subject.kind,
        membership=case.membership,
        incidents=tuple(dict.fromkeys(incident.type for incident in case.incidents if incident.type)),
        urgency=case.urgency,
        decision=str(case.decision or ""),
        risk_level=newest.risk_level if newest else "",
        dates=_dates(case),
    )


def _dates(case: Case) -> tuple[str, ...]:
    """Hearings ahead, deadlines not done, the newest risk review; none for a case that is not open."""
    if not case.status.is_open:
        return ()
    dates = [hearing.when for hearing in case.hearings if hearing.is_ahead]
    dates += [deadline.date for deadline in case.deadlines if deadline.date and not deadline.done]
    newest = case.assessment
    if newest and newest.risk_review:
        dates.append(newest.risk_review)
    return tuple(sorted(dates, key=lambda when: (day(when), when)))


def next_date(dates: tuple[str, ...], today: date) -> str:
    """The first date that has not passed; "" when there is none. A partial date has passed after its last day."""
    return next((when for when in dates if not is_past(when, today)), "")


def as_plain(row: Row, today: date, *, actions: list[str], findings: list[str]) -> dict[str, Any]:
    """What `list --json` says of a case: `actions` are ids, `findings` ids of rules."""
    return {
        "id": row.id,
        "title": row.title,
        "status": row.status,
        "received": row.received,
        "country": row.country,
        "subject_kind": row.subject_kind,
        "membership": row.membership,
        "incidents": list(row.incidents),
        "urgency": row.urgency,
        "decision": row.decision,
        "risk_level": row.risk_level,
        "actions": actions,
        "next_date": next_date(row.dates, today),
        "findings": findings,
    }
