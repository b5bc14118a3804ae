"""Drafts on disk, and what keeps them around the saving."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solidarity_cli.cli.session import Session
from solidarity_cli.cli.wizard import drafts as kept
from solidarity_cli.cli.wizard import keep_until_saved
from solidarity_cli.cli.wizard.fields import as_typed
from solidarity_cli.core.errors import Refused
from solidarity_cli.core.model.draft import Draft
from solidarity_cli.interchange import email as intake
from solidarity_cli.records.schemas import Schemas, files_in, schema_folder
from tests.support.program import CALM

SHAPE = Schemas(files_in(schema_folder(None))).shape("case")
DAY = date(2026, 10, 31)
RECORD = {"kind": "appeal", "received": "2026-10-31", "private": {"subject_name": "Нора"}}


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=20))
@settings(max_examples=60, deadline=None, suppress_health_check=[*CALM, HealthCheck.function_scoped_fixture])
def test_a_draft_says_what_was_typed(drafts, story, name):
    record = {
        "received": "2026-10-31",
        "private": {"narrative": as_typed(story) + "x", "subject_name": as_typed(name) + "x"},
    }
    file = kept.keep(record, on=DAY, shape=SHAPE)
    assert intake.read(file.read_bytes(), name=str(file)).record == record
    assert kept.discard(file)


def test_a_draft_is_for_nobody_else(drafts: Path):
    file = kept.keep(RECORD, on=DAY, shape=SHAPE)
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(drafts.stat().st_mode)) == (0o600, 0o700)
    again = kept.keep({**RECORD, "kind": "information"}, on=DAY, shape=SHAPE, over=file)
    assert (again, [one.name for one in drafts.iterdir()]) == (file, [file.name])
    assert "Нора" not in str(file)


def test_a_folder_that_somebody_named_keeps_its_rights(drafts: Path):
    drafts.mkdir(mode=0o755)
    kept.keep(RECORD, on=DAY, shape=SHAPE)
    assert stat.S_IMODE(drafts.stat().st_mode) == 0o755


def test_the_systems_own_folder_is_closed(monkeypatch, tmp_path: Path):
    monkeypatch.delenv("SOLIDARITY_DRAFTS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "solidarity" / "drafts").mkdir(parents=True, mode=0o755)
    file = kept.keep(RECORD, on=DAY, shape=SHAPE)
    assert file.parent == tmp_path / "solidarity" / "drafts"
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_only_our_own_drafts_are_deleted(drafts: Path, tmp_path: Path):
    mine = tmp_path / "draft-2026-10-31-abcdef.yaml"
    mine.write_text("kind: appeal\n")
    assert not kept.discard(mine)
    assert not kept.discard(None)
    file = kept.keep(RECORD, on=DAY, shape=SHAPE)
    other = drafts / "my-notes.yaml"
    other.write_text("kind: appeal\n")
    assert not kept.discard(other)
    assert kept.find_draft(RECORD) == file
    assert kept.discard(file)
    assert not kept.discard(file)
    assert kept.find_draft(RECORD) is None


def test_a_path_with_a_quote_can_be_typed():
    import shlex

    assert shlex.split(kept.command(Path("/tmp/o'clock/d.yaml")))[-1] == "/tmp/o'clock/d.yaml"


def test_a_refusal_keeps_the_answers(register: Path, drafts: Path, capsys):
    with pytest.raises(Refused), keep_until_saved(Session(register), Draft(), RECORD):
        raise Refused("a rule says no")
    (file,) = drafts.iterdir()
    assert intake.read(file.read_bytes(), name=str(file)).record == RECORD
    assert f"--from '{file}'" in capsys.readouterr().err


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_saved_case_takes_its_draft_away(register: Path, drafts: Path, dry_run):
    file = kept.keep(RECORD, on=DAY, shape=SHAPE)
    with keep_until_saved(Session(register), Draft(record=RECORD), {**RECORD, "urgency": "low"}, dry_run=dry_run):
        pass
    assert file.exists() is dry_run


def test_a_full_disk_is_no_traceback(register: Path, drafts: Path, capsys):
    drafts.write_text("a file where the folder should be")
    with pytest.raises(KeyboardInterrupt), keep_until_saved(Session(register), Draft(), RECORD):
        raise KeyboardInterrupt
    assert "no draft was kept" in capsys.readouterr().err
