"""The sample register, open and sealed."""

from __future__ import annotations

import pytest

from tests.support.sheet_registers import report, sealed, state

__all__ = ["report", "sealed", "state"]


@pytest.fixture(autouse=True)
def _own_folders(own_identities: object) -> None:
    """No test reads or writes an identity of another."""
