"""A time as git keeps it: seconds since 1970 and a zone, told as people write it, or as it stands where nobody can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone


@dataclass(frozen=True, slots=True)
class Timestamp:
    """`zone` as git writes it: `+0100`. No calendar has a time of a million years from now, nor a zone of `+9999`."""

    seconds: int
    zone: str

    @property
    def moment(self) -> datetime | None:
        """The time in its zone, in UTC where there is no such zone; None where no calendar has it."""
        try:
            utc = datetime.fromtimestamp(self.seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return None
        minutes = int(self.zone[1:3]) * 60 + int(self.zone[3:5])
        try:
            return utc.astimezone(timezone(timedelta(minutes=-minutes if self.zone[0] == "-" else minutes)))
        except (ValueError, OverflowError):
            return utc

    @property
    def iso(self) -> str:
        """As ISO 8601 has it; `@SECONDS` where no calendar has it."""
        return self.moment.isoformat() if self.moment else f"@{self.seconds}"

    @property
    def utc(self) -> str:
        """The same in UTC."""
        return self.moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if self.moment else f"@{self.seconds}"

    @property
    def day(self) -> str:
        """Its day; `no day of any calendar (@SECONDS)` where there is none."""
        return f"{self.moment:%Y-%m-%d}" if self.moment else f"no day of any calendar (@{self.seconds})"

    @property
    def text(self) -> str:
        """`2026-10-31 15:30+03:00`."""
        if not self.moment:
            return self.day
        return f"{self.moment:%Y-%m-%d %H:%M}{self.moment.isoformat()[-6:]}"
