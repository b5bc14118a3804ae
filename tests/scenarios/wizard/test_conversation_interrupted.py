"""A talk that ends early: nothing in the register, nothing lost."""

from __future__ import annotations

import re

import pytest

from tests.support.terminal import PASTE


@pytest.mark.parametrize(("where", "plain"), [("Country", True), ("Asked for", False), ("Reached by", True)])
def test_ctrl_c_keeps_a_draft_that_goes_on(terminal, plain, git, only_draft, saved, where):
    screen = terminal(plain=plain)
    screen.talk({"Name": "Нора Примерова", "Urgency": "high"}, until=where)
    screen.prompt(where)
    screen.send("half\x03")
    assert screen.end() == 130
    assert git("status", "--porcelain") == ""
    assert git("rev-list", "--count", "HEAD").strip() == "1"
    file = only_draft()
    assert re.fullmatch(r"draft-2026-10-31-[0-9a-f]{6}\.yaml", file.name)
    assert f"solidarity new-case --from '{file}'" in screen.shown
    assert "Traceback" not in screen.shown

    screen = terminal("--from", str(file), plain=plain, SOLIDARITY_TODAY="2026-11-02")
    screen.answer("Kind", "appeal")
    assert "waits" not in screen.shown
    for name in ("About", "Country", "What happened", "Member", "Asked for"):
        screen.answer(name)
    if where != "Reached by":
        screen.answer("Urgency", "high")
    for name in ("Who writes", "Contact", "Reached by", "Safe channel", "Consent known? [y/N]", "Story"):
        screen.answer(name)
    assert "Нора Примерова (private)" in screen.answer("Save?", "y")
    assert screen.end() == 0
    case = saved()
    # The day it arrived is the day of the first talk.
    assert (case["received"], case["urgency"]) == ("2026-10-31", "high")
    assert case["private"]["subject_name"] == "Нора Примерова"


def test_ctrl_d_keeps_a_draft(terminal, plain, only_draft):
    screen = terminal(plain=plain)
    screen.talk({"Name": "Nora Beispiel"}, until="Urgency")
    screen.prompt("Urgency")
    screen.send("\x04")
    assert screen.end() == 130
    assert "Nora Beispiel" in only_draft().read_text()


def test_a_closed_terminal_keeps_a_draft(terminal, plain, only_draft):
    screen = terminal(plain=plain)
    screen.talk({"Name": "Nora Beispiel"}, until="Urgency")
    screen.prompt("Urgency")
    screen.hang_up()
    assert "Nora Beispiel" in only_draft().read_text()


def test_half_a_story_is_kept(terminal, plain, only_draft):
    screen = terminal(plain=plain)
    screen.talk({}, until="Story")
    screen.prompt("Story")
    screen.send("one\rtwo\r" if plain else PASTE.format("one\ntwo\n"))
    screen.see("two")
    screen.send("\x03")
    assert screen.end() == 130
    assert "one" in (text := only_draft().read_text())
    assert "two" in text


def test_nothing_answered_leaves_no_draft(terminal, drafts):
    screen = terminal(plain=True)
    screen.prompt("Kind")
    screen.send("\x03")
    assert screen.end() == 130
    assert not drafts.exists()
    assert "no draft was kept" in screen.shown


def test_no_at_the_summary_saves_nothing_and_offers_a_draft(terminal, git, only_draft):
    screen = terminal(plain=True)
    screen.talk({"Name": "Nora Beispiel"})
    screen.answer("Save?", "n")
    screen.answer("Keep your answers as a draft? [Y/n]")
    assert screen.end() == 1
    assert "nothing was saved" in screen.shown
    assert f"--from '{only_draft()}'" in screen.shown
    assert git("status", "--porcelain") == ""


def test_an_older_draft_is_told_of_and_not_replaced(terminal, drafts):
    drafts.mkdir(mode=0o700)
    old = drafts / "draft-2026-10-03-abcdef.yaml"
    old.write_text("kind: appeal\n")
    (drafts / "notes.txt").write_text("not ours")
    screen = terminal(plain=True)
    assert f"a draft from 2026-10-03 waits: solidarity new-case --from '{old}'" in screen.prompt("Kind")
    screen.send("appeal\r")
    screen.prompt("About")
    screen.send("\x03")
    assert screen.end() == 130
    assert old.read_text() == "kind: appeal\n"
    assert len(list(drafts.glob("draft-*.yaml"))) == 2


def test_a_continued_draft_is_written_over(terminal, drafts):
    drafts.mkdir(mode=0o700)
    old = drafts / "draft-2026-10-03-abcdef.yaml"
    old.write_text("kind: appeal\n")
    screen = terminal("--from", str(old), plain=True)
    screen.answer("About", "event")
    screen.prompt("Name")
    screen.send("\x03")
    assert screen.end() == 130
    assert [file.name for file in drafts.iterdir()] == [old.name]
    assert "event" in old.read_text()


def test_a_draft_of_the_wrong_shape_is_told_before_the_first_question(terminal, tmp_path):
    wrong = tmp_path / "x.yaml"
    wrong.write_text("subject: [Nora]\n")
    screen = terminal("--from", str(wrong), plain=True)
    assert screen.end() == 1
    assert "what was given: subject" in screen.shown
    assert "Nora" not in screen.shown
