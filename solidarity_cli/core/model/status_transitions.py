"""The way of a case: which status may follow which."""

from __future__ import annotations

from solidarity_cli.core.model import Status

_STEPS: dict[Status, tuple[Status, ...]] = {
    Status.RECEIVED: (Status.ASSESSING,),
    Status.ASSESSING: (Status.ACTIVE, Status.DECLINED, Status.DUPLICATE, Status.RECEIVED),
    Status.ACTIVE: (Status.MONITORING, Status.CLOSED),
    Status.MONITORING: (Status.ACTIVE, Status.CLOSED),
    Status.CLOSED: (Status.ASSESSING,),
    Status.DECLINED: (Status.ASSESSING,),
    Status.DUPLICATE: (),
}


def steps_from(status: Status) -> tuple[Status, ...]:
    """The statuses that follow a status by one step."""
    return _STEPS[status]


def is_step(old: Status, new: Status) -> bool:
    """Whether `new` follows `old` by one step. Staying is no step."""
    return new in _STEPS[old]
