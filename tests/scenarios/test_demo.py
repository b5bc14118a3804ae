"""The demo: the main job told by the real program, from invented mails to the report."""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
from email import policy
from pathlib import Path

import pytest

from solidarity_cli.cli.demo import story
from solidarity_cli.cli.demo.stage import Stage, Step
from solidarity_cli.core.errors import Refused
from solidarity_cli.register.matching.fold import fold
from tests.support.program import Answer, run_at

MAILS = Path(story.__file__).parent / "mails"

NAMES = (
    "copper gate", "copper-gate", "sukhodolskaya", "krutoborsk", "rotterdam", "парта", "chetvertaya", "лоскутов",
    "тарханская", "tarkhanskaya", "опись", "mühlgraben", "muehlgraben", "zwickl", "oberlauterbach", "ольшанская",
    "yadviga", "lindqvist", "harbour", "poplars", "corin", "рябиновый", "вересова", "ryabinovy", "старый бор",
)  # fmt: skip
"""Names, places and addresses in the mails of the demo."""

YOUNGER_THAN_THE_STORY = b"""\
From: Someone Invented <someone@invented-house.example>
To: solidarity@forum.example
Date: Fri, 20 Nov 2026 10:00:00 +0100
Subject: Our office was searched

Dear Group, our office was searched yesterday. We ask for advice.
"""
WITHOUT_A_DATE = b"From: a@invented-yard.example\nSubject: Hello\n\nWe were evicted and ask for a letter.\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Path]:
    """The demo told once, with two mails that somebody brought along."""
    folder = tmp_path_factory.mktemp("demo")
    brought = folder / "brought"
    brought.mkdir()
    (brought / "younger.eml").write_bytes(YOUNGER_THAN_THE_STORY)
    (brought / "undated.EML").write_bytes(WITHOUT_A_DATE)
    return run_at(folder, "demo", "register", "--mails", "brought"), folder / "register"


def test_the_demo_tells_the_main_job_to_its_end(told: tuple[Answer, Path]) -> None:
    answer, register = told
    assert answer.exit_code == 0, answer.err
    typed = re.findall(r"^\$ solidarity(?: -q)? ?([a-z-]*)", answer.out, re.M)
    for verb in ("init", "new-case", "edit", "consent", "hearing", "assess", "approve", "link-action", "update-action",
                 "note", "list", "history", "validate", "report", ""):  # fmt: skip
        assert verb in typed, verb
    for refusal in ("[wider-impact]", "[consent-publicity]"):
        assert refusal in answer.out
    assert f"cd {register}" in answer.out
    assert "\x1b" not in answer.out


def test_it_ends_by_saying_where_the_papers_lie(told: tuple[Answer, Path]) -> None:
    answer, register = told
    end = answer.out.rpartition("The papers lie here:\n\n")[2]
    named = [Path(line.strip()) for line in end.splitlines() if line.strip()]
    assert [one.name for one in named] == [name for name, _, _ in story.PAPERS]
    assert all(one.parent == register.parent / "register-papers" for one in named)
    assert all(one.stat().st_size > 300 for one in named)
    assert {one.suffix: one.read_bytes()[:4] for one in named if one.suffix in (".pdf", ".xlsx")} == {
        ".pdf": b"%PDF",
        ".xlsx": b"PK\x03\x04",
    }
    public = next(one for one in named if "public" in one.name).read_text()
    assert not [name for name in NAMES if fold(name) in fold(public)]


def test_every_mail_became_a_case_and_nothing_is_wrong(told: tuple[Answer, Path]) -> None:
    cases = json.loads(run_at(told[1], "list", "--json").out)
    assert len(cases) == len(list(MAILS.glob("*.eml"))) + 2
    assert {case["status"] for case in cases} == {"received", "active", "declined"}
    assert {case["received"] for case in cases} >= {"2026-11-20", "2026-10-22"}


