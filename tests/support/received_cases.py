"""Cases of a day, counted in public or not; and days on which things are done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.program import Run

GRANTED = ("--use", "statistics", "--answer", "granted", "--given-by", "self")


@pytest.fixture
def received(run: Run, new_case: Callable[..., str]) -> Callable[..., str]:
    """`received("2026-09-03", "RU")`: a case of that day."""

    def case(day: str, country: str = "RU") -> str:
        return new_case(
            "--country", country, "--incident", "search", "--received", day, "--subject-kind", "organisation"
        )

    return case


@pytest.fixture
def granted(run: Run, received: Callable[..., str]) -> Callable[..., None]:
    """`granted(5, "2026-09-05")`: so many cases of that day that may be counted in public."""

    def cases(count: int, day: str = "2026-09-05") -> None:
        for _ in range(count):
            answer = run("consent", received(day), *GRANTED)
            assert answer.exit_code == 0, answer.err

    return cases


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`on("2026-03-02")`: what is done from now on is done on that day, by git's clock too."""

    def day(text: str) -> None:
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            monkeypatch.setenv(name, f"{text}T12:00:00+00:00")
        monkeypatch.setenv("SOLIDARITY_TODAY", text)

    return day
