"""Messages that were passed on: the facts are those of the message inside."""

from __future__ import annotations

import base64

import pytest

from solidarity_cli.interchange.email.mime import remarks
from tests.support.mails import bundle, entry, file, mail, narrative, part, private, taken, whole

INNER = mail(
    "Our printer was taken away. What can we do?\n",
    From="Ilka Brandt <ilka@letterpress.example>",
    To="Orla Fennimore <orla@quiet-harbour.example>",
    Subject="Printer gone",
    Date="Mon, 9 Feb 2026 20:00:00 +0100",
    Message_ID="<i1@letterpress.example>",
)
OTHER = "Please find below what we know; it concerns a neighbour of ours and we have talked to her twice. " * 4


def passed_on(
    remark: str = "This came yesterday.", *, subject: str = "Fwd: Printer gone", inner: bytes = INNER
) -> bytes:
    boundary = f"b{len(inner)}"
    return whole(bundle("mixed", part(remark), part(inner, "message/rfc822"), boundary=boundary), Subject=subject)


def test_a_forwarded_message_holds_the_facts():
    draft = taken(passed_on())
    assert draft.record["received"] == "2026-02-09"
    assert draft.record["private"] == {
        "contact_name": "Ilka Brandt",
        "contact": "ilka@letterpress.example",
        "narrative": "Subject: Printer gone\n\nOur printer was taken away. What can we do?\n\n"
        "Forwarded by: Orla Fennimore <orla@quiet-harbour.example>\n\n"
        "Forwarded with this remark:\nThis came yesterday.",
        "attachments": [],
    }
    assert draft.remarks == (remarks.FORWARDED,)


def test_files_inside_and_outside_are_kept_under_the_message_that_is_in_the_mailbox():
    inner = whole(bundle("mixed", part("Help."), file(b"in", "image/png; name=in.png"), boundary="inner"))
    data = whole(
        bundle("mixed", part("Fwd"), part(inner, "message/rfc822"), file(b"out", "image/png; name=out.png")),
        Message_ID="<o@x>",
    )
    kept = "mailbox, message <o@x>"
    assert private(data)["attachments"] == [
        entry("in.png", "image/png", b"in", kept),
        entry("out.png", "image/png", b"out", kept),
    ]


@pytest.mark.parametrize("subject", ["FW: x", "WG: x", "Fwd: x", "Пересл: x", "[Fwd: x]", "TR: x", "Printer gone", "x"])
def test_a_short_or_marked_cover_is_a_forward(subject):
    assert private(passed_on("", subject=subject))["contact"] == "ilka@letterpress.example"
    assert (private(passed_on(OTHER, subject=subject))["contact"] == "ilka@letterpress.example") is (subject != "x")


def test_a_message_enclosed_as_evidence_is_a_file():
    data = passed_on(OTHER, subject="Pressure on our neighbour")
    assert private(data)["contact"] == "orla@quiet-harbour.example"
    assert private(data)["attachments"] == [entry("message.eml", "message/rfc822", INNER)]
    assert taken(data).remarks == (remarks.ATTACHED_MESSAGE,)


def test_two_enclosed_messages_are_files():
    data = whole(bundle("mixed", part("See."), part(INNER, "message/rfc822"), part(INNER, "message/rfc822")))
    assert private(data)["contact"] == "orla@quiet-harbour.example"
    assert [each["name"] for each in private(data)["attachments"]] == ["message.eml", "message.eml"]


def test_an_encoded_message_is_opened_too():
    encoded = part(base64.encodebytes(INNER), "message/rfc822", Content_Transfer_Encoding="base64")
    assert private(whole(bundle("mixed", part("Fwd"), encoded)))["contact"] == "ilka@letterpress.example"


def test_a_message_that_is_nothing_but_another_one():
    assert private(whole(part(INNER, "message/rfc822")))["contact"] == "ilka@letterpress.example"


def test_forwards_of_forwards_end_at_a_depth():
    data = INNER
    for _ in range(5):
        data = passed_on(inner=data)
    assert private(data)["contact"] == "ilka@letterpress.example"
    deeper = passed_on(inner=passed_on(inner=data))
    assert private(deeper)["contact"] == "orla@quiet-harbour.example"
    assert [each["media_type"] for each in private(deeper)["attachments"]] == ["message/rfc822"]


def test_an_encrypted_message_inside_keeps_the_cover():
    sealed = mail("-----BEGIN PGP MESSAGE-----\nx\n", From="ilka@letterpress.example", Subject="...")
    data = passed_on("I cannot read this.", inner=sealed)
    assert narrative(data).startswith("Subject: ...\n\nForwarded by: Orla")
    assert narrative(data).endswith("I cannot read this.")
    assert taken(data).remarks == (remarks.FORWARDED, remarks.ENCRYPTED)


@pytest.mark.parametrize(
    "line",
    [
        "---------- Forwarded message ---------",
        "-------- Forwarded Message --------",
        "-------- Пересылаемое сообщение --------",
        "-------- Пересланное письмо --------",
        "-----Исходное сообщение-----",
        "Begin forwarded message:",
        "Anfang der weitergeleiteten Nachricht:",
        "Начало переадресованного сообщения:",
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "-------- Weitergeleitete Nachricht --------",
        "---------- Message transféré ---------",
        "> -------- Переслане повідомлення --------",
    ],
)
def test_a_forward_written_into_the_text_is_kept_whole_and_remarked(line):
    body = f"See below.\n\n{line}\nFrom: somebody\n\nThe facts.\n"
    draft = taken(mail(body, Content_Type="text/plain; charset=utf-8"))
    assert draft.record["private"]["narrative"].endswith(body.strip())
    assert draft.record["private"]["contact"] == "orla@quiet-harbour.example"
    assert draft.remarks == (remarks.INLINE_FORWARD,)


def test_talk_about_forwarding_is_no_forward():
    assert taken(mail("Begin forwarded message: that line is missing here.\n--- forwarded message\n")).remarks == ()
