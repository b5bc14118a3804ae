"""People with identities of their own, who need no register."""

from __future__ import annotations

import pytest

from tests.support.keyring import me, person

__all__ = ["me", "person"]


@pytest.fixture(autouse=True)
def _own_folders(own_identities: object) -> None:
    """No test reads or writes an identity of another."""
