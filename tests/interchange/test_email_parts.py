"""Text, files, and messages inside messages: which part is which."""

from __future__ import annotations

import base64

import pytest

from solidarity_cli.interchange.email.mime import remarks
from tests.support.mails import bundle, entry, file, mail, narrative, part, private, taken, text, whole

PDF = b"%PDF-1.7 invented \x00\xff bytes"
PNG = b"\x89PNG invented"
PLAIN = part("They came at noon.")
HTML = part("<p>They came <b>at noon</b>.</p>", "text/html; charset=utf-8")


def test_mixed_has_text_and_files():
    data = whole(bundle("mixed", PLAIN, file(PDF, 'application/pdf; name="list.pdf"'), part("And left at one.")))
    assert text(data) == "They came at noon.\n\nAnd left at one."
    assert private(data)["attachments"] == [entry("list.pdf", "application/pdf", PDF)]


def test_alternative_prefers_plain_text():
    assert text(whole(bundle("alternative", PLAIN, HTML))) == "They came at noon."


@pytest.mark.parametrize(
    "stub",
    [
        "",
        " \n\n",
        "Your mail client does not support HTML messages.",
        "Ihr Programm kann diese HTML-Nachricht nicht anzeigen.",
    ],
)
def test_alternative_takes_html_when_the_plain_text_says_nothing(stub):
    rich = part("<p>They came <i>early</i>.</p>", "text/html; charset=utf-8")
    assert text(whole(bundle("alternative", part(stub), rich))) == "They came early."


def test_html_alone_is_read_as_text():
    assert text(whole(HTML)) == "They came at noon."


def test_pictures_of_an_html_text_are_files():
    related = bundle("related", HTML, file(PNG, "image/png; name=door.png", "inline"), boundary="rel")
    data = whole(bundle("alternative", PLAIN, related))
    assert text(data) == "They came at noon."
    assert private(data)["attachments"] == [entry("door.png", "image/png", PNG)]


def test_the_root_of_related_parts_may_stand_last():
    root = part("<p>Root.</p>", "text/html; charset=utf-8", Content_ID="<r>")
    related = bundle("related", file(PNG, "image/png; name=a.png"), root).replace(b'"qq"', b'"qq"; start="<r>"')
    data = whole(related)
    assert text(data) == "Root."
    assert [each["name"] for each in private(data)["attachments"]] == ["a.png"]


def test_files_between_two_texts_of_one_alternative_are_kept():
    rich = bundle("mixed", HTML, file(PDF, "application/pdf; name=a.pdf"), boundary="in")
    data = whole(bundle("alternative", PLAIN, rich))
    assert text(data) == "They came at noon."
    assert [each["name"] for each in private(data)["attachments"]] == ["a.pdf"]


def test_text_and_calendar_files_are_files():
    data = whole(
        bundle(
            "mixed",
            PLAIN,
            part("when;who\n", "text/csv", Content_Disposition="attachment; filename=a.csv"),
            part("line\n", "text/plain", Content_Disposition="attachment; filename=b.log"),
            part("inline\n", "text/plain; name=c.txt", Content_Disposition="inline"),
            part("BEGIN:VCALENDAR", "text/calendar; method=REQUEST"),
        )
    )
    assert text(data) == "They came at noon."
    assert private(data)["attachments"] == [
        entry("a.csv", "text/csv", b"when;who\n"),
        entry("b.log", "text/plain", b"line\n"),
        entry("c.txt", "text/plain", b"inline\n"),
        entry("unnamed-4", "text/calendar", b"BEGIN:VCALENDAR"),
    ]


def test_a_signed_message_is_read_and_its_signature_kept_as_a_file():
    signature = part("-----BEGIN PGP SIGNATURE-----", "application/pgp-signature; name=signature.asc")
    data = whole(bundle("signed", PLAIN, signature))
    assert text(data) == "They came at noon."
    assert [each["name"] for each in private(data)["attachments"]] == ["signature.asc"]