def test_the_report_names_the_mission_once(told: tuple[Answer, Path]) -> None:
    figures = json.loads(run_at(told[1], "report", "--month", "2026-10", "--format", "json").out)
    assert figures["missions"] == {"total": 1, "hearings": 1}
    assert figures["actions"]["by"]["type"]["court-observation"] == 1
    assert figures["referrals"]["by"]["state"] == {"accepted": 1}
    assert told[0].out.count("| Court observation | 1 |") == 1
    missions = [file for file in (told[1] / "actions").rglob("*.yaml") if "court-observation" in file.read_text()]
    assert len(missions) == 1
    assert len(set(re.findall(r"SG-2026-\w{6}", missions[0].read_text()))) == 3


def test_no_name_of_a_mail_is_outside_private_in_the_whole_history(told: tuple[Answer, Path]) -> None:
    names = [fold(name) for name in NAMES]
    log = _git(told[1], "log", "--all", "--format=%an %ae %cn %ce %B", "--name-only")
    blobs = [line.split(" ", 1) for line in _git(told[1], "rev-list", "--all", "--objects").splitlines() if " " in line]
    texts = [
        _git(told[1], "cat-file", "-p", blob) for blob, path in blobs if re.match(r"(cases|actions)/.*\.yaml", path)
    ]
    assert len(texts) > 25
    whole = fold("\n".join(texts))
    for name in names:
        assert name in whole, f"{name}: the test looks for nothing"
    for text in [log, *(text.partition("\nprivate:")[0] for text in texts)]:
        assert not [name for name in names if name in fold(text)]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    answer = run_at(tmp_path, "demo", ".")
    assert answer.exit_code == 1
    assert answer.err.startswith("error: the folder of the demo is not empty\n  ")
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("folder", ["missing", "."])
def test_mails_that_are_not_there_are_a_wrong_usage(tmp_path: Path, folder: str) -> None:
    assert run_at(tmp_path, "demo", "register", "--mails", folder).exit_code == 2
    assert not (tmp_path / "register").exists()


def test_a_step_that_ends_otherwise_stops_the_story_and_is_named(tmp_path: Path) -> None:
    shown: list[str] = []
    stage = Stage(tmp_path, {}, shown.append)
    with pytest.raises(Refused, match="step 1: it ended with 2, the story wants 0") as stopped:
        stage.play([Step("What is no verb.", "2026-09-01", ("sing",)), Step("", "2026-09-01", ("list",))])
    assert stopped.value.exit_code == 1
    assert shown[1] == "$ solidarity sing"
    assert len(shown) == 3


def test_git_gets_an_author_for_the_demo_only_where_it_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = story.STORY[:1]
    known, unknown = tmp_path / "known", tmp_path / "unknown"
    Stage(known, {"register": str(known)}, len).play(begin)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    Stage(unknown, {"register": str(unknown)}, len).play(begin)
    assert _git(known, "log", "--format=%ae %as") == "coordinator@forum.example 2026-09-01\n"
    assert _git(unknown, "log", "--format=%an <%ae>") == "Coordinator <coordinator@forum.example>\n"
    assert "user" not in (unknown / ".git" / "config").read_text()


def test_the_shipped_mails_are_invented_and_of_every_kind() -> None:
    mails = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(MAILS.glob("*.eml"))]
    assert len(mails) == 7
    seen = set()
    for mail in mails:
        assert "invented" in mail["x-fictional"]
        assert mail["date"].datetime.strftime("%Y-%m") in ("2026-09", "2026-10")
        for part in mail.walk():
            seen |= {part.get_content_type(), str(part.get_content_charset()), str(part["content-transfer-encoding"])}
    assert seen >= {"text/plain", "text/html", "multipart/mixed", "message/rfc822", "utf-8", "koi8-r", "iso-8859-15",
                    "windows-1251", "base64", "quoted-printable", "8bit", "7bit"}  # fmt: skip
    raw = b"".join(file.read_bytes() for file in MAILS.glob("*.eml"))
    assert b"filename*0*=utf-8''" in raw
    assert all(domain.endswith(b".example") for domain in re.findall(rb"@([\w.-]+)", raw))


def _git(folder: Path, *arguments: str) -> str:
    asked = ["git", "-c", "core.quotePath=false", *arguments]
    return subprocess.run(asked, cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout
