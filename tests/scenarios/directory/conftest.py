"""Here the case is one whose person is to be referred."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.program import Good, Once


@pytest.fixture
def case(new_case: Callable[..., str], good: Good, once: Once) -> str:
    """An individual held in Russia whom the Group decided to refer."""

    def build() -> str:
        case = new_case("--country", "RU", "--subject-kind", "individual", "--incident", "arrest", "--incident",
                        "digital-attack", "--language", "ru", "--received", "2026-10-20")  # fmt: skip
        good("assess", case, "--decision", "refer", "--freedom-at-risk", "yes", "--basis", "un-hrd-12",
             "--reason", "Held for ordinary work.")  # fmt: skip
        good("consent", case, "--use", "share", "--answer", "granted", "--share-with", "example-relief")
        return case

    return once(build)
