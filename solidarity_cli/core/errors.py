"""What can go wrong on purpose: one sentence, the next step, the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from solidarity_cli.core.findings import Finding


class SolidarityError(Exception):
    """Something a person must be told. The message never holds personal data."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Refused(SolidarityError):  # noqa: N818
    """The register says no: a rule, a missing record, an ambiguous id. Exit code 1."""

    def __init__(self, message: str, *, hint: str = "", findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.findings = findings


class UsageError(SolidarityError):
    """The command was typed in a way that cannot be carried out. Exit code 2."""

    exit_code = 2


class ExternalError(SolidarityError):
    """The world outside says no: git, the disk, a lock, not a register. Exit code 3."""

    exit_code = 3
