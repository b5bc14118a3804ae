"""The way of a referral: which state may follow which."""

from __future__ import annotations

from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model import Action

_CALLED_OFF = ("declined-by-person", "revoked")
"""Called off, by the person or by the Group: possible until the help was given."""

_STEPS: dict[str, tuple[str, ...]] = {
    "considered": ("consent-asked", "sent", *_CALLED_OFF),
    "consent-asked": ("sent", *_CALLED_OFF),
    "sent": ("acknowledged", "accepted", "rejected", "service-given", "no-response", *_CALLED_OFF),
    "acknowledged": ("accepted", "rejected", "service-given", "no-response", *_CALLED_OFF),
    # Whoever was silent may be asked once more, or answer after all.
    "no-response": ("sent", "acknowledged", "accepted", "rejected", "service-given", *_CALLED_OFF),
    # A promise may be taken back, or be followed by silence.
    "accepted": ("service-given", "rejected", "no-response", *_CALLED_OFF),
    "declined-by-person": ("revoked",),
    "rejected": (),
    "service-given": (),
    "revoked": (),
}


def step(action: Action, state: str) -> None:
    """Raises Refused unless `state` follows the state of a referral by one step."""
    if action.referral is None:
        raise Refused(f"{action.id} is no referral", hint="--response says how others answered an action")
    now = action.referral.state
    # One that was written without a state stands at the beginning of the way, and may be told from anywhere on it.
    if not now or state in _STEPS[now]:
        return
    mistake = "a mistake is taken back by: solidarity undo"
    if state == now:
        raise Refused(f"{action.id} is {now} already", hint=_next_states(now) or mistake)
    if not _STEPS[now]:
        again = f"a new try is a new action: solidarity link-action {action.cases[0]} --type referral …"
        raise Refused(f"{action.id} is {now}, which ends a referral", hint=f"{again}; {mistake}")
    raise Refused(f"{action.id} is {now} and cannot become {state} by one step", hint=f"{_next_states(now)}; {mistake}")


def _next_states(state: str) -> str:
    return f"what may follow: {', '.join(_STEPS[state])}" if _STEPS[state] else ""
