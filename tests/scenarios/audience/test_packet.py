"""A referral packet: only what consent allows, for one organisation, in its file and in the register or in neither."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from tests.support.audiences import PRIVATE, SECRETS
from tests.support.program import Answer, Run

TO = ("--audience", "recipient:example-relief", "-o")
Good = Callable[..., Answer]


def action_of(run: Run, case: str) -> dict[str, Any]:
    shown = json.loads(run("show", case, "--json").out)
    return next(one for one in shown["actions"] if one["type"] == "referral")


def opened(file: Path, identity: pyrage.x25519.Identity) -> str:
    return bytes(pyrage.decrypt(file.read_bytes(), [identity])).decode()


def test_a_packet_is_read_by_the_organisation_alone_and_the_register_says_so(
    run: Run, good: Good, referred: str, relief: pyrage.x25519.Identity, tmp_path: Path, git: Callable[..., str]
) -> None:
    good("note", referred, "The lawyer calls on Tuesdays.")
    file = tmp_path / "packet.age"
    answer = good("show", referred, *TO, str(file))
    text = opened(file, relief)
    page, fence, rest = text.partition("\n```json\n")
    data = json.loads(rest.removesuffix("```\n"))
    assert fence
    assert set(data) == {"case", "actions"}
    assert data["case"]["id"] == referred
    for field in ("subject_name", "contact", "do_not_contact", "narrative", "lawyer"):
        assert data["case"]["private"][field] == PRIVATE[field]
    assert str(PRIVATE["subject_name"]) in page
    for secret in ("Zlobin", "Снегирь", "second drawer", "protocol", "Tuesdays", "coordinator@", "member", "health"):
        assert secret not in text, secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(pyrage.DecryptError):
        opened(file, pyrage.x25519.Identity.generate())

    action = action_of(run, referred)
    assert action["shared_with"] == [
        {"organisation": "example-relief", "case": referred, "date": "2026-10-31", "consent": "c1"}
    ]
    assert (action["status"], action["referral"]["state"]) == ("done", "sent")
    assert action["referral"]["history"][-1] == {"state": "sent", "date": "2026-10-31"}
    assert git("log", "-1", "--format=%s").strip() == f"share {action['id']} {referred}"
    assert git("status", "--porcelain") == ""
    assert run("validate").exit_code == 0
    assert "example-relief" in answer.err
    assert not [secret for secret in SECRETS if secret in answer.out + answer.err]


def test_a_packet_is_in_the_language_asked_for_its_data_in_codes(
    run: Run, good: Good, referred: str, relief: pyrage.x25519.Identity, tmp_path: Path
) -> None:
    pages, data = {}, {}
    for language in ("en", "ru", "de"):
        good("show", referred, *TO, str(tmp_path / f"{language}.age"), "--language", language)
        pages[language], _, data[language] = opened(tmp_path / f"{language}.age", relief).partition("\n```json\n")
    assert data["ru"] == data["de"] == data["en"]
    assert json.loads(data["ru"].removesuffix("```\n"))["case"]["subject"]["country"] == "RU"
    assert "(согласие c1)" in pages["ru"]
    assert "**Язык:** Русский" in pages["ru"]
    assert "(Einwilligung c1)" in pages["de"]
    assert "**Sprache:** Russisch" in pages["de"]
    for page in pages.values():
        assert str(PRIVATE["narrative"]) in page
        assert not [secret for secret in ("Zlobin", "Снегирь", "second drawer") if secret in page]


def test_a_second_packet_is_recorded_beside_the_first(run: Run, good: Good, referred: str, tmp_path: Path) -> None:
    for name in ("one.age", "two.age"):
        good("show", referred, *TO, str(tmp_path / name))
    action = action_of(run, referred)
    assert len(action["shared_with"]) == 2
    assert [step["state"] for step in action["referral"]["history"]] == ["considered", "sent"]


def test_a_dry_run_names_fields_and_makes_nothing(
    good: Good, referred: str, tmp_path: Path, git: Callable[..., str]
) -> None:
    head = git("rev-parse", "HEAD")
    answer = good("show", referred, *TO, str(tmp_path / "packet.age"), "--dry-run")
    assert {"id", "private.contact", "action referral.services"} <= set(answer.out.splitlines())
    assert "private.notes" not in answer.out
    assert not [secret for secret in SECRETS if secret in answer.out + answer.err]
    assert not list(tmp_path.glob("*.age"))
    assert git("rev-parse", "HEAD") == head


def refused(run: Run, register: Path, file: Path, *arguments: str, code: int = 1) -> Answer:
    """The refusal of a packet, after which neither file nor commit is there."""
    before = sorted(path.name for path in file.parent.iterdir())
    log = (register / ".git" / "logs" / "HEAD").read_text()
    answer = run("--no-input", "show", *arguments, *TO, str(file))
    assert answer.exit_code == code, answer
    assert len(answer.err.splitlines()) >= 2, "a sentence and a next step"
    assert not [secret for secret in SECRETS if secret in answer.out + answer.err]
    assert sorted(path.name for path in file.parent.iterdir()) == before
    assert (register / ".git" / "logs" / "HEAD").read_text() == log
    return answer


def test_what_is_missing_is_refused_with_the_command_that_helps(
    run: Run, good: Good, assessed: str, register: Path, tmp_path: Path
) -> None:
    file = tmp_path / "packet.age"
    told = refused(run, register, file, assessed)
    assert f"solidarity consent {assessed} --use share --answer granted --share-with example-relief" in told.err
    good("consent", assessed, "--use", "share", "--answer", "granted", "--share-with", "example-relief")
    told = refused(run, register, file, assessed)
    assert f"solidarity link-action {assessed} --type referral --to-organisation example-relief" in told.err
    action = good(
        "-q", "link-action", assessed, "--type", "referral", "--to-organisation", "example-relief"
    ).out.strip()
    assert "public_key" in refused(run, register, file, assessed).err  # the directory has no key of theirs
    for state in ("declined-by-person", "revoked"):
        good("update-action", action, "--referral-state", state)
        assert "link-action" in refused(run, register, file, assessed).err


@pytest.mark.parametrize("key", ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ", "age1nothing", "AGE-SECRET-KEY-1ABC"])
def test_what_is_no_age_key_is_refused_without_repeating_it(
    run: Run, referred: str, register: Path, tmp_path: Path, key: str
) -> None:
    entry = register / "directory" / "example-relief.yaml"
    entry.write_text(entry.read_text().replace("public_key: age1", f'public_key: "{key}"\n#'))
    assert key not in refused(run, register, tmp_path / "packet.age", referred).err


def test_a_directory_entry_that_cannot_be_read_is_told(run: Run, referred: str, register: Path, tmp_path: Path) -> None:
    entry = register / "directory" / "example-relief.yaml"
    entry.write_text(entry.read_text().replace("response_days: 5", "response_days: soon"))
    refused(run, register, tmp_path / "packet.age", referred)


def test_a_consent_taken_back_or_conditional_stops_the_packet(
    run: Run, good: Good, referred: str, register: Path, tmp_path: Path
) -> None:
    file = tmp_path / "packet.age"
    good("consent", referred, "--use", "share", "--answer", "conditional", "--share-with", "example-relief")
    refused(run, register, file, referred)
    good("consent", referred, "--use", "share", "--answer", "granted", "--share-with", "osce")
    refused(run, register, file, referred)
    good("consent", referred, "--use", "share", "--withdraw")
    refused(run, register, file, referred)


def test_whoever_is_told_stands_in_the_answer_to_a_withdrawal(
    run: Run, good: Good, referred: str, tmp_path: Path
) -> None:
    assert "already shared" not in run("consent", referred, "--withdraw", "-n").err
    good("show", referred, *TO, str(tmp_path / "packet.age"))
    told = good("consent", referred, "--withdraw").err
    assert f"already shared: with example-relief, 2026-10-31, {action_of(run, referred)['id']}" in told


def test_a_referral_sent_without_a_packet_is_told_too(run: Run, good: Good, referred: str) -> None:
    action = action_of(run, referred)["id"]
    good("update-action", action, "--referral-state", "sent")
    assert f"with example-relief, 2026-10-31, {action}" in good("consent", referred, "--withdraw").err


def test_without_the_key_of_the_case_there_is_no_packet(
    run: Run, referred: str, register: Path, tmp_path: Path, without_key: Callable[[], Any]
) -> None:
    with without_key():
        assert "sealed" in refused(run, register, tmp_path / "packet.age", referred).err


def test_nothing_is_overwritten_and_no_link_is_followed(
    run: Run, referred: str, register: Path, tmp_path: Path
) -> None:
    there, aim = tmp_path / "there.age", tmp_path / "aim"
    there.write_text("kept")
    (tmp_path / "link.age").symlink_to(aim)
    for file in (there, tmp_path / "link.age", tmp_path):
        refused(run, register, file, referred, code=2)
    assert there.read_text() == "kept"
    assert not aim.exists()
    answer = run("show", referred, *TO, "-")
    assert (answer.exit_code, answer.out) == (2, "")
    assert run("show", referred, *TO, str(tmp_path / "no" / "packet.age")).exit_code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_takes_nothing_is_told(run: Run, referred: str, register: Path, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    refused(run, register, folder / "packet.age", referred, code=3)


def test_a_commit_that_is_refused_leaves_no_file(run: Run, referred: str, register: Path, tmp_path: Path) -> None:
    hook = register / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    refused(run, register, tmp_path / "packet.age", referred, code=3)
    assert action_of(run, referred)["referral"]["state"] == "considered"


def test_a_rule_that_says_no_leaves_no_file(
    run: Run, good: Good, referred: str, register: Path, tmp_path: Path
) -> None:
    good("assess", referred, *["--decision", "assist", "--life-at-risk", "no", "--freedom-at-risk", "no", "--risk-level", "low"],
         "--basis", "un-hrd-12", "--reason", "Out of danger.")  # fmt: skip
    refused(run, register, tmp_path / "packet.age", referred)


def test_options_that_do_not_go_together(run: Run, referred: str, tmp_path: Path) -> None:
    file = str(tmp_path / "packet.age")
    for arguments in (
        ("-o", file), ("--audience", "public", "-o", file), (*TO, file, "--json"), (*TO, file, "--as-of", "HEAD"),
        ("--audience", "public", "--as-of", "HEAD"), ("--dry-run",), ("--format", "xlsx"), ("--audience", "board"),
    ):  # fmt: skip
        answer = run("show", referred, *arguments)
        assert (answer.exit_code, answer.out) == (2, ""), arguments
    assert not list(tmp_path.glob("*.age"))
