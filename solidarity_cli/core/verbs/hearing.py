"""A date in court: announced, postponed, held, cancelled."""

from __future__ import annotations

from solidarity_cli.core.edits import Append, Edit, Remove, Set, next_item_id
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Case, Hearing


def hearing(case: Case, at: str, *, kind: str = "", access: str = "") -> tuple[Edit, ...]:
    """Announce a hearing."""
    item = {"id": next_item_id("h", case.hearings), "at": at, "kind": kind, "access": access, "state": "announced"}
    return (Append("hearings", {key: value for key, value in item.items() if value}),)


def postpone_hearing(case: Case, name: str, to: str) -> tuple[Edit, ...]:
    """Postpone a hearing, to a new date where one is known; without one, the date it was moved to before goes too."""
    hearing = _find_hearing(case, name)
    field = f"hearings.{hearing.id}.postponed_to"
    new: tuple[Edit, ...] = (Set(field, to),) if to else (Remove(field),) if hearing.postponed_to else ()
    return (Set(f"hearings.{hearing.id}.state", "postponed"), *new)


def end_hearing(case: Case, name: str, state: str) -> tuple[Edit, ...]:
    """Say that a hearing was held or cancelled."""
    return (Set(f"hearings.{_find_hearing(case, name).id}.state", state),)


def _find_hearing(case: Case, name: str) -> Hearing:
    match = next((hearing for hearing in case.hearings if hearing.id == name), None)
    if match is None:
        names = ", ".join(hearing.id for hearing in case.hearings) or "none"
        raise Refused(f"{case.id} has no hearing of that id; it has: {names}", hint=f"solidarity show {case.id}")
    return match
