"""A register with two organisations, and a case whose person is to be referred."""

from __future__ import annotations

import pytest

from tests.support.program import Good, Once

RELIEF = ("directory", "add", "example-relief", "--name", "Example Relief", "--service", "legal,relocation",
          "--service", "medical", "--country", "RU", "--country", "by", "--language", "ru,en",
          "--channel", "intake@relief.example", "--response-days", "5")  # fmt: skip
AID = ("directory", "add", "wide-aid", "--name", "Wide Aid", "--service", "digital-security", "--service", "legal",
       "--language", "de", "--channel", "https://wide-aid.example/ask")  # fmt: skip


@pytest.fixture
def listed(good: Good, once: Once) -> None:
    """Two organisations stand in the directory."""

    def build() -> None:
        good(*RELIEF)
        good(*AID)

    once(build)
