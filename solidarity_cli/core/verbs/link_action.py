"""Actions: made for one or many cases, linked to more, and how they went. One action is one record and counts once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from solidarity_cli.core.dates import first_day
from solidarity_cli.core.edits import Append, Edit, Set
from solidarity_cli.core.errors import Refused, UsageError
from solidarity_cli.core.model import PUBLIC_TYPES, Action, Case
from solidarity_cli.core.rules.consent import INFORMED_STATES
from solidarity_cli.core.verbs.referral import step


def link_action(
    cases: Iterable[Case],
    answers: Mapping[str, Any],
    *,
    record: str,
    on: date,
) -> dict[str, Any]:
    """The plain record of a new action for `cases`.

    `answers`: type, status, date, country, hearing (id), observers, url, organisation, services, text.
    A hearing is looked for in the named cases. Raises UsageError when it, or the organisation, does not fit.
    """
    cases = tuple(cases)
    kind, status = answers["type"], answers.get("status") or "planned"
    action: dict[str, Any] = {"schema_version": 1, "id": record, "type": kind, "status": status}
    action["created"] = on.isoformat()
    when = answers.get("date") or (on.isoformat() if status == "done" else "")
    countries = {case.country for case in cases}
    country = answers.get("country") or (countries.pop() if len(countries) == 1 else "")
    action |= {"date": when} if when else {}
    action |= {"country": country} if country else {}
    action["cases"] = [case.id for case in cases]
    if answers.get("hearing"):
        action["hearing"] = _hearing_link(cases, answers["hearing"])
    for name in ("observers", "url"):
        action |= {name: answers[name]} if answers.get(name) else {}
    action["public"] = kind in PUBLIC_TYPES or bool(answers.get("public"))
    action |= _addressee(kind, answers, on, case=cases[0].id)
    if answers.get("text"):
        action["private"] = {"text": answers["text"]}
    return action


def _hearing_link(cases: tuple[Case, ...], name: str) -> dict[str, str]:
    """A hearing by its id, in the case that has it: `h1`, or `SG-2026-…/h1` when two cases have one."""
    owner, _, hearing_id = name.rpartition("/")
    matches = [
        case for case in cases if any(hearing.id == hearing_id for hearing in case.hearings) and owner in case.id
    ]
    if not matches:
        raise UsageError(
            "none of these cases has a hearing of that id", hint=f"solidarity hearing {cases[0].id} --at …"
        )
    if len(matches) > 1 and not owner:
        raise UsageError(
            "more than one of these cases has a hearing of that id", hint=f"--hearing {matches[0].id}/{hearing_id}"
        )
    return {"case": matches[0].id, "id": hearing_id}


def _addressee(kind: str, answers: Mapping[str, Any], on: date, *, case: str) -> dict[str, Any]:
    organisation, services = answers.get("organisation") or "", list(answers.get("services") or ())
    if kind != "referral":
        return {"recipient": organisation} if organisation else {}
    if not organisation:
        raise UsageError(
            "a referral names an organisation of the directory",
            hint=f"--to-organisation ID; who may fit: solidarity directory list --for {case}",
        )
    state = answers.get("state") or "considered"
    # What is only thought about may be planned for a day that lies ahead; the thought is of today.
    when = str(answers.get("date") or "") if state in INFORMED_STATES else ""
    referral: dict[str, Any] = {"organisation": organisation, "state": state}
    referral |= {"services": services} if services else {}
    return {"referral": {**referral, "history": [{"state": state, "date": _day_of_step(when, on)}]}}


def _day_of_step(day: str, on: date) -> str:
    """The day on which a referral reached a state: what was said, or today.

    Raises UsageError for one that lies ahead.
    """
    if day and first_day(day) > on:
        raise UsageError(
            "a step of a referral is recorded when it was taken", hint="--date with that day, or none for today"
        )
    return day or on.isoformat()


def link_to_action(action: Action, cases: Iterable[Case]) -> tuple[Edit, ...]:
    """Link an existing action to more cases. Raises Refused when all of them have it already."""
    more = [case.id for case in cases if case.id not in action.cases]
    if not more:
        raise Refused(f"{action.id} serves these cases already", hint=f"solidarity show {action.cases[0]}")
    return tuple(Append("cases", case) for case in more)


def update_action(action: Action, answers: Mapping[str, Any], *, on: date) -> tuple[Edit, ...]:
    """How an action went: status, date, response, impact, address, referral state.

    An action done without a date gets the day. With a referral state the date is that of the step, and that of the
    action only where the step is the one that carries it out. Raises Refused for a referral state on what is no
    referral, or one that does not follow the state it has; UsageError for a step that lies ahead.
    """
    state, status, day = answers.get("referral_state"), answers.get("status"), str(answers.get("date") or "")
    names = ("response", "impact", "url", "observers", "status", *(() if state else ("date",)))
    edits: list[Edit] = [Set(name, answers[name]) for name in names if answers.get(name)]
    if status == "done" and not (action.date or day or state):
        edits.append(Set("date", on.isoformat()))
    if state:
        step(action, state)
        when = _day_of_step(day, on)
        edits += [Set("referral.state", state), Append("referral.history", {"state": state, "date": when})]
        # What is sent is done, on that day: the day for which it was planned is over.
        if action.status == "planned" and (status == "done" or (state == "sent" and not status)):
            edits += [Set("status", "done")] * (not status) + [Set("date", when)]
    if not edits:
        raise UsageError("nothing to change was given", hint=f"solidarity update-action {action.id} --status done")
    return tuple(edits)
