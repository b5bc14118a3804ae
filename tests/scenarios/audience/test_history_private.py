"""What history tells of private values: all to those who hold the key, that they changed to everybody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.audiences import PRIVATE, SECRETS
from tests.support.program import Answer, Run


def changes(run: Run, case: str, *options: str) -> list[dict[str, Any]]:
    return [
        change
        for event in json.loads(run("history", case, "--json", *options).out)
        for change in event["changes"]
        if change["field"].startswith("private.")
    ]


def test_with_the_key_old_and_new_are_told(run: Run, good: Callable[..., Answer], case: str) -> None:
    good("edit", case, "--set", "private.contact=+375 33 765-43-21")
    good("note", case, "She asks for a call at night.")
    told = run("history", case).out
    assert f"private.contact: {PRIVATE['contact']} -> +375 33 765-43-21" in told
    assert "private.notes.n1: She asks for a call at night." in told
    found = changes(run, case)
    assert {"field": "private.contact", "old": PRIVATE["contact"], "new": "+375 33 765-43-21", "record": case} in found
    assert {"field": "private.other_names", "old": None, "new": PRIVATE["other_names"], "record": case} in found
    assert "sealed" not in json.dumps(found)
    fields = [change["field"] for change in found]
    assert fields.count("private.place") == 1, "what did not change is not told again"


def test_without_the_key_only_that_something_changed(
    run: Run, good: Callable[..., Answer], case: str, without_key: Callable[[], Any]
) -> None:
    good("edit", case, "--set", "private.contact=+375 33 765-43-21", "--unset", "private.place")
    with without_key():
        told, found = run("history", case), changes(run, case)
    assert "private.contact: changed (private)" in told.out
    assert "private.place: removed (private)" in told.out
    assert {(change["old"], change["new"]) for change in found} == {
        (None, "[sealed]"), ("[sealed]", "[sealed]"), ("[sealed]", None),
    }  # fmt: skip
    assert not [secret for secret in [*SECRETS, "765-43-21", "sealed:1:"] if secret in told.out + json.dumps(found)]


def test_a_reviewer_is_told_no_more_with_the_key(run: Run, case: str) -> None:
    assert {change["new"] for change in changes(run, case, "--audience", "reviewer")} == {"[sealed]"}
    told = run("history", case, "--audience", "reviewer").out
    assert not [secret for secret in [*SECRETS, "sealed:1:"] if secret in told]
    assert run("history", case, "--audience", "public").exit_code == 2


@pytest.mark.parametrize("sealing", ["--no-sealing"])
def test_where_nothing_is_sealed_history_stays_silent(run: Run, case: str) -> None:
    assert {change["new"] for change in changes(run, case)} == {"[private]"}
    assert not [secret for secret in SECRETS if secret in run("history", case).out]
