"""One thing that is wrong with a set-up, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from solidarity_cli.core.findings import Severity
from solidarity_cli.register.register import Register


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: its topic, a sentence, the next step; never a private value.

    `mend` puts it right. `asks`: what it removes may be somebody's, so a person has to say yes first.
    """

    topic: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    mend: Callable[[], object] | None = None
    asks: str = ""


@dataclass
class Checkup:
    """What is looked at. `unseen` are sentences on what could not be."""

    root: Path
    make: Callable[[], Register]
    unseen: list[str] = field(default_factory=list)

    @cached_property
    def register(self) -> Register:
        """The register, opened when first asked for: some of what is wrong keeps it from being opened."""
        return self.make()
