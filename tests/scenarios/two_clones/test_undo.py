"""What one person takes back while another goes on: nothing comes back by itself, and nothing of theirs is lost."""

from __future__ import annotations

import json
from typing import Any

from tests.support.people import Person

Group = tuple[Person, Person, Person]


def shown(one: Person, case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(one.does("show", case, "--json"))["case"]
    return found


def errors(one: Person) -> list[str]:
    told = json.loads(one.run("audit", "--json").out)
    return [finding["message"] for finding in told["findings"] if finding["severity"] == "error"]


def test_taken_back_here_and_gone_on_there(group: Group) -> None:
    anna, boris, _ = group
    case, other = (anna.does("-q", "new-case", "--country", "RU", "--name", "Maria Zvontsova") for _ in range(2))
    anna.does("note", case, "She called at night.")
    anna.does("sync")
    boris.does("sync")
    # A note that everybody has goes; what was recorded meanwhile beside it stays.
    anna.does("undo")
    boris.does("edit", case, "--set", "urgency=high")
    boris.does("note", case, "He wrote a letter.")
    boris.does("sync")
    anna.does("sync")
    boris.does("sync")
    for one in (anna, boris):
        found = shown(one, case)
        assert found["urgency"] == "high"
        assert list(found["private"]["notes"].values()) == ["He wrote a letter."]
    assert errors(anna) == errors(boris) == []
    # The merge is nobody's last act, and on what it brought together Anna's undo cannot be undone.
    refusal = anna.run("undo")
    assert refusal.exit_code == 1
    assert "undo of 2026-10-31" in refusal.err
    assert f"{case} was changed later" in refusal.err
    # A case that nobody has gone on with goes for everybody, and comes back with its key.
    anna.does("undo", other)
    anna.does("sync")
    boris.does("sync")
    assert other not in boris.does("list", "--ids")
    assert boris.run("undo", other).exit_code == 1  # it was not his
    anna.does("undo", other)
    anna.does("sync")
    boris.does("sync")
    assert shown(boris, other)["private"]["subject_name"] == "Maria Zvontsova"
    # One that somebody has gone on with is left to a person.
    anna.does("undo", other)
    boris.does("edit", other, "--set", "urgency=high")
    boris.does("sync")
    refusal = anna.run("sync")
    assert refusal.exit_code == 1
    assert f"{other}: the whole record was set here and at the remote in two ways" in refusal.err
    anna.does("resolve", "--take", "theirs", "record")
    anna.does("sync")
    assert shown(anna, other)["urgency"] == "high"
    assert errors(anna) == []


def test_an_assessment_taken_back_while_another_approves_it(group: Group) -> None:
    anna, boris, _ = group
    case = anna.does("-q", "new-case", "--country", "RU", "--incident", "search")
    anna.does("assess", case, "--decision", "decline", "--reason", "Outside the mandate.")
    anna.does("sync")
    boris.does("sync")
    anna.does("undo")
    boris.does("approve", case)
    boris.does("sync")
    refusal = anna.run("sync")
    assert refusal.exit_code == 1
    assert "assessments.a1" in refusal.err
    assert [one["field"] for one in json.loads(anna.run("resolve", "--json").out)] == ["assessments.a1"]
