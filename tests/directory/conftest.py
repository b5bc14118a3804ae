"""A register with two organisations, and a case whose person is to be referred."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Answer, Run

Good = Callable[..., Answer]

RELIEF = ("directory", "add", "example-relief", "--name", "Example Relief", "--service", "legal,relocation",
          "--service", "medical", "--country", "RU", "--country", "by", "--language", "ru,en",
          "--channel", "intake@relief.example", "--response-days", "5")  # fmt: skip
AID = ("directory", "add", "wide-aid", "--name", "Wide Aid", "--service", "digital-security", "--service", "legal",
       "--language", "de", "--channel", "https://wide-aid.example/ask")  # fmt: skip


@pytest.fixture
def good(run: Run) -> Good:
    """An act that has to succeed."""

    def carried_out(*arguments: str) -> Answer:
        answer = run(*arguments)
        assert answer.exit_code == 0, (arguments, answer)
        return answer

    return carried_out


@pytest.fixture
def listed(good: Good) -> None:
    """Two organisations stand in the directory."""
    good(*RELIEF)
    good(*AID)


@pytest.fixture
def case(new_case: Callable[..., str], good: Good) -> str:
    """An individual held in Russia whom the Group decided to refer."""
    case = new_case("--country", "RU", "--subject-kind", "individual", "--incident", "arrest", "--incident",
                    "digital-attack", "--language", "ru", "--received", "2026-10-20")  # fmt: skip
    good("assess", case, "--decision", "refer", "--freedom-at-risk", "yes", "--basis", "un-hrd-12",
         "--reason", "Held for ordinary work.")  # fmt: skip
    good("consent", case, "--use", "share", "--answer", "granted", "--share-with", "example-relief")
    return case
