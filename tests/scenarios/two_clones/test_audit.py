"""What several people do together in a sealed register, by the program alone, is clean to the audit."""

from __future__ import annotations

import json

from tests.support.people import Person

Group = tuple[Person, Person, Person]


def test_synced_renumbered_sealed_and_erased(group: Group) -> None:
    anna, boris, _ = group
    case, other = (anna.does("-q", "new-case", "--country", "RU", "--name", "Maria Zvontsova") for _ in range(2))
    anna.does("sync")
    boris.does("sync")
    anna.does("note", case, "She called at night.")
    anna.does("hearing", case, "--at", "2026-11-20")
    boris.does("note", case, "He wrote a letter.")
    boris.does("hearing", case, "--at", "2026-12-04")
    boris.does("edit", other, "--set", "urgency=high")
    anna.does("sync")
    boris.does("sync")
    anna.does("sync")
    anna.does("erase", other, "--reason", "the person asked for it", "--confirm", other)
    anna.does("sync")
    boris.does("sync")
    told = json.loads(boris.run("audit", "--json").out)
    assert [one["message"] for one in told["findings"] if one["severity"] == "error"] == []
    waiting = [one for one in told["findings"] if one["rule"] == "erasure-open"]
    assert [one["record"] for one in waiting] == [other]
    assert waiting[0]["message"].startswith(f"erasure of {other} incomplete: waiting for ")
    assert [one["what"] for one in told["unproven"] if "numbered anew" in one["what"]]
    assert "Zvontsova" not in json.dumps(told)
    events = json.loads(boris.does("history", case, "--json"))
    assert "He wrote a letter." in json.dumps(events, ensure_ascii=False)
    assert any(one["brought_in_by"] for one in events)
