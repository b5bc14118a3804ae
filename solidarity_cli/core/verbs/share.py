"""A case passed on to an organisation: which referral says so, and what it says afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from solidarity_cli.core.edits import Append, Edit
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Action, Case
from solidarity_cli.core.verbs.link_action import update_action

_BEFORE = ("considered", "consent-asked")
_OVER = ("revoked", "declined-by-person")


def referral_to(actions: Iterable[Action], case: Case, organisation: str) -> Action:
    """The referral of a case to an organisation: one still to be sent, else the newest that nobody has called off.

    Raises Refused, with the command that makes one, when there is none.
    """
    found = [
        one
        for one in actions
        if one.referral and one.referral.organisation == organisation and case.id in one.cases
        if one.status != "cancelled" and one.referral.state not in _OVER
    ]
    if not found:
        raise Refused(
            f"{case.id} has no referral to {organisation} that stands",
            hint=f"solidarity link-action {case.id} --type referral --to-organisation {organisation}",
        )
    return max(found, key=lambda one: (_is_to_be_sent(one), one.date, one.id))


def share(action: Action, case: Case, organisation: str, *, consent: str, on: date) -> tuple[Edit, ...]:
    """Record that a case was passed on, on which of its consents; a referral not sent so far is sent now."""
    entry = {"organisation": organisation, "case": case.id, "date": on.isoformat(), "consent": consent}
    sent = update_action(action, {"referral_state": "sent"}, on=on) if _is_to_be_sent(action) else ()
    return (*sent, Append("shared_with", entry))


def _is_to_be_sent(action: Action) -> bool:
    return action.referral is not None and action.referral.state in _BEFORE
