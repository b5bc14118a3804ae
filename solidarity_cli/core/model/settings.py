"""What a register is called, and the numbers that its Group decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from solidarity_cli.core.model.case import Plain


@dataclass(frozen=True, slots=True)
class Charter:
    """`register.yaml`: what this register is called and the numbers its Group decided.

    `sealing`: whether private values are encrypted; `keyring["remote"]` where wrapped keys go unless with the branch;
    `quorum` approvals a decision needs (0 = off); `waiting_days` from receipt to assessment by urgency;
    `review`: `owners` and `keepers` as the forge calls them, `members` whose `login` there is who `by` here;
    `suppression_threshold` the smallest number that a public report shows; `retention_months` by status.
    `views`: name -> option of `list` -> value.
    """

    name: str
    prefix: str = "SG"
    action_prefix: str = "SA"
    contact: str = ""
    languages: tuple[str, ...] = ("en",)
    mode: str = "direct"
    review: Mapping[str, Any] = field(default_factory=dict)
    sealing: bool = False
    keyring: Mapping[str, str] = field(default_factory=dict)
    quorum: int = 0
    waiting_days: Mapping[str, int] = field(default_factory=lambda: {"normal": 14, "urgent": 3})
    suppression_threshold: int = 5
    retention_months: Mapping[str, int] = field(default_factory=dict)
    directory_check_months: int = 12
    views: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_plain(cls, plain: Plain) -> Charter:
        """A charter from the plain mapping of `register.yaml`."""
        known = {key: value for key, value in plain.items() if key != "schema_version"}
        if "languages" in known:
            known["languages"] = tuple(known["languages"])
        if "waiting_days" in known:
            known["waiting_days"] = {"normal": 14, "urgent": 3, **known["waiting_days"]}
        return cls(**known)
