"""Here the case stands on the main branch, and a branch beside it is checked out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.program import Once


@pytest.fixture
def case(new_case: Callable[..., str], git: Callable[..., str], once: Once) -> str:
    """A case on the main branch; `case/work` is checked out, and has nothing of its own yet."""

    def build() -> str:
        known = new_case(
            "--country", "RU", "--subject-kind", "organisation", "--membership", "member", "--incident", "search"
        )
        git("switch", "-qc", "case/work")
        return known

    return once(build)
