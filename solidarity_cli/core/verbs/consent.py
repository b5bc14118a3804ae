"""What a person allows, or no longer allows. Entries are added, never changed: the newest about a use decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from solidarity_cli.core.edits import Append, Edit, next_item_id
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.rules.consent import INFORMED_STATES

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


def already_shared(actions: Sequence[Action], case: str) -> tuple[tuple[str, str, str], ...]:
    """(organisation, day, action id) for everybody who was told of a case and has to hear of a withdrawal.

    What was recorded as passed on, and the referrals and contacts that were made without such a record.
    """
    shared = [
        (action.id, disclosure) for action in actions for disclosure in action.shared_with if disclosure.case == case
    ]
    informed = [(disclosure.organisation, disclosure.date, action) for action, disclosure in shared]
    known = {(organisation, action) for organisation, _, action in informed}
    for action in actions:
        organisation, day = _informed_party(action)
        if organisation and case in action.cases and (organisation, action.id) not in known:
            informed.append((organisation, day, action.id))
    return tuple(sorted(informed))


def _informed_party(action: Action) -> tuple[str, str]:
    """Who has heard of an action, and since when; nobody so far where both are empty."""
    if action.referral:
        days = [day for state, day in action.referral.history if state in INFORMED_STATES]
        is_informed = bool(days) or action.referral.state in INFORMED_STATES
        return (action.referral.organisation, min(days, default=action.date)) if is_informed else ("", "")
    is_informed = action.type == "institutional-contact" and action.status == "done"
    return (action.recipient, action.date) if is_informed else ("", "")
