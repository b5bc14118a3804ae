"""An erasure prepared: what it destroys, and the plan that puts tombstones in the place of private parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solidarity_cli.core import rules, verbs
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.token_format import holds_sealed, readable
from solidarity_cli.history.events import versions
from solidarity_cli.register.commit import Plan
from solidarity_cli.register.matching.fold import fold
from solidarity_cli.register.register import Register


@dataclass(frozen=True, slots=True)
class Erasing:
    """What an erasure destroys, and the plan of it. `readable_before`: earlier versions that were never sealed."""

    what: verbs.Destruction
    plan: Plan
    readable_before: int


def begin(register: Register, name: str, ground: str, *, by: str = "") -> Erasing:
    """The erasure of one case, with the actions that serve no other, or of one action. Nothing has happened yet.

    Raises Refused: erased before, the ground names somebody, or the private part was never sealed.
    """
    now = register.now
    record = now.plain(name)
    actions = [now.plain(action_id) for action_id in now.actions_naming([name])[name]]
    what = verbs.destruction(record, actions, erased=now.erasures())
    private = record.get("private") or {}
    if rules.leaks({"--reason": ground}, readable(private), words=now.schemas.words, fold=fold):
        raise Refused(
            "the reason holds something from the private part, and would outlive it",
            hint='say it in neutral words: --reason "the person asked for it"',
        )
    if private and not holds_sealed(now.stored_record(name).get("private") or {}):
        raise Refused(
            f"the private part of {name} was never sealed, so its history cannot be made unreadable",
            hint="seal the register first: solidarity keys seal; what git holds already needs its history rewritten",
        )
    plain = {record["id"]: record, **{action["id"]: action for action in actions}}
    edits = verbs.erase(
        [plain[record_id] for record_id in what.fields],
        ground=ground,
        by=register.ledger.caller_or(by),
        on=register.today,
        keys=register.recipients.readers,
    )
    return Erasing(what, register.plan("erase", edits=edits, by=by), _readable(register, what.fields))


def _readable(register: Register, records: Mapping[str, Any]) -> int:
    """How many committed versions of these records hold a private value that needs no key."""
    return sum(bool(readable(plain.get("private") or {})) for plain in versions(register.root, records))
