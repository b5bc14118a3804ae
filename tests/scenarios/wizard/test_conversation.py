"""The talk at a real terminal, from the first question to the commit."""

from __future__ import annotations

from pathlib import Path

WHOLE = {
    "Kind": "app",
    "About": "человек",
    "Name": "Аня Тестова",
    "Country": "Россия",
    "What happened": "обыск@3.10.2026, arrest@2026-10",
    "Member": "да",
    "Asked for": "statement, court-o",
    "Urgency": "urgent",
    "Who writes": "Angehörige",
    "Contact": "ее сестра",
    "Reached by": "+49 170 0000000",
    "Safe channel": "Signal only",
}

CONSENT = {
    "id": "c1",
    "given": "2026-10-31",
    "by": "self",
    "uses": {"record": "granted", "share": "granted", "publicity-person": "refused"},
    "share_with": ["osce", "forum-secretariat"],
}


def test_a_whole_talk_becomes_a_commit(terminal, plain, saved, git, drafts):
    screen = terminal(plain=plain)
    screen.talk(WHOLE, until="Consent known? [y/N]")
    screen.answer("Consent known? [y/N]", "y")
    uses = {"Keeping a record": "y", "Sharing": "granted", "Naming the person": "nein", "Counting": ""}
    for use, answer in uses.items():
        screen.child.expect(rf"{use}[^\n]*not known\)")
        screen.send(answer + "\r")
    screen.answer("Shared with", "osce, forum-secretariat")
    screen.answer("Said by", "self")
    screen.prompt("Story")
    screen.send("В понедельник пришли пятеро.\r")
    screen.send("Забрали всё 😔\r")
    screen.send("\r")
    summary = screen.answer("Save?", "")
    assert screen.end() == 0
    case = saved()
    assert case["title"] == "Office or home search, individual, RU"
    assert case["subject"] == {"kind": "individual", "membership": "member", "country": "RU"}
    assert case["incidents"] == [
        {"id": "i1", "type": "search", "date": "2026-10-03"},
        {"id": "i2", "type": "arrest", "date": "2026-10"},
    ]
    assert case["requests"] == ["statement", "court-observation"]
    assert case["received"] == "2026-10-31"
    assert case["source"] == {"capacity": "relative"}
    assert case["consent"] == [CONSENT]
    assert case["private"] == {
        "subject_name": "Аня Тестова",
        "contact_name": "ее сестра",
        "contact": "+49 170 0000000",
        "safe_channel": "Signal only",
        "narrative": "В понедельник пришли пятеро.\nЗабрали всё 😔",
    }
    assert "Аня Тестова (private)" in summary
    assert git("status", "--porcelain") == ""
    assert "Тестова" not in git("log", "--format=%B")
    assert not drafts.exists()


def test_everything_but_one_answer_is_skipped(terminal, saved):
    screen = terminal(plain=True)
    screen.talk({"Country": "BY"})
    summary = screen.answer("Save?", "y")
    assert screen.end() == 0
    assert "Left open: kind" in summary
    assert "counts as refused" in summary
    assert saved() | {"id": ""} == {
        "schema_version": 1, "id": "", "kind": "appeal", "title": "Appeal, BY", "status": "received",
        "received": "2026-10-31", "subject": {"country": "BY"},
    }  # fmt: skip


def test_nothing_answered_is_nothing_saved(terminal, git, drafts):
    screen = terminal(plain=True)
    screen.talk({})
    assert screen.end() == 1
    assert "nothing was answered" in screen.shown
    assert not drafts.exists()
    assert git("rev-list", "--count", "HEAD").strip() == "1"


def test_plain_prompts_draw_nothing(terminal):
    screen = terminal(plain=True)
    screen.talk(WHOLE, until="Consent known? [y/N]")
    screen.answer("Consent known? [y/N]")
    screen.answer("Story")
    screen.answer("Save?", "y")
    assert screen.end() == 0
    assert "\x1b" not in screen.shown
    assert " 1  individual: Individual" in screen.shown


def test_a_dumb_terminal_is_asked_plainly(terminal):
    screen = terminal(plain=False, TERM="dumb")
    assert "1  appeal: Appeal" in screen.prompt("Kind")


def test_no_color_is_no_color(terminal):
    screen = terminal(plain=False, NO_COLOR="1")
    screen.talk({"Urgency": "low"}, until="Who writes")
    screen.prompt("Who writes")
    assert "38;5" not in screen.shown
    assert "\x1b[3" not in screen.shown


def test_a_wrong_code_is_answered_with_the_nearest(terminal, plain):
    screen = terminal(plain=plain)
    screen.answer("Kind", "letter")
    screen.see("not in the list")
    screen.send("\x15information\r")
    screen.answer("About")
    screen.answer("Name")
    screen.answer("Country", "Germny")
    screen.see("did you mean DE (Germany)")
    screen.send("\x15de\r")
    screen.answer("What happened", "serch")
    screen.see("did you mean search (Office or home search)")
    screen.send("\x15search@2026-11-05\r")
    screen.see("after 2026-10-31")
    screen.send("\x15search@вчера\r")
    screen.answer("Member")
    # Information asks for nothing.
    screen.answer("Urgency")


def test_a_question_mark_shows_the_whole_list(terminal):
    screen = terminal(plain=True)
    screen.talk({}, until="What happened")
    screen.answer("What happened", "?")
    screen.see("36  unknown: Incident unknown")
    screen.answer("What happened", "10 14")
    screen.see("= arrest (Arrest), search (Office or home search)")


def test_tab_completes_a_label_in_another_language(terminal):
    screen = terminal(plain=False)
    screen.talk({}, until="Country")
    screen.prompt("Country")
    screen.send("Каза\t\r")
    screen.prompt("What happened")
    screen.send("search, Хаус-ничего\x17\x17дома\t\r")
    screen.see("house-arrest")


def test_a_number_in_the_summary_asks_again(terminal, saved):
    screen = terminal(plain=False)
    screen.talk({"Name": "Nora Beispiel", "Urgency": "low", "What happened": "search@2026-10-01"})
    screen.answer("Save?", "99")
    screen.see("asks that question again")
    screen.send("\x15" + "8\r")
    assert "now: Low" in screen.answer("Urgency", "urgent")
    screen.answer("Save?", "3")
    screen.answer("Name", "-")
    screen.answer("Save?", "5")
    screen.answer("What happened", "search, arrest")
    screen.answer("Date of i2", "2026-10-02")
    screen.answer("Save?", "12")
    screen.answer("Received", "2026-10-05")
    screen.answer("Save?", "13")
    screen.answer("Channel", "phone")
    screen.answer("Save?", "y")
    assert screen.end() == 0
    case = saved()
    assert (case["urgency"], case["received"], case["channel"]) == ("urgent", "2026-10-05", "phone")
    assert [one["date"] for one in case["incidents"]] == ["2026-10-01", "2026-10-02"]
    assert "private" not in case


def test_peoples_words_do_not_steer_the_screen(terminal, tmp_path: Path):
    draft = tmp_path / "d.yaml"
    draft.write_text('private: {subject_name: "[b]Eva\\u202e\\u001b[31m", narrative: x, contact: "[/b]"}\n')
    screen = terminal("--from", str(draft), plain=True)
    for name in ("Kind", "About", "Country", "What happened", "Member", "Asked for", "Urgency", "Who writes"):
        screen.answer(name)
    for name in ("Contact", "Safe channel", "Consent known? [y/N]"):
        screen.answer(name)
    assert "[b]Eva\\u202e\\x1b[31m (private)" in screen.prompt("Save?")