@pytest.mark.parametrize(
    ("kind", "disposition", "name"),
    [
        ("application/pdf", "attachment; filename*=utf-8''%D0%94%D0%B5%D0%BB%D0%BE.pdf", "Дело.pdf"),
        (
            "application/pdf",
            "attachment; filename*0*=utf-8''%D0%94%D0; filename*1*=%B5%D0%BB%D0%BE; filename*2=.pdf",
            "Дело.pdf",
        ),
        ("application/pdf", "attachment; filename*=koi8-r''%E4%C5%CC%CF.pdf", "Дело.pdf"),
        ("application/pdf; name==?koi8-r?b?5MXMzw==?=.pdf", "attachment", "Дело.pdf"),
        ("application/pdf", 'attachment; filename="=?utf-8?B?0JTQtdC70L4ucGRm?="', "Дело.pdf"),
        (
            "application/pdf",
            'attachment;\n filename="=?windows-1251?Q?=C4=E5=EB=EE?=\n =?windows-1251?Q?.pdf?="',
            "Дело.pdf",
        ),
        (
            "application/pdf",
            'attachment; filename="Дело о сносе гавани.pdf"'.encode("windows-1251"),
            "Дело о сносе гавани.pdf",
        ),
        ("application/pdf", 'attachment; filename="../../etc/x.pdf"', "x.pdf"),
        ("application/pdf", 'attachment; filename="C:\\\\Users\\\\o\\\\x.pdf"', "x.pdf"),
        ("application/pdf", 'attachment; filename=".."', "unnamed-1"),
        ("application/pdf", "attachment; filename*=utf-8''a%E2%80%AEfdp.exe%07%00", "afdp.exe"),
        ("application/pdf", "attachment; filename*0*=utf-8''a; filename*=utf-8''b; filename*x*=c", "unnamed-1"),
        ("application/pdf", f'attachment; filename="{"n" * 300}.pdf"', "n" * 197 + "….pdf"),
    ],
)
def test_file_names_in_every_dress(kind, disposition, name):
    data = whole(bundle("mixed", PLAIN, file(PDF, kind, disposition)))
    assert private(data)["attachments"] == [entry(name, "application/pdf", PDF)]


def test_files_packed_by_outlook_are_remarked():
    data = whole(bundle("mixed", PLAIN, file(b"\x78\x9f\x3e\x22", "application/ms-tnef; name=winmail.dat")))
    assert private(data)["attachments"] == [entry("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22")]
    assert taken(data).remarks == (remarks.TNEF,)


