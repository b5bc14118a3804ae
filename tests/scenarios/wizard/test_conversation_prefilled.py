"""What is known before the talk: a mail, flags, cases about the same person."""

from __future__ import annotations

from pathlib import Path

import pytest

MAIL = """From: Nora Beispiel <nora@archive.example>
To: solidarity@forum.example
Date: Sun, 4 Oct 2026 10:00:00 +0200
Subject: Search
Content-Type: text/plain; charset=utf-8

On 2 October 2026 the police searched our office in Minsk, Belarus. We ask for a public statement.
"""


def test_a_mail_leaves_only_the_gaps(terminal, saved, tmp_path: Path):
    mail = tmp_path / "x.eml"
    mail.write_text(MAIL, encoding="utf-8", newline="\n")
    screen = terminal("--from", str(mail), "--urgency", "high", plain=False)
    screen.answer("Kind", "appeal")
    screen.answer("About", "organisation")
    screen.answer("Name", "Northern Lantern Archive")
    screen.answer("Country", "by")
    assert "the mail says: search" in screen.answer("What happened", "search")
    assert "the mail says: 2026-10-02" in screen.answer("Date of i1", "2026-10-02")
    screen.answer("Member", "n")
    assert "the mail says: statement" in screen.answer("Asked for", "statement")
    # Urgency, contact, and story are stated.
    assert "Urgency" not in screen.answer("Who writes", "victim")
    assert "Reached by" not in screen.answer("Safe channel", "this address")
    screen.answer("Consent known? [y/N]")
    summary = screen.answer("Save?", "y")
    assert "Story" in summary
    assert "nora@archive.example (private)" in summary
    assert screen.end() == 0
    case = saved()
    assert (case["received"], case["channel"], case["urgency"]) == ("2026-10-04", "email", "high")
    assert case["private"]["contact_name"] == "Nora Beispiel"


@pytest.fixture
def closed(run, new_case) -> str:
    """A closed case about somebody whose name is written in Latin letters."""
    case = new_case(
        "--name", "Anna Kovaleva", "--country", "RU", "--incident", "arrest", "--subject-kind", "individual",
        "--membership", "member", "--received", "2026-10-01",
    )  # fmt: skip
    for step in (
        ("assess", case, "--decision", "express-solidarity", "--reason", "A member.", "--basis", "un-hrd-5"),
        ("set-status", case, "closed", "--reason", "Over.", "--outcome", "released", "--person-told", "yes"),
    ):
        answer = run("--no-input", *step)
        assert answer.exit_code == 0, answer
    return case


def test_a_cyrillic_name_finds_the_latin_one_in_a_closed_case(terminal, plain, closed, git, only_draft):
    screen = terminal(plain=plain)
    screen.talk({"Name": "Анна Ковалёва"}, until="Country")
    screen.see(f"{closed} (Closed, received 2026-10-01, Arrest, individual, RU)")
    _choose(screen, 2)
    assert screen.end() == 1
    assert "nothing was saved" in screen.shown
    assert f"solidarity show {closed}" in screen.shown
    assert "Ковалёва" in only_draft().read_text()
    assert git("status", "--porcelain") == ""


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_leaving_at_the_hint_keeps_a_draft(terminal, closed, only_draft, key):
    screen = terminal("--name", "Анна Ковалёва", plain=False)
    screen.prompt("What now?")
    screen.send(key)
    assert screen.end() == 130
    assert "Ковалёва" in only_draft().read_text()


def test_go_on_and_link(terminal, closed, register):
    from solidarity_cli.records.read import read

    screen = terminal(plain=True)
    screen.talk({"Name": "Анна Ковалёва"}, until="Country")
    screen.see(closed)
    _choose(screen, 3)
    screen.answer("Country", "RU")
    for name in ("What happened", "Member", "Asked for", "Urgency", "Who writes", "Contact", "Reached by"):
        screen.answer(name)
    for name in ("Safe channel", "Consent known? [y/N]", "Story"):
        screen.answer(name)
    # Told once.
    assert "perhaps about the same" not in screen.answer("Save?", "y")
    assert screen.end() == 0
    cases = [read(file.read_bytes()) for file in (register / "cases").rglob("*.yaml")]
    assert [one.get("links") for one in cases if one["id"] != closed] == [[{"case": closed, "relation": "same-person"}]]


def test_a_stated_name_is_compared_before_the_first_question(terminal, closed):
    screen = terminal("--name", "Kovaleva Anna", plain=True)
    screen.see(closed)
    _choose(screen, 1)
    screen.answer("Kind")


def _choose(screen, number: int) -> None:
    if screen.plain:
        screen.answer("What now? [1]", str(number))
    else:
        screen.prompt("What now?")
        screen.send("\x1b[B" * (number - 1) + "\r")
