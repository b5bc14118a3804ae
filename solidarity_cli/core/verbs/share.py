"""A case passed on to an organisation: which referral says so, and what it says afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from solidarity_cli.core.edits import Append, Edit
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.verbs.link_action import update_action

_UNSENT = ("considered", "consent-asked")
_OVER = ("revoked", "declined-by-person")


def referral_to(actions: Iterable[Action], case: Case, organisation: str) -> Action:
    """The referral of a case to an organisation: one still to be sent, else the newest that nobody has called off.

    Raises Refused, with the command that makes one, when there is none.
    """
    referrals = [
        action
        for action in actions
        if action.referral and action.referral.organisation == organisation and case.id in action.cases
        if action.status != "cancelled" and action.referral.state not in _OVER
    ]
    if not referrals:
        raise Refused(
            f"{case.id} has no referral to {organisation} that stands",
            hint=f"solidarity link-action {case.id} --type referral --to-organisation {organisation}",
        )
    return max(referrals, key=lambda action: (_is_unsent(action), action.date, action.id))


def share(action: Action, case: Case, organisation: str, *, consent: str, on: date) -> tuple[Edit, ...]:
    """Record that a case was passed on, on which of its consents; a referral not sent so far is sent now."""
    entry = {"organisation": organisation, "case": case.id, "date": on.isoformat(), "consent": consent}
    sent = update_action(action, {"referral_state": "sent"}, on=on) if _is_unsent(action) else ()
    return (*sent, Append("shared_with", entry))


def _is_unsent(action: Action) -> bool:
    return action.referral is not None and action.referral.state in _UNSENT
