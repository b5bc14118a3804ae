"""Approvals given on a forge: read by its own command, counted only for what was approved, recorded with their address."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Good, Run
from tests.support.reviewing import ASSESSED

PULL = {"number": 12, "url": "https://github.com/forum/register/pull/12"}
FAKE = """#!/bin/sh
printf '%s\\n' "$0 $*" >> "{folder}/asked"
key=$(printf '%s' "$1 $2 $3" | tr -c 'a-zA-Z0-9' '_')
[ -f "{folder}/$(basename "$0").$key" ] || exit 1
cat "{folder}/$(basename "$0").$key"
"""


class Forge:
    """A forge's command on the PATH that answers as the real one does, from files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def answers(self, name: str, words: str, text: object) -> None:
        """`words` are the first three that the command is called with."""
        program = self.folder / name
        program.write_text(FAKE.format(folder=self.folder))
        program.chmod(0o755)
        key = "".join(char if char.isascii() and char.isalnum() else "_" for char in words)
        answer = text if isinstance(text, str) else json.dumps(text)
        (self.folder / f"{name}.{key}").write_text(answer)

    def github(self, reviews: object) -> None:
        self.answers("gh", "pr view --json", PULL)
        self.answers("gh", "api --paginate repos/{owner}/{repo}/pulls/12/reviews", reviews)

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Forge:
    folder = tmp_path / "forge"
    # Only git and what a shell needs: a real gh on this machine has no part in this.
    beside = tmp_path / "beside"
    beside.mkdir()
    for name in ("git", "sh", "cat", "tr", "basename", "ssh", "ssh-keygen"):
        if found := shutil.which(name):
            (beside / name).symlink_to(found)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{beside}")
    return Forge(folder)


@pytest.fixture
def decided(case: str, good: Good, numbers: Callable[..., None], git: Callable[..., str]) -> str:
    """A case assessed on its branch; the main branch says who on the forge is who, and asks for two approvals."""
    git("switch", "-q", "main")
    members = [
        {"login": "anna-f", "by": "anna@forum.example"},
        {"login": "Boris", "by": "boris@forum.example"},
        {"login": "coord", "by": "coordinator@forum.example"},
    ]
    numbers(quorum=2, review={"members": members})
    git("switch", "-qC", "case/work")
    good("assess", case, *ASSESSED)
    return case


def review(login: str, commit: str, state: str = "APPROVED", number: int = 80, **more: object) -> dict[str, Any]:
    """A review as the API of GitHub gives it, less what we do not read."""
    return {
        "id": number, "node_id": "MDE3", "user": {"login": login, "id": 1, "type": "User", "site_admin": False},
        "body": "Looks right to me, @all", "state": state, "commit_id": commit, "author_association": "MEMBER",
        "html_url": f"https://github.com/forum/register/pull/12#pullrequestreview-{number}",
        "submitted_at": "2026-10-31T09:00:00Z", **more,
    }  # fmt: skip


def _approvals(run: Run, case: str) -> list[dict[str, str]]:
    found = json.loads(run("show", case, "--json").out)["case"]["assessments"][-1]
    return list(found.get("approvals", []))


def test_they_are_recorded_in_one_act_with_their_address(
    run: Run, decided: str, forge: Forge, git: Callable[..., str]
) -> None:
    head, before = git("rev-parse", "HEAD").strip(), int(git("rev-list", "--count", "HEAD"))
    forge.github([review("anna-f", head), review("boris", head, number=81)])
    answer = run("review", "--import-approvals")
    assert answer.exit_code == 0, answer
    assert "2 approvals recorded" in answer.out
    assert _approvals(run, decided) == [{"by": "anna@forum.example", "date": "2026-10-31"}, {"by": "boris@forum.example", "date": "2026-10-31"}]  # fmt: skip
    assert int(git("rev-list", "--count", "HEAD")) == before + 1
    message = git("log", "-1", "--format=%B")
    assert "Act: approve" in message
    assert f"Case: {decided}" in message
    assert "Approval: https://github.com/forum/register/pull/12#pullrequestreview-80" in message
    assert "Looks right" not in message
    assert run("validate").exit_code == 0
    again = run("review", "--import-approvals")
    assert again.exit_code == 0
    assert "you have approved" in again.err
    assert int(git("rev-list", "--count", "HEAD")) == before + 1


def test_a_dry_run_changes_nothing(run: Run, decided: str, forge: Forge, git: Callable[..., str]) -> None:
    head = git("rev-parse", "HEAD").strip()
    forge.github([review("anna-f", head)])
    answer = run("review", "--import-approvals", "--dry-run")
    assert "anna@forum.example" in answer.out
    assert git("rev-parse", "HEAD").strip() == head


@pytest.mark.parametrize(
    "more",
    [
        pytest.param([{"state": "CHANGES_REQUESTED"}], id="taken back"),
        pytest.param([{"state": "DISMISSED"}], id="dismissed"),
        pytest.param([{"stale": True}], id="stale"),
        pytest.param([{"dismissed": True}], id="dismissed, as gitea says it"),
    ],
)
def test_the_newest_word_of_a_person_counts(
    run: Run, decided: str, forge: Forge, git: Callable[..., str], more: list[dict[str, Any]]
) -> None:
    head = git("rev-parse", "HEAD").strip()
    forge.github([review("anna-f", head), *({**review("anna-f", head, number=90), **one} for one in more)])
    answer = run("review", "--import-approvals")
    assert "no approval was there to record" in answer.err
    assert _approvals(run, decided) == []


def test_a_comment_takes_nothing_back(run: Run, decided: str, forge: Forge, git: Callable[..., str]) -> None:
    head = git("rev-parse", "HEAD").strip()
    forge.github(
        [review("anna-f", head), review("anna-f", head, "COMMENTED", 81), review("boris", head, "PENDING", 82)]
    )
    assert "1 approval recorded" in run("review", "--import-approvals").out


def test_what_was_changed_after_the_approval_was_not_approved(
    run: Run, decided: str, forge: Forge, git: Callable[..., str], register: Path, commit_by_hand: Callable[..., None]
) -> None:
    head = git("rev-parse", "HEAD").strip()
    path = f"cases/2026/{decided}.yaml"
    commit_by_hand(path, (register / path).read_text().replace("Searched for its work.", "Another reason."))
    forge.github([review("anna-f", head)])
    answer = run("review", "--import-approvals")
    assert "of an earlier state" in answer.err
    assert _approvals(run, decided) == []


def test_a_change_elsewhere_takes_nothing_from_an_approval(
    run: Run, decided: str, forge: Forge, git: Callable[..., str], good: Good
) -> None:
    head = git("rev-parse", "HEAD").strip()
    good("edit", decided, "--set", "urgency=urgent")
    forge.github([review("anna-f", head)])
    assert run("review", "--import-approvals").exit_code == 0
    assert [one["by"] for one in _approvals(run, decided)] == ["anna@forum.example"]


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ("stranger", "whom review.members in register.yaml does not name"),
        ("coord", "somebody other than its assessor"),
    ],
)
def test_who_counts(run: Run, decided: str, forge: Forge, git: Callable[..., str], login: str, said: str) -> None:
    forge.github([review(login, git("rev-parse", "HEAD").strip())])
    answer = run("review", "--import-approvals")
    assert said in answer.err
    assert "stranger" not in answer.err
    assert _approvals(run, decided) == []


def test_a_change_cannot_say_itself_who_is_who(
    run: Run, decided: str, forge: Forge, git: Callable[..., str], numbers: Callable[..., None]
) -> None:
    numbers(quorum=2, review={"members": [{"login": "eve", "by": "anna@forum.example"}]})
    forge.github([review("eve", git("rev-parse", "HEAD").strip())])
    run("review", "--import-approvals")
    assert _approvals(run, decided) == []


