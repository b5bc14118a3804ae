"""Anna made a sealed register, Boris has a clone of it."""

from __future__ import annotations

import pytest

from tests.support.keyring import anna, boris, made_home, me, person

__all__ = ["anna", "boris", "made_home", "me", "person"]


@pytest.fixture(autouse=True)
def _own_folders(own_identities: object) -> None:
    """No test reads or writes an identity of another."""
