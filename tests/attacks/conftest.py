"""The person at this machine, whom some of these tests need as a recipient."""

from __future__ import annotations

from tests.support.keyring import me

__all__ = ["me"]
