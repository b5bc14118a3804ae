"""What a person allows, or no longer allows. Entries are added, never changed: the newest about a use decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from solidarity_cli.core.edits import Append, Edit, next_item_id
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Action, Case

_WITHDRAWABLE = ("granted", "conditional")


def consent(
    case: Case,
    uses: Iterable[str],
    answer: str,
    *,
    on: date,
    by: str = "",
    share_with: Iterable[str] = (),
    embargo: str = "",
) -> tuple[Edit, ...]:
    """Record one answer for some uses."""
    entry: dict[str, Any] = {"id": next_item_id("c", case.consents), "given": on.isoformat()}
    entry |= {"by": by} if by else {}
    entry["uses"] = dict.fromkeys(uses, answer)
    entry |= {"share_with": list(share_with)} if share_with else {}
    entry |= {"embargo_until": embargo} if embargo else {}
    return (Append("consent", entry),)


def withdraw_consent(case: Case, uses: Iterable[str], *, on: date, by: str = "") -> tuple[Edit, ...]:
    """Take consent back: for some uses, or for all that were ever granted. Raises Refused when there is none."""
    given = {use for entry in case.consents for use, answer in entry.uses.items() if answer in _WITHDRAWABLE}
    withdrawn = sorted(set(uses) & given if uses else given)
    if not withdrawn:
        raise Refused(f"{case.id} has no such consent to withdraw", hint=f"solidarity show {case.id}")
    entry: dict[str, Any] = {"id": next_item_id("c", case.consents), "given": on.isoformat()}
    entry |= {"by": by} if by else {}
    entry |= {"uses": dict.fromkeys(withdrawn, "refused"), "withdrawn": on.isoformat()}
    return (Append("consent", entry),)


def already_public(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The public actions that are done: a withdrawn consent cannot take them back, a person has to look at them."""
    return tuple(action for action in actions if action.is_public and action.status == "done")