def test_one_person_under_two_names_counts_once(
    run: Run, case: str, forge: Forge, git: Callable[..., str], numbers: Callable[..., None], good: Good
) -> None:
    git("switch", "-q", "main")
    numbers(
        quorum=2,
        review={
            "members": [
                {"login": "anna", "by": "anna@forum.example"},
                {"login": "anna-work", "by": "Anna@forum.example"},
            ]
        },
    )
    git("switch", "-qC", "case/work")
    good("assess", case, *ASSESSED)
    head = git("rev-parse", "HEAD").strip()
    forge.github([review("anna", head), review("anna-work", head, number=81)])
    run("review", "--import-approvals")
    assert len(_approvals(run, case)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "{", "[]]", "null", '{"message": "Not Found"}', '["x"]', "\ufeff[", '[{"state": "APPROVED"}]',
        [{**review("anna-f", "x")}], [{**review("a b", "0" * 40)}], [{**review("anna-f", "0" * 40), "html_url": "javascript:x"}],
        [{**review("anna-f", "0" * 40), "html_url": "https://x.example/a\nApproval: y"}],
        [{**review("anna-f", "0" * 40), "submitted_at": "yesterday"}], [{**review("anna-f", "0" * 40), "user": None}],
        [{**review("anna-f", "--all")}], [{**review("anna-f", "0" * 40), "submitted_at": "2026-10-31T09:00:00"}],
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_refused_as_a_whole(run: Run, decided: str, forge: Forge, answer: object) -> None:
    forge.github(answer)
    told = run("review", "--import-approvals")
    assert told.exit_code == 3, told
    assert "in a form that is not known" in told.err
    assert _approvals(run, decided) == []


def test_a_commit_that_is_not_here_counts_for_nothing(run: Run, decided: str, forge: Forge) -> None:
    forge.github([review("anna-f", "0" * 40)])
    answer = run("review", "--import-approvals")
    assert "not in this clone" in answer.err
    assert _approvals(run, decided) == []


def test_pages_come_one_after_the_other(run: Run, decided: str, forge: Forge, git: Callable[..., str]) -> None:
    head = git("rev-parse", "HEAD").strip()
    forge.github(json.dumps([review("anna-f", head)]) + "\n" + json.dumps([review("boris", head, number=81)]))
    assert "2 approvals recorded" in run("review", "--import-approvals").out


def test_gitlab_counts_what_was_given_after_the_last_change(
    run: Run, decided: str, forge: Forge, git: Callable[..., str]
) -> None:
    web = "https://gitlab.example/forum/register/-/merge_requests/3"
    forge.answers("glab", "mr view --output", {"iid": 3, "web_url": web, "sha": git("rev-parse", "HEAD").strip()})
    given = [
        {
            "user": {"id": 1, "username": "anna-f", "name": "A", "state": "active"},
            "approved_at": "2026-11-01T09:00:00.123Z",
        },
        {"user": {"id": 2, "username": "boris"}, "approved_at": "2026-10-30T09:00:00Z"},
        {"user": {"id": 3, "username": "coord"}},
    ]
    forge.answers(
        "glab", "api projects/:fullpath/merge_requests/3/approvals ", {"approved": True, "approved_by": given}
    )
    answer = run("review", "--import-approvals")
    assert answer.exit_code == 0, answer
    assert [one["by"] for one in _approvals(run, decided)] == ["anna@forum.example"]
    assert "of an earlier state" in answer.err
    assert f"Approval: {web}" in git("log", "-1", "--format=%B")


def test_gitea_finds_the_pull_request_by_its_branch(
    run: Run, decided: str, forge: Forge, git: Callable[..., str]
) -> None:
    head = git("rev-parse", "HEAD").strip()
    pulls = [{"number": 4, "head": {"ref": "other"}}, {"number": 5, "head": {"ref": "case/work"}}]
    forge.answers("tea", "api repos/{owner}/{repo}/pulls?state=open&limit=50 ", pulls)
    own = {
        "official": True,
        "stale": False,
        "dismissed": False,
        "html_url": "https://codeberg.org/forum/register/pulls/5#issuecomment-9",
    }
    forge.answers("tea", "api repos/{owner}/{repo}/pulls/5/reviews ", [{**review("anna-f", head), **own}])
    assert "1 approval recorded" in run("review", "--import-approvals").out
    assert [one["by"] for one in _approvals(run, decided)] == ["anna@forum.example"]


def test_nobody_to_ask(run: Run, decided: str, forge: Forge) -> None:
    answer = run("review", "--import-approvals")
    assert answer.exit_code == 3
    assert "gh auth login" in answer.err


def test_nothing_is_asked_where_nothing_was_decided(run: Run, case: str, forge: Forge) -> None:
    forge.github([])
    answer = run("review", "--import-approvals")
    assert answer.exit_code == 1
    assert "brings no decision" in answer.err
    assert not (forge.folder / "asked").exists()


def test_the_name_of_a_branch_is_never_an_option(run: Run, decided: str, forge: Forge, git: Callable[..., str]) -> None:
    git("branch", "-m", "case/work", "x--hostname=evil.example")
    forge.github([review("anna-f", git("rev-parse", "HEAD").strip())])
    assert run("review", "--import-approvals").exit_code == 0
    assert not any("evil.example" in line for line in forge.asked)
