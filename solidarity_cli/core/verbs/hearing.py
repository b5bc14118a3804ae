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
    found = _hearing(case, name)
    field = f"hearings.{found.id}.postponed_to"
    new: tuple[Edit, ...] = (Set(field, to),) if to else (Remove(field),) if found.postponed_to else ()
    return (Set(f"hearings.{found.id}.state", "postponed"), *new)


def end_hearing(case: Case, name: str, state: str) -> tuple[Edit, ...]:
    """Say that a hearing was held or cancelled."""
    return (Set(f"hearings.{_hearing(case, name).id}.state", state),)


def _hearing(case: Case, name: str) -> Hearing:
    found = next((one for one in case.hearings if one.id == name), None)
    if found is None:
        names = ", ".join(one.id for one in case.hearings) or "none"
        raise Refused(f"{case.id} has no hearing of that id; it has: {names}", hint=f"solidarity show {case.id}")
    return found
