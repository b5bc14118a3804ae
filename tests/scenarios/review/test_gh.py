"""The real `gh`, from the login to the approvals, with a small GitHub on a socket at its other end."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.forge import Group
from tests.support.github import GitHub, github
from tests.support.people import Person


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    program = Path(sys.executable).with_name("gh")
    if not program.exists():
        pytest.skip("gh is not installed: make setup")
    (tmp_path / "bin").mkdir()
    shutil.copy(program, tmp_path / "bin" / "gh")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with github(tmp_path / "gh") as (made, world):
        for name, value in world.items():
            monkeypatch.setenv(name, value)
        yield made


def test_the_pull_request_is_opened_found_again_and_its_approvals_recorded(
    reviewed: Group, site: GitHub, at_github: Callable[[Person], None]
) -> None:
    anna, boris, _ = reviewed
    charter = anna.clone / "register.yaml"
    members = f'review:\n  members:\n    - {{login: "boris-b", by: "{boris.address}"}}\n'
    charter.write_text(charter.read_text() + members)
    anna.git("commit", "-qam", "whose approval is whose")
    anna.does("sync")
    at_github(anna)
    case = anna.does("-q", "new-case", "--name", "Maria Zvontsova")
    anna.does("assess", case, "--decision", "decline", "--reason", "outside the mandate")
    answer = anna.run("submit")
    assert answer.exit_code == 0, answer
    assert "https://github.com/forum/register/pull/1" in answer.out
    (opened,) = site.pulls
    assert (opened["headRefName"], opened["baseRefName"]) == (f"case/{case}", "main")
    assert opened["title"] == f"{case}: new-case, assess"
    assert "Zvontsova" not in json.dumps(opened)
    again = anna.run("submit")
    assert "https://github.com/forum/register/pull/1" in again.out
    assert len(site.pulls) == 1

    site.reviews = [
        {
            "user": {"login": "boris-b"},
            "state": "APPROVED",
            "commit_id": anna.git("rev-parse", "HEAD"),
            "submitted_at": "2026-10-31T12:30:00Z",
            "html_url": "https://github.com/forum/register/pull/1#pullrequestreview-1",
        }
    ]
    told = anna.run("review", "--import-approvals")
    assert told.exit_code == 0, told
    stored = json.loads(anna.does("show", case, "--json"))["case"]
    assert [one["by"] for one in stored["assessments"][0]["approvals"]] == [boris.address]
    assert "pullrequestreview-1" in anna.git("log", "-1", "--format=%B")
