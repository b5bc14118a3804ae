"""Pastes at a real terminal: letters, long lines, leftovers."""

from __future__ import annotations

from pathlib import Path

from tests.support.terminal import PASTE

LETTER = "Dear all,\r\n\r\nfive men came.\r\nשלום \u202e 😔\tтаб\r\n\r\nYours"
KEPT = "Dear all,\n\nfive men came.\nשלום \u202e 😔\tтаб\n\nYours"


def test_a_pasted_letter_comes_whole(terminal, saved):
    screen = terminal(plain=False)
    screen.talk({}, until="Story")
    screen.prompt("Story")
    screen.send(PASTE.format(LETTER))
    screen.child.setwinsize(20, 60)
    screen.see("Yours")
    screen.send("\r\r")
    screen.answer("Save?", "y")
    assert screen.end() == 0
    assert saved()["private"]["narrative"] == KEPT


def test_a_letter_pasted_as_keys_comes_whole(terminal, plain, saved):
    screen = terminal(plain=plain)
    screen.talk({}, until="Story")
    screen.prompt("Story")
    screen.send("Dear all,\r\rfive men came.\r.\rYours\r")
    screen.see("Yours")
    screen.send("\r")
    screen.answer("Save?", "y")
    assert screen.end() == 0
    assert saved()["private"]["narrative"] == "Dear all,\n\nfive men came.\n.\nYours"


def test_ten_kilobytes_on_one_line(terminal, plain, saved):
    long = "слово " * 1700 + "КОНЕЦ"
    screen = terminal(plain=plain)
    screen.talk({}, until="Story")
    screen.prompt("Story")
    screen.send(long if plain else PASTE.format(long))
    screen.see("КОНЕЦ")
    screen.send("\r")
    screen.send(".\r")
    summary = screen.answer("Save?", "y")
    assert screen.end() == 0
    assert saved()["private"]["narrative"] == long
    assert "10,205 characters" in summary


def test_what_is_left_of_a_paste_saves_nothing(terminal, plain, git):
    screen = terminal("--narrative", "told", plain=plain)
    screen.talk({}, until="Safe channel")
    screen.prompt("Safe channel")
    screen.send("signal\r\r\r")
    screen.see("y saves, n does not")
    screen.send("n\r")
    screen.answer("Keep your answers as a draft? [Y/n]", "n")
    assert screen.end() == 1
    assert git("rev-list", "--count", "HEAD").strip() == "1"


def test_without_readline_the_talk_is_the_same(terminal, tmp_path: Path, saved):
    (tmp_path / "readline.py").write_text("raise ImportError\n")
    screen = terminal(plain=True, PYTHONPATH=str(tmp_path))
    screen.talk({"Name": "Аня Тестова"}, until="Story")
    screen.prompt("Story")
    screen.send("Dear all,\r\rfive men came.\r")
    screen.see("came.")
    screen.send("\r")
    screen.answer("Save?", "y")
    assert screen.end() == 0
    assert saved()["private"] == {"subject_name": "Аня Тестова", "narrative": "Dear all,\n\nfive men came."}
