"""Who wrote, when, about what: headers in every dress."""

from __future__ import annotations

import base64

import pytest

from solidarity_cli.core.model.draft import Hint
from solidarity_cli.interchange.email.mime import remarks
from tests.support.mails import GERMAN, RUSSIAN, mail, narrative, private, taken


def encoded(words: str, charset: str, how: str = "b") -> str:
    raw = words.encode(charset)
    body = base64.b64encode(raw).decode() if how == "b" else "".join(f"={byte:02X}" for byte in raw)
    return f"=?{charset}?{how}?{body}?="


def test_a_plain_mail_is_the_whole_record():
    draft = taken(mail("Dear all,\nour harbour has been closed by the city and we have to leave.\n"))
    assert draft.record == {
        "received": "2026-02-11",
        "channel": "email",
        "language": "en",
        "private": {
            "contact_name": "Orla Fennimore",
            "contact": "orla@quiet-harbour.example",
            "narrative": "Subject: News from the harbour\n\nDear all,\n"
            "our harbour has been closed by the city and we have to leave.",
            "attachments": [],
        },
    }
    assert draft.remarks == ()


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Wed, 11 Feb 2026 23:30:00 -1000", "2026-02-11"),
        ("Thu, 12 Feb 2026 00:10:00 +1300", "2026-02-12"),
        ("11 Feb 26 23:30:00 GMT", "2026-02-11"),
        ("Wed, 11 Feb 2026 23:30:00 -0000", "2026-02-11"),
    ],
)
def test_the_day_is_that_of_the_sender(written, day):
    assert taken(mail(Date=written)).record["received"] == day


@pytest.mark.parametrize(
    "written", ["Tue, 31 Feb 2026 10:00:00 +0000", "yesterday", "Thu, 1 Jan 1970 00:00:00 +0000", "=?x", "1"]
)
def test_an_impossible_day_is_left_out(written):
    draft = taken(mail(Date=written))
    assert "received" not in draft.record
    assert draft.remarks == (remarks.BAD_DATE,)


def test_absent_headers_leave_gaps_and_remarks():
    draft = taken(mail("Help.\n", From=None, Date=None, Subject=None, Message_ID=None))
    assert draft.record == {"channel": "email", "private": {"narrative": "Help.", "attachments": []}}
    assert draft.remarks == (remarks.NO_SENDER, remarks.NO_DATE)


@pytest.mark.parametrize("charset", ["utf-8", "koi8-r", "windows-1251", "iso-8859-5"])
@pytest.mark.parametrize("how", ["b", "q", "B", "Q"])
def test_encoded_words_in_any_charset(charset, how):
    name = encoded("Яна Тихая", charset, how.lower()).replace("?q?", f"?{how}?").replace("?b?", f"?{how}?")
    found = private(mail(From=f"{name} <yana@x.example>", Subject=encoded("Вести из гавани", charset)))
    assert (found["contact_name"], found["narrative"]) == ("Яна Тихая", "Subject: Вести из гавани\n\nHello.")


def test_encoded_words_in_latin_9_with_language_tag_and_underscores():
    assert narrative(mail(Subject="=?iso-8859-15*de?q?40_=A4_Geb=FChr?=")).startswith("Subject: 40 € Gebühr\n")


def test_a_letter_cut_in_two_by_encoded_words_comes_whole():
    raw = "Вестник".encode()
    first, second = (base64.b64encode(half).decode() for half in (raw[:5], raw[5:]))
    assert narrative(mail(Subject=f"=?utf-8?b?{first}?=\n =?utf-8?b?{second}?=")).startswith("Subject: Вестник\n")


@pytest.mark.parametrize("charset", ["utf-8", "koi8-r", "windows-1251"])
def test_bare_8_bit_headers(charset):
    found = private(
        mail(From="Яна Тихая <yana@x.example>".encode(charset), Subject="Вести из гавани сегодня".encode(charset))
    )
    assert found["contact_name"] == "Яна Тихая"
    assert found["narrative"].startswith("Subject: Вести из гавани сегодня\n")


def test_bare_latin_headers():
    assert narrative(mail(Subject="Gebühr für Möwen".encode("latin-1"))).startswith("Subject: Gebühr für Möwen\n")


def test_a_comma_in_an_encoded_name_separates_nobody():
    assert (
        private(mail(From=f"{encoded('Fennimore, Orla', 'utf-8')} <o@x.example>"))["contact_name"] == "Fennimore, Orla"
    )


def test_controls_and_turned_reading_direction_leave_headers():
    found = private(
        mail(From=f"{encoded(chr(0x202E) + 'Or' + chr(7) + 'la', 'utf-8')} <o@x.example>", Subject="a\tb\n c")
    )
    assert found["contact_name"] == "Orla"
    assert found["narrative"].startswith("Subject: a b c\n")


def test_a_mangled_address_is_no_contact():
    draft = taken(mail(From="undisclosed-recipients:;"))
    assert "contact" not in draft.record["private"]
    assert draft.remarks == (remarks.NO_SENDER,)


def test_thousands_of_brackets_are_no_riddle():
    assert private(mail(From="(" * 9000 + " o@x.example"))["contact"] == "o@x.example"


def test_further_addresses_are_told_once_and_only_when_new():
    data = mail(
        Cc="Solidarity Group <solidarity@forum.example.org>, Bo <bo@y.example>, ORLA@quiet-harbour.example",
        Reply_To="desk@quiet-harbour.example",
    )
    assert narrative(data) == (
        "Subject: News from the harbour\nCc: Bo <bo@y.example>\nReply-To: desk@quiet-harbour.example\n\nHello."
    )
    assert taken(data).remarks == ()


@pytest.mark.parametrize(("reply", "told"), [("x@elsewhere.example", True), ("x@mail.quiet-harbour.example", False)])
def test_answers_that_go_elsewhere_are_remarked_without_the_address(reply, told):
    assert taken(mail(Reply_To=reply)).remarks == ((remarks.OTHER_REPLY,) if told else ())
    assert "elsewhere" not in remarks.OTHER_REPLY


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ({"Importance": "High"}, "Importance: High"),
        ({"X_Priority": "1 (Highest)"}, "X-Priority: 1 (Highest)"),
        ({"X_Priority": "3"}, None),
        ({"Importance": "normal"}, None),
    ],
)
def test_importance_is_a_hint_and_no_urgency(headers, word):
    draft = taken(mail(**headers))
    assert draft.hints == ((Hint("urgency", "high", word),) if word else ())
    assert "urgency" not in draft.record


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "auto_reply"}, {"X_Autoreply": "yes"}]
)
def test_an_automatic_answer_is_remarked(headers):
    assert taken(mail(**headers)).remarks == (remarks.AUTOMATIC,)


def test_kept_says_where_the_bytes_are():
    data = mail("YQ==", Content_Type="application/pdf", Content_Transfer_Encoding="base64", Message_ID=None)
    assert private(data)["attachments"][0]["kept"] == "mailbox"


@pytest.mark.parametrize("words", [GERMAN, RUSSIAN])
def test_old_and_new_line_ends_are_one(words):
    lines = f"One.\n{words}\nTwo.\n"
    expected = narrative(mail(lines, Content_Type="text/plain; charset=utf-8"))
    for line_end in ("\r\n", "\r"):
        data = mail(lines.replace("\n", line_end), line_end=line_end, Content_Type="text/plain; charset=utf-8")
        assert narrative(data) == expected