@pytest.mark.parametrize(
    "sealed",
    [
        bundle("encrypted", part("Version: 1", "application/pgp-encrypted"), part("hQEMA", "application/octet-stream")),
        file(b"\x30\x80", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"),
        part("-----BEGIN PGP MESSAGE-----\n\nhQEMA0\n-----END PGP MESSAGE-----"),
    ],
)
def test_of_an_encrypted_message_only_headers_are_read(sealed):
    data = whole(sealed)
    draft = taken(data)
    assert draft.record["private"] == {
        "contact_name": "Orla Fennimore",
        "contact": "orla@quiet-harbour.example",
        "narrative": "Subject: News from the harbour",
        "attachments": [],
    }
    assert draft.remarks == (remarks.ENCRYPTED,)


def test_a_partly_encrypted_text_is_kept():
    data = mail("Read this:\n-----BEGIN PGP MESSAGE-----\nhQEMA0\n-----END PGP MESSAGE-----\n")
    assert text(data).startswith("Read this:\n-----BEGIN")
    assert taken(data).remarks == (remarks.PARTLY_ENCRYPTED,)


def test_a_text_wrapped_in_a_signature_is_remarked():
    data = whole(file(b"\x30\x80", "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"))
    assert taken(data).remarks == (remarks.SIGNED_SHUT, remarks.NO_TEXT)
    assert private(data)["attachments"][0]["name"] == "smime.p7m"


def test_a_delivery_report_is_remarked_and_what_it_returns_is_a_file():
    returned = mail("The returned letter.\n")
    status = part("Reporting-MTA: dns; mx.example\n\nAction: failed\n", "message/delivery-status")
    data = whole(bundle("report", part("It could not be delivered."), status, part(returned, "message/rfc822")))
    assert text(data) == "It could not be delivered."
    assert [(each["name"], each["media_type"]) for each in private(data)["attachments"]] == [
        ("unnamed-1", "message/delivery-status"),
        ("message.eml", "message/rfc822"),
    ]
    assert taken(data).remarks == (remarks.BOUNCE,)


def test_what_is_cut_off_is_read_as_far_as_it_goes():
    data = whole(bundle("mixed", PLAIN, file(PDF, "application/pdf; name=a.pdf"), closed=False)).rstrip(b"\n")[:-5]
    assert text(data) == "They came at noon."
    assert taken(data).remarks == (remarks.CUT_OFF,)
    kept = private(data)["attachments"][0]
    assert (kept["name"], 0 < kept["size"] < len(PDF)) == ("a.pdf", True)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_cut_base64_gives_its_whole_bytes(cut):
    raw = base64.b64encode(b"They came at noon, twelve of them.")
    data = mail(raw[: 24 + cut], Content_Transfer_Encoding="base64", Content_Type="text/plain; charset=utf-8")
    assert text(data) == b"They came at noon, twelve of them."[: 18 + (0, 0, 1, 2)[cut]].decode().rstrip()
    assert taken(data).remarks == (remarks.CUT_OFF,)


def test_base64_with_blanks_rubbish_and_inner_padding():
    raw = base64.b64encode(b"They ca") + b"\n *!* \n" + base64.b64encode(b"me at noon.")
    data = mail(raw, Content_Transfer_Encoding=" BASE64 ", Content_Type="text/plain; charset=utf-8")
    assert text(data) == "They came at noon."
    assert taken(data).remarks == ()


def test_broken_quoted_printable_stays_readable():
    data = mail(
        "caf=C3=A9 =ZZ 50=% soft=\nline =",
        Content_Transfer_Encoding="quoted-printable",
        Content_Type="text/plain; charset=utf-8",
    )
    assert text(data) == "café =ZZ 50=% softline"


def test_uuencoded_files():
    body = b"begin 644 a.txt\n#86)C\n`\nend"
    data = whole(bundle("mixed", PLAIN, part(body, "text/plain; name=a.txt", Content_Transfer_Encoding="x-uuencode")))
    assert private(data)["attachments"] == [entry("a.txt", "text/plain", b"abc")]


def test_flowed_text_is_unfolded_and_signature_and_quote_kept():
    body = "One long \nparagraph goes \non.\n\n> quoted \n> too\n> new\n-- \nOrla\n from the harbour\n"
    data = mail(body, Content_Type="text/plain; charset=utf-8; format=flowed")
    assert text(data) == "One long paragraph goes on.\n\n> quoted too\n> new\n--\nOrla\nfrom the harbour"


def test_flowed_text_with_deleted_spaces():
    data = mail("Donau \ndampf\n", Content_Type="text/plain; charset=utf-8; format=flowed; delsp=yes")
    assert text(data) == "Donaudampf"


def test_a_multipart_without_boundary_is_read_as_text():
    data = mail("They came at noon.\n", Content_Type="multipart/mixed")
    assert text(data) == "They came at noon."
    assert taken(data).remarks == (remarks.CUT_OFF,)


@pytest.mark.parametrize(("depth", "read"), [(19, True), (20, True), (21, False), (150, False), (3000, False)])
def test_parts_in_parts_end_at_a_depth(depth, read):
    inner = PLAIN
    for level in range(depth):
        inner = bundle("mixed", inner, boundary=f"b{level}") if depth < 1000 else inner
    if depth >= 1000:
        inner = (
            b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)) + PLAIN
        )
    data = whole(inner)
    assert ("They came" in narrative(data)) is read
    assert (remarks.TOO_DEEP in taken(data).remarks) is not read


def test_parts_beside_parts_end_at_a_number():
    data = whole(bundle("mixed", PLAIN, *[file(PDF, "application/pdf; name=a.pdf")] * 600))
    assert len(private(data)["attachments"]) == 498
    assert taken(data).remarks == (remarks.TOO_MANY,)


def test_contradicting_parameters_leave_the_headers():
    data = mail("x", Content_Type="multipart/mixed; boundary*=a; boundary*0=b")
    assert narrative(data) == "Subject: News from the harbour"
    assert remarks.TOO_DEEP in taken(data).remarks


def test_text_is_tidied():
    body = "a\tb \u00a0\n\n\n\n\n\nc\x07\x9b\ufeffd\x00\ne\u0301\n\n\n\nf\n\n"
    assert text(mail(body, Content_Type="text/plain; charset=utf-8")) == "a    b\n\n\ncd\né\n\n\n\nf"


def test_a_very_long_text_is_cut_and_says_so():
    data = mail("word " * 50_000)
    told = narrative(data)
    assert len(told) < 200_060
    assert told.endswith(
        f"[{len('Subject: News from the harbour') + 2 + 249_999 - 200_000} more characters were left out]"
    )
    assert taken(data).remarks == (remarks.LONG,)
