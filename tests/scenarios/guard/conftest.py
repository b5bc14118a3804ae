"""A sealed register with its hooks, and git as a person types it there."""

from __future__ import annotations

import pytest

from tests.support.guarded import ask, case, made_sealed, own_folders, sealed, type_git

__all__ = ["ask", "case", "made_sealed", "own_folders", "sealed", "type_git"]


@pytest.fixture(autouse=True)
def _own_folders(own_folders: object) -> None:
    """No test reads or writes an identity of another."""
