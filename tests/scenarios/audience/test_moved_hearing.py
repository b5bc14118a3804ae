"""A hearing that was moved takes place on its new day: nobody reads there that it was put off."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.support.program import Run


def test_a_moved_hearing_is_announced_for_its_new_day(run: Run, new_case: Callable[..., str]) -> None:
    case = new_case("--country", "RU", "--incident", "arrest")
    for act in (["--at", "2026-11-10"], ["--postpone", "h1", "--at", "2026-11-12T09:30+03:00"], ["--at", "2026-11-20"]):
        assert run("hearing", case, *act).exit_code == 0
    assert run("hearing", case, "--postpone", "h2").exit_code == 0
    dated = [(one["date"], one["state"]) for one in json.loads(run("agenda", "--json").out)]
    assert ("2026-11-12T09:30+03:00", "announced") in dated
    assert not [one for one in dated if one[0].startswith(("2026-11-10", "2026-11-20"))]
    for language, moved, off in (
        ("en", "Announced, moved from 10 November 2026", "Postponed"),
        ("ru", "Назначено, перенесено с 10 ноября 2026", "Отложено"),
        ("de", "Angesetzt, verlegt vom 10. November 2026", "Verschoben"),
    ):
        for audience in ("internal", "reviewer"):
            page = run("show", case, "--format", "md", "--language", language, "--audience", audience).out
            assert moved in page
            assert page.count(off) == 1  # the one that has no new day yet
        report = run("report", "--month", "2026-10", "--format", "md", "--language", language).out
        assert "09:30" in report
        assert off not in report
